//! The use cases of the list under a budget: looking at it, trying something else, and making the list of record.

mod gather;
mod make;

use std::collections::BTreeMap;

pub use gather::{Attributes, attributes, basis};
pub use make::{ANOTHER_LIST, make};

use super::{
    basis::Basis,
    choice::{Outcome, Watch, choose, costs},
    model::{Choice, Record, RecordLine, WhatIf},
    shown::Searched,
    store,
};
use crate::{
    assessment::{self, service::ask_round},
    awards::{
        service::{barred, hides_any, refuse_barred},
        store::{RoundBid, bids_of_round},
    },
    db::Conn,
    error::{AppError, Result},
    funds::model::RoundInFull,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::RoundKey,
};

/// What nobody makes or reads who has a conflict of interest with a bid of the round, in words.
const WHAT: &str = "the list";

/// What a round's list is looked at with.
#[derive(Debug)]
pub struct Look {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// Whether a conflict of interest hides a bid of the round from the reader, and with it every list.
    pub withheld: bool,
    /// Whether the round has rules of the list, so that decisions follow a list of record.
    pub ruled: bool,
    /// Whether the reader can make the list of record.
    pub may_make: bool,
    /// Whether the newest list of record is of what stands now; nothing where there is none.
    pub current: Option<bool>,
    /// The choice; nothing before there is a ranking of record.
    pub choice: Option<Choice>,
    /// The lists of record, the newest first.
    pub records: Vec<RecordLine>,
}

/// What is read in one transaction.
struct Read {
    look: Look,
    basis: Option<Basis>,
    lines: Lines,
}

/// The titles of bids and their lead authorities, by reference.
#[derive(Debug, Default)]
struct Lines(BTreeMap<String, (String, String)>);

impl Lines {
    fn of(bids: Vec<RoundBid>) -> Self {
        Self(bids.into_iter().map(|bid| (bid.reference, (bid.title, bid.lead))).collect())
    }

    /// Says of each bid what it is called.
    fn name(&self, choice: &mut Choice) {
        for bid in &mut choice.bids {
            let (title, lead) = self.0.get(&bid.bid).cloned().unzip();
            (bid.title, bid.lead) = (title, lead);
        }
    }
}

/// The list of a round under the rules in force, or as somebody tries it. Nothing of it is kept.
///
/// # Errors
/// `NotFound`, `Forbidden` and `Conflict` as for rankings; `Invalid` for what cannot be tried.
pub async fn look(app: &App, call: &Call, slug: String, what_if: WhatIf) -> Result<Look> {
    let read = call.read(app, move |conn, scene| read(conn, scene, slug));
    let Read { mut look, basis, lines } = read.await?;
    if let Some(basis) = basis {
        let mut choice = compute(basis, what_if).await?;
        lines.name(&mut choice);
        look.choice = Some(choice);
    }
    Ok(look)
}

fn read(conn: &mut Conn, scene: &Scene, slug: String) -> Result<Read> {
    let (granted, full) = ask(conn, scene, Action::ReadScores, &slug)?;
    let sight = policy::sight(conn, &scene.actor)?;
    let withheld = hides_any(conn, granted.id(), &sight)?;
    let may = granted.standing().may(Action::DecideBid) && full.round.cancelled_at.is_none();
    let mut look = Look {
        slug,
        title: full.round.title.clone(),
        withheld,
        ruled: full.rulebook.assessment.rules_the_list(),
        may_make: may && !withheld,
        current: None,
        choice: None,
        records: Vec::new(),
    };
    if withheld {
        return Ok(Read { look, basis: None, lines: Lines::default() });
    }
    let basis = gather::basis(conn, &granted, &full)?;
    look.records = store::list(conn, &granted)?;
    let newest = store::find(conn, &granted, None)?.map(|row| row.basis()).transpose()?;
    look.current = newest.map(|newest| basis.as_ref() == Some(&newest));
    Ok(Read { look, basis, lines: Lines::of(bids_of_round(conn, &granted)?) })
}

