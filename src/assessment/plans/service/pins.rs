//! Pins and bans: what they would cost, making them and taking them back.

use serde_json::json;

use super::{
    super::{
        inputs::{Inputs, Pair},
        model::{NewPin, NewPlan, NoPlan, Pin, PinKind, PinPrice},
        store,
        words::{self, Names},
    },
    Planned, ask, best, compute,
    gather::{gather, names},
    must_be_ready, overtaken,
};
use crate::{
    assessment::service::ask_round,
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// The pins and bans of a round that stand, of bids that the reader may see, the oldest first.
///
/// # Errors
/// As policy says.
pub async fn pins(app: &App, call: &Call, slug: String) -> Result<Vec<Pin>> {
    call.read(app, move |conn, scene| {
        let (granted, _) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        shown(conn, scene, &granted)
    })
    .await
}

/// The same.
pub(super) fn shown(conn: &mut Conn, scene: &Scene, granted: &Granted<RoundKey>) -> Result<Vec<Pin>> {
    let sight = policy::sight(conn, &scene.actor)?;
    let bids = crate::assessment::store::bids_of(conn, granted, &sight)?;
    let rows = store::pins(conn, granted)?;
    let called = store::names(conn, granted, rows.iter().flat_map(|row| [row.person, row.made_by]))?;
    let name = |person: Id<PersonKey>| called.get(&person).cloned().unwrap_or_default();
    let pin = |row: store::PinRow| {
        let bid = bids.iter().find(|bid| bid.id == row.bid)?;
        Some(Pin {
            id: row.id,
            bid: bid.reference.clone(),
            title: bid.title.clone(),
            person: row.person,
            name: name(row.person),
            kind: row.kind,
            reason: row.reason,
            cost: row.cost,
            made_by: name(row.made_by),
            made_at: row.made_at,
        })
    };
    Ok(rows.into_iter().filter_map(pin).collect())
}

/// What a pin or a ban is weighed against.
struct Weighed {
    inputs: Inputs,
    names: Names,
    pair: Pair,
}

/// Who is to read, or not to read, which bid.
type Of = (String, Id<PersonKey>, PinKind);

/// What a pin or a ban would cost: what the best plan is worth without it, less what it is worth with it. Nothing is changed.
///
/// # Errors
/// As [`pin`].
pub async fn price(app: &App, call: &Call, slug: String, of: Of) -> Result<PinPrice> {
    let kind = of.2;
    let weighed = call.read(app, move |conn, scene| weigh(conn, scene, (&slug, &of), None)).await?;
    Ok(weighed.price(kind).await?.0)
}

/// Reads what a pin or a ban is weighed against, if it can be made at all.
fn weigh(conn: &mut Conn, scene: &Scene, (slug, of): (&str, &Of), new: Option<&NewPin>) -> Result<Weighed> {
    let planned = ask(conn, scene, slug)?;
    let mut faults: Vec<Fault> = new.map(NewPin::faults).unwrap_or_default();
    let inputs = gather(conn, scene, (&planned.granted, &planned.round), NewPlan::default())?;
    let (reference, person, kind) = of;
    let bid = inputs.bids.iter().find(|bid| bid.reference == *reference);
    if bid.is_none() {
        faults.insert(0, Fault::new("bid", "unknown", "Choose a bid of this round that is for assessment."));
    }
    let reader = inputs.assessors.iter().find(|reader| reader.person == *person && reader.place.is_some());
    if reader.is_none() {
        let message = "Choose somebody who has accepted to assess in this round.";
        faults.insert(usize::from(bid.is_none()), Fault::new("person", "not_in_pool", message));
    }
    AppError::unless_empty(faults)?;
    must_be_ready(conn, scene, &planned)?;
    let names = names(conn, &planned.granted, &[&inputs])?;
    let (Some(bid), Some(reader)) = (bid, reader) else { return Err(AppError::NotFound) };
    let pair = Pair { bid: bid.id, person: reader.person };
    must_fit(&inputs, pair, *kind)?;
    let wall = inputs.wall(bid, reader).filter(|_| *kind == PinKind::Pin && !inputs.begun().contains(&pair));
    if let Some(wall) = wall {
        let message = format!("{} {}.", names.person(pair.person), words::walled(wall));
        return Err(AppError::conflict("cannot_be_pinned", message));
    }
    Ok(Weighed { inputs, names, pair })
}

/// One pair has one pin or one ban, and what has begun is no longer to be forbidden.
fn must_fit(inputs: &Inputs, pair: Pair, kind: PinKind) -> Result<()> {
    let refuse = |code, message: &str| Err(AppError::conflict(code, message));
    match (inputs.pins.contains(&pair), inputs.bans.contains(&pair), kind) {
        (true, _, PinKind::Pin) | (_, true, PinKind::Ban) => refuse("stands_already", "This stands already."),
        (true, ..) => refuse("contradicts", "This assessor is pinned to this bid. Take the pin back first."),
        (_, true, _) => refuse("contradicts", "This assessor is banned from this bid. Take the ban back first."),
        (.., PinKind::Ban) if inputs.begun().contains(&pair) => refuse(
            "reading_begun",
            "This assessor has begun to read this bid, and no plan takes it away. If they have a conflict of interest, pin that.",
        ),
        _ => Ok(()),
    }
}

impl Weighed {
    /// What it costs, and why there is no plan with it where there is none.
    async fn price(&self, kind: PinKind) -> Result<(PinPrice, Option<NoPlan>)> {
        let mut more = self.inputs.clone();
        let pairs = if kind == PinKind::Pin { &mut more.pins } else { &mut more.bans };
        pairs.insert(self.pair);
        let with = best(compute(more.clone()).await?, &more, &self.names)?;
        let without = compute(self.inputs.clone()).await?;
        let without = best(without, &self.inputs, &self.names)?.ok().map(|best| best.objective);
        let (with, why) = match with {
            Ok(best) => (Some(best.objective), None),
            Err(why) => (None, Some(why)),
        };
        let cost = without.zip(with).map(|(without, with)| without - with);
        let mut told = words::price(kind, without, with);
        if let Some(why) = &why {
            told = format!("{told} {}", why.message);
        }
        Ok((PinPrice { without, with, cost, told }, why.filter(|_| without.is_some())))
    }
}

/// Pins a bid to an assessor or bans them from it, for every plan from now on. What is given already stays until a plan is applied.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `Invalid`; `Conflict` where it
/// contradicts what stands, where no plan would exist with it, and when something changed meanwhile.
pub async fn pin(app: &App, call: &Call, slug: String, new: NewPin) -> Result<Pin> {
    if let Some(pin) = call.answered(app).await? {
        return Ok(pin);
    }
    let of: Of = (new.bid.clone(), new.person, new.kind);
    let read = (slug.clone(), of.clone(), new.clone());
    let weighed = call.read(app, move |conn, scene| weigh(conn, scene, (&read.0, &read.1), Some(&read.2))).await?;
    let (price, why) = weighed.price(new.kind).await?;
    if let Some(why) = why {
        return Err(AppError::conflict("no_assignment", why.message));
    }
    let inputs = weighed.inputs;
    call.write(app, move |conn, scene| {
        let again = weigh(conn, scene, (&slug, &of), Some(&new))?;
        if again.inputs != inputs {
            return Err(overtaken());
        }
        put(conn, scene, &slug, (again.pair, &new, price.cost))
    })
    .await
}

fn put(conn: &mut Conn, scene: &Scene, slug: &str, (pair, new, cost): (Pair, &NewPin, Option<i64>)) -> Result<Pin> {
    let Planned { granted, person, .. } = ask(conn, scene, slug)?;
    let row = store::PinRow {
        id: scene.fresh(),
        bid: pair.bid,
        person: pair.person,
        kind: new.kind,
        reason: new.reason.trim().to_owned(),
        cost,
        made_by: person,
        made_at: scene.now,
    };
    store::insert_pin(conn, &granted, &row)?;
    tell(conn, scene, &granted, ("assignment_pin.made", &row))?;
    shown(conn, scene, &granted)?.into_iter().find(|pin| pin.id == row.id).ok_or(AppError::NotFound)
}

fn tell(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<RoundKey>,
    (what, row): (&'static str, &store::PinRow),
) -> Result<()> {
    let bid: Id<BidKey> = row.bid;
    let detail = json!({ "pin": row.id, "kind": row.kind, "bid": bid, "assessor": row.person });
    scene.tell(conn, Chain::Round(granted.id()), what, detail)
}

/// Takes a pin or a ban back. What was given by it stays until a plan is applied.
///
/// # Errors
/// `Forbidden` as [`pin`]; `NotFound` where none stands.
pub async fn unpin(app: &App, call: &Call, slug: String, id: Id<RowKey>) -> Result<()> {
    call.write(app, move |conn, scene| {
        let Planned { granted, person, .. } = ask(conn, scene, &slug)?;
        let row = store::pins(conn, &granted)?.into_iter().find(|row| row.id == id).ok_or(AppError::NotFound)?;
        if !store::lift_pin(conn, &granted, id, (person, scene.now))? {
            return Err(AppError::NotFound);
        }
        tell(conn, scene, &granted, ("assignment_pin.taken_back", &row))
    })
    .await
}
