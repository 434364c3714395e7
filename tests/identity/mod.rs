//! Identity: signing in, sessions, API clients, organisations. On both databases.

mod clients;
mod organisations;
mod rate;
mod sessions;
mod sign_in;
pub mod world;
