//! What saving did, and that it came too late: a draft that was never submitted can be written on after its stage has closed, so that
//! nothing is lost, and whoever does so has to know that it counts for nothing.

use serde::{Deserialize, Serialize};

use super::{Place, look::granted};
use crate::{
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds::{model::RoundInFull, rulebook::Stage},
    http::Scene,
    identity::policy::{Action, Capacity, Granted},
    ids::BidKey,
};

/// What saving did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct Saved {
    /// The version that stands now.
    pub version: i32,
    /// That it came too late, if it did.
    pub late: Option<Late>,
}

/// The same as it is kept beside an Idempotency-Key: what an older version of the service had kept is the version alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Version(i32),
    Saved { version: i32, late: Option<Late> },
}

impl From<Kept> for Saved {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Version(version) => Self { version, late: None },
            Kept::Saved { version, late } => Self { version, late },
        }
    }
}

/// Something was saved after its stage had closed: it is kept and cannot be submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Late {
    /// When the stage closed.
    pub closed_at: Moment,
    /// The same in words, with what can be done.
    pub detail: String,
    /// Where what is kept can be read and printed.
    pub page: String,
    /// Where it is as a PDF.
    pub pdf: String,
    /// Where it is as a Word file.
    pub word: String,
}

impl Saved {
    /// What was saved of a bid at a stage, at the instant at which the request had arrived.
    pub fn of(version: i32, (round, stage): (&RoundInFull, Stage), reference: &str, received: Moment) -> Self {
        Self { version, late: Late::if_late((round, stage), reference, received) }
    }
}

impl Late {
    /// That it came too late, if it did, at the instant at which the request had arrived.
    pub fn if_late((round, stage): (&RoundInFull, Stage), reference: &str, received: Moment) -> Option<Self> {
        let closed = round.timetable.closes(stage).filter(|closes| received > *closes);
        closed.map(|closed| Self::of(stage, reference, closed))
    }

    fn of(stage: Stage, reference: &str, closed_at: Moment) -> Self {
        let detail = format!(
            "It is kept, but it comes too late: the {} closed at {}, and nothing was submitted by then. You can print the draft, or \
             download it as PDF or Word.",
            stage.title(),
            closed_at.in_words()
        );
        let at = |file: &str| format!("/bids/{reference}/draft{file}");
        Self { closed_at, detail, page: at(""), pdf: at("/file.pdf"), word: at("/file.docx") }
    }
}

/// The bid of a reference for writing. Whoever wrote it until its stage closed is told that, and not that it is for others to write.
pub(in crate::bids) fn granted_to_write(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    action: Action,
) -> Result<Granted<BidKey>> {
    let refusal = match granted(conn, scene, reference, action) {
        Err(refusal @ AppError::Forbidden { .. }) => refusal,
        other => return other,
    };
    let bid = granted(conn, scene, reference, Action::ReadBid)?;
    let joined = bid.standing().is(Capacity::PartnerMember) || bid.standing().is(Capacity::PartnerSignatory);
    let theirs = bid.standing().leads() || (joined && action == Action::WriteAnswers);
    if !theirs {
        return Err(refusal);
    }
    let place = Place::of(conn, &bid)?;
    let late = place.open && place.round.timetable.is_late(place.stage, scene.now);
    Err(if late { too_late(&place.round, place.stage) } else { refusal })
}

/// A draft that was never submitted has closed with its stage.
pub(super) fn too_late(round: &RoundInFull, stage: Stage) -> AppError {
    let closed = round.timetable.closes(stage).map(Moment::in_words).unwrap_or_default();
    let stage = stage.title();
    let message =
        format!("The {stage} closed at {closed}, and nothing was submitted by then. The draft is kept as it stood.");
    AppError::conflict("deadline_passed", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_before_saves_said_whether_they_came_too_late_is_read_still() {
        let late = Late::of(Stage::Eoi, "B-1", Moment::from_micros(0));
        let saved = Saved { version: 3, late: Some(late) };
        let again: Saved = serde_json::from_value(serde_json::json!(saved)).expect("it is read");
        assert_eq!(again, saved);
        let before: Saved = serde_json::from_value(serde_json::json!(4)).expect("it is read");
        assert_eq!(before, Saved { version: 4, late: None });
    }
}
