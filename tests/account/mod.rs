//! The faces of identity: pages without JavaScript, and REST.

mod kept_forms;
mod pages;
mod rest;
pub mod site;
