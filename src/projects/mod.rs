//! Funded projects: what was promised beside what was delivered.
//!
//! A project begins with the award and copies the bid's promises, so that nothing that happens to the bid later can
//! change what was promised. Deliveries are only added to: a correction is a later report. All of it is public.

pub mod api;
pub mod model;
pub mod pages;
pub mod service;
pub mod store;
