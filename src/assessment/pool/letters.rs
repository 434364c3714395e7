//! Who hears of a pool: whoever is invited, reminded or whose place is ended, and the fund's managers what people answer.

use serde_json::{Value, json};

use super::model::{PlaceRow, counted};
use crate::{
    account::service::roles,
    db::Conn,
    error::Result,
    funds::model::RoundInFull,
    http::Scene,
    identity::{
        model::Person,
        policy,
        store::{people, readers},
    },
    ids::{BidKey, Id, PersonKey},
    mail::outbox::{Notice, extend},
};

/// What somebody answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// They assess.
    Accepted,
    /// They said something else than before.
    Changed,
    /// They do not assess.
    Declined,
    /// They do no longer.
    Withdrawn {
        /// The bids that need another reader.
        back: Vec<Id<BidKey>>,
    },
}

/// Tells somebody that they are `invited`, or that their answer is still waited for: `reminder`.
pub(super) fn invitation(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    (place, person, occasion): (&PlaceRow, &Person, &'static str),
) -> Result<()> {
    let by = people::name_of(conn, place.invited_by)?;
    let data = json!({
        "occasion": occasion,
        "by": by,
        "until": place.answer_by.in_words(),
        "message": place.message,
        "asked": asked_in_words(place),
        "link": format!("/rounds/{}/invitation", round.round.slug),
    });
    let today = scene.now.london_date();
    let once = format!("{} {} {occasion} {today}", place.id, place.version);
    scene.write_to(conn, person, &about(round, "pool-invitation", data), &once)
}

/// Tells somebody who has accepted that the terms are other ones by now; once, however often the same terms are settled.
pub(super) fn terms_changed(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    (place, person, number): (&PlaceRow, &Person, i32),
) -> Result<()> {
    let data = json!({ "link": format!("/rounds/{}/invitation", round.round.slug) });
    let once = format!("{} {} terms {number}", place.id, place.invited_at.micros());
    scene.write_to(conn, person, &about(round, "pool-terms", data), &once)
}

/// How many bids somebody is asked to read.
fn asked_in_words(place: &PlaceRow) -> String {
    let bids = |number: i32| counted(u64::try_from(number).unwrap_or(0), "bid");
    match (place.least_asked, place.most_asked) {
        (Some(least), Some(most)) if least == most => bids(most),
        (Some(least), Some(most)) => format!("{least} to {}", bids(most)),
        (Some(least), None) => format!("at least {}", bids(least)),
        (None, Some(most)) => format!("at most {}", bids(most)),
        (None, None) => String::new(),
    }
}

/// Tells the fund's managers what somebody answered. Bids with which a manager has a conflict of interest do not count in what
/// they are written.
pub(super) fn answered(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    (place, name): (&PlaceRow, &str),
    answer: &Answer,
) -> Result<()> {
    let back: &[Id<BidKey>] = match answer {
        Answer::Withdrawn { back } => back,
        Answer::Accepted | Answer::Changed | Answer::Declined => &[],
    };
    let data = json!({
        "answer": match answer {
            Answer::Accepted => "accepted",
            Answer::Changed => "changed",
            Answer::Declined => "declined",
            Answer::Withdrawn { .. } => "withdrawn",
        },
        "who": name,
        "least": place.said.0.least,
        "most": place.said.0.most,
        "reason": place.said.0.reason.map(super::model::WhyNot::title),
        "words": place.said.0.words,
        "link": format!("/rounds/{}/pool/{}", round.round.slug, place.id),
    });
    for manager in readers::managers(conn, round.fund.id)? {
        let mut data = data.clone();
        extend(&mut data, json!({ "back": back_in_words(seen_of(conn, scene, back, manager.id)?) }));
        let told = about(round, "pool-answered", data);
        scene.write_to(conn, &manager, &told, &format!("{} {} {}", place.id, place.version, manager.id))?;
    }
    Ok(())
}

/// Tells somebody that the fund has ended their place, and why. Bids that a conflict of interest hides from them by now do not
/// count.
pub(super) fn ended(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    (place, person): (&PlaceRow, &Person),
    (reason, back): (&str, &[Id<BidKey>]),
) -> Result<()> {
    let by = roles::called(conn, &scene.actor.recorded())?;
    let back = seen_of(conn, scene, back, person.id)?;
    let data = json!({ "by": by, "reason": reason, "back": back_in_words(back) });
    let once = format!("{} {}", place.id, place.version);
    scene.write_to(conn, person, &about(round, "pool-ended", data), &once)
}

/// How many of these bids somebody may hear of: those with which they have no conflict of interest.
fn seen_of(conn: &mut Conn, scene: &Scene, bids: &[Id<BidKey>], reader: Id<PersonKey>) -> Result<usize> {
    if bids.is_empty() {
        return Ok(0);
    }
    let hidden = policy::conflicted_bids(conn, reader, scene.now)?;
    Ok(bids.iter().filter(|bid| !hidden.contains(bid)).count())
}

/// How many bids need another reader; empty where none does.
fn back_in_words(back: usize) -> String {
    if back == 0 { String::new() } else { counted(u64::try_from(back).unwrap_or(u64::MAX), "bid") }
}

fn about(round: &RoundInFull, template: &'static str, mut data: Value) -> Notice {
    extend(&mut data, json!({ "round": round.round.title, "fund": round.fund.name }));
    Notice { template, bid: None, round: Some(round.round.id), data }
}
