//! Starting and writing a bid. Every change is checked against the form, and refused once the stage has closed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    bids::{
        answers,
        copying::service::{Copied, Target, source},
        documents, led,
        model::{Answer, Bid, CostCategory, CostLine, Promise, Provenance, open_stage},
        service::{CONTENT_CHANGED_JOB, Over, Saved, begin_with_profile, late::granted_to_write},
        store::{self, Heading},
    },
    db::{Conn, Doc},
    error::{AppError, Fault, Result},
    events::{self, Chain, Data},
    funds::{
        self,
        model::RoundInFull,
        reopening::{Part, Reopening},
        rulebook::{CostKind, Stage},
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, BidKind, Granted},
    ids::{BidKey, Id, OrganisationKey},
    jobs,
    money::Pence,
};

const LONGEST_TITLE: usize = 200;
const MOST_LINES: usize = 100;

/// What starts a bid.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBid {
    /// The round's place in addresses.
    pub round: String,
    /// The lead authority.
    pub lead: Id<OrganisationKey>,
    /// A working title.
    pub title: String,
    /// The reference of an earlier bid of one's own, whose answers to the same questions begin this one.
    #[serde(default)]
    pub copy_from: Option<String>,
    /// What is illustrative; only the replay says so.
    #[serde(skip)]
    pub known: Provenance,
}

/// Starts a bid, with what the lead's profile says where the form asks for it; gives its reference.
///
/// # Errors
/// `Conflict` when the round takes no new bids now; `Invalid` for the title and for a bid that is none of one's own.
pub async fn start(app: &App, call: &Call, start: StartBid) -> Result<String> {
    call.write(app, move |conn, scene| {
        let granted = policy::organisation(conn, &scene.actor, Action::StartBid, start.lead)?;
        let round = funds::service::visible_round(conn, scene, &start.round)?;
        AppError::unless_empty(title_fault(&start.title).into_iter().collect())?;
        refuse_unless_open(&round, scene)?;
        let earlier = start.copy_from.as_deref().filter(|from| !from.trim().is_empty());
        let earlier = earlier.map(|from| source(conn, scene, from)).transpose()?;
        let bid = new_bid(conn, scene, &round, &start)?;
        store::insert(conn, &granted, &bid)?;
        let detail = json!({ "reference": bid.reference, "lead": bid.lead_id, "state": bid.state });
        scene.tell(conn, Chain::Bid(bid.id), "bid.started", detail)?;
        let stage = round.first_stage();
        let to = policy::bid(conn, &scene.actor, Action::EditBid, bid.id)?;
        let form = (round.rulebook.form(stage), stage);
        let by = answers::service::author(conn, scene, &to, &bid)?;
        begin_with_profile(conn, scene, (&granted, &to), form, (&bid, by))?;
        if let Some(earlier) = earlier {
            let to = Target { granted: &to, bid: &bid, round: &round, stage, reopened: None };
            Copied::of(conn, &earlier, &to)?.write(conn, scene, &earlier, &to)?;
        }
        led::service::warn(conn, scene, &granted, &round)?;
        Ok(bid.reference)
    })
    .await
}

fn refuse_unless_open(round: &RoundInFull, scene: &Scene) -> Result<()> {
    if round.takes_new_bids(scene.now) {
        return Ok(());
    }
    let status = round.status(scene.now).title().to_lowercase();
    Err(AppError::conflict("round_closed", format!("This round takes no new bids now: {status}.")))
}

fn new_bid(conn: &mut Conn, scene: &Scene, round: &RoundInFull, start: &StartBid) -> Result<Bid> {
    let person = scene.person_or("A bid is started by a person, not by a program. Sign in to start one.")?;
    let workflow_id = funds::store::workflow_of_round(conn, round.round.id)?;
    let definition = funds::store::workflow(conn, workflow_id)?;
    let kind = definition.state(&definition.start).and_then(|state| BidKind::from_word(state.kind.word()));
    Ok(Bid {
        id: scene.fresh(),
        reference: store::next_reference(conn, round.round.id)?,
        round_id: round.round.id,
        lead_id: start.lead,
        workflow_id,
        state: definition.start,
        kind: kind.unwrap_or(BidKind::Draft),
        title: start.title.trim().into(),
        phase: None,
        ask_pence: None,
        submitted_at: None,
        known: Doc(start.known.clone()),
        created_by: person,
        created_at: scene.now,
        updated_at: scene.now,
        version: 1,
    })
}

