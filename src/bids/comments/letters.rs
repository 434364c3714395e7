//! Who hears that an answer was commented on: those who wrote it or commented on it, and the people of the council that is asked
//! to write it.
//!
//! Whoever comments a lot on one answer writes one message an hour: what the comments say stands on the page, and not in mail.

use std::collections::BTreeSet;

use serde_json::json;

use super::store;
use crate::{
    bids::{answers, assignments, service::Place},
    db::Conn,
    error::Result,
    funds::form::Question,
    http::Scene,
    identity::{model::Person, policy::Granted, store::readers},
    ids::{BidKey, Id, OrganisationKey, PersonKey},
    mail::outbox::Notice,
};

const HOUR: i64 = 3_600_000_000;

/// Tells them, but for whoever has commented; at most one message an hour for each reader and question.
pub(super) fn of_comment(
    conn: &mut Conn,
    scene: &Scene,
    (granted, place): (&Granted<BidKey>, &Place),
    asked: &Question,
) -> Result<()> {
    let councils = assignments::store::councils(conn, granted, place.bid.lead_id)?;
    let councils: Vec<Id<OrganisationKey>> = councils.into_iter().map(|council| council.id).collect();
    let assigned = assignments::store::of_stage(conn, granted, place.stage)?;
    let asks = assigned.into_iter().find(|assignment| assignment.question == asked.id);
    let asks = asks.and_then(|assignment| assignment.organisation_id).filter(|council| councils.contains(council));
    let spoke = speakers(conn, granted, place, asked)?;
    // Only whoever still works for one of the bid's councils reads what these say to each other.
    let mut told: Vec<Person> = readers::of_organisations(conn, asks)?;
    told.extend(readers::of_organisations(conn, councils)?.into_iter().filter(|person| spoke.contains(&person.id)));
    told.sort_by_key(|person| person.id);
    told.dedup_by_key(|person| person.id);
    let author = answers::service::author(conn, scene, granted, &place.bid)?;
    let by = answers::store::names(conn, &[author])?.of(author);
    let notice = Notice {
        template: "answer-commented",
        bid: Some(place.bid.id),
        round: Some(place.bid.round_id),
        data: json!({
            "reference": place.bid.reference,
            "title": place.bid.title,
            "question": asked.title,
            "by": by,
            "link": format!("/bids/{}/questions/{}#comments", place.bid.reference, asked.id),
        }),
    };
    for reader in told.into_iter().filter(|reader| scene.actor.person() != Some(reader.id)) {
        let hour = scene.now.micros() / HOUR;
        scene.write_to(conn, &reader, &notice, &format!("{} {} {} {hour}", place.bid.id, reader.id, asked.id))?;
    }
    Ok(())
}

/// Everybody who ever wrote the answer or commented on it.
fn speakers(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    place: &Place,
    asked: &Question,
) -> Result<BTreeSet<Id<PersonKey>>> {
    let saves = answers::store::saves(conn, granted, (place.stage, asked.id.as_str()))?;
    let comments = store::of_stage(conn, granted, place.stage)?;
    let commented = comments.into_iter().filter(|comment| comment.question == asked.id);
    let wrote = saves.into_iter().filter_map(|save| save.author.person);
    Ok(wrote.chain(commented.map(|comment| comment.written_by)).collect())
}
