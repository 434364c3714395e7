//! Putting back what a bid says to the version that stands, but for what it is reopened for: nothing that was written since
//! comes in unsaid, and nothing is lost.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    answers::model::Author,
    content::{self, Content, Member},
    model::{Answer, Bid},
    pages::reading::{self, Row},
    service, store,
};
use crate::{
    db::{Conn, Doc},
    error::{AppError, Result},
    funds::{
        form::Question,
        reopening::{Part, Reopening, SetAside},
        rulebook::{Rulebook, Stage},
    },
    http::Scene,
    identity::policy::Granted,
    ids::BidKey,
};

/// Puts everything back that is not named; gives what had been written there and was not submitted.
///
/// # Errors
/// `Conflict` with `nothing_stands` where no version does, and with `partners_changed` where the partnership is another,
/// which is not this service's to put back.
pub fn put_back(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    rules: &Rulebook,
    (stage, named): (Stage, &Reopening),
) -> Result<Vec<SetAside>> {
    let standing = content::standing(conn, granted, stage)?;
    let standing = standing.ok_or_else(|| AppError::conflict("nothing_stands", "No submitted version stands."))?;
    let live = content::current(conn, granted, stage)?;
    refuse_another_partnership(&standing, &live)?;
    let bid = store::load(conn, granted)?;
    put_answers(conn, scene, granted, (&bid, named), (&standing, &live))?;
    store::put_heading(conn, granted, (&standing.title, standing.phase.as_deref(), standing.ask_pence))?;
    if standing.costs != live.costs && !named.opens(Part::Costs) {
        let rows: Vec<_> = standing.costs.iter().map(|line| (scene.fresh(), line.clone())).collect();
        store::put_costs(conn, granted, &rows)?;
    }
    if standing.promises != live.promises {
        let rows: Vec<_> = standing.promises.iter().map(|promise| (scene.fresh(), promise.clone())).collect();
        store::put_promises(conn, granted, &rows)?;
    }
    store::touch(conn, granted, scene.now)?;
    service::order_look(conn, scene, bid.id)?;
    Ok(set_aside((&standing, &live), rules, named))
}

/// Councils come, go and take their shares by acts of their own, so that only they can take these back. That somebody has
/// confirmed meanwhile changes nothing of what was applied for.
fn refuse_another_partnership(standing: &Content, live: &Content) -> Result<()> {
    let same = |one: &Member, other: &Member| {
        one.organisation.id == other.organisation.id
            && one.share_pence == other.share_pence
            && one.sponsor == other.sponsor
    };
    let without = |these: &[Member], those: &[Member]| -> Vec<String> {
        let alone = these.iter().filter(|one| !those.iter().any(|other| same(one, other)));
        alone.map(|member| member.organisation.name.clone()).collect()
    };
    let mut names: BTreeSet<String> = without(&standing.partners, &live.partners).into_iter().collect();
    names.extend(without(&live.partners, &standing.partners));
    if names.is_empty() {
        return Ok(());
    }
    let message = format!(
        "The partnership is not that of the version that stands: {}. A reopening would bring that in. Its lead has to put it \
         back first; where partners can no longer be changed, give the bid more time instead.",
        names.into_iter().collect::<Vec<_>>().join(", ")
    );
    Err(AppError::conflict("partners_changed", message))
}

fn put_answers(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (bid, named): (&Bid, &Reopening),
    (standing, live): (&Content, &Content),
) -> Result<()> {
    let questions: BTreeSet<&String> = standing.answers.keys().chain(live.answers.keys()).collect();
    for question in questions.into_iter().filter(|question| !named.opens(Part::Answer(question))) {
        let said = |content: &Content| content.answers.get(question).cloned().unwrap_or(Value::Null);
        let stood = said(standing);
        if stood == said(live) {
            continue;
        }
        let before = store::answer(conn, granted, standing.stage, question)?;
        let answer = Answer {
            question: question.clone(),
            complete: Question::is_answered(&stood),
            value: Doc(stood),
            version: before.as_ref().map_or(1, |before| before.version + 1),
            updated_by: before.map_or(bid.created_by, |before| before.updated_by),
            updated_at: scene.now,
        };
        store::put_answer(conn, granted, scene.fresh(), standing.stage, (&answer, Author::SERVICE))?;
    }
    Ok(())
}

/// What was written besides the version that stands, as people read it.
fn set_aside((standing, live): (&Content, &Content), rules: &Rulebook, named: &Reopening) -> Vec<SetAside> {
    let rows = |content: &Content| reading::cards(content, rules).into_iter().flat_map(|card| card.rows);
    let stood: Vec<Row> = rows(standing).collect();
    let of_partnership = |row: &Row| row.change.is_empty() || row.change == "partners";
    rows(live)
        .filter(|row| !stood.contains(row) && !of_partnership(row) && !named.opens(Part::at(&row.change)))
        .map(|row| SetAside { title: row.key, text: row.value })
        .collect()
}
