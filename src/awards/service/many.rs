//! Many decisions in one request, answered item by item: one that is refused keeps none of the others back.

use serde::{Deserialize, Serialize};

use super::{
    decide::{Decided, DecisionBody, decide_one},
    support::{Touched, tell_of_changes},
};
use crate::{
    awards::model::{Decision, Gate},
    db::Conn,
    error::{AppError, Fault, Result},
    funds,
    http::{App, Call, Scene, problem::Problem},
    identity::policy::{self, Action},
    money::Pence,
};

/// At most so many decisions come in one request.
const MOST_ITEMS: usize = 500;

/// One of many decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemBody {
    /// The bid's reference.
    pub reference: String,
    /// At which gate.
    pub gate: Gate,
    /// The version that is changed, where a decision stands already.
    #[serde(default)]
    pub version: Option<i32>,
    /// The transition that is decided on.
    pub transition: String,
    /// How much is awarded, in pence; for awards only.
    #[serde(default)]
    pub amount_pence: Option<Pence>,
    /// The bid's place in the ranking, from 1.
    #[serde(default)]
    pub place: Option<i32>,
    /// Why, where the ranking says otherwise.
    #[serde(default)]
    pub reason: Option<String>,
    /// What the applicants read.
    #[serde(default)]
    pub feedback: String,
    /// Why nobody is told of it by mail, if nobody is to be; only where it shows at once.
    #[serde(default)]
    pub no_mail: Option<String>,
}

impl ItemBody {
    fn body(&self) -> DecisionBody {
        DecisionBody {
            transition: self.transition.clone(),
            amount_pence: self.amount_pence,
            place: self.place,
            reason: self.reason.clone(),
            feedback: self.feedback.clone(),
            no_mail: self.no_mail.clone(),
        }
    }
}

/// What became of one of many decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemAnswer {
    /// The bid's reference, as it was sent.
    pub reference: String,
    /// The status that the decision would have had by itself; 202 where others have to approve it first.
    pub status: u16,
    /// The version at which the decision stands, if it was taken.
    pub version: Option<i32>,
    /// A stable code, if it was refused.
    pub code: Option<String>,
    /// Why, and what to do, if it was refused.
    pub detail: Option<String>,
    /// Field by field, if fields are wrong.
    pub errors: Vec<Fault>,
}

/// Takes many decisions on the bids of a round, in the order in which they were sent.
///
/// # Errors
/// When the whole request is refused: the round is none that one decides on, or there are too many items.
pub async fn decide_many(app: &App, call: &Call, slug: String, items: Vec<ItemBody>) -> Result<Vec<ItemAnswer>> {
    if items.len() > MOST_ITEMS {
        let message = format!("Send at most {MOST_ITEMS} decisions at a time, you sent {}.", items.len());
        return Err(AppError::invalid("", "too_many", message));
    }
    call.write(app, move |conn, scene| {
        let round = funds::store::round_by_slug(conn, &slug)?;
        policy::round(conn, &scene.actor, Action::Release, round.id)?;
        let mut touched = Touched::new();
        let answers = items.iter().map(|item| one_of_many(conn, scene, &round.prefix, item, &mut touched));
        let answers = answers.collect::<Result<_>>()?;
        tell_of_changes(conn, scene, &touched)?;
        Ok(answers)
    })
    .await
}

/// A refusal is found before anything is written, so that the rest of the transaction stands; a failing database ends it.
fn one_of_many(
    conn: &mut Conn,
    scene: &Scene,
    prefix: &str,
    item: &ItemBody,
    touched: &mut Touched,
) -> Result<ItemAnswer> {
    let reference = item.reference.clone();
    if !is_of_round(&reference, prefix) {
        return Ok(refused(reference, &AppError::NotFound));
    }
    match decide_one(conn, scene, &item.reference, (item.gate, item.version), &item.body(), touched) {
        Ok(Decided::Recorded(decision)) => Ok(taken(reference, item.version.is_none(), &decision)),
        Ok(Decided::Waiting(_)) => Ok(waiting(reference)),
        Err(fault @ (AppError::Database(_) | AppError::Internal(_))) => Err(fault),
        Err(refusal) => Ok(refused(reference, &refusal)),
    }
}

/// References begin with their round's prefix.
fn is_of_round(reference: &str, prefix: &str) -> bool {
    reference.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-'))
}

fn taken(reference: String, new: bool, decision: &Decision) -> ItemAnswer {
    let status = if new { 201 } else { 200 };
    ItemAnswer { reference, status, version: Some(decision.version), code: None, detail: None, errors: Vec::new() }
}

fn waiting(reference: String) -> ItemAnswer {
    ItemAnswer { reference, status: 202, version: None, code: None, detail: None, errors: Vec::new() }
}

fn refused(reference: String, refusal: &AppError) -> ItemAnswer {
    let problem = Problem::of(refusal);
    let errors = match refusal {
        AppError::Invalid(faults) => faults.clone(),
        _ => Vec::new(),
    };
    ItemAnswer {
        reference,
        status: problem.status,
        version: None,
        code: Some(problem.code),
        detail: Some(problem.detail),
        errors,
    }
}
