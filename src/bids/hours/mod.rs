//! How many hours a bid took its councils, where they say so: never asked for, no part of the bid, its hash or its history, and
//! read by nobody but the council itself. What a whole round took is published once its awards are.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
pub mod store;
