//! The use cases of draws: looking at what would be committed to and at what was, committing, and drawing once the value is known.

mod commit;
mod told;
mod value;

use std::collections::BTreeMap;

pub use commit::{commit, withdraw};
pub use told::{file, told};
pub(super) use value::method_of;
pub use value::{Confirmed, ask_newcomers, confirm, enter, refuse, take_back};

use super::{
    basis::{Basis, Entrant},
    follow,
    model::{Candidate, Offer, Offered, Outcome, Record, Withdrawn, rule_in_words},
    store::{self, Row},
};
use crate::{
    actor::Actor,
    assessment::{self, rankings, service::ask_round},
    awards::{
        lists,
        service::{barred, hides_any, refuse_barred},
        store as decisions,
    },
    db::Conn,
    error::{AppError, Result},
    funds::{
        self,
        assessing::DrawRules,
        model::{Milestone, Round, RoundInFull},
    },
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::people,
    },
    ids::RoundKey,
};

/// What nobody makes or reads who has a conflict of interest with a bid of the round, in words.
const WHAT: &str = "a draw";

/// What a round's draws are looked at with.
#[derive(Debug)]
pub struct Look {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// Whether a conflict of interest hides a bid of the round from the reader, and with it every draw.
    pub withheld: bool,
    /// What the rules say of drawing; nothing where they say that nothing is drawn.
    pub rules: Option<DrawRules>,
    /// Whether the reader can commit to a draw.
    pub may_make: bool,
    /// What would be committed to now.
    pub offer: Option<Offer>,
    /// Why nothing can be committed to, if nothing can.
    pub trouble: Option<String>,
    /// The draws on record, the newest first.
    pub records: Vec<Record>,
}

/// What a round draws, and has drawn.
///
/// # Errors
/// `NotFound`, `Forbidden` and `Conflict` as for rankings.
pub async fn look(app: &App, call: &Call, slug: String) -> Result<Look> {
    call.read(app, move |conn, scene| read(conn, scene, slug)).await
}

fn read(conn: &mut Conn, scene: &Scene, slug: String) -> Result<Look> {
    let (granted, full) = ask(conn, scene, Action::ReadScores, &slug)?;
    let sight = policy::sight(conn, &scene.actor)?;
    let withheld = hides_any(conn, granted.id(), &sight)?;
    let may = granted.standing().may(Action::DecideBid) && full.round.cancelled_at.is_none();
    let mut look = Look {
        slug,
        title: full.round.title.clone(),
        withheld,
        rules: full.rulebook.assessment.draw.clone(),
        may_make: may && !withheld,
        offer: None,
        trouble: None,
        records: Vec::new(),
    };
    if withheld {
        return Ok(look);
    }
    let rows = store::list(conn, &granted)?;
    match to_commit_to(conn, &granted, &full, &rows) {
        Ok((basis, rules)) => look.offer = Some(offer(&basis, &rules, !rows.is_empty())?),
        Err(AppError::Conflict { message, .. }) => look.trouble = Some(message),
        Err(fault) => return Err(fault),
    }
    for row in rows {
        look.records.push(record_of(conn, scene, &full, row)?);
    }
    Ok(look)
}

/// The draws of a round, the newest first.
///
/// # Errors
/// As [`look`]; `Forbidden` for whoever has a conflict of interest with a bid of the round.
pub async fn records(app: &App, call: &Call, slug: String) -> Result<Vec<Record>> {
    let look = look(app, call, slug).await?;
    if look.withheld { Err(barred(WHAT)) } else { Ok(look.records) }
}

/// What would be committed to now, or why nothing can be.
///
/// # Errors
/// As [`records`].
pub async fn offered(app: &App, call: &Call, slug: String) -> Result<Offered> {
    let Look { withheld, offer, trouble, .. } = look(app, call, slug).await?;
    if withheld { Err(barred(WHAT)) } else { Ok(Offered { offer, trouble }) }
}

/// A draw on record.
///
/// # Errors
/// As [`records`]; `NotFound` where there is none of this number.
pub async fn record(app: &App, call: &Call, slug: String, number: i32) -> Result<Record> {
    call.read(app, move |conn, scene| {
        let (granted, full) = ask(conn, scene, Action::ReadScores, &slug)?;
        refuse_barred(conn, scene, &granted, WHAT)?;
        let row = store::find(conn, &granted, number)?.ok_or(AppError::NotFound)?;
        record_of(conn, scene, &full, row)
    })
    .await
}

