//! Having a plan made.

use serde_json::json;

use super::{
    super::{
        inputs::Inputs,
        model::{NewPlan, NoPlan, PlanMade},
        solve::Best,
        store,
    },
    Planned, ask, best, compute,
    gather::{gather, names},
    must_be_ready, overtaken,
};
use crate::{
    assessment::pool,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
};

/// What came of having a plan made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is one.
    Made(PlanMade),
    /// There can be none; nothing was kept.
    Impossible(NoPlan),
}

/// Has the best plan made of a round, and gives nothing. Where nothing has changed since the newest plan, that one stands.
/// Whoever gets nothing because they have not agreed to changed terms is asked by mail, unless they were.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `Invalid`; `Conflict` without a pool,
/// before the round has closed, when pins contradict what stands, when nothing is left to plan, and when something changed while
/// it was computed.
pub async fn make(app: &App, call: &Call, slug: String, new: NewPlan) -> Result<Outcome> {
    if let Some(made) = call.answered(app).await? {
        return Ok(Outcome::Made(made));
    }
    let of = slug.clone();
    let (inputs, names) = call
        .read(app, move |conn, scene| {
            let planned = to_make(conn, scene, &of, new)?;
            let inputs = gather(conn, scene, (&planned.granted, &planned.round), new)?;
            let names = names(conn, &planned.granted, &[&inputs])?;
            Ok((inputs, names))
        })
        .await?;
    let best = match best(compute(inputs.clone()).await?, &inputs, &names)? {
        Ok(best) => best,
        Err(why) => {
            if !inputs.unagreed.is_empty() {
                let asking = call.part("ask");
                let asked = asking.write(app, move |conn, scene| {
                    let planned = to_make(conn, scene, &slug, new)?;
                    pool::service::ask_again(conn, scene, planned.granted.id())
                });
                asked.await?;
            }
            return Ok(Outcome::Impossible(why));
        }
    };
    let made = call.write(app, move |conn, scene| {
        let planned = to_make(conn, scene, &slug, new)?;
        if gather(conn, scene, (&planned.granted, &planned.round), new)? != inputs {
            return Err(overtaken());
        }
        if !inputs.unagreed.is_empty() {
            pool::service::ask_again(conn, scene, planned.granted.id())?;
        }
        keep(conn, scene, &planned, &inputs, &best)
    });
    made.await.map(Outcome::Made)
}

fn to_make(conn: &mut Conn, scene: &Scene, slug: &str, new: NewPlan) -> Result<Planned> {
    let planned = ask(conn, scene, slug)?;
    AppError::unless_empty(new.faults())?;
    must_be_ready(conn, scene, &planned)?;
    Ok(planned)
}

fn keep(conn: &mut Conn, scene: &Scene, planned: &Planned, inputs: &Inputs, best: &Best) -> Result<PlanMade> {
    let Planned { granted, person, .. } = planned;
    let newest = store::find(conn, granted, None)?;
    let text = serde_json::to_string(inputs)?;
    if let Some(standing) = newest.as_ref().filter(|newest| newest.inputs == text) {
        return Ok(PlanMade { number: standing.number, new: false });
    }
    let number = newest.map_or(0, |newest| newest.number) + 1;
    let (salt, hash) = scene.salted(text.as_bytes());
    let result = serde_json::to_string(best)?;
    let new = store::New { id: scene.fresh(), number, inputs: &text, salt: &salt, result: &result };
    if !store::insert(conn, granted, &new, (*person, scene.now))? {
        return Err(overtaken());
    }
    let detail = json!({ "number": number, "rules": inputs.rules_hash, "inputs": hash });
    scene.tell(conn, Chain::Round(granted.id()), "assignment_plan.made", detail)?;
    Ok(PlanMade { number, new: true })
}
