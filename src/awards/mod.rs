//! The [list under a budget](lists), [draws] at the funding line, decisions, feedback, the announcement, the award list and open
//! data.
//!
//! A decision is a row of its own and touches no bid. What applicants and the public see of it begins when its release
//! has been approved *and* the milestone's instant has come ([`store::is_released`]); until then nothing that they can
//! reach may depend on it. What comes while its bid is on hold waits until that ends
//! ([`shows_from`](crate::bids::holds::model::shows_from)). Everything public goes through the whitelists of [`public`], never through the
//! rows themselves.

pub mod api;
pub mod councils;
pub mod draws;
pub mod feeds;
pub mod lists;
pub mod model;
pub mod open_data;
pub mod outside;
pub mod pages;
pub mod partnerships;
pub mod public;
pub mod readiness;
pub mod service;
pub mod store;
