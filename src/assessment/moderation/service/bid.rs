//! A bid in moderation, with everybody's scores.

use std::collections::{BTreeMap, BTreeSet};

use super::{Crossing, Read, crossing, labels, opening, queue::of_round, queued};
use crate::{
    assessment::{
        model::{Score, weighted},
        moderation::{
            model::{
                BidModeration, Given, ModeratedCriterion, ModerationState, Participant, Queue, QueuedBid, ReadBy,
                StepKind, StepRow, StepView, counting, differing,
            },
            store,
        },
        rankings::decimal,
        service::{Asked, look, must_not_read_blind},
        store::assignments,
    },
    bids::content,
    db::Conn,
    error::{AppError, Result},
    funds::rulebook::{Criterion, Stage},
    http::{App, Call, Scene},
    identity::{
        model::FundRole,
        policy::{self, Action, Granted},
        store::{people, readers},
    },
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// A bid in moderation.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it, and for a bid that takes no scores; `Forbidden` for
/// its assessors and councils.
pub async fn bid(app: &App, call: &Call, reference: String) -> Result<BidModeration> {
    meeting(app, call, reference).await.map(|(bid, _)| bid)
}

/// The same with the queue in which the bid stands, for a meeting.
///
/// # Errors
/// As [`bid`].
pub async fn meeting(app: &App, call: &Call, reference: String) -> Result<(BidModeration, Queue)> {
    let (slug, crossing) = crossing_of(app, call, reference.clone()).await?;
    call.read(app, move |conn, scene| {
        let bid = view(conn, scene, &reference, &crossing)?;
        Ok((bid, of_round(conn, scene, &slug, &crossing)?))
    })
    .await
}

/// The round of a bid, and what its ranking of record says of the funding line.
pub(super) async fn crossing_of(app: &App, call: &Call, reference: String) -> Result<(String, Crossing)> {
    let slug =
        call.read(app, move |conn, scene| Ok(look(conn, scene, Action::ReadScores, &reference)?.round.round.slug));
    let slug = slug.await?;
    let crossing = crossing(app, call, slug.clone()).await?;
    Ok((slug, crossing))
}

/// Nothing unless the bid waits to be talked over.
pub(super) fn must_wait(conn: &mut Conn, scene: &Scene, (reference, crossing): (&str, &Crossing)) -> Result<()> {
    if view(conn, scene, reference, crossing)?.line.state == ModerationState::Waiting {
        return Ok(());
    }
    let message = "This bid does not wait to be talked over. Have it talked over first, with a reason.";
    Err(AppError::conflict("not_waiting", message))
}

fn view(conn: &mut Conn, scene: &Scene, reference: &str, crossing: &Crossing) -> Result<BidModeration> {
    let asked = look(conn, scene, Action::ReadScores, reference)?;
    must_not_read_blind(conn, scene, &asked)?;
    let round = policy::round(conn, &scene.actor, Action::ReadScores, asked.bid.round_id)?;
    let sight = policy::sight(conn, &scene.actor)?;
    let (read, _) = Read::of_round(conn, &round, &asked.round, &sight)?;
    let own = read.iter().find(|of| of.bid.id == asked.bid.id).ok_or(AppError::NotFound)?;
    let (readings, steps) = (own.readings.clone(), own.steps.clone());
    let lines = queued(read, &asked.round, crossing);
    let line = lines.into_iter().find(|line| line.bid.reference == reference).ok_or(AppError::NotFound)?;
    let opened = opening(conn, scene, &round)?;
    let given = assignments::of_bid(conn, &asked.granted)?;
    let names: BTreeMap<Id<PersonKey>, String> = given.into_iter().map(|of| (of.person, of.name)).collect();
    let called = labels(conn, &asked.granted)?;
    let readings = in_order(readings, &called);
    Ok(BidModeration {
        organisations: organisations(conn, &asked, &line)?,
        open: opened.is_some() && asked.granted.standing().may(Action::Moderate),
        readings: readings.iter().map(|of| read_by(of, &names, &asked.round.rulebook.criteria)).collect(),
        criteria: criteria(&asked, &readings, &steps),
        people: participants(conn, scene, (&asked, &round), &names)?,
        steps: told(conn, steps)?,
        round: asked.round.round.slug,
        at_line: crossing.known.clone(),
        opened,
        line,
    })
}

/// An assessor's scores, with what they are called before others.
type Labelled = (String, Id<PersonKey>, Vec<Score>);

fn in_order(readings: Vec<(Id<PersonKey>, Vec<Score>)>, called: &BTreeMap<Id<PersonKey>, String>) -> Vec<Labelled> {
    let label = |person| called.get(&person).cloned().unwrap_or_default();
    let mut readings: Vec<Labelled> =
        readings.into_iter().map(|(person, scores)| (label(person), person, scores)).collect();
    // The tenth comes after the ninth.
    readings.sort_by(|(one, ..), (other, ..)| (one.len(), one).cmp(&(other.len(), other)));
    readings
}

fn read_by(
    (label, person, scores): &Labelled,
    names: &BTreeMap<Id<PersonKey>, String>,
    criteria: &[Criterion],
) -> ReadBy {
    ReadBy {
        label: label.clone(),
        person: *person,
        name: names.get(person).cloned().unwrap_or_default(),
        weighted: weighted(scores, criteria).map(decimal).unwrap_or_default(),
    }
}

fn organisations(conn: &mut Conn, asked: &Asked, line: &QueuedBid) -> Result<Vec<String>> {
    let Some(content) = content::standing(conn, &asked.granted, Stage::Full)? else {
        return Ok(vec![line.bid.lead.clone()]);
    };
    let partners = content.partners.into_iter().map(|member| member.organisation.name);
    Ok(std::iter::once(content.lead.name).chain(partners).collect())
}

fn criteria(asked: &Asked, readings: &[Labelled], steps: &[StepRow]) -> Vec<ModeratedCriterion> {
    let rules = &asked.round.rulebook;
    let agreed = counting(steps);
    let scores: Vec<Vec<Score>> = readings.iter().map(|(.., scores)| scores.clone()).collect();
    let of = |criterion: &Criterion| {
        let spread = differing(criterion, &scores, &rules.assessment.moderation);
        let mut agreed = agreed.iter().flat_map(|agreed| &agreed.scores);
        ModeratedCriterion {
            id: criterion.id.clone(),
            title: criterion.title.clone(),
            share: criterion.share(),
            spread: spread.map(|(spread, _)| decimal(spread.width())),
            differs: spread.is_some_and(|(_, differs)| differs),
            given: readings.iter().filter_map(|reading| given(criterion, reading)).collect(),
            agreed: agreed.find(|agreed| agreed.criterion == criterion.id).cloned(),
        }
    };
    rules.criteria.iter().map(of).collect()
}

fn given(criterion: &Criterion, (label, _, scores): &Labelled) -> Option<Given> {
    let score = scores.iter().find(|score| score.criterion == criterion.id)?;
    let grade = criterion.scale.iter().find(|grade| grade.value == score.value);
    Some(Given {
        label: label.clone(),
        value: score.value,
        grade: grade.map(|grade| grade.label.clone()).unwrap_or_default(),
        confidence: score.confidence,
        justification: score.justification.clone(),
    })
}

fn told(conn: &mut Conn, steps: Vec<StepRow>) -> Result<Vec<StepView>> {
    let people: BTreeSet<Id<PersonKey>> =
        steps.iter().flat_map(|step| step.present.0.iter().copied().chain([step.person_id])).collect();
    let names = people::names_of(conn, people)?;
    let name = |person: &Id<PersonKey>| names.get(person).cloned().unwrap_or_default();
    let counts = counting(&steps).map(|counting| counting.number);
    let view = |step: StepRow| StepView {
        number: step.number,
        step: step.step,
        at: step.created_at,
        by: name(&step.person_id),
        reason: step.reason,
        scores: step.scores.0,
        present: step.present.0.iter().map(name).collect(),
        counts: Some(step.number) == counts,
    };
    Ok(steps.into_iter().rev().map(view).collect())
}

/// Who can be in the room when a bid is talked over: whoever works for the fund and has no conflict of interest with it.
pub(super) fn in_the_room(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<BTreeMap<Id<PersonKey>, String>> {
    let staff = readers::of_fund(conn, asked.round.fund.id, FundRole::ALL)?;
    let of_bid = assignments::of_bid(conn, &asked.granted)?;
    let all = staff.into_iter().map(|person| (person.id, person.name));
    let all: BTreeMap<Id<PersonKey>, String> = all.chain(of_bid.into_iter().map(|of| (of.person, of.name))).collect();
    let mut without = BTreeMap::new();
    for (person, name) in all {
        if !policy::has_conflict(conn, person, asked.bid.id, scene.now)? {
            without.insert(person, name);
        }
    }
    Ok(without)
}

fn participants(
    conn: &mut Conn,
    scene: &Scene,
    (asked, round): (&Asked, &Granted<RoundKey>),
    readers: &BTreeMap<Id<PersonKey>, String>,
) -> Result<Vec<Participant>> {
    let here = present_last(conn, scene, round, asked.bid.id)?;
    let people = in_the_room(conn, scene, asked)?;
    let mut people: Vec<Participant> = people
        .into_iter()
        .map(|(person, name)| Participant {
            reads: readers.contains_key(&person),
            was_present: here.contains(&person),
            person,
            name,
        })
        .collect();
    people.sort_by(|one, other| (!one.reads, &one.name, one.person).cmp(&(!other.reads, &other.name, other.person)));
    Ok(people)
}

/// Who was in the room when the reader last recorded an agreement, so that a meeting names them once: of this bid, or else of
/// another one that they may see.
fn present_last(
    conn: &mut Conn,
    scene: &Scene,
    round: &Granted<RoundKey>,
    bid: Id<BidKey>,
) -> Result<Vec<Id<PersonKey>>> {
    let sight = policy::sight(conn, &scene.actor)?;
    let steps = store::of_round(conn, round)?;
    let seen = steps.into_iter().filter(|(id, _)| !sight.hidden.contains(id)).flat_map(|(_, steps)| steps);
    let own = seen.filter(|step| step.step == StepKind::Agreed && Some(step.person_id) == sight.person);
    let last = own.max_by_key(|step| (step.bid_id == bid, step.created_at, step.id));
    Ok(last.map(|step| step.present.0).unwrap_or_default())
}
