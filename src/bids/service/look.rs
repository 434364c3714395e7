//! Looking at bids: one's own, a round's, what one says, what is still missing, what happened.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Place, as_may_be_read};
use crate::{
    bids::{
        content::{self, Content},
        documents::named::Papers,
        merged,
        model::{Provenance, VersionInfo},
        store::{self, Filter, Row},
    },
    db::Conn,
    error::{AppError, Fault, Result},
    events::{self, Chain, Data},
    funds::{
        self,
        form::Question,
        model::{Round, RoundInFull},
        rulebook::Stage,
    },
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action, Capacity, Granted},
    ids::{BidKey, Id},
    workflow::State,
};

/// A bid as somebody may see it who may see it at all.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BidView {
    /// Its id.
    pub id: Id<BidKey>,
    /// Its reference.
    pub reference: String,
    /// Its round's place in addresses.
    pub round: String,
    /// Its state's id.
    pub state: String,
    /// Its state in words.
    pub label: String,
    /// What happens next, in words.
    pub next: String,
    /// The stage whose content is shown.
    pub stage: Stage,
    /// Whether the form of that stage can be filled in where the bid stands.
    pub writable: bool,
    /// What it says: the live draft for its own councils, the version that stands for everybody else.
    pub content: Content,
    /// The answers' versions by question, for whoever writes.
    pub answer_versions: std::collections::BTreeMap<String, i32>,
    /// What is illustrative.
    pub known: Provenance,
    /// When it was last submitted.
    pub submitted_at: Option<crate::clock::Moment>,
    /// Counts changes, but not those of answers: each has a version of its own.
    pub version: i32,
}

/// One bid.
///
/// # Errors
/// `NotFound` when one may not know of it.
pub async fn bid(app: &App, call: &Call, reference: String) -> Result<(BidView, RoundInFull)> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadBid)?;
        let Seen { view, round, .. } = view(conn, &granted)?;
        Ok((view, round))
    })
    .await
}

/// The bid of a reference, if policy allows the action; an unknown reference answers as a hidden one does.
pub(in crate::bids) fn granted(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    action: Action,
) -> Result<Granted<BidKey>> {
    let id = store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, action, id)
}

/// A bid as it is shown to somebody, with what is around it.
pub(in crate::bids) struct Seen {
    /// What they see of it.
    pub view: BidView,
    /// Its round, with the timetable that the bid goes by.
    pub round: RoundInFull,
    /// The stage that its councils write now, which is not always the one that is shown.
    pub written: Option<Stage>,
}

/// A bid that one may read, with what it says to them.
pub(in crate::bids) fn granted_view(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
) -> Result<(Granted<BidKey>, Seen)> {
    let granted = granted(conn, scene, reference, Action::ReadBid)?;
    let seen = view(conn, &granted)?;
    Ok((granted, seen))
}

pub(super) fn view(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<Seen> {
    let Place { bid, round, definition, stage: written, open } = Place::of(conn, granted)?;
    let (stage, content) = if is_applicant(granted) {
        (written, content::current(conn, granted, written)?)
    } else {
        as_submitted(conn, granted, &round, written)?
    };
    let answer_versions =
        store::answers(conn, granted, stage)?.into_iter().map(|answer| (answer.question, answer.version)).collect();
    let (label, next) = definition.state(&bid.state).map(words).unwrap_or_default();
    let view = BidView {
        id: bid.id,
        round: round.round.slug.clone(),
        label,
        next,
        stage,
        writable: open && stage == written,
        content,
        answer_versions,
        known: bid.known.0,
        submitted_at: bid.submitted_at,
        version: bid.version,
        reference: bid.reference,
        state: bid.state,
    };
    Ok(Seen { view, round, written: open.then_some(written) })
}

/// What stands for everybody but the bid's own councils: the version of the stage that is written now, and until there is one
/// that of the stage before. The service itself reads what was never submitted too.
fn as_submitted(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    round: &RoundInFull,
    written: Stage,
) -> Result<(Stage, Content)> {
    if let Some(content) = content::standing(conn, granted, written)? {
        return Ok((written, content));
    }
    let stage = newest_stage(conn, granted, round)?;
    match content::standing(conn, granted, stage)? {
        Some(content) => Ok((stage, content)),
        None if granted.standing().is(Capacity::System) => Ok((written, content::current(conn, granted, written)?)),
        None => Err(AppError::NotFound),
    }
}

fn words(state: &State) -> (String, String) {
    (state.labels.applicant.clone(), state.labels.next.clone())
}

/// Whether one of the bid's own councils looks, one that has not answered its invitation too.
pub fn is_applicant(granted: &Granted<BidKey>) -> bool {
    use Capacity::{InvitedMember, LeadAdministrator, LeadMember, LeadSignatory, PartnerMember, PartnerSignatory};
    [LeadMember, LeadSignatory, LeadAdministrator, InvitedMember, PartnerMember, PartnerSignatory]
        .iter()
        .any(|capacity| granted.standing().is(*capacity))
}

/// Where nothing is written any more, the last stage that was submitted is shown, or the first if none was. The councils of a
/// bid read the last that they had begun, for example of one that they took back before it was submitted, or that became part of
/// another.
pub(super) fn newest_stage(conn: &mut Conn, granted: &Granted<BidKey>, round: &RoundInFull) -> Result<Stage> {
    if is_applicant(granted)
        && let Some(stage) = merged::service::stage_at_end(conn, granted)?
    {
        return Ok(stage);
    }
    if is_applicant(granted) {
        let content = content::current(conn, granted, Stage::Full)?;
        if !(content.answers.is_empty() && content.costs.is_empty() && content.promises.is_empty()) {
            return Ok(Stage::Full);
        }
    }
    let versions = store::versions(conn, granted)?;
    Ok(versions.last().map_or_else(|| round.first_stage(), |version| version.stage))
}

/// How far a form is filled in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Completeness {
    /// Whether nothing is missing.
    pub complete: bool,
    /// What is missing, in the form's order.
    pub missing: Vec<Fault>,
}

