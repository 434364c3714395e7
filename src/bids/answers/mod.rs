//! The answers of a bid as several councils write them together: every text that one has had, who wrote it, and what two
//! people who wrote at once each made of the same.
//!
//! Every save is a version of its own, a script's as well as a person's, and none is ever taken away. A few seconds of writing
//! make little to keep, and whoever has a page open may have opened any of them: the text from which two people started is
//! there because nothing decides that nobody needs it. What is gathered is what people read: on the page of an answer's history
//! the saves of one person that follow one another closely are one entry. Saving what stands already is no version.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
pub mod store;