/// What the newest draw says of bids, by their references, and the ranking that it follows.
#[derive(Debug, Default)]
pub struct Lots {
    /// The number of the ranking of record.
    pub ranking: Option<i32>,
    /// By reference.
    pub words: BTreeMap<String, String>,
}

/// What the newest draw says of bids; nothing for whoever does not see all of them.
///
/// # Errors
/// As [`look`].
pub async fn lots(app: &App, call: &Call, slug: String) -> Result<Lots> {
    call.read(app, move |conn, scene| {
        let (granted, _) = ask(conn, scene, Action::ReadScores, &slug)?;
        let sight = policy::sight(conn, &scene.actor)?;
        if hides_any(conn, granted.id(), &sight)? {
            return Ok(Lots::default());
        }
        let Some(draw) = follow::standing(conn, &granted)? else { return Ok(Lots::default()) };
        Ok(Lots { ranking: Some(draw.ranking), words: draw.in_words() })
    })
    .await
}

/// Asks policy for an action on the bids of a round. Whoever reads one of them blind has no part in what follows from the scores of all.
fn ask(conn: &mut Conn, scene: &Scene, action: Action, slug: &str) -> Result<(Granted<RoundKey>, RoundInFull)> {
    let (granted, round) = ask_round(conn, scene, action, slug)?;
    assessment::must_not_read_round_blind(conn, scene, &granted)?;
    Ok((granted, round))
}

/// What would be committed to now.
///
/// # Errors
/// `Conflict` where nothing can be: the rules name no draw, the awards are not announced together, a commitment stands, the awards
/// are released, or there is no ranking of record that is of what stands now, or nothing in it to draw between, or its places
/// contradict where the intervals lie.
fn to_commit_to(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    full: &RoundInFull,
    rows: &[Row],
) -> Result<(Basis, DrawRules)> {
    let Some(rules) = full.rulebook.assessment.draw.clone() else {
        return Err(AppError::conflict("no_draw", "The rules of this round do not say that places are drawn by lot."));
    };
    if full.timetable.at(Milestone::Announcement).is_none() {
        let message = "Awards of this round are not announced together, so that nothing is drawn between them. Give the \
                       round a date of announcement first.";
        return Err(AppError::conflict("no_announcement", message));
    }
    if let Some(row) = rows.iter().find(|row| row.withdrawn_at().is_none()) {
        let message = match row.drawn_at() {
            Some(_) => format!("Draw {} is made, and it stands. Whoever decides otherwise says why.", row.number),
            None => {
                format!("The commitment to draw {} stands. Withdraw it first if there is to be another.", row.number)
            }
        };
        return Err(AppError::conflict("draw_stands", message));
    }
    if decisions::release_of(conn, round.id(), Milestone::Announcement)?.is_some() {
        return Err(AppError::conflict("released_already", "The release of the awards is approved: nothing is drawn."));
    }
    let basis = gather(conn, round, full)?;
    if basis.candidates().len() < 2 {
        let message = "There is nothing to draw: fewer than two bids have an interval that crosses the funding line.";
        return Err(AppError::conflict("nothing_to_draw", message));
    }
    if basis.is_contradicted() {
        let message = "Moderation or interviews put bids on another side of the funding line than their intervals lie. \
                       Nothing is drawn from these.";
        return Err(AppError::conflict("line_differs", message));
    }
    Ok((basis, rules))
}

