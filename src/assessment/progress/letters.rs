//! Who hears that scores are wanted: each reader of a round, of what they still have to score.

use serde_json::{Value, json};

use crate::{
    assessment::{model::BidRow, pool::model::counted},
    clock::Moment,
    db::Conn,
    error::Result,
    funds::model::RoundInFull,
    http::Scene,
    identity::store::people,
    ids::{Id, PersonKey},
    mail::outbox::{Notice, extend},
};

/// Why somebody is written to.
pub(super) enum Occasion<'a> {
    /// Somebody of the fund asks for it.
    Asked {
        /// Who.
        by: &'a str,
        /// What they write.
        words: &'a str,
    },
    /// The scores are wanted soon.
    Due,
    /// By when they are wanted was chosen.
    Chosen {
        /// The version of what was chosen.
        version: i32,
        /// The instant.
        at: Moment,
    },
}

impl Occasion<'_> {
    /// Whether it reminds, and does not tell something new.
    pub(super) const fn is_reminder(&self) -> bool {
        !matches!(self, Self::Chosen { .. })
    }

    fn data(&self) -> Value {
        match self {
            Self::Asked { by, words } => json!({ "occasion": "asked", "by": by, "words": words }),
            Self::Due => json!({ "occasion": "due" }),
            Self::Chosen { .. } => json!({ "occasion": "chosen" }),
        }
    }
}

/// Tells somebody which bids of a round wait for their scores, each with how many criteria they have scored.
pub(super) fn wanted(
    conn: &mut Conn,
    scene: &Scene,
    (round, wanted_by): (&RoundInFull, Option<Moment>),
    (person, bids): (Id<PersonKey>, Vec<(&BidRow, usize)>),
    occasion: &Occasion<'_>,
) -> Result<()> {
    let of = round.rulebook.criteria.len();
    let line = |(bid, scored): &(&BidRow, usize)| json!({ "title": bid.title, "reference": bid.reference, "scored": scored, "of": of });
    let mut data = json!({
        "round": round.round.title,
        "fund": round.fund.name,
        "until": wanted_by.map(Moment::in_words),
        "count": counted(u64::try_from(bids.len()).unwrap_or(u64::MAX), "bid"),
        "bids": bids.iter().map(line).collect::<Vec<_>>(),
        "by": "",
        "words": "",
        "link": "/assess",
    });
    extend(&mut data, occasion.data());
    let reader = people::person(conn, person)?;
    let notice = Notice { template: "scores-wanted", bid: None, round: Some(round.round.id), data };
    let once = match occasion {
        Occasion::Chosen { version, at } => format!("chosen {version} {}", at.micros()),
        Occasion::Asked { .. } | Occasion::Due => scene.now.london_date().to_string(),
    };
    scene.write_to(conn, &reader, &notice, &format!("{} {person} {once}", round.round.id))
}
