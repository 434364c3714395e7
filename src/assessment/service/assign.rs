//! Giving bids to assessors by hand. A conflict of interest keeps a bid from being given, not only from being opened, and so does
//! one that is possible until somebody has answered whether it is one.

use std::collections::{BTreeMap, btree_map::Entry};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Asked, ask, ask_round, for_assessment,
    givable::{CanTake, Stands, assignment, may_be_given},
    given::{NewReading, tell},
    look, person_of,
    read_once::ReadOnce,
    wanted::wanted,
};
use crate::{
    assessment::{
        conflicts, gateway,
        gateway::model::{GatewayStanding, GatewayState},
        model::{Answered, Assessor, Assignment, BidLine, Wish, too_many_wishes},
        pool, store,
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Sight},
    ids::{BidKey, Id, PersonKey},
};

/// Gives a bid to an assessor, who is told.
///
/// # Errors
/// `Invalid` for somebody who does not assess for the fund; `Conflict` with `conflict_of_interest`, with
/// `possible_conflict` while a suggestion waits for an answer, with `not_for_assessment` when the bid is not at that point, with
/// `gateway_failed` when it has failed a check, with `not_in_pool` for whoever has not accepted in a round that has a pool, with
/// `terms_open` for whoever has accepted other terms than those of now, or with
/// `read_before` for whoever a conflict has told whose bid it is that they read without names. That somebody has more bids than they
/// can read is said in the answer, and refuses nothing.
pub async fn assign(app: &App, call: &Call, reference: String, person: Id<PersonKey>) -> Result<Assignment> {
    call.write(app, move |conn, scene| {
        let mut known = ReadOnce::of(conn, scene, &[(&reference, person)])?;
        let assignment = give(conn, scene, &mut known, (&reference, person))?;
        tell(conn, scene, known.given)?;
        Ok(assignment)
    })
    .await
}

/// Gives several bids of a round to assessors, and says of each what became of it. Each assessor is told once of all.
///
/// # Errors
/// `NotFound` or `Forbidden` for the round as a whole, `Invalid` for too many at once; what goes wrong with one bid is said in its answer.
pub async fn assign_many(app: &App, call: &Call, slug: String, wishes: Vec<Wish>) -> Result<Vec<Answered>> {
    call.write(app, move |conn, scene| {
        ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        AppError::unless_empty(too_many_wishes(wishes.len()).into_iter().collect())?;
        let pairs: Vec<(&str, Id<PersonKey>)> = wishes.iter().map(|wish| (wish.bid.as_str(), wish.person)).collect();
        let mut known = ReadOnce::of(conn, scene, &pairs)?;
        let answers = wishes.iter().map(|wish| answer(conn, scene, &mut known, wish)).collect::<Result<_>>()?;
        tell(conn, scene, known.given)?;
        Ok(answers)
    })
    .await
}

/// A refusal is an answer; a fault of ours ends the whole.
fn answer(conn: &mut Conn, scene: &Scene, known: &mut ReadOnce, wish: &Wish) -> Result<Answered> {
    let mut warning = None;
    let (code, message) = match give(conn, scene, known, (&wish.bid, wish.person)) {
        Ok(given) => {
            warning = given.warning;
            (None, None)
        }
        Err(AppError::NotFound) => {
            (Some("not_found".into()), Some("There is no such bid, or you may not see it.".into()))
        }
        Err(AppError::Forbidden { code, message } | AppError::Conflict { code, message }) => {
            (Some(code.into()), Some(message))
        }
        Err(AppError::Invalid(faults)) => {
            let first = faults.into_iter().next();
            first.map_or((None, None), |fault| (Some(fault.code.into_owned()), Some(fault.message)))
        }
        Err(ours) => return Err(ours),
    };
    Ok(Answered { bid: wish.bid.clone(), person: wish.person, done: code.is_none(), code, message, warning })
}

