//! Every test of the service in one program.

mod web;
mod workflow;
