//! The scores of a round without names, for the room that publishes them once the awards are announced.
//!
//! They are those of the newest ranking of record, so that whoever has them gets its figures from `roundtable rank`; where a round
//! has none, they are what would be ranked. No reason that somebody wrote is among them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    basis::{Basis, COLUMNS, Entrant, Places, Reading, cells, decimal},
    figures::scale_of,
    service::gather,
    store,
};
use crate::{
    actor::Actor,
    assessment::{
        model::{BidRow, Confidence, Score},
        moderation::model::Counting,
        service::in_the_running,
    },
    clock::Moment,
    db::Conn,
    error::Result,
    funds::model::RoundInFull,
    http::csv,
    identity::policy::{self, Action},
    ids::{BidKey, Id},
};

/// What somebody gave on one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PublishedCriterionScore)]
pub struct OnCriterion {
    /// The criterion, by its id in the round's rules.
    pub criterion: String,
    /// The score that the assessor gave.
    pub score: i32,
    /// How sure the assessor was.
    pub confidence: Confidence,
    /// What was agreed in moderation in its place, where something was and the ranking goes by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<i32>,
}

impl OnCriterion {
    /// What an assessor gave, beside what was agreed.
    pub(super) fn of(scores: &[Score], agreed: Option<&Counting>) -> Vec<Self> {
        let agreed_on = |criterion: &str| {
            let scores = agreed.map(|agreed| agreed.scores.as_slice()).unwrap_or_default();
            scores.iter().find(|score| score.criterion == criterion).map(|score| score.value)
        };
        let on = |score: &Score| Self {
            criterion: score.criterion.clone(),
            score: score.value,
            confidence: score.confidence,
            agreed: agreed_on(&score.criterion),
        };
        scores.iter().map(on).collect()
    }
}

/// What one assessor made of a bid, without a name and without reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PublishedReading)]
pub struct OpenReading {
    /// The assessor, by a number that is the same throughout the round and stands for nobody outside it.
    pub assessor: String,
    /// The weighted score with all its digits.
    #[schema(example = "2.6")]
    pub score: String,
    /// The least sure of the scores on the criteria.
    pub confidence: Confidence,
    /// The weighted score with what was agreed in moderation, where something was and the ranking goes by it.
    pub moderated: Option<String>,
    /// The scores on the criteria, in their order. Empty where the scores were ranked before the round published them.
    pub criteria: Vec<OnCriterion>,
}

impl From<&Reading> for OpenReading {
    fn from(of: &Reading) -> Self {
        Self {
            assessor: of.label(),
            score: of.score(),
            confidence: of.confidence,
            moderated: of.moderated.map(decimal),
            criteria: of.scores.clone(),
        }
    }
}

/// How `roundtable rank` makes the figures of the ranking of record from the published scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Replay {
    /// Where the funding line runs among all ranked bids: as many as the money reaches, and those before that have no place.
    pub line: u32,
    /// The seed of the chance in it.
    pub seed: u64,
    /// The lowest and highest score that the criteria allow.
    pub scale: String,
}

/// A bid with what its assessors made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBid {
    /// The bid.
    pub id: Id<BidKey>,
    /// Its reference.
    pub reference: String,
    /// Its place, from 1; bids with the same figure share one, and a bid below a minimum has none.
    pub place: Option<u32>,
    /// What its assessors made of it.
    pub readings: Vec<OpenReading>,
}

/// The scores of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenScores {
    /// When they were ranked for the record, if they were.
    pub ranked_at: Option<Moment>,
    /// How the record's figures are made from them: none where bids are missing, or where there is no record.
    pub replay: Option<Replay>,
    /// The bids, by reference.
    pub bids: Vec<OpenBid>,
}

