//! What people read of a plan that cannot be, of what has changed since one was made, and of what a pin costs.

use std::collections::{BTreeMap, BTreeSet};

use methods::assign::{Impossible, Short};

use super::{
    inputs::{Inputs, Pair, Present, Wall},
    model::{NamedBid, NamedReader, NoPlan, PinKind, PlanPreferences},
    solve::Clash,
};
use crate::{
    assessment::pool::model::counted,
    ids::{BidKey, Id, PersonKey},
};

/// How many of a kind are named before the rest is counted.
const NAMED: usize = 6;

/// What bids and people are called.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Reference and title by bid.
    pub bids: BTreeMap<Id<BidKey>, (String, String)>,
    pub people: BTreeMap<Id<PersonKey>, String>,
}

impl Names {
    pub fn bid(&self, bid: Id<BidKey>) -> &str {
        self.bids.get(&bid).map_or("a bid", |(reference, _)| reference)
    }

    pub fn title(&self, bid: Id<BidKey>) -> &str {
        self.bids.get(&bid).map_or("", |(_, title)| title)
    }

    pub fn person(&self, person: Id<PersonKey>) -> &str {
        self.people.get(&person).map_or("somebody", String::as_str)
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The first few of many, with the rest counted.
fn listed(all: &[String], noun: &str) -> String {
    let shown: Vec<&str> = all.iter().take(NAMED).map(String::as_str).collect();
    match all.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {}", shown.join(", "), counted(number(more), &format!("more {noun}"))),
    }
}

/// Why there is no plan, with the bids and the limits that make it impossible.
pub(super) fn no_plan(why: &Impossible, inputs: &Inputs, names: &Names) -> NoPlan {
    let bids = why.bids.iter().filter_map(|place| inputs.bids.get(*place));
    let bids: Vec<NamedBid> =
        bids.map(|bid| NamedBid { reference: bid.reference.clone(), title: names.title(bid.id).to_owned() }).collect();
    let readers = why.assessors.iter().filter_map(|place| inputs.assessors.get(*place));
    let assessors: Vec<NamedReader> = readers
        .map(|reader| NamedReader {
            name: names.person(reader.person).to_owned(),
            place: reader.place,
            least: reader.least,
            most: reader.most,
        })
        .collect();
    let references: Vec<String> = bids.iter().map(|bid| bid.reference.clone()).collect();
    let (needed, available) = (counted(number(why.needed), "reading"), counted(number(why.available), "reading"));
    let message = match why.short {
        Short::Readers => {
            let with: Vec<String> =
                assessors.iter().map(|one| format!("{} (at most {})", one.name, one.most)).collect();
            let within = if with.is_empty() {
                String::new()
            } else {
                format!(" within the limits of {}", listed(&with, "person"))
            };
            format!(
                "No plan exists: {} need {needed}, and whoever may read them can give {available}{within}. Invite more \
                 assessors, ask somebody to read more, answer possible conflicts, or take back a ban.",
                listed(&references, "bid")
            )
        }
        Short::Bids => {
            let with: Vec<String> =
                assessors.iter().map(|one| format!("{} (at least {})", one.name, one.least)).collect();
            format!(
                "No plan exists: {} want {needed} between them, and the bids that they may read have {available} for them. Plan \
                 without the least that people want, or ask them to want fewer.",
                listed(&with, "person")
            )
        }
    };
    NoPlan { message, bids, assessors }
}

/// Why somebody cannot read a bid, after their name.
pub(super) const fn walled(wall: Wall) -> &'static str {
    match wall {
        Wall::Conflict => "has a conflict of interest with it",
        Wall::Possible => "may have a conflict of interest with it that nobody has answered",
        Wall::Banned => "is banned from it",
        Wall::NotInPool => "does not assess in this round",
        Wall::Unagreed => "has not agreed to the changed terms yet",
        Wall::Away => "can on no day of assessing",
    }
}

