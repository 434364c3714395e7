//! The demonstration: a real round, replayed from data files through the same services that users reach.

pub mod scenario;
