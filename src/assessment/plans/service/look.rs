//! Reading plans: as their reader may see them, and as files that make the same plan anew.

use std::collections::BTreeSet;

use methods::assign::{Limits, Matrix};

use super::{
    super::{
        inputs::{Bid, Inputs},
        model::{NewPlan, Pin, Plan, PlanLine, PlanStep},
        solve::Question,
        store,
        view::{self, Beside},
    },
    gather::{gather, names},
    must_not_be_barred,
    pins::shown,
};
use crate::{
    assessment::{
        pool,
        service::{ask_round, is_barred},
    },
    db::Conn,
    error::{AppError, Result},
    funds::model::RoundInFull,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{Id, PersonKey, RoundKey},
};

/// A round's plans and pins, for those who lead its panel.
pub struct Desk {
    /// The round.
    pub round: RoundInFull,
    /// The plans, the newest first.
    pub plans: Vec<PlanLine>,
    /// The pins and bans that stand, of bids that the reader may see.
    pub pins: Vec<Pin>,
    /// Whether the round has a pool, so that there is somebody to plan with.
    pub pool: bool,
    /// Whether the reader can plan.
    pub plans_here: bool,
    /// The bids that the reader may see and that a plan gives, by reference and title.
    pub bids: Vec<(String, String)>,
    /// Who has accepted, by name.
    pub people: Vec<(Id<PersonKey>, String)>,
    /// How many of them have said what they would like to read of these bids.
    pub have_said: u32,
}

/// The same.
///
/// # Errors
/// As policy says.
pub async fn desk(app: &App, call: &Call, slug: String) -> Result<Desk> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        let barred = is_barred(conn, scene, &granted)?;
        let may = granted.standing().may(Action::AssignAssessors) && round.round.cancelled_at.is_none();
        let inputs = gather(conn, scene, (&granted, &round), NewPlan::default())?;
        let inputs = inputs.without(&policy::sight(conn, &scene.actor)?.hidden);
        let names = names(conn, &granted, &[&inputs])?;
        let accepted = inputs.assessors.iter().filter(|reader| reader.place.is_some());
        let mut people: Vec<(Id<PersonKey>, String)> =
            accepted.map(|reader| (reader.person, names.person(reader.person).to_owned())).collect();
        people.sort_by(|(one, called), (other, named)| (called, one).cmp(&(named, other)));
        let bid = |bid: &Bid| (bid.reference.clone(), names.title(bid.id).to_owned());
        Ok(Desk {
            plans: store::list(conn, &granted)?,
            pins: shown(conn, scene, &granted)?,
            pool: pool::service::accepted(conn, &granted, round.round.id)?.is_some(),
            plans_here: may && !barred,
            bids: inputs.bids.iter().map(bid).collect(),
            people,
            have_said: have_said(&inputs),
            round,
        })
    })
    .await
}

fn have_said(inputs: &Inputs) -> u32 {
    let said = inputs.preferences.iter().flat_map(|said| said.wanted.union(&said.rather_not));
    let people: BTreeSet<Id<PersonKey>> = said.map(|pair| pair.person).collect();
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

/// The plans of a round, the newest first.
///
/// # Errors
/// As policy says.
pub async fn list(app: &App, call: &Call, slug: String) -> Result<Vec<PlanLine>> {
    call.read(app, move |conn, scene| {
        let (granted, _) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        store::list(conn, &granted)
    })
    .await
}

fn found(conn: &mut Conn, granted: &Granted<RoundKey>, number: i32) -> Result<store::Row> {
    store::find(conn, granted, Some(number))?.ok_or(AppError::NotFound)
}

/// A plan as its reader may see it, with the round and whether they can apply it.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn one(app: &App, call: &Call, (slug, number): (String, i32)) -> Result<(RoundInFull, Plan, bool)> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        let row = found(conn, &granted, number)?;
        let plan = view::plan(&row, &beside(conn, scene, (&granted, &round), &row)?)?;
        let may = granted.standing().may(Action::AssignAssessors) && round.round.cancelled_at.is_none();
        let stands = plan.whole && plan.current && plan.newest && plan.applied_at.is_none();
        let applies = may && stands && !is_barred(conn, scene, &granted)?;
        Ok((round, plan, applies))
    })
    .await
}

fn beside(
    conn: &mut Conn,
    scene: &Scene,
    (granted, round): (&Granted<RoundKey>, &RoundInFull),
    row: &store::Row,
) -> Result<Beside> {
    let was = row.inputs()?;
    let new = NewPlan { change_price: was.change_price, keep_least: was.keep_least };
    let now = gather(conn, scene, (granted, round), new)?;
    let mut names = names(conn, granted, &[&was, &now])?;
    names.people.extend(store::names(conn, granted, row.applied_by)?);
    let newest = store::find(conn, granted, None)?.map_or(row.number, |newest| newest.number);
    Ok(Beside { now, names, hidden: policy::sight(conn, &scene.actor)?.hidden, newest })
}

/// Who reads what by a plan, as a table: its columns and its rows.
///
/// # Errors
/// As [`one`].
pub async fn table(
    app: &App,
    call: &Call,
    which: (String, i32),
) -> Result<(&'static [&'static str], Vec<Vec<String>>)> {
    const COLUMNS: [&str; 6] = ["bid", "title", "assessor", "name", "worth", "step"];
    let (_, plan, _) = one(app, call, which).await?;
    let mut rows = Vec::new();
    for bid in &plan.bids {
        for reader in &bid.readers {
            let column = plan.assessors.iter().find(|load| load.person == reader.person).and_then(|load| load.column);
            rows.push(vec![
                bid.bid.clone(),
                bid.title.clone(),
                column.map(|column| column.to_string()).unwrap_or_default(),
                reader.name.clone(),
                if reader.step == PlanStep::Removed { String::new() } else { reader.worth.to_string() },
                reader.step.word().to_owned(),
            ]);
        }
    }
    Ok((&COLUMNS, rows))
}

/// What `roundtable assign` reads to make a plan anew.
pub struct Files {
    /// What each reading is worth, a row for each bid that was asked for and a column for each assessor.
    pub matrix: String,
    /// How many bids each assessor reads at least and at most.
    pub limits: String,
    /// What is pinned and what stood before.
    pub wish: String,
}

/// The files of a plan. They are of all bids, so that nobody gets them who has a conflict of interest with one.
///
/// # Errors
/// As [`one`]; `Forbidden`.
pub async fn files(app: &App, call: &Call, (slug, number): (String, i32)) -> Result<Files> {
    call.read(app, move |conn, scene| {
        let (granted, _) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        must_not_be_barred(conn, scene, &granted)?;
        let inputs = found(conn, &granted, number)?.inputs()?;
        let question = Question::of(&inputs).ok_or(AppError::NotFound)?;
        Ok(Files {
            matrix: matrix(&question.matrix),
            limits: limits(&question.wish.limits),
            wish: serde_json::to_string(&serde_json::json!({
                "pinned": question.wish.pinned,
                "previous": question.wish.previous,
                "change_cost": question.wish.change_cost,
            }))?,
        })
    })
    .await
}

fn matrix(matrix: &Matrix) -> String {
    let row = |values: &[i16]| values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",") + "\n";
    matrix.rows().map(row).collect()
}

fn limits(limits: &[Limits]) -> String {
    let row = |(number, limits): (usize, &Limits)| format!("{number},{},{}\n", limits.least, limits.most);
    let rows: String = limits.iter().enumerate().map(row).collect();
    format!("assessor,min,max\n{rows}")
}
