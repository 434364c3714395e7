//! Who hears of a flag or question: the fund's managers that there is one, and the bid's readers what became of it. Nothing stands in
//! these letters of what a bid says, nor of what was asked and answered: that is read in the service.

use serde_json::json;

use super::model::{QueryRow, Said, StepRow};
use crate::{
    assessment::service::Asked,
    db::Conn,
    error::Result,
    http::Scene,
    identity::{policy, store::readers},
    ids::{Id, PersonKey},
    mail::outbox::Notice,
};

/// Tells the managers who have no conflict of interest with the bid that a query waits for them; `step` is a follow-up.
pub(super) fn to_managers(
    conn: &mut Conn,
    scene: &Scene,
    asked: &Asked,
    (row, step): (&QueryRow, Option<&StepRow>),
) -> Result<()> {
    let link = format!("/bids/{}/queries/{}", asked.bid.reference, row.number);
    let occasion = if step.is_some() {
        "follow_up"
    } else if row.kind.is_flag() {
        "flag"
    } else {
        "question"
    };
    let told = notice(asked, "query-asked", (occasion, &link));
    for manager in readers::managers(conn, asked.round.fund.id)? {
        if !policy::has_conflict(conn, manager.id, asked.bid.id, scene.now)? {
            let number = step.map_or(0, |step| step.number);
            scene.write_to(conn, &manager, &told, &format!("{} {number} {}", row.id, manager.id))?;
        }
    }
    Ok(())
}

/// Tells whoever asked that it is answered or closed, and all who read the bid where the answer is for them. Whoever does not read
/// the bid any more hears nothing.
pub(super) fn to_readers(
    conn: &mut Conn,
    scene: &Scene,
    asked: &Asked,
    (row, step, occasion): (&QueryRow, &StepRow, &'static str),
) -> Result<()> {
    let link = format!("/bids/{}/queries", asked.bid.reference);
    let hears = |reader: Id<PersonKey>| reader == row.person_id || step.said_to == Said::Readers;
    for reader in readers::assessors(conn, asked.bid.id)?.into_iter().filter(|reader| hears(reader.id)) {
        if policy::has_conflict(conn, reader.id, asked.bid.id, scene.now)? {
            continue;
        }
        let occasion = if reader.id == row.person_id { occasion } else { "shared" };
        let told = notice(asked, "query-answered", (occasion, &link));
        scene.write_to(conn, &reader, &told, &format!("{} {} {}", row.id, step.number, reader.id))?;
    }
    Ok(())
}

fn notice(asked: &Asked, template: &'static str, (occasion, link): (&str, &str)) -> Notice {
    let data = json!({
        "title": asked.bid.title,
        "reference": asked.bid.reference,
        "round": asked.round.round.title,
        "occasion": occasion,
        "link": link,
    });
    Notice { template, bid: Some(asked.bid.id), round: Some(asked.bid.round_id), data }
}