/// Whether the rules name a draw that could be committed to now, and none stands: the awards wait for it.
///
/// # Errors
/// When the database fails.
pub fn is_undrawn(conn: &mut Conn, round: &Round) -> Result<bool> {
    let granted = policy::round(conn, &Actor::System, Action::ListBids, round.id)?;
    let full = funds::store::in_full(conn, round.clone())?;
    if full.rulebook.assessment.draw.is_none() {
        return Ok(false);
    }
    let rows = store::list(conn, &granted)?;
    match to_commit_to(conn, &granted, &full, &rows) {
        Ok((basis, _)) => {
            let places = basis.places();
            Ok((1..places.of).contains(&places.count))
        }
        Err(AppError::Conflict { .. }) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// What a draw would be made of now: the bids of the ranking that can be awarded money, and where each lies at the line.
fn gather(conn: &mut Conn, round: &Granted<RoundKey>, full: &RoundInFull) -> Result<Basis> {
    let none = || AppError::conflict("no_ranking", "A draw follows the ranking of record. Have the bids ranked first.");
    let ranking = rankings::of_record(conn, round)?.ok_or_else(none)?;
    if !rankings::service::is_current(conn, round, full)? {
        let message =
            "Bids, scores or rules have changed since the ranking of record was made. Have the bids ranked anew first.";
        return Err(AppError::conflict("ranking_outdated", message));
    }
    let at: BTreeMap<_, _> = ranking.bids.iter().map(|worth| (worth.bid, worth.group)).collect();
    let list = lists::service::basis(conn, round, full)?.ok_or_else(none)?;
    let missing = ranking.near.iter().filter(|(id, _)| !list.bids.iter().any(|bid| bid.id == *id));
    let missing: Vec<&str> = missing.map(|(_, reference)| reference.as_str()).collect();
    if !missing.is_empty() {
        let message = format!(
            "Intervals of these bids lie above or across the funding line of ranking {}, and they cannot be awarded money: \
             {}. Nothing is drawn without them. If the ranking is an old one, have the bids ranked anew.",
            ranking.number,
            missing.join(", ")
        );
        return Err(AppError::conflict("line_differs", message));
    }
    let bids = list.bids.into_iter().map(|bid| Entrant {
        at: at.get(&bid.id).copied().flatten(),
        id: bid.id,
        reference: bid.reference,
        place: bid.place,
        ask: bid.ask,
    });
    Ok(Basis {
        ranking: ranking.number,
        scores_sha256: ranking.scores_sha256,
        rules_hash: full.rules_hash.clone(),
        interval: ranking.interval,
        budget: full.round.budget_pence,
        most_awards: full.rulebook.assessment.most_awards,
        bids: bids.collect(),
    })
}

fn offer(basis: &Basis, rules: &DrawRules, again: bool) -> Result<Offer> {
    let places = basis.places();
    let candidate = |bid: &Entrant| Candidate { bid: bid.reference.clone(), place: bid.place, ask_pence: bid.ask };
    Ok(Offer {
        ranking: basis.ranking,
        method: rules.method,
        source: rules.source.clone(),
        told_before: rules.tells_before(),
        interval: basis.interval,
        places: places.count,
        why: places.why,
        above: basis.sure().len(),
        candidates: basis.candidates().into_iter().map(candidate).collect(),
        again,
        inputs_sha256: basis.sealed()?.1,
    })
}

/// A draw as it is read.
fn record_of(conn: &mut Conn, scene: &Scene, full: &RoundInFull, row: Row) -> Result<Record> {
    let commitment = row.commitment()?;
    let (method, places) = (method_of(commitment.method), commitment.awards);
    let (entered, support) = match row.is_open() {
        true => value::waiting(conn, &full.round, &row, scene.now)?,
        false => (None, None),
    };
    let withdrawn = match (row.withdrawn_at(), row.ended_by, &row.withdrawn_reason) {
        (Some(at), Some(by), Some(reason)) => {
            Some(Withdrawn { at, by: people::name_of(conn, by)?, reason: reason.clone() })
        }
        _ => None,
    };
    let outcome = match (row.drawn()?, row.drawn_at(), row.entered_by, row.ended_by) {
        (Some(drawn), Some(at), Some(entered), Some(confirmed)) => Some(Outcome {
            at,
            entered_by: people::name_of(conn, entered)?,
            confirmed_by: people::name_of(conn, confirmed)?,
            value: drawn.seed,
            looked_up: row.looked_up.clone().unwrap_or_default(),
            order: drawn.order,
            chosen: drawn.chosen,
        }),
        _ => None,
    };
    Ok(Record {
        number: row.number,
        ranking: row.basis()?.ranking,
        committed_at: row.made_at,
        committed_by: people::name_of(conn, row.made_by)?,
        method,
        rule: rule_in_words(method, places),
        places,
        source: commitment.source,
        known_from: row.known_from,
        list: commitment.list,
        list_sha256: commitment.list_sha256,
        salt: commitment.salt,
        commitment: commitment.commitment,
        places_reason: row.places_reason,
        again_reason: row.again_reason,
        withdrawn,
        entered,
        support,
        outcome,
    })
}