/// Asks policy for an action on the bids of a round. Whoever reads one of them blind has no part in what follows from the scores
/// of all.
fn ask(conn: &mut Conn, scene: &Scene, action: Action, slug: &str) -> Result<(Granted<RoundKey>, RoundInFull)> {
    let (granted, round) = ask_round(conn, scene, action, slug)?;
    assessment::must_not_read_round_blind(conn, scene, &granted)?;
    Ok((granted, round))
}

/// What stands around a list of record: everything but a choice.
///
/// # Errors
/// As [`look`].
pub async fn around(app: &App, call: &Call, slug: String) -> Result<Look> {
    Ok(call.read(app, move |conn, scene| read(conn, scene, slug)).await?.look)
}

/// Searches on a thread of its own, between transactions.
async fn compute(basis: Basis, what_if: WhatIf) -> Result<Choice> {
    tokio::task::spawn_blocking(move || computed(&basis, &what_if)).await.map_err(AppError::internal)?
}

fn computed(basis: &Basis, what_if: &WhatIf) -> Result<Choice> {
    let terms = &basis.what_if(what_if).map_err(AppError::Invalid)?;
    let watch = Watch::start();
    let outcome = &choose(basis, terms, watch)?;
    let costs = &match outcome {
        Outcome::List(best) => costs(basis, terms, best, watch)?,
        Outcome::Trouble(_) => Vec::new(),
    };
    let mut choice = Searched { basis, terms, outcome, costs }.choice()?;
    if what_if.is_something()
        && let Outcome::List(other) = choose(basis, &basis.in_force(), Watch::start())?
    {
        choice.changes = choice.against(basis, &other);
    }
    Ok(choice)
}

/// The choice alone, for programs.
///
/// # Errors
/// As [`look`]; `Forbidden` for whoever has a conflict of interest with a bid of the round; `NotFound` before there is a ranking of
/// record.
pub async fn choice(app: &App, call: &Call, slug: String, what_if: WhatIf) -> Result<Choice> {
    let look = look(app, call, slug, what_if).await?;
    if look.withheld {
        return Err(barred(WHAT));
    }
    look.choice.ok_or(AppError::NotFound)
}

/// The problem under the rules in force, as `roundtable portfolio` reads it.
///
/// # Errors
/// As [`choice`].
pub async fn problem(app: &App, call: &Call, slug: String) -> Result<methods::portfolio::Problem> {
    call.read(app, move |conn, scene| {
        let read = read(conn, scene, slug)?;
        if read.look.withheld {
            return Err(barred(WHAT));
        }
        let basis = read.basis.ok_or(AppError::NotFound)?;
        Ok(basis.problem(&basis.in_force()).0)
    })
    .await
}

/// The lists of record of a round, the newest first.
///
/// # Errors
/// As [`choice`].
pub async fn records(app: &App, call: &Call, slug: String) -> Result<Vec<RecordLine>> {
    call.read(app, move |conn, scene| {
        let (granted, _) = ask(conn, scene, Action::ReadScores, &slug)?;
        refuse_barred(conn, scene, &granted, WHAT)?;
        store::list(conn, &granted)
    })
    .await
}

/// A list of record.
///
/// # Errors
/// As [`choice`]; `NotFound` where there is none of this number.
pub async fn record(app: &App, call: &Call, slug: String, number: i32) -> Result<Record> {
    call.read(app, move |conn, scene| {
        let (granted, full) = ask(conn, scene, Action::ReadScores, &slug)?;
        refuse_barred(conn, scene, &granted, WHAT)?;
        let row = store::find(conn, &granted, Some(number))?.ok_or(AppError::NotFound)?;
        let now = gather::basis(conn, &granted, &full)?;
        let mut choice = row.choice()?;
        Lines::of(bids_of_round(conn, &granted)?).name(&mut choice);
        Ok(Record { line: row.line(), current: now.as_ref() == Some(&row.basis()?), choice })
    })
    .await
}
