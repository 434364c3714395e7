//! The pages of a round's draws: the managers' desk, what everybody reads, and what a draw says beside the ranking.

mod beside;
mod desk;
mod public;

pub use beside::{ranking, why};
pub use desk::{DrawPage, Written, answer, commit, show};
pub use public::{DrawsPage, draws};
