//! What the workflow is told of a bid before it says what may happen: facts, place and time, read in one transaction.

use std::collections::{BTreeMap, btree_map::Entry};

use diesel::prelude::*;

use super::{
    against::{against_submitting, money_and_signatures},
    plan::is_staff,
};
use crate::{
    approvals::{self, model::Support},
    assessment,
    awards::model::Gate,
    bids::{
        self, content,
        holds::{
            self,
            model::{Hold, Span, shows_from},
        },
        model::{Bid, open_stage},
        partner::PartnerKind,
    },
    clock::Moment,
    db::{
        Conn,
        schema::{decisions, organisations, partners, projects, releases, rounds},
    },
    error::{AppError, Result},
    funds::{
        self,
        model::{Milestone, RoundInFull},
        rulebook::Stage,
    },
    http::Scene,
    identity::policy::Granted,
    ids::{BidKey, Id, OrganisationKey, RoundKey, WorkflowKey},
    partnerships,
    workflow::{BidFacts, Definition, Facts, PartnerFacts, Place, Role, Situation, Standing, Timetable},
};

/// Everything that the engine asks for, in one place so that it can borrow from it.
pub struct Known {
    /// The bid.
    pub bid: Bid,
    /// Its round, with the timetable that the bid goes by.
    pub round: RoundInFull,
    /// The stage whose form it fills in, if any.
    pub stage: Option<Stage>,
    /// Its workflow.
    pub definition: Definition,
    /// Where it stands.
    pub place: Place,
    /// The hold that stands on it.
    pub hold: Option<Hold>,
    facts: Facts,
    against_submitting: Vec<String>,
    timetable: Timetable,
    approvals: BTreeMap<String, u32>,
    on_hold: Option<String>,
}

impl Known {
    /// Reads what is known of a bid.
    pub fn of(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<Self> {
        let holds = holds::store::of_bid(conn, granted)?;
        Self::with_holds(conn, scene, granted, &holds)
    }

    /// What will be known of a bid once its hold is lifted, if that is now.
    pub fn when_lifted(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<Self> {
        let mut holds = holds::store::of_bid(conn, granted)?;
        for hold in holds.iter_mut().filter(|hold| hold.stands()) {
            hold.lifted_at = Some(scene.now);
        }
        Self::with_holds(conn, scene, granted, &holds)
    }

    fn with_holds(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, holds: &[Hold]) -> Result<Self> {
        let bid = bids::store::load(conn, granted)?;
        let round = funds::store::round_by_id(conn, bid.round_id)?;
        let round = funds::store::in_full_for(conn, round, bid.id)?;
        let definition = funds::store::workflow(conn, bid.workflow_id)?;
        let spans: Vec<Span> = holds.iter().map(Hold::span).collect();
        let timetable = timetable(conn, &round, &definition, (scene.now, &spans))?;
        let taken = taken(conn, bid.id)?;
        let place = Place::of(&definition, &bid.state, &taken, &timetable);
        let place = place.ok_or_else(|| AppError::internal("a bid is in a state that its workflow does not know"))?;
        let stage = open_stage(&definition, place.shown());
        let facts = facts(conn, granted, &bid, &round, stage)?;
        let mut against = match stage {
            Some(Stage::Full) => money_and_signatures(&facts),
            Some(Stage::Eoi) | None => Vec::new(),
        };
        if let Some(stage) = stage {
            against.extend(against_submitting(conn, granted, &bid, (&round, stage))?);
        }
        let approvals = approvals::service::behind(conn, scene, granted, &definition)?;
        let hold = holds.iter().find(|hold| hold.stands()).cloned();
        let on_hold = hold.as_ref().map(Hold::in_words);
        Ok(Self {
            bid,
            round,
            stage,
            definition,
            place,
            hold,
            facts: facts.into(),
            against_submitting: against,
            timetable,
            approvals,
            on_hold,
        })
    }

    /// The same once these people stand behind a transition.
    pub fn with_support(mut self, transition: &str, support: &Support) -> Self {
        let people = u32::try_from(support.people()).unwrap_or(u32::MAX);
        self.approvals.insert(transition.to_owned(), people);
        self
    }

    /// As the engine sees it.
    pub fn situation(&self) -> Situation<'_> {
        Situation {
            definition: &self.definition,
            place: &self.place,
            facts: &self.facts,
            timetable: &self.timetable,
            eligibility: self.stage.map_or(&[], |stage| self.round.rulebook.eligibility(stage)),
            against_submitting: &self.against_submitting,
            approvals: &self.approvals,
            on_hold: self.on_hold.as_deref(),
        }
    }
}

/// The bids of a round whose rows stand where their own workflow has what is looked for, in the order of their making.
pub fn bids_where(
    conn: &mut Conn,
    round: Id<RoundKey>,
    wanted: impl Fn(&Definition, &str) -> bool,
) -> Result<Vec<Id<BidKey>>> {
    use crate::db::schema::bids as table;
    let rows: Vec<(Id<BidKey>, Id<WorkflowKey>, String)> = table::table
        .filter(table::round_id.eq(round))
        .order(table::id)
        .select((table::id, table::workflow_id, table::state))
        .load(conn)?;
    let mut definitions: BTreeMap<Id<WorkflowKey>, Definition> = BTreeMap::new();
    let mut found = Vec::new();
    for (bid, workflow, state) in rows {
        let definition = match definitions.entry(workflow) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(funds::store::workflow(conn, workflow)?),
        };
        if wanted(definition, &state) {
            found.push(bid);
        }
    }
    Ok(found)
}

