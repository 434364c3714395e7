//! The sift of expressions of interest: the queue, the marks, and what follows from them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Asked, Decided, ask, ask_round, look, person_of};
use crate::{
    assessment::{
        model::{BidLine, BidRow, Mark, Marked, NewMark, NewMarks, SiftResult, Suggestion, mark_faults},
        store,
    },
    bids::{
        self,
        content::{self, Content},
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::rulebook::{Rulebook, Stage},
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RoundKey},
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
    /// What was found, once the sift is over.
    pub found: Option<SiftFound>,
    /// The bids that the filter leaves, oldest first.
    #[serde(flatten)]
    pub bids: Listing<SiftLine>,
}

/// What the sift of a round found, once its outcomes are out: every bid counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SiftFound {
    /// How many bids were sifted.
    pub bids: usize,
    /// On how many every mark is a pass.
    pub passed: usize,
    /// How many passed with caveats.
    pub with_caveats: usize,
    /// How many have an answer that fails.
    pub failed: usize,
    /// How many were decided on before all their answers were marked.
    pub unmarked: usize,
}

impl SiftFound {
    fn add(&mut self, result: &SiftResult) {
        self.bids += 1;
        let place = match () {
            () if !result.complete => &mut self.unmarked,
            () if result.count(Mark::Fail) > 0 => &mut self.failed,
            () if result.count(Mark::PassWithCaveats) > 0 => &mut self.with_caveats,
            () => &mut self.passed,
        };
        *place += 1;
    }
}

/// The queue of a round, for its fund managers.
///
/// # Errors
/// `Forbidden` for other staff; `Invalid` for a wrong cursor or limit.
pub async fn queue(app: &App, call: &Call, slug: String, filter: SiftFilter, page: PageRequest) -> Result<SiftQueue> {
    let (limit, after) = (page.limit()?, page.after::<BidKey>()?);
    call.read(app, move |conn, scene| {
        let (lines, found) = lines(conn, scene, &slug)?;
        let unmarked = |line: &&SiftLine| line.marked < line.answers;
        let up_next = lines.iter().find(unmarked).map(|line| line.bid.reference.clone());
        let (total, left) = (lines.len(), lines.iter().filter(unmarked).count());
        let mut shown: Vec<SiftLine> = lines.into_iter().filter(|line| filter.keeps(line)).collect();
        shown.retain(|line| after.is_none_or(|after| line.bid.id > after));
        let bids = Listing::of(shown, limit, |line| line.bid.id);
        Ok(SiftQueue { total, marked: total - left, up_next, found, bids })
    })
    .await
}

/// The bids that are in the sift; what the sift found once none is.
fn lines(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Vec<SiftLine>, Option<SiftFound>)> {
    let (granted, round) = ask_round(conn, scene, Action::SiftBid, slug)?;
    let decided = Decided::of_round(conn, &granted)?;
    let sight = policy::sight(conn, &scene.actor)?;
    let mut results = sift_results(conn, &granted, &round.rulebook)?;
    let (mut lines, mut found) = (Vec::new(), SiftFound::default());
    for bid in store::bids_of(conn, &granted, &sight)? {
        let Some(result) = results.remove(&bid.id) else { continue };
        if decided.is_in_sift(&bid) {
            lines.push(SiftLine::of(bid, &result));
        } else if decided.was_sifted(&bid) {
            found.add(&result);
        }
    }
    let found = (lines.is_empty() && found.bids > 0).then_some(found);
    Ok((lines, found))
}

/// Where the sift of every submitted bid of a round stands, for the rooms that decide.
///
/// # Errors
/// When the database fails.
pub fn sift_results(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    rules: &Rulebook,
) -> Result<BTreeMap<Id<BidKey>, SiftResult>> {
    let mut marks = store::sift::marks_of_round(conn, round)?;
    let standing = content::standing_of_round(conn, round, Stage::Eoi)?;
    let result = |(bid, content): (Id<BidKey>, Content)| {
        let marks = marks.remove(&bid).unwrap_or_default();
        (bid, SiftResult::of(marks, &rules.eoi, &rules.sift, &content.answered()))
    };
    Ok(standing.into_iter().map(result).collect())
}

impl SiftLine {
    fn of(bid: BidRow, result: &SiftResult) -> Self {
        Self {
            bid: bid.into(),
            marked: result.marks.len(),
            answers: result.answers,
            fails: result.count(Mark::Fail),
            caveats: result.count(Mark::PassWithCaveats),
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
        let Asked { granted, round, .. } = look(conn, scene, Action::SiftBid, &reference)?;
        let answered = answered(conn, &granted)?;
        result_of(conn, &granted, &round.rulebook, &answered)
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
        let answered = answered(conn, &asked.granted)?;
        AppError::unless_empty(mark_faults(&new.marks, &asked.round.rulebook.eoi, &answered))?;
        add_marks(conn, scene, &asked, &new.marks)?;
        result_of(conn, &asked.granted, &asked.round.rulebook, &answered)
    })
    .await
}

fn must_be_in_sift(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<()> {
    if !asked.round.timetable.is_late(Stage::Eoi, scene.now) {
        let message = "An expression of interest can be marked once it can no longer be replaced by a newer version.";
        return Err(AppError::conflict("not_closed_yet", message));
    }
    if Decided::of_bid(conn, &asked.granted, &asked.bid)?.is_in_sift(&asked.bid) {
        return Ok(());
    }
    Err(AppError::conflict("not_in_sift", "This bid is not in the sift: its marks can no longer be changed."))
}

/// When the version that stands was submitted, and the questions whose marks are older and so about the one before it.
pub(super) fn outdated(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<Option<(Moment, BTreeSet<String>)>> {
    let marked = store::sift::marked_at(conn, granted)?;
    if marked.is_empty() {
        return Ok(None);
    }
    let (since, _) = bids::store::submitted(conn, granted, Stage::Eoi)?;
    let older = marked.into_iter().filter(|(_, at)| *at < since).map(|(question, _)| question);
    Ok(Some((since, older.collect())))
}

/// A mark that says what the last one said is not added again, unless that was about an earlier version.
fn add_marks(conn: &mut Conn, scene: &Scene, asked: &Asked, marks: &[NewMark]) -> Result<()> {
    let person = person_of(scene)?;
    let before = store::sift::marks_of_bid(conn, &asked.granted)?;
    let last = |new: &NewMark| before.iter().find(|marked| marked.question == new.question);
    let older = outdated(conn, &asked.granted)?.map(|(_, older)| older).unwrap_or_default();
    let says_anew = |new: &&NewMark| {
        let said = |last: &Marked| (last.mark, last.caveat.as_deref()) == (new.mark, new.words());
        older.contains(&new.question) || !last(new).is_some_and(said)
    };
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
    scene.tell(conn, Chain::Round(asked.bid.round_id), "sift.marked", detail)
}

/// The questions that the version that stands has answered.
fn answered(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<BTreeSet<String>> {
    let content = content::standing(conn, granted, Stage::Eoi)?;
    Ok(content.map(|content| content.answered()).unwrap_or_default())
}

pub(super) fn result_of(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    rules: &Rulebook,
    answered: &BTreeSet<String>,
) -> Result<SiftResult> {
    let marks = store::sift::marks_of_bid(conn, granted)?;
    Ok(SiftResult::of(marks, &rules.eoi, &rules.sift, answered))
}
