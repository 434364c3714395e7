//! A bid on paper with who has signed it: the draft as it stands, a submitted version, and what one council has signed, each as a page to
//! print, a PDF and a Word file, on pages and over REST. What a paper looks like is the room of bids' to say.
//!
//! The draft and what was signed are for the bid's own councils; a submitted version is for everybody who may read its history.

pub mod api;
mod files;
mod model;
pub mod pages;
pub mod service;
