//! The faces of identity: pages without JavaScript, and REST.

mod pages;
mod rest;
pub mod site;