/// The stage whose form the bid fills in now, if this part of it can be written.
///
/// # Errors
/// `Conflict` when there is none, when it has closed and a submitted version stands, or with `not_reopened` when the bid is
/// reopened for other parts.
pub fn writable_stage(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    part: Part<'_>,
) -> Result<(Bid, RoundInFull, Stage)> {
    let bid = store::load(conn, granted)?;
    let round = funds::store::round_by_id(conn, bid.round_id)?;
    let round = funds::store::in_full_for(conn, round, bid.id)?;
    let definition = funds::store::workflow(conn, bid.workflow_id)?;
    let stage = open_stage(&definition, &bid.state)
        .ok_or_else(|| AppError::conflict("nothing_to_write", "The bid has no form to fill in where it stands now."))?;
    if definition.stands_in(&bid.state) && round.timetable.is_late(stage, scene.now) {
        let closed = round.timetable.closes(stage).map(|at| at.in_words()).unwrap_or_default();
        let message = format!("The {} closed at {closed}. The version that you submitted stands.", stage.title());
        return Err(AppError::conflict("deadline_passed", message));
    }
    if let Some(reopening) = reopening_of(conn, scene, (bid.id, &round), stage)? {
        reopening.require(part)?;
    }
    Ok((bid, round, stage))
}

/// What alone can be written of a bid, where it is reopened now.
///
/// # Errors
/// When the database fails.
pub fn reopening_of(
    conn: &mut Conn,
    scene: &Scene,
    (bid, round): (Id<BidKey>, &RoundInFull),
    stage: Stage,
) -> Result<Option<Reopening>> {
    let change = funds::store::reopening_of(conn, (round.round.id, bid), stage, scene.now)?;
    Ok(change.map(|change| Reopening::of(&change, round.rulebook.form(stage))))
}

/// What of a bid's heading changes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeadingChange {
    /// A new title.
    #[serde(default)]
    pub title: Option<String>,
    /// A new phase.
    #[serde(default)]
    pub phase: Option<String>,
    /// A new ask, in pence.
    #[serde(default)]
    pub ask_pence: Option<Pence>,
}

/// Changes title, phase and ask of a bid at a version.
///
/// # Errors
/// `Invalid` with every fault; `Stale` when somebody changed it meanwhile; `Conflict` where a form saves itself over a signature.
pub async fn change_heading(
    app: &App,
    call: &Call,
    reference: String,
    over: impl Into<Over>,
    change: HeadingChange,
) -> Result<Saved> {
    let over: Over = over.into();
    let version = over.version;
    call.write(app, move |conn, scene| {
        let granted = to_edit(conn, scene, &reference)?;
        let (bid, round, stage) = writable_stage(conn, scene, &granted, Part::About)?;
        over.require_unsigned(conn, (&granted, stage))?;
        let saved = |version| Saved::of(version, (&round, stage), &reference, scene.now);
        AppError::unless_empty(heading_faults(&change, &round))?;
        let heading = Heading {
            title: change.title.as_ref().map(|title| title.trim().to_owned()),
            phase: change.phase.clone(),
            ask_pence: change.ask_pence,
        };
        if heading.title.is_none() && heading.phase.is_none() && heading.ask_pence.is_none() {
            return Ok(saved(bid.version));
        }
        if !store::change_heading(conn, &granted, version, &heading, scene.now)? {
            return Err(AppError::Stale { current: bid.version });
        }
        rewritten(conn, scene, bid.id, "bid.heading_written")?;
        order_look(conn, scene, bid.id)?;
        Ok(saved(version + 1))
    })
    .await
}

/// Tells the history that a part of the bid was written anew, once for all that one person writes there in a row on one day.
fn rewritten(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>, kind: &'static str) -> Result<()> {
    let newest = events::newest(conn, Chain::Bid(bid))?;
    let today = |newest: &Data| newest.at.london_date() == scene.now.london_date();
    let again = |newest: &Data| newest.kind == kind && newest.actor == scene.actor.recorded() && today(newest);
    if newest.as_ref().is_some_and(again) {
        return Ok(());
    }
    scene.tell(conn, Chain::Bid(bid), kind, json!({}))
}

