//! What a list is chosen from, as it stands now. For those alone who may see every bid of the round, and for the check of
//! decisions, which is over all.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    assessment::{gateway, rankings},
    awards::{
        draws,
        lists::{
            basis::{Basis, Entrant, answer_to},
            store::{self, Heading},
        },
        model::Gate,
        service::{taken, unknown_state},
        store as decisions,
    },
    bids::{self, content::Content},
    clock::Moment,
    db::Conn,
    error::Result,
    funds::{
        self,
        assessing::{PortfolioRule, RankedBy, Source},
        model::RoundInFull,
        rulebook::{Rulebook, Stage, scale_of},
    },
    identity::policy::Granted,
    ids::{BidKey, Id, RoundKey, WorkflowKey, grouped},
    money::Pence,
    workflow::{Definition, Outcome, Place, Timetable},
};

/// What rules tell the bids of a round apart by.
pub type Attributes = BTreeMap<Id<BidKey>, BTreeMap<String, String>>;

/// What a list would be chosen from now; nothing before there is a ranking of record.
///
/// # Errors
/// When the database fails.
pub fn basis(conn: &mut Conn, round: &Granted<RoundKey>, full: &RoundInFull) -> Result<Option<Basis>> {
    let Some(ranking) = rankings::of_record(conn, round)? else { return Ok(None) };
    let draw = draws::follow::standing(conn, round)?;
    let mut asks = open_for_awards(conn, round)?;
    for failed in gateway::service::failed(conn, round)? {
        asks.remove(&failed);
    }
    let mut attributes = attributes(conn, round, &full.rulebook)?;
    let entrant = |worth: rankings::Worth| {
        Some(Entrant {
            ask: asks.remove(&worth.bid).flatten()?,
            is: attributes.remove(&worth.bid).unwrap_or_default(),
            line: draw.as_ref().map(|draw| draw.position(worth.bid, worth.place)),
            drawn: draw.as_ref().and_then(|draw| draw.drawn(worth.bid)),
            id: worth.bid,
            reference: worth.reference,
            place: worth.place,
            micros: worth.micros,
        })
    };
    let mut bids: Vec<Entrant> = ranking.bids.into_iter().filter_map(entrant).collect();
    let measured_from = measured_from(ranking.by, &full.rulebook, &bids);
    bids.iter_mut().for_each(|bid| bid.micros -= measured_from);
    bids.sort_by(|one, other| (one.line, one.place, &one.reference).cmp(&(other.line, other.place, &other.reference)));
    Ok(Some(Basis {
        ranking: ranking.number,
        scores_sha256: ranking.scores_sha256,
        rules_hash: full.rules_hash.clone(),
        by: ranking.by,
        unaffordable: full.rulebook.unaffordable,
        budget: full.round.budget_pence,
        most_awards: full.rulebook.assessment.most_awards,
        rules: full.rulebook.assessment.portfolio.clone(),
        draw: draw.map(|draw| draw.number),
        measured_from,
        bids,
    }))
}

/// From where worth is measured, in millionths: 0, or the lowest of the scale where that is less. An award would else be worth less
/// than none to a bid in the lower half of a scale such as from −2 to 2, and money would be left for it.
fn measured_from(by: RankedBy, rules: &Rulebook, bids: &[Entrant]) -> i64 {
    const OF_A_BASIS_POINT: i64 = 100;
    let lowest = match by {
        RankedBy::ExpectedRank => 0,
        _ => scale_of(&rules.criteria).0.saturating_mul(OF_A_BASIS_POINT),
    };
    bids.iter().map(|bid| bid.micros).fold(lowest.min(0), i64::min)
}

