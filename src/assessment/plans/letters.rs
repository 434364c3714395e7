//! Who hears who reads what: each assessor whose bids a plan or somebody by hand changes, once.

use serde_json::json;

use crate::{
    assessment::{pool::model::counted, progress::service::wanted_by},
    clock::Moment,
    db::Conn,
    error::Result,
    funds::model::RoundInFull,
    http::Scene,
    identity::{policy, store::people},
    ids::{BidKey, Id, PersonKey},
    mail::outbox::Notice,
};

/// What changes for somebody.
#[derive(Debug, Clone, Default)]
pub(in crate::assessment) struct Told {
    /// The bids that they are given, by reference and title.
    pub given: Vec<(String, String)>,
    /// The bids that are taken from them.
    pub taken: Vec<Id<BidKey>>,
}

/// Tells somebody which bids they are given and how many are taken from them. What a conflict of interest hides from them by now
/// does not count, and where nothing is left to say nothing is sent. `once` tells the occasion from others of the round.
pub(in crate::assessment) fn changed(
    conn: &mut Conn,
    scene: &Scene,
    (round, once): (&RoundInFull, &str),
    (person, told): (Id<PersonKey>, Told),
) -> Result<()> {
    let hidden = policy::conflicted_bids(conn, person, scene.now)?;
    let taken = told.taken.iter().filter(|bid| !hidden.contains(bid)).count();
    if told.given.is_empty() && taken == 0 {
        return Ok(());
    }
    let bids = |found: usize| counted(u64::try_from(found).unwrap_or(u64::MAX), "bid");
    let line = |(reference, title): &(String, String)| json!({ "reference": reference, "title": title });
    let data = json!({
        "round": round.round.title,
        "fund": round.fund.name,
        "count": if told.given.is_empty() { String::new() } else { bids(told.given.len()) },
        "given": told.given.iter().map(line).collect::<Vec<_>>(),
        "taken": if taken == 0 { String::new() } else { bids(taken) },
        "until": wanted_by(conn, round.round.id)?.map(Moment::in_words),
        "link": "/assess",
    });
    let notice = Notice { template: "bids-given", bid: None, round: Some(round.round.id), data };
    let reader = people::person(conn, person)?;
    let once = format!("{} {once} {person}", round.round.id);
    scene.write_to(conn, &reader, &notice, &once)
}
