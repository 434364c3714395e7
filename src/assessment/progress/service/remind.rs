//! Reminding readers of what they still have to score, by hand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Reading, readings};
use crate::{
    actor::Actor,
    assessment::{
        progress::{
            letters::{self, Occasion},
            model::{NewReminder, Reminded},
            store,
        },
        service::{ask_round, person_of},
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::model::RoundInFull,
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::people,
    },
    ids::{Id, PersonKey, RoundKey},
};

/// Reminds people of the bids of a round that they can submit and have not, and says of each what became of it.
///
/// # Errors
/// `Invalid` with every fault; `Conflict` for a round that was called off; otherwise as policy says.
pub async fn remind(app: &App, call: &Call, slug: String, new: NewReminder) -> Result<Vec<Reminded>> {
    call.write(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        let by = people::name_of(conn, person_of(scene)?)?;
        round.round.require_running()?;
        AppError::unless_empty(new.faults())?;
        let sight = policy::sight(conn, &scene.actor)?;
        let seen = readings(conn, (&granted, &round), (&sight, scene.now))?;
        let wait: BTreeSet<Id<PersonKey>> =
            seen.iter().filter(|reading| reading.waits).map(|reading| reading.person).collect();
        let wanted: BTreeSet<Id<PersonKey>> = new.people.iter().copied().collect();
        let occasion = Occasion::Asked { by: &by, words: new.words.trim() };
        let told = tell(conn, scene, (&granted, &round), (&wanted & &wait, occasion))?;
        let answer = |person: &Id<PersonKey>| match (told.contains(person), wait.contains(person)) {
            (true, _) => Reminded::done(*person),
            (false, true) => Reminded::not(*person, "reminded_today", "They were reminded today already."),
            (false, false) => Reminded::not(*person, "nothing_waits", "They have nothing to submit at the moment."),
        };
        Ok(wanted.iter().map(answer).collect())
    })
    .await
}

/// Writes to those of these people for whom something waits and who were not reminded today, of all that waits for them; gives
/// whom.
pub(super) fn tell(
    conn: &mut Conn,
    scene: &Scene,
    (granted, round): (&Granted<RoundKey>, &RoundInFull),
    (whom, occasion): (BTreeSet<Id<PersonKey>>, Occasion),
) -> Result<BTreeSet<Id<PersonKey>>> {
    let all = policy::sight(conn, &Actor::System)?;
    let waiting = readings(conn, (granted, round), (&all, scene.now))?.into_iter().filter(|reading| reading.waits);
    let mut of_person: BTreeMap<Id<PersonKey>, Vec<Reading>> = BTreeMap::new();
    for reading in waiting.filter(|reading| whom.contains(&reading.person)) {
        of_person.entry(reading.person).or_default().push(reading);
    }
    let reminded: BTreeMap<Id<PersonKey>, Moment> = store::reminded(conn, granted)?.into_iter().collect();
    let today = scene.now.london_date();
    if occasion.is_reminder() {
        of_person.retain(|person, _| reminded.get(person).is_none_or(|at| at.london_date() < today));
    }
    let wanted_by = store::wanted(conn, round.round.id)?.wanted_by;
    for (person, own) in &of_person {
        let bids = own.iter().map(|reading| (&reading.bid, reading.scored));
        letters::wanted(conn, scene, (round, wanted_by), (*person, bids.collect()), &occasion)?;
        if occasion.is_reminder() {
            store::remind(conn, granted, *person, scene.now)?;
        }
    }
    let told: BTreeSet<Id<PersonKey>> = of_person.into_keys().collect();
    if occasion.is_reminder() && !told.is_empty() {
        scene.tell(conn, Chain::Round(round.round.id), "reading.reminded", json!({ "people": told }))?;
    }
    Ok(told)
}
