//! The SQL of people and organisations, and nothing else.

pub mod deputies;
pub mod organisations;
pub mod people;
pub mod readers;
