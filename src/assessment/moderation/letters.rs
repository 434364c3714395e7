//! Who hears that moderation is open: the assessors of the round's bids, each of what they read themselves.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    assessment::model::BidRow,
    clock::Moment,
    db::Conn,
    error::Result,
    funds::model::RoundInFull,
    http::Scene,
    identity::{policy, store::people},
    ids::{BidKey, Id, PersonKey},
    mail::outbox::Notice,
};

/// Who has which bid, and when they submitted.
pub(super) type Given = (Id<BidKey>, Id<PersonKey>, Option<Moment>);

/// Tells each assessor which of the others' scores they can read now, and which assessments they can submit no more. A bid with
/// which they have a conflict of interest is not named.
pub(super) fn opened(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    (bids, given): (&[BidRow], Vec<Given>),
) -> Result<()> {
    let mut of_person: BTreeMap<Id<PersonKey>, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for (id, person, submitted) in given {
        let Some(bid) = bids.iter().find(|bid| bid.id == id) else { continue };
        if policy::has_conflict(conn, person, id, scene.now)? {
            continue;
        }
        let (read, missing) = of_person.entry(person).or_default();
        let line = format!("{} ({})", bid.title, bid.reference);
        if submitted.is_some() { read.push(line) } else { missing.push(line) }
    }
    for (person, (read, missing)) in of_person {
        let reader = people::person(conn, person)?;
        let data = json!({
            "round": round.round.title,
            "fund": round.fund.name,
            "read": read,
            "missing": missing,
            "link": "/assess",
        });
        let told = Notice { template: "moderation-opened", bid: None, round: Some(round.round.id), data };
        scene.write_to(conn, &reader, &told, &format!("{} {person}", round.round.id))?;
    }
    Ok(())
}
