//! The documents of a bid for its assessors, by number: under the names that their councils gave them, or, where assessors read
//! without names, under the question that each answers.

pub mod api;
pub mod pages;
pub mod service;
