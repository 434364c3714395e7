//! Choosing by when scores are wanted, and the reminders before it, counted in working days of the nation that a reader works in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{readings, remind::tell};
use crate::{
    actor::Actor,
    assessment::{
        pool::service::{calendar_of, must_be_running},
        progress::{
            letters::Occasion,
            model::{NewScoresWanted, ScoresWanted, WantedRow},
            store,
        },
        service::{ask_round, person_of},
    },
    clock::{Moment, working::Calendar},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{self, reminders::model::reminder_at},
    http::{App, Call, Scene},
    identity::policy::{self, Action},
    ids::{Id, PersonKey, RoundKey},
    jobs::{self, Handler},
};

/// The job that reminds readers of what they still have to score.
pub const REMINDER_JOB: &str = "scores-reminder";

/// What the job carries.
#[derive(Debug, Serialize, Deserialize)]
struct Due {
    round: Id<RoundKey>,
    /// By when scores were wanted when it was ordered: another instant has reminders of its own.
    wanted_by: Moment,
    days: u8,
    /// The instant of the reminder, which tells readers apart who have other bank holidays.
    at: Moment,
}

/// By when the scores of a round are wanted, for those who choose it.
///
/// # Errors
/// As policy says.
pub async fn wanted(app: &App, call: &Call, slug: String) -> Result<(String, ScoresWanted)> {
    call.read(app, move |conn, scene| {
        let (_, round) = ask_round(conn, scene, Action::ManagePool, &slug)?;
        let wanted = store::wanted(conn, round.round.id)?;
        Ok((round.round.title, wanted.into()))
    })
    .await
}

/// By when the scores of a round are wanted, where somebody has chosen it, for whoever reads a bid of the round.
///
/// # Errors
/// When the database fails.
pub fn wanted_by(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<Moment>> {
    Ok(store::wanted(conn, round)?.wanted_by)
}

/// Chooses by when the scores of a round are wanted, in the place of what stands at `version`. Those who still have something to
/// score are told of another instant.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Stale` when somebody else has chosen meanwhile; `Conflict` for a round that is not
/// published, is over or was called off.
pub async fn choose(app: &App, call: &Call, slug: String, version: i32, new: NewScoresWanted) -> Result<ScoresWanted> {
    call.write(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::ManagePool, &slug)?;
        person_of(scene)?;
        must_be_running(&round, scene.now)?;
        let before = store::wanted(conn, round.round.id)?;
        // What stands may be past by now: saving it again asks for nothing new.
        let keeps = new.wanted_by == before.wanted_by;
        let faults = new.faults(&round, scene.now);
        AppError::unless_empty(faults.into_iter().filter(|fault| !keeps || fault.field != "wanted_by").collect())?;
        let row = new.clone().row(round.round.id, version + 1);
        if version != before.version || !store::put(conn, &granted, &row)? {
            return Err(AppError::Stale { current: store::wanted(conn, round.round.id)?.version });
        }
        let detail = json!({ "version": row.version, "wanted_by": row.wanted_by });
        scene.tell(conn, Chain::Round(round.round.id), "reading.scores_wanted", detail)?;
        order(conn, scene, &row)?;
        if let Some(at) = row.wanted_by.filter(|_| !keeps) {
            let all = policy::sight(conn, &Actor::System)?;
            let readings = readings(conn, (&granted, &round), (&all, scene.now))?;
            let people = readings.iter().map(|reading| reading.person).collect();
            tell(conn, scene, (&granted, &round), (people, Occasion::Chosen { version: row.version, at }))?;
        }
        Ok(row.into())
    })
    .await
}

/// Orders the reminders that are still to come. Those of an earlier instant, or of days that were chosen before, find nothing to do.
fn order(conn: &mut Conn, scene: &Scene, row: &WantedRow) -> Result<()> {
    let Some(wanted_by) = row.wanted_by else { return Ok(()) };
    for days in row.reminder_days.0.iter().copied() {
        let instants: BTreeSet<Moment> =
            Calendar::ALL.into_iter().map(|calendar| reminder_at(wanted_by, days, calendar)).collect();
        for at in instants.into_iter().filter(|at| *at > scene.now) {
            let instants = (wanted_by.micros(), at.micros());
            let order = jobs::Order {
                id: scene.fresh(),
                kind: REMINDER_JOB,
                payload: json!(Due { round: row.round_id, wanted_by, days, at }),
                run_at: at,
                unique_key: Some(format!("{REMINDER_JOB} {} {days} {} {}", row.round_id, instants.0, instants.1)),
            };
            jobs::enqueue(conn, order, scene.now)?;
        }
    }
    Ok(())
}

/// Does the jobs of reminders.
pub fn reminder_handler(app: &App) -> Handler {
    jobs::handler(app, |app: App, due: Due| async move {
        let call = Call::by(Actor::System, app.clock.now());
        call.write(&app, move |conn, scene| remind(conn, scene, &due)).await
    })
}

fn remind(conn: &mut Conn, scene: &Scene, due: &Due) -> Result<()> {
    let granted = policy::round(conn, &scene.actor, Action::AssignAssessors, due.round)?;
    let round = funds::store::round_by_id(conn, due.round)?;
    let round = funds::store::in_full(conn, round)?;
    let stands = store::wanted(conn, due.round)?;
    let chosen = stands.wanted_by == Some(due.wanted_by) && stands.reminder_days.0.contains(&due.days);
    if !chosen || scene.now > due.wanted_by || must_be_running(&round, scene.now).is_err() {
        return Ok(());
    }
    let all = policy::sight(conn, &Actor::System)?;
    let wait = readings(conn, (&granted, &round), (&all, scene.now))?.into_iter().filter(|reading| reading.waits);
    let people: BTreeSet<Id<PersonKey>> = wait.map(|reading| reading.person).collect();
    let mut whom = BTreeSet::new();
    for person in people {
        if reminder_at(due.wanted_by, due.days, calendar_of(conn, person)?) == due.at {
            whom.insert(person);
        }
    }
    tell(conn, scene, (&granted, &round), (whom, Occasion::Due))?;
    Ok(())
}
