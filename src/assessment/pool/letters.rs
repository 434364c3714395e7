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
        store::{people, readers},
    },
    mail::outbox::{Notice, extend},
};

/// What somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// They assess.
    Accepted,
    /// They said something else than before.
    Changed,
    /// They do not assess.
    Declined,
    /// They do no longer.
    Withdrawn {
        /// How many bids need another reader.
        back: usize,
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

/// Tells the fund's managers what somebody answered.
pub(super) fn answered(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    (place, name): (&PlaceRow, &str),
    answer: Answer,
) -> Result<()> {
    let back = match answer {
        Answer::Withdrawn { back } => back,
        Answer::Accepted | Answer::Changed | Answer::Declined => 0,
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
        "back": back_in_words(back),
        "link": format!("/rounds/{}/pool/{}", round.round.slug, place.id),
    });
    let told = about(round, "pool-answered", data);
    for manager in readers::managers(conn, round.fund.id)? {
        scene.write_to(conn, &manager, &told, &format!("{} {} {}", place.id, place.version, manager.id))?;
    }
    Ok(())
}

/// Tells somebody that the fund has ended their place, and why.
pub(super) fn ended(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    (place, person): (&PlaceRow, &Person),
    (reason, back): (&str, usize),
) -> Result<()> {
    let by = roles::called(conn, &scene.actor.recorded())?;
    let data = json!({ "by": by, "reason": reason, "back": back_in_words(back) });
    let once = format!("{} {}", place.id, place.version);
    scene.write_to(conn, person, &about(round, "pool-ended", data), &once)
}

/// How many bids need another reader; empty where none does.
fn back_in_words(back: usize) -> String {
    if back == 0 { String::new() } else { counted(u64::try_from(back).unwrap_or(u64::MAX), "bid") }
}

fn about(round: &RoundInFull, template: &'static str, mut data: Value) -> Notice {
    extend(&mut data, json!({ "round": round.round.title, "fund": round.fund.name }));
    Notice { template, bid: None, round: Some(round.round.id), data }
}
