//! The mail room: messages, their templates and how they leave.

pub mod render;