/// The scores of the bids of a round that are `out`, without those that their councils have withdrawn. Places are as in the record,
/// so that a bid which is left out leaves its place empty.
///
/// # Errors
/// When the database fails, or what was kept cannot be read.
pub fn open_scores(conn: &mut Conn, round: &RoundInFull, out: impl Fn(&BidRow) -> bool) -> Result<OpenScores> {
    let granted = policy::round(conn, &Actor::System, Action::ReadScores, round.round.id)?;
    let all = policy::sight(conn, &Actor::System)?;
    let running = in_the_running(conn, &granted, &all)?;
    let shown: BTreeSet<Id<BidKey>> = running.iter().filter(|bid| out(bid)).map(|bid| bid.id).collect();
    let (basis, places, record) = match store::find(conn, &granted, None)? {
        Some(row) => {
            let (basis, figures) = (row.basis()?, row.figures()?);
            let replay = Replay { line: figures.line_to_replay(), seed: figures.seed, scale: scale_of(&basis) };
            (basis, figures.places(), Some((row.made_at, replay)))
        }
        None => {
            let basis = gather(conn, &granted, round, &all)?;
            let places = basis.places_by_mean();
            (basis, places, None)
        }
    };
    let whole = basis.bids.iter().all(|bid| shown.contains(&bid.id));
    let bids = bids(&basis, &places, &shown);
    let (ranked_at, replay) = record.unzip();
    Ok(OpenScores { ranked_at, replay: replay.filter(|_| whole), bids })
}

fn bids(basis: &Basis, places: &Places, shown: &BTreeSet<Id<BidKey>>) -> Vec<OpenBid> {
    let scored = basis.bids.iter().filter(|bid| shown.contains(&bid.id));
    let open = |bid: &Entrant| OpenBid {
        id: bid.id,
        place: places.get(&bid.reference).copied(),
        readings: basis.readings_of(&bid.reference).map(OpenReading::from).collect(),
        reference: bid.reference.clone(),
    };
    scored.map(open).collect()
}

/// What the file says of a bid beside its scores.
pub struct Beside<'a> {
    /// Its reference.
    pub reference: &'a str,
    /// Its title, where that is public.
    pub title: &'a str,
    /// Those who take part in it, where that is public.
    pub organisations: String,
    /// Its place.
    pub place: Option<u32>,
}

/// The scores as CSV: first the columns that `roundtable rank` reads, then what was agreed, the place of the bid, what is public of
/// it, and three columns for each criterion.
///
/// # Errors
/// When they cannot be written, which is our fault.
pub fn file<'a>(criteria: &[String], bids: impl Iterator<Item = (Beside<'a>, &'a [OpenReading])>) -> Result<Vec<u8>> {
    let more = ["moderated", "place", "title", "organisations"].map(ToOwned::to_owned);
    let of_criterion = |id: &String| ["score", "confidence", "agreed"].map(|what| format!("{id} {what}"));
    let columns: Vec<String> =
        COLUMNS.map(ToOwned::to_owned).into_iter().chain(more).chain(criteria.iter().flat_map(of_criterion)).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut rows = Vec::new();
    for (bid, readings) in bids {
        rows.extend(readings.iter().map(|reading| row(criteria, &bid, reading)));
    }
    csv::document(&columns, rows)
}

fn row(criteria: &[String], bid: &Beside<'_>, of: &OpenReading) -> Vec<String> {
    let mut row = cells(bid.reference, (of.assessor.clone(), of.score.clone()), of.confidence);
    row.push(of.moderated.clone().unwrap_or_default());
    row.push(number(bid.place));
    row.push(bid.title.to_owned());
    row.push(bid.organisations.clone());
    for id in criteria {
        let on = of.criteria.iter().find(|on| on.criterion == *id);
        row.push(number(on.map(|on| on.score)));
        row.push(on.map(|on| on.confidence.word().to_owned()).unwrap_or_default());
        row.push(number(on.and_then(|on| on.agreed)));
    }
    row
}

fn number(of: Option<impl ToString>) -> String {
    of.map(|of| of.to_string()).unwrap_or_default()
}