fn heading_faults(change: &HeadingChange, round: &RoundInFull) -> Vec<Fault> {
    let mut faults: Vec<Fault> = change.title.iter().filter_map(|title| title_fault(title)).collect();
    if let Some(phase) = &change.phase
        && round.rulebook.phase(phase).is_none()
    {
        let known: Vec<&str> = round.rulebook.phases.iter().map(|phase| phase.id.as_str()).collect();
        faults.push(Fault::new("phase", "unknown_phase", format!("Choose one of: {}.", known.join(", "))));
    }
    if let Some(ask) = change.ask_pence
        && !(Pence(0)..=Pence::MOST).contains(&ask)
    {
        let message = format!("Give the ask in pence, from 0 to {}.", Pence::MOST.0);
        faults.push(Fault::new("ask_pence", "out_of_range", message));
    }
    faults
}

fn title_fault(title: &str) -> Option<Fault> {
    let length = title.trim().chars().count();
    match length {
        0 => Some(Fault::new("title", "missing", "Enter a title for the bid.")),
        1..=LONGEST_TITLE => None,
        _ => {
            let message = format!("Use {LONGEST_TITLE} characters or fewer for the title, you have {length}.");
            Some(Fault::new("title", "too_long", message))
        }
    }
}

/// An answer on its way in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerChange {
    /// The answer: text, a choice, choices, pence, or the SHA-256 of each document of the bid that is named; null empties it.
    pub value: Value,
    /// Whether it is finished.
    #[serde(default)]
    pub complete: bool,
}

/// Writes an answer that stands at `version` (0 where there is none yet); the version of the bid stays, so that
/// people who write different parts of it do not meet.
///
/// # Errors
/// `NotFound` for an unknown question; `Invalid`; `Stale` when somebody else wrote it meanwhile.
pub async fn put_answer(
    app: &App,
    call: &Call,
    reference: String,
    question: String,
    version: i32,
    change: AnswerChange,
) -> Result<Saved> {
    call.write(app, move |conn, scene| {
        let granted = granted_to_write(conn, scene, &reference, Action::WriteAnswers)?;
        let (bid, round, stage) = writable_stage(conn, scene, &granted, Part::Answer(&question))?;
        let saved = |version| Saved::of(version, (&round, stage), &reference, scene.now);
        let asked = round.rulebook.form(stage).question(&question).ok_or(AppError::NotFound)?;
        let there =
            if asked.asks_for_documents() { documents::store::current(conn, &granted, stage)? } else { Vec::new() };
        AppError::unless_empty(documents::named::faults(asked, &change.value, &there))?;
        let stands = store::answer(conn, &granted, stage, &question)?;
        let current = stands.as_ref().map_or(0, |answer| answer.version);
        if current != version {
            return Err(AppError::Stale { current });
        }
        // Whoever saves what stands already has written nothing.
        if stands.is_some_and(|stands| stands.value.0 == change.value && stands.complete == change.complete) {
            return Ok(saved(version));
        }
        let by = answers::service::author(conn, scene, &granted, &bid)?;
        let answer = Answer {
            question: question.clone(),
            value: Doc(change.value.clone()),
            complete: change.complete,
            version: version + 1,
            updated_by: by.person.unwrap_or(bid.created_by),
            updated_at: scene.now,
        };
        store::put_answer(conn, &granted, scene.fresh(), stage, (&answer, by))?;
        order_look(conn, scene, bid.id)?;
        Ok(saved(answer.version))
    })
    .await
}

/// Writes the costs of a full application anew.
///
/// # Errors
/// `Invalid` with every fault; `Stale` when somebody changed the bid meanwhile.
pub async fn put_costs(
    app: &App,
    call: &Call,
    reference: String,
    over: impl Into<Over>,
    lines: Vec<CostLine>,
) -> Result<Saved> {
    let over: Over = over.into();
    let version = over.version;
    call.write(app, move |conn, scene| {
        let granted = to_edit(conn, scene, &reference)?;
        let (bid, round, stage) = writable_stage(conn, scene, &granted, Part::Costs)?;
        over.require_unsigned(conn, (&granted, stage))?;
        AppError::unless_empty(cost_faults(&lines, &round.rulebook.cost_kinds))?;
        if !store::touch_if(conn, &granted, version, scene.now)? {
            return Err(AppError::Stale { current: bid.version });
        }
        let rows: Vec<_> = lines.iter().map(|line| (scene.fresh(), line.naming_lead(bid.lead_id))).collect();
        store::put_costs(conn, &granted, &rows)?;
        rewritten(conn, scene, bid.id, "bid.costs_written")?;
        order_look(conn, scene, bid.id)?;
        Ok(Saved::of(version + 1, (&round, stage), &reference, scene.now))
    })
    .await
}

