//! Every page of the service in a real browser.

mod changing;
mod conflicts;
mod councils;
mod every_page;
mod gateway;
mod interviews;
mod moderation;
mod plans;
mod pools;
mod proposals;
mod queries;
mod rankings;
mod reading;
mod reopening;
pub mod story;
mod together;
mod tour;
mod unnamed;