/// Every refusal comes before the first write, so that among several the others stand.
pub(in crate::assessment) fn give(
    conn: &mut Conn,
    scene: &Scene,
    known: &mut ReadOnce,
    (reference, person): (&str, Id<PersonKey>),
) -> Result<Assignment> {
    let asked = ask(conn, scene, Action::AssignAssessors, reference)?;
    let by = person_of(scene)?;
    let CanTake { gateway, most } = match may_be_given(conn, scene, known, (&asked, person))? {
        Stands::HasIt(standing) => return Ok(standing),
        Stands::CanTake(can) => can,
    };
    store::assignments::assign(conn, &asked.granted, scene.fresh(), person, (by, scene.now))?;
    let detail = json!({ "bid": asked.bid.id, "assessor": person });
    scene.tell(conn, Chain::Round(asked.bid.round_id), "assessor.assigned", detail)?;
    let given = assignment(conn, &asked, person)?.ok_or(AppError::NotFound)?;
    let (bid, title) = (asked.bid.reference.clone(), asked.bid.title.clone());
    known.given.push(NewReading { round: asked.bid.round_id, person, bid: (bid, title) });
    let warnings = [unchecked(gateway.as_ref()), passed(conn, &known.sight, &asked, (person, most))?];
    let warnings: Vec<String> = warnings.into_iter().flatten().collect();
    Ok(Assignment { warning: Some(warnings.join(" ")).filter(|said| !said.is_empty()), ..given })
}

/// Says that a bid has gateway checks that are still open.
fn unchecked(gateway: Option<&GatewayStanding>) -> Option<String> {
    let open = gateway.filter(|gateway| gateway.state == GatewayState::Open)?;
    Some(format!("{}. They can read it and keep drafts until it has passed.", open.in_words()))
}

/// Says that somebody has more bids by now than they said they could read, counting those that the actor may see.
fn passed(
    conn: &mut Conn,
    sight: &Sight,
    asked: &Asked,
    (person, most): (Id<PersonKey>, Option<u32>),
) -> Result<Option<String>> {
    let Some(most) = most else { return Ok(None) };
    let all = pool::service::given(conn, &asked.granted, (asked.bid.round_id, person))?;
    let given = all.into_iter().filter(|(bid, _)| !sight.hidden.contains(bid)).count();
    let over = u32::try_from(given).unwrap_or(u32::MAX) > most;
    Ok(over.then(|| format!("They have {given} bids now, and said that they can read {most} at most.")))
}

/// Takes a bid from an assessor who has not submitted, or who has a conflict of interest with it by now.
///
/// # Errors
/// `NotFound` when the assessor does not have it; `Conflict` when the assessment is submitted and nothing speaks against it.
pub async fn unassign(app: &App, call: &Call, reference: String, person: Id<PersonKey>) -> Result<()> {
    call.write(app, move |conn, scene| take(conn, scene, &reference, person)).await
}

/// The same as part of more.
///
/// # Errors
/// As [`unassign`].
pub(in crate::assessment) fn take(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    person: Id<PersonKey>,
) -> Result<()> {
    let asked = ask(conn, scene, Action::AssignAssessors, reference)?;
    let standing = assignment(conn, &asked, person)?.ok_or(AppError::NotFound)?;
    let conflicted = policy::has_conflict(conn, person, asked.bid.id, scene.now)?;
    if standing.submitted_at.is_some() && !conflicted {
        let message = "This assessor has submitted their assessment, which stays.";
        return Err(AppError::conflict("assessment_submitted", message));
    }
    store::assignments::end(conn, asked.bid.id, person, scene.now)?;
    if conflicted {
        store::lost::insert(conn, asked.bid.id, person, scene.now)?;
    }
    let detail = json!({ "bid": asked.bid.id, "assessor": person });
    scene.tell(conn, Chain::Round(asked.bid.round_id), "assessor.unassigned", detail)
}

/// Who has a bid, for the fund's staff.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid.
pub async fn assessors(app: &App, call: &Call, reference: String) -> Result<Vec<Assignment>> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::AssignAssessors, &reference)?;
        store::assignments::of_bid(conn, &asked.granted)
    })
    .await
}

/// The place in addresses of a bid's round, for whoever may give the bid to assessors, and whether they still can: not once
/// the round was called off.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid.
pub async fn round_of(app: &App, call: &Call, reference: String) -> Result<(String, bool)> {
    call.read(app, move |conn, scene| {
        let Asked { granted, round, .. } = look(conn, scene, Action::AssignAssessors, &reference)?;
        Ok((round.round.slug, granted.standing().may(Action::AssignAssessors)))
    })
    .await
}

