//! What several people have to stand behind before it happens: who has approved, who is still wanted, who refused and why.
//!
//! The rooms above say what it is about, how many people it takes and what exactly they approve, as a hash. An approval
//! counts while its hash is that of what stands now, and while whoever gave it may still give one; neither is kept, both
//! are found by comparison. The functions here work within the transaction of a use case that has policy's yes.

pub mod model;
pub mod service;
mod store;