/// What the actor is to the bid, in the workflow's words.
pub fn standing(granted: &Granted<BidKey>) -> Standing {
    Standing::of(granted.standing().capacities.iter().filter_map(|capacity| Role::from_word(capacity.word())))
}

/// The transitions that the standing decisions on a bid take, in the order of the gates.
fn taken(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<String>> {
    let mut rows: Vec<(Gate, String)> = decisions::table
        .filter(decisions::bid_id.eq(bid))
        .select((decisions::gate, decisions::transition))
        .load(conn)?;
    rows.sort();
    Ok(rows.into_iter().map(|(_, transition)| transition).collect())
}

/// The round's time as the workflow counts it: a release that nobody has approved has no instant yet, nor has one that came
/// while the bid was on hold, of whose holds these are the spans.
pub fn timetable(
    conn: &mut Conn,
    round: &RoundInFull,
    definition: &Definition,
    (now, spans): (Moment, &[Span]),
) -> Result<Timetable> {
    let approved = approved_releases(conn, round.round.id)?;
    let releases: Vec<&str> =
        definition.transitions.iter().filter_map(|transition| transition.release.as_deref()).collect();
    let instant = |(milestone, at): &(Milestone, Moment)| {
        let is_release = releases.contains(&milestone.word());
        let at = if is_release { shows_from(spans, *approved.get(milestone)?.max(at))? } else { *at };
        Some((milestone.word().to_owned(), at))
    };
    let milestones = round.timetable.0.iter().filter_map(instant);
    Ok(Timetable::new(round.round.instant(now), milestones).stopped(round.round.cancellation()))
}

/// The releases that are approved, and since when.
fn approved_releases(conn: &mut Conn, round: Id<RoundKey>) -> Result<BTreeMap<Milestone, Moment>> {
    let rows: Vec<(Milestone, Moment)> = releases::table
        .filter(releases::round_id.eq(round))
        .select((releases::milestone, releases::approved_at))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

fn facts(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    bid: &Bid,
    round: &RoundInFull,
    stage: Option<Stage>,
) -> Result<BidFacts> {
    let (nation, kind, signed): (String, String, bool) = organisations::table
        .find(bid.lead_id)
        .select((organisations::nation, organisations::kind, organisations::signed_declaration))
        .first(conn)?;
    let phase = bid.phase.as_deref().and_then(|phase| round.rulebook.phase(phase));
    let mut facts = BidFacts {
        lead_nation: Some(nation),
        lead_kind: Some(kind),
        lead_signed_declaration: Some(signed),
        ask_pence: bid.ask_pence.map(|ask| ask.0),
        limit_pence: phase.map(|phase| phase.limit_pence.0),
        phase: bid.phase.clone(),
        stage: stage.map(|stage| stage.word().into()),
        partners: partners_of(conn, bid.id)?,
        led_bids: Some(led_by(conn, granted)?),
        earlier_projects: Some(earlier_projects(conn, bid, round)?),
        led_bids_limit: round.rulebook.most_led.map(i64::from),
        ..BidFacts::default()
    };
    if let Some(stage) = stage {
        let sealed = content::sealed(conn, granted, stage)?;
        facts.answers_complete = Some(bids::service::completeness(conn, granted, round, stage)?.complete);
        facts.shares_add_up = Some(partnerships::service::share_faults(conn, granted)?.is_empty());
        let signed = partnerships::sign_offs::service::all_signed(conn, granted, &round.rulebook, &sealed)?;
        facts.sign_off_current = Some(signed);
    }
    if is_staff(granted) {
        // What decisions go by. Feedback is written with them, so that its absence is no reason against them.
        facts.scores_complete = Some(assessment::scores_complete(conn, granted, round)?);
        facts.feedback_given = Some(true);
    }
    Ok(facts)
}

/// What the round's rules of eligibility have against another lead of a bid, in words: what they have against the one that
/// leads it now is not said again.
pub fn against_lead(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    known: &Known,
    (lead, stage): (Id<OrganisationKey>, Stage),
) -> Result<Vec<String>> {
    let now = facts(conn, granted, &known.bid, &known.round, Some(stage))?;
    let bid = Bid { lead_id: lead, ..known.bid.clone() };
    let others = bids::led::store::beside_as(conn, granted, lead)?.iter().filter(|bid| bid.submitted).count();
    let led_bids = Some(i64::try_from(others).unwrap_or(i64::MAX).saturating_add(1));
    let then = BidFacts { led_bids, ..facts(conn, granted, &bid, &known.round, Some(stage))? };
    let reasons = |facts: BidFacts| -> Vec<String> {
        let facts = Facts::from(facts);
        known.round.rulebook.eligibility(stage).iter().flat_map(|rule| rule.judge(&facts).reasons).collect()
    };
    let (now, mut then) = (reasons(now), reasons(then));
    then.retain(|reason| !now.contains(reason));
    Ok(then)
}

/// The partners, without those that only support the bid: they count nowhere.
fn partners_of(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<PartnerFacts>> {
    let rows: Vec<(String, String, String, bool, String)> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq(bid))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .filter(partners::kind.is_null().or(partners::kind.ne(PartnerKind::Supporter)))
        .order(organisations::code)
        .select((
            organisations::name,
            organisations::kind,
            organisations::nation,
            organisations::signed_declaration,
            partners::state,
        ))
        .load(conn)?;
    let facts = |(name, kind, nation, signed, state): (_, _, _, _, String)| PartnerFacts {
        name,
        kind: Some(kind),
        nation: Some(nation),
        confirmed: state == "confirmed",
        signed_declaration: Some(signed),
    };
    Ok(rows.into_iter().map(facts).collect())
}

/// How many projects of other rounds of the fund the lead leads: those of this round are not there yet.
fn earlier_projects(conn: &mut Conn, bid: &Bid, round: &RoundInFull) -> Result<i64> {
    Ok(projects::table
        .inner_join(rounds::table)
        .filter(rounds::fund_id.eq(round.fund.id))
        .filter(projects::round_id.ne(bid.round_id))
        .filter(projects::lead_id.eq(bid.lead_id))
        .count()
        .get_result(conn)?)
}

/// How many bids the lead has submitted in the round and not withdrawn, this one included whether or not it is submitted yet.
fn led_by(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<i64> {
    let led = bids::led::store::beside(conn, granted)?;
    let others = led.iter().filter(|bid| bid.submitted && bid.id != granted.id()).count();
    Ok(i64::try_from(others).unwrap_or(i64::MAX).saturating_add(1))
}
