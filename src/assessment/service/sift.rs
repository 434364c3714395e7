//! The sift of expressions of interest: the queue, the marks, and what follows from them.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Asked, Decided, ask, ask_round, person_of, round_in_full, tell};
use crate::{
    assessment::{
        model::{BidLine, BidRow, Mark, Marked, NewMark, NewMarks, SiftResult, Suggestion, mark_faults, sifted},
        store,
    },
    db::Conn,
    error::{AppError, Result},
    funds::{
        model::RoundInFull,
        rulebook::{Rulebook, Stage},
    },
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action, Granted},
    ids::BidKey,
    words,
};

words! {
    /// Which bids of the queue are shown.
    pub enum Show {
        /// Those with answers that have no mark.
        Unmarked = "unmarked",
        /// Those whose answers are all marked.
        Marked = "marked",
        /// All.
        All = "all",
    }
}

/// How the queue is narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SiftFilter {
    /// Which bids are shown; all if not said.
    #[param(inline)]
    pub show: Option<Show>,
    /// Only bids for which the round's rule suggests this.
    #[param(inline)]
    pub suggested: Option<Suggestion>,
}

/// A bid in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SiftLine {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// How many answers have a mark.
    pub marked: usize,
    /// How many answers are sifted.
    pub answers: usize,
    /// How many of them fail.
    pub fails: usize,
    /// How many pass with caveats.
    pub caveats: usize,
    /// What the round's rule suggests, once all are marked.
    pub suggested: Option<Suggestion>,
}

/// The queue of a round.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SiftQueue {
    /// How many bids are in the sift.
    pub total: usize,
    /// How many of them are marked in full.
    pub marked: usize,
    /// The reference of the first bid that is not.
    pub up_next: Option<String>,
    /// The bids that the filter leaves, oldest first.
    #[serde(flatten)]
    pub bids: Listing<SiftLine>,
}

/// The queue of a round, for its fund managers.
///
/// # Errors
/// `Forbidden` for other staff; `Invalid` for a wrong cursor or limit.
pub async fn queue(app: &App, call: &Call, slug: String, filter: SiftFilter, page: PageRequest) -> Result<SiftQueue> {
    let (limit, after) = (page.limit()?, page.after::<BidKey>()?);
    call.read(app, move |conn, scene| {
        let lines = lines(conn, scene, &slug)?;
        let unmarked = |line: &&SiftLine| line.marked < line.answers;
        let up_next = lines.iter().find(unmarked).map(|line| line.bid.reference.clone());
        let (total, left) = (lines.len(), lines.iter().filter(unmarked).count());
        let mut shown: Vec<SiftLine> = lines.into_iter().filter(|line| filter.keeps(line)).collect();
        shown.retain(|line| after.is_none_or(|after| line.bid.id > after));
        let bids = Listing::of(shown, limit, |line| line.bid.id);
        Ok(SiftQueue { total, marked: total - left, up_next, bids })
    })
    .await
}