/// Pins that contradict what stands, and what to do.
pub(super) fn clashes(clashes: &[Clash], names: &Names) -> String {
    let said = clashes.iter().take(NAMED).map(|clash| match clash {
        Clash::Walled(pin, wall) => {
            format!("{} is pinned to {} and {}.", names.person(pin.person), names.bid(pin.bid), walled(*wall))
        }
        Clash::Bid(bid, all) => {
            format!("{} has {} pinned or begun, which is more than the round asks for.", bid.reference, readings(*all))
        }
        Clash::Load(person, all, most) => format!(
            "{} has {} pinned or begun, and can read {} at most.",
            names.person(*person),
            readings(*all),
            counted((*most).into(), "bid")
        ),
    });
    let said: Vec<String> = said.collect();
    format!("{} Take a pin back first.", said.join(" "))
}

fn readings(count: usize) -> String {
    counted(number(count), "reading")
}

/// What plans are measured in: `4,372 points`.
pub(super) fn points(points: i64) -> String {
    let sign = if points < 0 { "-" } else { "" };
    format!("{sign}{}", counted(points.unsigned_abs(), "point"))
}

/// What a pin or a ban costs.
pub(super) fn price(kind: PinKind, without: Option<i64>, with: Option<i64>) -> String {
    let what = match kind {
        PinKind::Pin => "this pin",
        PinKind::Ban => "this ban",
    };
    match (without, with) {
        (Some(without), Some(with)) if without == with => {
            format!("It costs nothing: the best plan is worth {} with {what} and without it.", points(without))
        }
        (Some(without), Some(with)) => format!(
            "It costs {}: the best plan is worth {} without {what} and {} with it. A reading is worth 1,000 points at best.",
            points(without - with),
            points(without),
            points(with)
        ),
        (None, Some(with)) => {
            format!("No plan exists without {what}; with it the best is worth {}.", points(with))
        }
        (_, None) => format!("What it costs cannot be said: no plan exists with {what} as things stand."),
    }
}

/// What has changed since a plan was made, a sentence each.
pub(super) fn changes(was: &Inputs, is: &Inputs, names: &Names) -> Vec<String> {
    let mut told = Vec::new();
    if was.rules_hash != is.rules_hash || was.readers != is.readers {
        told.push("The rules of the round have changed.".to_owned());
    }
    if was.time != is.time {
        told.push("The dates of the round have changed.".to_owned());
    }
    for bid in &was.bids {
        match is.bids.iter().find(|other| other.id == bid.id) {
            None => told.push(format!("{} is not for assessment any more.", bid.reference)),
            Some(other) if other != bid => told.push(format!("{} says otherwise what it is about.", bid.reference)),
            Some(_) => {}
        }
    }
    let new = is.bids.iter().filter(|bid| !was.bids.iter().any(|other| other.id == bid.id));
    told.extend(new.map(|bid| format!("{} is for assessment now.", bid.reference)));
    told.extend(readers(was, is, names));
    let agreed = |person: &Id<PersonKey>| format!("{} has agreed to the changed terms.", names.person(*person));
    let asked = |person: &Id<PersonKey>| format!("{} has to agree to changed terms.", names.person(*person));
    told.extend(is.unagreed.difference(&was.unagreed).map(asked));
    told.extend(was.unagreed.difference(&is.unagreed).map(agreed));
    told.extend(pairs(was, is, names));
    told.extend(preferences(was, is, names));
    told.extend(given(&was.present, &is.present, names));
    told
}

fn readers(was: &Inputs, is: &Inputs, names: &Names) -> Vec<String> {
    let mut told = Vec::new();
    let accepted = |inputs: &Inputs, person| {
        inputs.assessors.iter().find(|one| one.person == person && one.place.is_some()).cloned()
    };
    let mut people: Vec<Id<PersonKey>> = was.assessors.iter().chain(&is.assessors).map(|one| one.person).collect();
    people.sort_unstable();
    people.dedup();
    for person in people {
        let name = names.person(person);
        match (accepted(was, person), accepted(is, person)) {
            (Some(_), None) => told.push(format!("{name} does not assess in this round any more.")),
            (None, Some(_)) => told.push(format!("{name} has accepted to assess.")),
            (Some(one), Some(other)) if one != other => {
                told.push(format!("{name} has changed what they can read, know of or when."));
            }
            _ => {}
        }
    }
    told
}