/// What the bids ask for that may be awarded money, whatever is decided on that by now: those on whose award something is decided,
/// and those that the fund has not turned down before.
fn open_for_awards(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Id<BidKey>, Option<Pence>>> {
    let definitions: BTreeMap<Id<WorkflowKey>, Definition> =
        funds::store::workflows_of_round(conn, round.id())?.into_iter().collect();
    let mut made = grouped(decisions::decisions_of_round(conn, round)?, |decision| decision.bid_id);
    // Releases change what is shown, never what is decided: any instant without milestones will do.
    let timetable = Timetable::new(Moment::from_micros(0), []);
    let mut open = BTreeMap::new();
    for bid in decisions::bids_of_round(conn, round)? {
        let unknown = || unknown_state(bid.workflow_id, &bid.state);
        let definition = definitions.get(&bid.workflow_id).ok_or_else(unknown)?;
        let made = made.remove(&bid.id).unwrap_or_default();
        let is_decided = made.iter().any(|decision| Gate::AWARDING.contains(&decision.gate));
        let place = Place::of(definition, &bid.state, &taken(&made), &timetable).ok_or_else(unknown)?;
        if is_decided || leads_to_money(definition, place.decided()) {
            open.insert(bid.id, bid.ask_pence);
        }
    }
    Ok(open)
}

/// Whether some way through the workflow leads from a state to one of bids that are funded.
fn leads_to_money(definition: &Definition, state: &str) -> bool {
    let (mut seen, mut ahead) = (BTreeSet::from([state]), vec![state]);
    while let Some(state) = ahead.pop() {
        if definition.result_of(state) == Some(Outcome::Funded) {
            return true;
        }
        let next = definition.transitions.iter().filter(|transition| transition.leaves(state));
        ahead.extend(next.map(|transition| transition.to.as_str()).filter(|to| seen.insert(to)));
    }
    false
}

/// What rules tell the bids of a round apart by: what was submitted, and not what is written since.
///
/// # Errors
/// When the database fails.
pub fn attributes(conn: &mut Conn, round: &Granted<RoundKey>, rules: &Rulebook) -> Result<Attributes> {
    let mut all: Attributes = BTreeMap::new();
    for heading in store::headings(conn, round)? {
        let said = rules
            .assessment
            .attributes
            .iter()
            .filter_map(|attribute| Some((attribute.name.clone(), from_heading(&attribute.from, &heading)?)));
        all.insert(heading.bid, said.collect());
    }
    let wanted = answers_wanted(rules);
    for stage in Stage::ALL {
        let here: Vec<&(String, String)> = wanted.iter().filter(|(_, id)| stage_of(rules, id) == *stage).collect();
        if here.is_empty() {
            continue;
        }
        for (bid, text) in bids::store::standing_texts(conn, round, *stage)? {
            let content: Content = serde_json::from_str(&text)?;
            let said = here.iter().filter_map(|(name, question)| {
                let answer = content.answers.get(question)?.as_str().filter(|answer| !answer.is_empty())?;
                Some((name.clone(), answer.to_owned()))
            });
            all.entry(bid).or_default().extend(said);
        }
    }
    Ok(all)
}

fn from_heading(source: &Source, heading: &Heading) -> Option<String> {
    match source {
        Source::Phase => heading.phase.clone(),
        Source::Lead => Some(heading.lead.clone()),
        Source::Nation => Some(heading.nation.word().to_owned()),
        Source::Kind => Some(heading.kind.word().to_owned()),
        Source::Answer(_) => None,
    }
}

/// The questions whose answers tell bids apart, each with the name under which they do.
fn answers_wanted(rules: &Rulebook) -> Vec<(String, String)> {
    let named = rules.assessment.attributes.iter().filter_map(|attribute| match &attribute.from {
        Source::Answer(question) => Some((attribute.name.clone(), question.clone())),
        _ => None,
    });
    let alike = rules.assessment.portfolio.iter().filter_map(|rule| match rule {
        PortfolioRule::ExclusiveBy { question } | PortfolioRule::TogetherBy { question } => {
            Some((answer_to(question), question.clone()))
        }
        _ => None,
    });
    named.chain(alike).collect()
}

/// The stage whose form has the question: the full application before the expression of interest.
fn stage_of(rules: &Rulebook, question: &str) -> Stage {
    if rules.full.question(question).is_some() { Stage::Full } else { Stage::Eoi }
}