/// How far the form of a bid's stage is filled in, for whoever holds the bid in a transaction.
///
/// # Errors
/// When the database fails.
pub fn completeness(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    round: &RoundInFull,
    stage: Stage,
) -> Result<Completeness> {
    let bid = store::load(conn, granted)?;
    let content = content::current(conn, granted, stage)?;
    let papers = Papers::of(conn, granted, round, stage)?;
    let mut missing = Vec::new();
    if bid.phase.is_none() {
        missing.push(Fault::new("phase", "missing", "Choose the phase that you bid for."));
    }
    for (_, question) in round.rulebook.form(stage).questions() {
        missing.extend(question_faults(question, content.answers.get(&question.id), &papers));
    }
    if stage == Stage::Full {
        missing.extend(full_faults(&content));
    }
    Ok(Completeness { complete: missing.is_empty(), missing })
}

fn question_faults(question: &Question, value: Option<&Value>, papers: &Papers) -> Vec<Fault> {
    match value.filter(|value| Question::is_answered(value)) {
        Some(value) => question.faults(value).into_iter().chain(papers.faults(question, value)).collect(),
        None if question.required && question.asks_for_documents() => {
            let message = format!("Upload a document for “{}”", question.title);
            vec![Fault::new(format!("answers/{}", question.id), "missing", message)]
        }
        None if question.required => {
            let message = format!("Answer the question “{}”", question.title);
            vec![Fault::new(format!("answers/{}", question.id), "missing", message)]
        }
        None => Vec::new(),
    }
}

fn full_faults(content: &Content) -> Vec<Fault> {
    let mut faults = Vec::new();
    if content.ask_pence.is_none() {
        faults.push(Fault::new("ask_pence", "missing", "Say how much you ask for."));
    }
    if content.costs.is_empty() {
        faults.push(Fault::new("costs", "missing", "Give the costs of lead, partners and suppliers."));
    }
    if content.promises.is_empty() {
        faults.push(Fault::new("promises", "missing", "Promise at least one outcome."));
    }
    faults
}

/// What happened to a bid, oldest first.
///
/// # Errors
/// `NotFound` when one may not know of it.
pub async fn history(app: &App, call: &Call, reference: String) -> Result<Vec<Data>> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadHistory)?;
        let happened = events::history(conn, Chain::Bid(granted.id()))?;
        as_may_be_read(conn, &granted, happened)
    })
    .await
}

/// The submitted versions of a bid, oldest first.
///
/// # Errors
/// `NotFound` when one may not know of it.
pub async fn versions(app: &App, call: &Call, reference: String) -> Result<Vec<VersionInfo>> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadHistory)?;
        store::versions(conn, &granted)
    })
    .await
}

/// The bids of the caller's organisations, newest first.
///
/// # Errors
/// `Unauthenticated`; `Invalid` for a wrong cursor or limit.
pub async fn own(app: &App, call: &Call, page: PageRequest) -> Result<Listing<(Row, String, Round)>> {
    let (limit, after) = (page.limit()?, page.after()?);
    call.read(app, move |conn, scene| {
        let sight = policy::sight(conn, &scene.actor)?;
        if sight.organisations.is_empty() && sight.person.is_none() {
            return Err(AppError::Unauthenticated);
        }
        let rows = store::own(conn, &sight, after, limit + 1)?;
        let rows = rows.into_iter().map(|row| described(conn, row)).collect::<Result<Vec<_>>>()?;
        Ok(Listing::of(rows, limit, |(row, ..)| row.bid.id))
    })
    .await
}

fn described(conn: &mut Conn, row: Row) -> Result<(Row, String, Round)> {
    let definition = funds::store::workflow(conn, row.bid.workflow_id)?;
    let label = definition.state(&row.bid.state).map(|state| state.labels.applicant.clone()).unwrap_or_default();
    let round = funds::store::round_by_id(conn, row.bid.round_id)?;
    Ok((row, label, round))
}

/// The submitted bids of a round as its staff see them.
///
/// # Errors
/// As policy says; `Invalid` for a wrong cursor or limit.
pub async fn of_round(
    app: &App,
    call: &Call,
    slug: String,
    filter: Filter,
    page: PageRequest,
) -> Result<(RoundInFull, Listing<Row>)> {
    let (limit, after) = (page.limit()?, page.after()?);
    call.read(app, move |conn, scene| {
        let round = funds::service::visible_round(conn, scene, &slug)?;
        let granted = policy::round(conn, &scene.actor, Action::ListBids, round.round.id)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let rows = store::of_round(conn, &granted, &sight, &filter, (after, limit + 1))?;
        Ok((round, Listing::of(rows, limit, |row| row.bid.id)))
    })
    .await
}
