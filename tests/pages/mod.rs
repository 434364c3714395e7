//! Every page of the service in a real browser.

mod every_page;
mod story;
mod tour;
