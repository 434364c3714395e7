//! The messages of proposals, one row per recipient, written with what they tell of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    case::{Case, Place},
    execute::signed_by,
    look::says,
};
use crate::{
    db::Conn,
    error::Result,
    http::Scene,
    identity::{
        model::Person,
        policy,
        store::{organisations, readers},
    },
    ids::{Id, OrganisationKey, PersonKey},
    mail::outbox::{Notice, extend},
    partnerships::{
        self,
        model::PartnerState,
        proposals::model::{ProposalKind, ProposalState, Side},
        sign_offs::model::SignOff,
    },
};

/// What is told about a proposal, leading to its page among those of one of its bids.
fn about(conn: &mut Conn, case: &Case, template: &'static str, (place, more): (&Place, Value)) -> Result<Notice> {
    let reference = place.reference();
    let proposer = organisations::by_id(conn, case.proposal.proposed_for)?.name;
    let mut data = json!({
        "reference": reference,
        "title": place.known.bid.title,
        "says": says(conn, &case.proposal)?,
        "words": case.proposal.words,
        "proposer": proposer,
        "link": format!("/bids/{reference}/partnership-changes/{}", case.proposal.id),
    });
    extend(&mut data, more);
    Ok(Notice { template, bid: Some(place.granted.id()), round: Some(place.known.round.round.id), data })
}

/// Whoever asks to join reads no page of the bid itself.
fn for_asker(case: &Case, notice: &mut Notice) {
    let slug = &case.place.known.round.round.slug;
    let link = format!("/rounds/{slug}/eois/{}/join", case.place.reference());
    extend(&mut notice.data, json!({ "link": link }));
}

/// The people of a side; of the fund its managers, but for those with a conflict of interest.
fn people_of(conn: &mut Conn, scene: &Scene, case: &Case, side: Side) -> Result<Vec<Person>> {
    if let Some(organisation) = case.organisation(side) {
        return readers::of_organisations(conn, [organisation]);
    }
    let mut managers = Vec::new();
    for manager in readers::managers(conn, case.place.known.round.fund.id)? {
        let mut free = true;
        for place in case.places() {
            free &= !policy::has_conflict(conn, manager.id, place.granted.id(), scene.now)?;
        }
        managers.extend(free.then_some(manager));
    }
    Ok(managers)
}

/// The bid among whose pages a side reads it.
fn place_of(case: &Case, side: Side) -> &Place {
    match (&case.other, side) {
        (Some(other), Side::OtherLead) => other,
        _ => &case.place,
    }
}

fn write(conn: &mut Conn, scene: &Scene, case: &Case, told: &Notice, readers: Vec<Person>) -> Result<()> {
    for person in readers {
        let occasion = format!("{} {} {}", case.proposal.id, scene.now.micros(), person.id);
        scene.write_to(conn, &person, told, &occasion)?;
    }
    Ok(())
}

/// Asks a side for its agreement, or again, because the terms are others than those that it agreed to.
pub(super) fn wanted(conn: &mut Conn, scene: &Scene, case: &Case, (side, again): (Side, bool)) -> Result<()> {
    let more = json!({ "again": again, "fund": side == Side::Fund });
    let told = about(conn, case, "change-wanted", (place_of(case, side), more))?;
    let readers = people_of(conn, scene, case, side)?;
    write(conn, scene, case, &told, readers)
}

/// Tells the other sides that one of them no longer agrees.
pub(super) fn agreement_taken_back(conn: &mut Conn, scene: &Scene, case: &Case, by: Side) -> Result<()> {
    let who = match case.organisation(by) {
        Some(organisation) => organisations::by_id(conn, organisation)?.name,
        None => "The fund".into(),
    };
    for side in sides(case).into_iter().filter(|side| *side != by) {
        let more = json!({ "state": "agreement_taken_back", "why": "", "who": who });
        let told = about(conn, case, "change-ended", (place_of(case, side), more))?;
        let readers = people_of(conn, scene, case, side)?;
        write(conn, scene, case, &told, readers)?;
    }
    Ok(())
}

/// Tells everybody who proposed it or was asked that nothing comes of it, and why.
pub(super) fn ended(conn: &mut Conn, scene: &Scene, case: &Case, (state, why): (ProposalState, &str)) -> Result<()> {
    let more = json!({ "state": state, "why": why, "who": "" });
    for side in sides(case) {
        let told = about(conn, case, "change-ended", (place_of(case, side), more.clone()))?;
        let readers = people_of(conn, scene, case, side)?;
        write(conn, scene, case, &told, readers)?;
    }
    if case.proposal.kind == ProposalKind::Join {
        let mut told = about(conn, case, "change-ended", (&case.place, more))?;
        for_asker(case, &mut told);
        let readers = readers::of_organisations(conn, [case.proposal.organisation_id])?;
        write(conn, scene, case, &told, readers)?;
    }
    Ok(())
}

/// Whoever proposed it, and those who were asked.
fn sides(case: &Case) -> Vec<Side> {
    let asked = case.consents.iter().map(|consent| consent.side);
    let mut sides: Vec<Side> = asked.chain(case.proposer()).collect();
    sides.sort_unstable();
    sides.dedup();
    sides
}

/// Tells the people of every council concerned that it is done, and whose signatures are void by it.
pub(super) fn done(
    conn: &mut Conn,
    scene: &Scene,
    case: &Case,
    (signing, signing_other): (&[SignOff], &[SignOff]),
) -> Result<()> {
    let all: Vec<SignOff> = signing.iter().chain(signing_other).cloned().collect();
    let void = signed_by(case, &all);
    let mut told: BTreeMap<Id<PersonKey>, (Person, bool)> = BTreeMap::new();
    if let Some(other) = &case.other {
        for reader in readers_of(conn, other, other.lead())? {
            told.insert(reader.id, (reader, true));
        }
    }
    for lead in [case.before.lead.id, case.after.lead.id] {
        for reader in readers_of(conn, &case.place, lead)? {
            told.insert(reader.id, (reader, false));
        }
    }
    let merged = case.proposal.kind == ProposalKind::Merge;
    let left = if case.proposal.kind == ProposalKind::Lead && case.proposal.terms.leaves {
        readers::of_organisations(conn, [case.before.lead.id])?
    } else {
        Vec::new()
    };
    let left: BTreeSet<Id<PersonKey>> = left.into_iter().map(|person| person.id).collect();
    for (reader, of_other) in told.into_values() {
        let place = case.other.as_ref().filter(|_| of_other).unwrap_or(&case.place);
        let more = json!({
            "void": void, "merged": merged, "of_other": of_other, "into": case.place.reference(),
            "submitted": !of_other && case.place.is_submitted() && case.proposal.kind != ProposalKind::Lead, "left": left.contains(&reader.id),
        });
        let mut notice = about(conn, case, "change-done", (place, more))?;
        if left.contains(&reader.id) {
            extend(&mut notice.data, json!({ "link": "/dashboard" }));
        }
        write(conn, scene, case, &notice, vec![reader])?;
    }
    Ok(())
}

fn readers_of(conn: &mut Conn, place: &Place, lead: Id<OrganisationKey>) -> Result<Vec<Person>> {
    let found = partnerships::readers_of(conn, (place.granted.id(), lead), PartnerState::TAKING_PART)?;
    Ok(found.into_iter().map(|reader| reader.person).collect())
}
