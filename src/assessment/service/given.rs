//! Who hears that bids were given by hand: each assessor, once for all that are given at the same time.

use std::collections::BTreeMap;

use super::round_in_full;
use crate::{
    assessment::plans::letters::{self, Told},
    db::Conn,
    error::Result,
    http::Scene,
    ids::{Id, PersonKey, RoundKey},
};

/// A bid that somebody has been given.
pub(super) struct NewReading {
    /// The bid's round.
    pub round: Id<RoundKey>,
    /// To whom.
    pub person: Id<PersonKey>,
    /// The bid, by reference and title.
    pub bid: (String, String),
}

/// Tells each assessor what they were given.
pub(super) fn tell(conn: &mut Conn, scene: &Scene, given: Vec<NewReading>) -> Result<()> {
    let mut told: BTreeMap<(Id<RoundKey>, Id<PersonKey>), Told> = BTreeMap::new();
    for NewReading { round, person, bid } in given {
        told.entry((round, person)).or_default().given.push(bid);
    }
    for ((round, person), told) in told {
        let round = round_in_full(conn, round)?;
        let first = told.given.first().map(|(reference, _)| reference.as_str()).unwrap_or_default();
        let once = format!("{first} at {}", scene.now.micros());
        letters::changed(conn, scene, (&round, &once), (person, told))?;
    }
    Ok(())
}