fn pairs(was: &Inputs, is: &Inputs, names: &Names) -> Vec<String> {
    let mut told = Vec::new();
    let of = |pair: &Pair| format!("{} and {}", names.person(pair.person), names.bid(pair.bid));
    for (before, after, new, gone) in [
        (&was.conflicts, &is.conflicts, "A conflict of interest is new", "A conflict of interest is gone"),
        (&was.possible, &is.possible, "A conflict of interest may be", "A possible conflict of interest is answered"),
        (&was.pins, &is.pins, "A pin is new", "A pin was taken back"),
        (&was.bans, &is.bans, "A ban is new", "A ban was taken back"),
    ] {
        told.extend(after.difference(before).map(|pair| format!("{new}: {}.", of(pair))));
        told.extend(before.difference(after).map(|pair| format!("{gone}: {}.", of(pair))));
    }
    told
}

/// Who has said otherwise what they would like to read, where nothing else has changed that ends what they said. Of which bid is
/// theirs to know.
fn preferences(was: &Inputs, is: &Inputs, names: &Names) -> Vec<String> {
    let (before, after) = match (&was.preferences, &is.preferences) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(_)) => {
            return vec!["What assessors would like to read counts from now on in what a reading is worth.".to_owned()];
        }
        _ => return Vec::new(),
    };
    let counts = |inputs: &Inputs, pair: &Pair| {
        let reads = inputs.assessors.iter().any(|one| one.person == pair.person && one.place.is_some());
        reads && inputs.bids.iter().any(|bid| bid.id == pair.bid) && !inputs.conflicts.contains(pair)
    };
    let wanted = before.wanted.symmetric_difference(&after.wanted);
    let differing = wanted.chain(before.rather_not.symmetric_difference(&after.rather_not));
    let people: BTreeSet<Id<PersonKey>> =
        differing.filter(|pair| counts(was, pair) && counts(is, pair)).map(|pair| pair.person).collect();
    let told = |person| format!("{} has changed what they would like to read.", names.person(person));
    people.into_iter().map(told).collect()
}

/// What assessors have said that they would like to read, and what a plan makes of it.
pub(super) fn preferred(said: PlanPreferences) -> String {
    let PlanPreferences { said_wanted, said_rather_not, wanted, rather_not } = said;
    if said_wanted == 0 && said_rather_not == 0 {
        return "No assessor had said which bids they would like to read.".to_owned();
    }
    let readings = |found: u32| counted(found.into(), "reading");
    format!(
        "Of {} that assessors would like, it has {wanted}. Of {} that they would rather not have, it has {rather_not}.",
        readings(said_wanted),
        readings(said_rather_not)
    )
}

fn given(was: &[Present], is: &[Present], names: &Names) -> Vec<String> {
    let mut told = Vec::new();
    let find = |all: &[Present], pair: Pair| all.iter().find(|one| one.pair == pair).copied();
    for present in was {
        let (name, bid) = (names.person(present.pair.person), names.bid(present.pair.bid));
        match find(is, present.pair) {
            None => told.push(format!("{name} does not have {bid} any more.")),
            Some(now) if now.begun != present.begun => told.push(format!("{name} has begun to read {bid}.")),
            Some(_) => {}
        }
    }
    for present in is.iter().filter(|present| find(was, present.pair).is_none()) {
        told.push(format!("{} was given {}.", names.person(present.pair.person), names.bid(present.pair.bid)));
    }
    told
}

/// Why a plan whose inputs have changed is not applied.
pub(super) fn outdated(changes: &[String]) -> String {
    let shown: Vec<&str> = changes.iter().take(NAMED).map(String::as_str).collect();
    let more = match changes.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" And {}.", counted(number(more), "more change")),
    };
    format!("What the plan was made of has changed: {}{more} Nothing was given. Make a new plan.", shown.join(" "))
}
