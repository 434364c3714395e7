//! Reads what a plan goes by, of all bids of a round.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::{
    inputs::{Bid, Inputs, Pair, Preferences, Present, Reader},
    model::{NewPlan, PinKind},
    store,
    words::Names,
};
use crate::{
    actor::Actor,
    assessment::{
        conflicts, gateway, pool,
        pool::model::{PlaceRow, Workload},
        preferences::{model::Preference, service::of_round as all_preferences},
        service::for_assessment,
        store as assessment,
    },
    db::Conn,
    error::Result,
    funds::{model::RoundInFull, rulebook::Stage},
    http::Scene,
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// What a plan would be made of now.
pub(super) fn gather(
    conn: &mut Conn,
    scene: &Scene,
    (granted, round): (&Granted<RoundKey>, &RoundInFull),
    new: NewPlan,
) -> Result<Inputs> {
    let all = policy::sight(conn, &Actor::System)?;
    let mut rows = for_assessment(conn, granted, &all)?;
    let failed = gateway::service::failed(conn, granted)?;
    rows.retain(|bid| !failed.contains(&bid.id));
    rows.sort_by(|one, other| one.reference.cmp(&other.reference));
    let ids: Vec<Id<BidKey>> = rows.iter().map(|bid| bid.id).collect();
    let mut areas = areas(conn, granted, round)?;
    let bids: Vec<Bid> = rows
        .into_iter()
        .map(|row| Bid { areas: areas.remove(&row.id).unwrap_or_default(), id: row.id, reference: row.reference })
        .collect();
    let present = present(conn, granted, &ids)?;
    let roles = assessment::assignments::pool(conn, granted, round.fund.id)?;
    let mut places = pool::service::accepted_places(conn, granted)?;
    places.retain(|place| roles.iter().any(|(person, _)| *person == place.person_id));
    let unagreed = pool::service::unagreed(conn, granted, round)?;
    let mut assessors = assessors(places, &present, ids.len());
    // Nobody can be given the least that they want who is given nothing.
    assessors.iter_mut().filter(|reader| unagreed.contains(&reader.person)).for_each(|reader| reader.least = 0);
    let people: Vec<Id<PersonKey>> = assessors.iter().map(|reader| reader.person).collect();
    let mut conflicts = BTreeSet::new();
    for person in &people {
        let hidden = policy::conflicted_bids(conn, *person, scene.now)?;
        let with = hidden.into_iter().filter(|bid| ids.contains(bid));
        conflicts.extend(with.map(|bid| Pair { bid, person: *person }));
    }
    let again = read_before(conn, scene, granted)?.into_iter();
    conflicts.extend(again.filter(|pair| ids.contains(&pair.bid) && people.contains(&pair.person)));
    let open = conflicts::service::open(conn, scene, &all, (&people, &ids))?;
    let possible = open.into_keys().map(|(person, bid)| Pair { bid, person }).collect();
    let (mut pins, mut bans) = (BTreeSet::new(), BTreeSet::new());
    for row in store::pins(conn, granted)?.into_iter().filter(|row| ids.contains(&row.bid)) {
        let pairs = if row.kind == PinKind::Pin { &mut pins } else { &mut bans };
        pairs.insert(Pair { bid: row.bid, person: row.person });
    }
    let counts = |pair: &Pair| ids.contains(&pair.bid) && reads(&assessors, pair.person) && !conflicts.contains(pair);
    let preferences = Some(said(conn, granted, counts)?);
    let time = Workload::of(round, (0, None), scene.now);
    let time = time.opens.zip(time.closes).map(|(opens, closes)| (opens.london_date(), closes.london_date()));
    Ok(Inputs {
        rules_hash: round.rules_hash.clone(),
        readers: round.rulebook.least_readers,
        change_price: new.change_price,
        keep_least: new.keep_least,
        time,
        bids,
        assessors,
        conflicts,
        possible,
        present,
        pins,
        bans,
        unagreed,
        preferences,
    })
}

fn reads(assessors: &[Reader], person: Id<PersonKey>) -> bool {
    assessors.iter().any(|reader| reader.person == person && reader.place.is_some())
}

/// What assessors have said that they would like to read, of the pairs that count: a conflict of interest makes it void, and so
/// does leaving the pool.
fn said(conn: &mut Conn, granted: &Granted<RoundKey>, counts: impl Fn(&Pair) -> bool) -> Result<Preferences> {
    let mut preferences = Preferences::default();
    for (bid, person, preference) in all_preferences(conn, granted)? {
        let pair = Pair { bid, person };
        match preference {
            Preference::Wanted if counts(&pair) => preferences.wanted.insert(pair),
            Preference::RatherNot if counts(&pair) => preferences.rather_not.insert(pair),
            _ => false,
        };
    }
    Ok(preferences)
}

/// Who has read which bid without names until a conflict of interest told them whose it is: it is not given to them again, although
/// the conflict stands no more.
fn read_before(conn: &mut Conn, scene: &Scene, granted: &Granted<RoundKey>) -> Result<Vec<Pair>> {
    let mut found = Vec::new();
    if !policy::is_anonymous(conn, granted.id(), scene.now)? {
        return Ok(found);
    }
    for ended in assessment::assignments::ended_of_round(conn, granted)? {
        let bid = policy::bid(conn, &Actor::System, Action::AssignAssessors, ended.bid)?;
        if conflicts::service::has_ended_reading(conn, &bid, ended.person)? {
            found.push(Pair { bid: ended.bid, person: ended.person });
        }
    }
    Ok(found)
}

/// What is given of these bids.
fn present(conn: &mut Conn, granted: &Granted<RoundKey>, ids: &[Id<BidKey>]) -> Result<Vec<Present>> {
    let scored = assessment::scores::scores_of_round(conn, granted)?;
    let scored: BTreeSet<(Id<BidKey>, Id<PersonKey>)> =
        scored.into_iter().map(|(bid, person, _)| (bid, person)).collect();
    let given = assessment::assignments::of_round(conn, granted)?.into_iter().filter(|(bid, ..)| ids.contains(bid));
    let present = given.map(|(bid, person, _, submitted)| Present {
        pair: Pair { bid, person },
        begun: submitted.is_some() || scored.contains(&(bid, person)),
    });
    let mut present: Vec<Present> = present.collect();
    present.sort_by_key(|present| present.pair);
    Ok(present)
}

/// Whoever has accepted, and whoever reads a bid without having a place any more.
fn assessors(places: Vec<PlaceRow>, present: &[Present], bids: usize) -> Vec<Reader> {
    let bids = u32::try_from(bids).unwrap_or(u32::MAX);
    let mut known: BTreeMap<Id<PersonKey>, Reader> = BTreeMap::new();
    for PlaceRow { id, person_id, areas, said, .. } in places {
        let said = said.0;
        let reader = Reader {
            person: person_id,
            place: Some(id),
            knows: said.expertise,
            asked: areas.0,
            least: said.least.unwrap_or(0),
            most: said.most.unwrap_or(bids),
            from: said.from,
            until: said.until,
            away: said.away,
        };
        known.insert(person_id, reader);
    }
    for person in present.iter().map(|present| present.pair.person) {
        known.entry(person).or_insert_with(|| Reader {
            person,
            place: None,
            knows: Vec::new(),
            asked: Vec::new(),
            least: 0,
            most: 0,
            from: None,
            until: None,
            away: Vec::new(),
        });
    }
    known.into_values().collect()
}

/// What bids are about, by the ids of areas, as their answers to the questions say it that the round's rules name.
fn areas(
    conn: &mut Conn,
    granted: &Granted<RoundKey>,
    round: &RoundInFull,
) -> Result<BTreeMap<Id<BidKey>, Vec<String>>> {
    let rules = &round.rulebook;
    let tags = rules.assessment.tags.iter().map(String::as_str);
    let (of_full, of_eoi): (Vec<&str>, Vec<&str>) = tags.partition(|id| rules.full.question(id).is_some());
    let mut areas: BTreeMap<Id<BidKey>, Vec<String>> = BTreeMap::new();
    for (stage, questions) in [(Stage::Full, of_full), (Stage::Eoi, of_eoi)] {
        if questions.is_empty() {
            continue;
        }
        for (bid, question, value) in store::answers_to(conn, granted, (stage, &questions))? {
            let chosen = match value {
                Value::String(one) => vec![one],
                Value::Array(several) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                _ => Vec::new(),
            };
            areas.entry(bid).or_default().extend(chosen.into_iter().map(|value| format!("{question}:{value}")));
        }
    }
    areas.values_mut().for_each(|of_bid| of_bid.sort_unstable());
    Ok(areas)
}

/// What bids and people are called that one of these inputs names. What a conflict hides from the reader has to be left out of
/// them before.
pub(super) fn names(conn: &mut Conn, granted: &Granted<RoundKey>, of: &[&Inputs]) -> Result<Names> {
    let all = policy::sight(conn, &Actor::System)?;
    let bids = assessment::bids_of(conn, granted, &all)?;
    let pairs = |inputs: &Inputs| -> Vec<Id<PersonKey>> {
        let paired = inputs.conflicts.iter().chain(&inputs.possible).chain(&inputs.pins).chain(&inputs.bans);
        paired.map(|pair| pair.person).collect()
    };
    let people: BTreeSet<Id<PersonKey>> =
        of.iter().flat_map(|inputs| inputs.assessors.iter().map(|reader| reader.person).chain(pairs(inputs))).collect();
    Ok(Names {
        bids: bids.into_iter().map(|bid| (bid.id, (bid.reference, bid.title))).collect(),
        people: store::names(conn, granted, people)?,
    })
}
