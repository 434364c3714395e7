//! Putting back what a bid says to the version that stands, but for what it is reopened for: nothing that was written since
//! comes in unsaid, and nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::order_look;
use crate::{
    bids::{
        answers::model::Author,
        content::{self, Content, Member},
        documents::{
            self,
            model::{Attached, hashes},
        },
        model::Answer,
        reading::{self, Row, part_at},
        store,
    },
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
    put_answers(conn, scene, granted, named, (&standing, &live))?;
    if !named.opens(Part::About) {
        store::put_heading(conn, granted, (&standing.title, standing.phase.as_deref(), standing.ask_pence))?;
    }
    if standing.costs != live.costs && !named.opens(Part::Costs) {
        let rows: Vec<_> = standing.costs.iter().map(|line| (scene.fresh(), line.clone())).collect();
        store::put_costs(conn, granted, &rows)?;
    }
    if standing.promises != live.promises && !named.opens(Part::Promises) {
        let rows: Vec<_> = standing.promises.iter().map(|promise| (scene.fresh(), promise.clone())).collect();
        store::put_promises(conn, granted, &rows)?;
    }
    if standing.documents != live.documents {
        put_documents(conn, scene, granted, (&standing, &live), (rules, named))?;
    }
    store::touch(conn, granted, scene.now)?;
    order_look(conn, scene, granted.id())?;
    Ok(set_aside((&standing, &live), rules, named))
}

/// Councils come, go and take their shares by acts of their own, so that only they can take these back. Whoever has
/// confirmed meanwhile does not count until the next stage: the newer version has the partners of the one that stands. A
/// version of before roles were part of it says none.
fn refuse_another_partnership(standing: &Content, live: &Content) -> Result<()> {
    let (led, leads) = (&standing.lead, &live.lead);
    if led.id != leads.id {
        let message = format!(
            "{} leads the bid by now, and the version that stands was led by {}. A reopening would bring that in: give the bid \
             more time instead, so that its councils can submit a version under its new lead.",
            leads.name, led.name
        );
        return Err(AppError::conflict("partners_changed", message));
    }
    let same = |stood: &Member, now: &Member| {
        stood.organisation.id == now.organisation.id
            && stood.share_pence == now.share_pence
            && stood.sponsor == now.sponsor
            && (stood.role == now.role || stood.role.is_empty())
            && (stood.kind == now.kind || stood.kind.is_none())
            && stood.part == now.part
    };
    let gone = standing.partners.iter().filter(|stood| {
        let lives = |now: &&Member| same(stood, now) && (now.confirmed || !stood.confirmed);
        !live.partners.iter().any(|now| lives(&now))
    });
    let come = live.partners.iter().filter(|now| !standing.partners.iter().any(|stood| same(stood, now)));
    let names: BTreeSet<&str> = gone.chain(come).map(|member| member.organisation.name.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let message = format!(
        "The partnership is not that of the version that stands: {}. A reopening would bring that in. Its councils have to put \
         it back first; where partners can no longer be changed, give the bid more time instead.",
        names.into_iter().collect::<Vec<_>>().join(", ")
    );
    Err(AppError::conflict("partners_changed", message))
}

fn put_answers(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    named: &Reopening,
    (standing, live): (&Content, &Content),
) -> Result<()> {
    let (submitted_at, submitted_by) = store::submitted(conn, granted, standing.stage)?;
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
            version: before.map_or(1, |before| before.version + 1),
            updated_by: submitted_by,
            updated_at: submitted_at,
        };
        store::put_answer(conn, granted, scene.fresh(), standing.stage, (&answer, Author::SERVICE))?;
    }
    Ok(())
}

/// A document that is set aside can still be downloaded by those who write the bid. What answers a question comes and goes with
/// its answer.
fn put_documents(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (standing, live): (&Content, &Content),
    (rules, named): (&Rulebook, &Reopening),
) -> Result<()> {
    documents::store::keep(conn, granted, live.stage)?;
    for document in live.documents.iter().filter(|document| !standing.documents.contains(document)) {
        if !stays(document, live, rules, named) {
            documents::store::take_out(conn, granted, document.id, Some(scene.now))?;
        }
    }
    for document in standing.documents.iter().filter(|document| !live.documents.contains(document)) {
        if !stays(document, standing, rules, named) {
            documents::store::take_out(conn, granted, document.id, None)?;
        }
    }
    Ok(())
}

/// Whether a document of a content is part of what is reopened alone: of the answers that name it, or of the documents where none
/// does.
fn stays(document: &Attached, content: &Content, rules: &Rulebook, named: &Reopening) -> bool {
    let asked = rules.form(content.stage).questions().filter(|(_, question)| question.asks_for_documents());
    let names = |question: &Question| {
        let answer = content.answers.get(&question.id);
        answer.is_some_and(|answer| hashes(answer).any(|hash| hash == document.hash))
    };
    let naming: Vec<&Question> = asked.map(|(_, question)| question).filter(|question| names(question)).collect();
    match naming.as_slice() {
        [] => named.opens(Part::Documents),
        questions => questions.iter().all(|question| named.opens(Part::Answer(&question.id))),
    }
}

/// What was written besides the version that stands, as people read it. What was emptied or not begun is nothing to keep.
fn set_aside((standing, live): (&Content, &Content), rules: &Rulebook, named: &Reopening) -> Vec<SetAside> {
    let rows = |content: &Content| reading::cards(content, rules).into_iter().flat_map(|card| card.rows);
    let blank = Content {
        title: String::new(),
        phase: None,
        ask_pence: None,
        answers: BTreeMap::new(),
        documents: Vec::new(),
        costs: Vec::new(),
        promises: Vec::new(),
        ..live.clone()
    };
    let known: Vec<Row> = rows(standing).chain(rows(&blank)).collect();
    let of_partnership = |row: &Row| row.change.is_empty() || row.change == "partners";
    rows(live)
        .filter(|row| !known.contains(row) && !of_partnership(row) && !named.opens(part_at(&row.change)))
        .map(|row| SetAside { title: row.key, text: row.value })
        .collect()
}