/// A bid with its readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PanelBid {
    /// The bid.
    #[serde(flatten)]
    pub bid: BidLine,
    /// Who has it, by name, and when they submitted.
    pub readers: Vec<Reader>,
    /// How many readers are wanted in the place of those who have lost it through a conflict of interest: until somebody is given it,
    /// or that is closed, whatever becomes of the conflict.
    pub replacements: u32,
    /// Who of the assessors may have a conflict of interest with it that nobody has answered: it cannot be given to them.
    pub possible: Vec<Id<PersonKey>>,
    /// Where it stands at the gateway, in a round with gateway checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<GatewayStanding>,
}

/// A reader of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reader {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// When they submitted.
    pub submitted_at: Option<Moment>,
    /// Whether a conflict of interest has come up since, as when they begin to work for one of the bid's councils: they
    /// cannot open the bid any more, and somebody else has to read it.
    pub conflicted: bool,
}

/// Who reads what in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Panel {
    /// How many readers the round asks for on each bid.
    pub least_readers: u32,
    /// The bids that are for assessment, oldest first.
    pub bids: Vec<PanelBid>,
    /// Who assesses for the fund, by name.
    pub assessors: Vec<Assessor>,
}

/// Who reads what in a round, for fund managers and moderators.
///
/// # Errors
/// `Forbidden` for other staff.
pub async fn panel(app: &App, call: &Call, slug: String) -> Result<Panel> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let bids = for_assessment(conn, &granted, &sight)?;
        let mut given: BTreeMap<Id<BidKey>, Vec<Reader>> = BTreeMap::new();
        let mut known = Known::default();
        for (bid, person, name, submitted_at) in store::assignments::of_round(conn, &granted)? {
            if !bids.iter().any(|known| known.id == bid) {
                continue;
            }
            let conflicted = known.has_conflict(conn, scene, person, bid)?;
            given.entry(bid).or_default().push(Reader { person, name, submitted_at, conflicted });
        }
        let mut wanted = wanted(conn, &granted)?;
        let pool = pool::service::accepted(conn, &granted, round.round.id)?;
        let reads = |person| given.values().flatten().any(|reader| reader.person == person);
        let mut people = store::assignments::pool(conn, &granted, round.fund.id)?;
        people.retain(|(person, _)| pool.as_ref().is_none_or(|pool| pool.contains_key(person)) || reads(*person));
        let (of_pool, ids) =
            (people.iter().map(|(id, _)| *id).collect::<Vec<_>>(), bids.iter().map(|bid| bid.id).collect::<Vec<_>>());
        let suggested = conflicts::service::open(conn, scene, &sight, (&of_pool, &ids))?;
        let most = |person| pool.as_ref().and_then(|pool| *pool.get(&person)?);
        let assessors = people.into_iter().map(|person| load_of(person, most, given.values().flatten())).collect();
        let gateway = gateway::service::of_round(conn, &granted, &round.rulebook.assessment.gateway)?;
        let possible = |bid: Id<BidKey>| suggested.keys().filter(move |(_, of)| *of == bid).map(|(person, _)| *person);
        let bids = bids.into_iter().map(|bid| PanelBid {
            readers: given.remove(&bid.id).unwrap_or_default(),
            replacements: wanted.remove(&bid.id).unwrap_or_default(),
            possible: possible(bid.id).collect(),
            gateway: gateway.on(bid.id),
            bid: bid.into(),
        });
        Ok(Panel { least_readers: round.rulebook.least_readers, bids: bids.collect(), assessors })
    })
    .await
}

/// The bids with which people have conflicts, as far as somebody has asked.
#[derive(Default)]
struct Known(BTreeMap<Id<PersonKey>, Vec<Id<BidKey>>>);

impl Known {
    fn has_conflict(&mut self, conn: &mut Conn, scene: &Scene, person: Id<PersonKey>, bid: Id<BidKey>) -> Result<bool> {
        let hidden = match self.0.entry(person) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(policy::conflicted_bids(conn, person, scene.now)?),
        };
        Ok(hidden.contains(&bid))
    }
}

fn load_of<'a>(
    (person, name): (Id<PersonKey>, String),
    most: impl Fn(Id<PersonKey>) -> Option<u32>,
    readers: impl Iterator<Item = &'a Reader> + Clone,
) -> Assessor {
    let own = readers.filter(|reader| reader.person == person);
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    let submitted = own.clone().filter(|reader| reader.submitted_at.is_some()).count();
    Assessor { person, name, given: count(own.count()), submitted: count(submitted), most: most(person) }
}
