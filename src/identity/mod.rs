//! People, organisations, memberships, conflicts, sign-in, tokens, and policy: who may do and see what.

pub mod policy;
pub mod sessions;
pub mod tokens;
