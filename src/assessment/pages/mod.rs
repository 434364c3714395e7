//! The pages of assessment: a bid stands beside the form in which it is marked or scored.

mod mine;
mod panel;
mod score;
mod scores;
mod shown;
mod sift;

pub use mine::{MinePage, mine};
pub use panel::{PanelPage, ReaderChoice, ReadersPage, choose_readers, close_replacements, panel, readers};
pub use score::{CheckPage, ScorePage, check, save, score, submit};
pub use scores::{ScoresPage, scores};
pub use shown::{Shown, ShownAnswer};
pub use sift::{QueuePage, SiftPage, mark, queue, sift};

use actix_web::HttpResponse;

use crate::http::Refused;

pub(super) type Answer = Result<HttpResponse, Refused>;

/// A choice of radios, checkboxes or a select.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What it says.
    pub text: String,
    /// What helps to choose; may be empty.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}