fn lines(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Vec<SiftLine>> {
    let (granted, round) = ask_round(conn, scene, Action::SiftBid, slug)?;
    let decided = Decided::of_round(conn, &granted)?;
    let sight = policy::sight(conn, &scene.actor)?;
    let bids = store::bids_of(conn, &granted, &sight)?;
    let mut marks = store::sift::marks_of_round(conn, &granted)?;
    let line = |bid: BidRow| {
        let marks = marks.remove(&bid.id).unwrap_or_default();
        SiftLine::of(bid, marks, &round.rulebook)
    };
    Ok(bids.into_iter().filter(|bid| decided.is_in_sift(bid)).map(line).collect())
}

impl SiftLine {
    fn of(bid: BidRow, marks: Vec<Marked>, rules: &Rulebook) -> Self {
        let result = SiftResult::of(marks, &rules.eoi, &rules.sift);
        let count = |wanted| result.marks.iter().filter(|marked| marked.mark == wanted).count();
        Self {
            bid: bid.into(),
            marked: result.marks.len(),
            answers: sifted(&rules.eoi).count(),
            fails: count(Mark::Fail),
            caveats: count(Mark::PassWithCaveats),
            suggested: result.suggested,
        }
    }
}

impl SiftFilter {
    fn keeps(&self, line: &SiftLine) -> bool {
        let complete = line.marked == line.answers;
        let shown = match self.show {
            Some(Show::Unmarked) => !complete,
            Some(Show::Marked) => complete,
            Some(Show::All) | None => true,
        };
        shown && (self.suggested.is_none() || self.suggested == line.suggested)
    }
}

/// Where the sift of a bid stands, for its fund managers.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid.
pub async fn sift_of(app: &App, call: &Call, reference: String) -> Result<SiftResult> {
    call.read(app, move |conn, scene| {
        let Asked { granted, round, .. } = ask(conn, scene, Action::SiftBid, &reference)?;
        result_of(conn, &granted, &round.rulebook)
    })
    .await
}

/// Marks answers of an expression of interest. Every mark is added; the newest on an answer counts.
///
/// # Errors
/// `Invalid` with every fault; `Conflict` while expressions of interest can still be sent, or when the bid has gone on.
pub async fn mark(app: &App, call: &Call, reference: String, new: NewMarks) -> Result<SiftResult> {
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::SiftBid, &reference)?;
        must_be_in_sift(conn, scene, &asked)?;
        AppError::unless_empty(mark_faults(&new.marks, &asked.round.rulebook.eoi))?;
        add_marks(conn, scene, &asked, &new.marks)?;
        result_of(conn, &asked.granted, &asked.round.rulebook)
    })
    .await
}

fn must_be_in_sift(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<()> {
    if !asked.round.timetable.is_late(Stage::Eoi, scene.now) {
        let message = "Expressions of interest can be marked once the round has closed for them.";
        return Err(AppError::conflict("not_closed_yet", message));
    }
    if Decided::of_bid(conn, &asked.granted, &asked.bid)?.is_in_sift(&asked.bid) {
        return Ok(());
    }
    Err(AppError::conflict("not_in_sift", "This bid is not in the sift: its marks can no longer be changed."))
}

/// A mark that says what the last one said is not added again.
fn add_marks(conn: &mut Conn, scene: &Scene, asked: &Asked, marks: &[NewMark]) -> Result<()> {
    let person = person_of(scene)?;
    let before = store::sift::marks_of_bid(conn, &asked.granted)?;
    let last = |new: &NewMark| before.iter().find(|marked| marked.question == new.question);
    let says_anew =
        |new: &&NewMark| last(new).is_none_or(|last| (last.mark, last.caveat.as_deref()) != (new.mark, new.words()));
    let added: Vec<&NewMark> = marks.iter().filter(says_anew).collect();
    for new in &added {
        let number = last(new).map_or(0, |last| last.number);
        store::sift::append_mark(conn, &asked.granted, (scene.fresh(), number), new, (person, scene.now))?;
    }
    if added.is_empty() {
        return Ok(());
    }
    let questions: Vec<&str> = added.iter().map(|new| new.question.as_str()).collect();
    let detail = json!({ "bid": asked.bid.id, "questions": questions });
    tell(conn, scene, asked.bid.round_id, "sift.marked", detail)
}

/// Where the sift of a bid stands, for the rooms that decide, in their transaction.
///
/// # Errors
/// When the database fails.
pub fn sift_result(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<SiftResult> {
    let bid = store::bid(conn, granted)?;
    let RoundInFull { rulebook, .. } = round_in_full(conn, bid.round_id)?;
    result_of(conn, granted, &rulebook)
}

pub(super) fn result_of(conn: &mut Conn, granted: &Granted<BidKey>, rules: &Rulebook) -> Result<SiftResult> {
    let marks = store::sift::marks_of_bid(conn, granted)?;
    Ok(SiftResult::of(marks, &rules.eoi, &rules.sift))
}
