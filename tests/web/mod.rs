//! The web room and the mail renderer.

mod assets;
mod components;
mod dom;
mod filters;
mod form;
mod mail;
mod pages;
