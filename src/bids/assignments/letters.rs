//! Who hears that their council is asked to write, and that the day is near by which it is: its people, in one message for
//! everything that changed at once, and for everything that is asked for by the same day.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{
    model::{Owed, ToWrite, WritingView},
    service::changes,
};
use crate::{
    bids::{content::Party, service::Place},
    db::{
        Conn,
        schema::{memberships, people},
    },
    error::Result,
    http::Scene,
    identity::store::readers,
    ids::{Id, PersonKey},
    mail::{
        Address,
        outbox::{self, Letter, Notice},
    },
};

/// Tells the people of each council that is asked for something new, or by another day; whoever has just asked knows.
pub(super) fn of_asking(
    conn: &mut Conn,
    scene: &Scene,
    place: &Place,
    (before, after): (&WritingView, &WritingView),
) -> Result<()> {
    let changed = changes(before, after);
    for council in &after.councils {
        let theirs: Vec<&ToWrite> =
            changed.iter().copied().filter(|row| row.organisation == Some(council.id)).collect();
        if !theirs.is_empty() {
            to_council(conn, scene, place, (council, &theirs, after.version))?;
        }
    }
    Ok(())
}

fn to_council(
    conn: &mut Conn,
    scene: &Scene,
    place: &Place,
    (council, asked, version): (&Party, &[&ToWrite], i32),
) -> Result<()> {
    let readers: Vec<(Id<PersonKey>, Address, String)> = memberships::table
        .inner_join(people::table)
        .filter(memberships::organisation_id.eq(council.id))
        .filter(memberships::ended_at.is_null())
        .select((people::id, people::email, people::name))
        .distinct()
        .order(people::id)
        .load(conn)?;
    let bid = &place.bid;
    for (person, recipient, name) in readers {
        if scene.actor.person() == Some(person) {
            continue;
        }
        let letter = Letter {
            id: scene.fresh(),
            template: "answers-assigned",
            recipient,
            person: Some(person),
            bid: Some(bid.id),
            round: Some(bid.round_id),
            data: data(place, council, asked, &name),
            unique_key: format!("answers-assigned {} {} v{version} {person}", bid.id, place.stage.word()),
        };
        outbox::post(conn, letter, scene.now)?;
    }
    Ok(())
}

fn data(place: &Place, council: &Party, asked: &[&ToWrite], name: &str) -> Value {
    json!({
        "name": name,
        "reference": place.bid.reference,
        "title": place.bid.title,
        "organisation": council.name,
        "questions": asked.iter().map(|row| row.in_words()).collect::<Vec<_>>(),
        "link": format!("/bids/{}/who-writes-what", place.bid.reference),
    })
}

/// Reminds the people of a council of what it is asked to write by this day and has not finished.
pub(super) fn of_day(conn: &mut Conn, scene: &Scene, place: &Place, owed: &Owed, due: NaiveDate) -> Result<()> {
    let bid = &place.bid;
    let data = json!({
        "reference": bid.reference,
        "title": bid.title,
        "organisation": owed.council.name,
        "due": due.format("%-d %B %Y").to_string(),
        "questions": owed.answers.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(),
        "link": format!("/bids/{}/who-writes-what", bid.reference),
    });
    let told = Notice { template: "answers-due", bid: Some(bid.id), round: Some(bid.round_id), data };
    let today = scene.now.london_date();
    for reader in readers::of_organisations(conn, [owed.council.id])? {
        let occasion = format!("{} {} {} {due} {today} {}", bid.id, place.stage.word(), owed.council.id, reader.id);
        scene.write_to(conn, &reader, &told, &occasion)?;
    }
    Ok(())
}