fn cost_faults(lines: &[CostLine], kinds: &[CostKind]) -> Vec<Fault> {
    if lines.len() > MOST_LINES {
        return vec![Fault::new("costs", "too_many", format!("Give at most {MOST_LINES} lines."))];
    }
    let mut faults = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if !(Pence(1)..=Pence::MOST).contains(&line.pence) {
            let message = "Give an amount above £0, in whole pence.";
            faults.push(Fault::new(format!("costs/{index}/pence"), "out_of_range", message));
        }
        if line.description.trim().is_empty() || line.description.chars().count() > LONGEST_TITLE {
            let message = format!("Say what the cost is for, in {LONGEST_TITLE} characters or fewer.");
            faults.push(Fault::new(format!("costs/{index}/description"), "wrong_text", message));
        }
        if line.category == CostCategory::Partner && line.organisation_id.is_none() {
            let message = format!("Line {}: say which partner gets the money.", index + 1);
            faults.push(Fault::new(format!("costs/{index}/organisation_id"), "missing", message));
        }
        if line.in_kind && line.own_money {
            let line = index + 1;
            let message = format!("Line {line}: what is given in kind is not paid with money. Choose one of the two.");
            faults.push(Fault::new(format!("costs/{index}/own_money"), "in_kind_and_money", message));
        }
        faults.extend(kind_fault(index, line, kinds));
    }
    faults
}

/// Every line is of one of the round's kinds, where the round names some.
fn kind_fault(index: usize, line: &CostLine, kinds: &[CostKind]) -> Option<Fault> {
    let fits = match &line.kind {
        Some(kind) => kinds.iter().any(|known| known.id == *kind),
        None => kinds.is_empty(),
    };
    (!fits).then(|| {
        let known: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
        let message = if known.is_empty() {
            "This round tells no kinds of cost apart: leave it out.".into()
        } else {
            format!("Line {}: say what kind of cost it is: {}.", index + 1, known.join(", "))
        };
        Fault::new(format!("costs/{index}/kind"), "unknown_kind", message)
    })
}

/// Writes the promised outcomes anew.
///
/// # Errors
/// `Invalid` with every fault; `Stale` when somebody changed the bid meanwhile.
pub async fn put_promises(
    app: &App,
    call: &Call,
    reference: String,
    over: impl Into<Over>,
    promises: Vec<Promise>,
) -> Result<Saved> {
    let over: Over = over.into();
    let version = over.version;
    call.write(app, move |conn, scene| {
        let granted = to_edit(conn, scene, &reference)?;
        let (bid, round, stage) = writable_stage(conn, scene, &granted, Part::Promises)?;
        over.require_unsigned(conn, (&granted, stage))?;
        AppError::unless_empty(promise_faults(&promises))?;
        if !store::touch_if(conn, &granted, version, scene.now)? {
            return Err(AppError::Stale { current: bid.version });
        }
        let rows: Vec<_> = promises.iter().map(|promise| (scene.fresh(), promise.clone())).collect();
        store::put_promises(conn, &granted, &rows)?;
        rewritten(conn, scene, bid.id, "bid.promises_written")?;
        order_look(conn, scene, bid.id)?;
        Ok(Saved::of(version + 1, (&round, stage), &reference, scene.now))
    })
    .await
}

fn promise_faults(promises: &[Promise]) -> Vec<Fault> {
    if promises.len() > MOST_LINES {
        return vec![Fault::new("promises", "too_many", format!("Promise at most {MOST_LINES} outcomes."))];
    }
    let mut faults = Vec::new();
    for (index, promise) in promises.iter().enumerate() {
        if promise.measure.trim().is_empty() || promise.measure.chars().count() > LONGEST_TITLE {
            let message = format!("Say what is measured, in {LONGEST_TITLE} characters or fewer.");
            faults.push(Fault::new(format!("promises/{index}/measure"), "wrong_text", message));
        }
        if !promise.target.is_finite() || promise.baseline.is_some_and(|baseline| !baseline.is_finite()) {
            let message = "Give baseline and target as numbers.";
            faults.push(Fault::new(format!("promises/{index}/target"), "out_of_range", message));
        }
    }
    faults
}

fn to_edit(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Granted<BidKey>> {
    granted_to_write(conn, scene, reference, Action::EditBid)
}

/// What was signed or approved may be void once a bid says something else: whoever keeps signatures and approvals looks at
/// it in a job.
///
/// # Errors
/// When the database fails.
pub fn order_look(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: CONTENT_CHANGED_JOB,
        payload: json!({ "bid": bid }),
        run_at: scene.now,
        unique_key: None,
    };
    jobs::enqueue(conn, order, scene.now)
}
