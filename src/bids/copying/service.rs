//! Looking at what could be copied, and copying it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::model::{CopyFrom, CopyView, Earlier, Filled, Said, cost_in_words, costs_of, naming_lead, promise_in_words};
use crate::{
    bids::{
        answers,
        content::{self, Content},
        documents::{
            self,
            bringing::{bring_some, is_kept},
            model::hashes,
        },
        model::{Answer, Bid, CostLine, Promise},
        reading,
        service::{Late, granted_to_write, is_applicant, order_look, reopening_of, signed_in, writable_stage},
        store,
    },
    db::{Conn, Doc},
    error::{AppError, Fault, Result},
    events::Chain,
    funds::{
        form::Question,
        model::RoundInFull,
        reopening::{Part, Reopening},
        rulebook::Stage,
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Capacity, Granted},
    ids::{BidKey, Id, OrganisationKey},
};

/// As many earlier bids can be chosen from on a page; over REST any can be named.
const MOST_OFFERED: i64 = 50;

/// The bids from which whoever writes one can copy, newest first: those that their councils lead, and those that they have joined and
/// of which something was submitted.
///
/// # Errors
/// `Unauthenticated`.
pub async fn earlier(app: &App, call: &Call) -> Result<Vec<Earlier>> {
    call.read(app, |conn, scene| {
        let sight = signed_in(conn, scene)?;
        let mut rows = store::joined(conn, &sight, MOST_OFFERED)?;
        rows.retain(|row| sight.organisations.contains(&row.bid.lead_id) || row.bid.submitted_at.is_some());
        let earlier =
            rows.into_iter().map(|row| Earlier { reference: row.bid.reference, title: row.bid.title, lead: row.lead });
        Ok(earlier.collect())
    })
    .await
}

/// The bid that is copied from, if the actor writes or has joined it, and what of it the actor may take along.
pub(in crate::bids) struct Source {
    granted: Granted<BidKey>,
    reference: String,
    title: String,
    /// The later stage before the earlier.
    said: Vec<Said>,
    costs: Vec<CostLine>,
    promises: Vec<Promise>,
}

/// Reads the bid that is copied from.
///
/// # Errors
/// `Invalid` alike for one that does not exist and for one of others; and for one that another council leads and that was never
/// submitted.
pub(in crate::bids) fn source(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Source> {
    let fault = |code, message: &str| AppError::Invalid(vec![Fault::new("copy_from", code, message)]);
    let unknown = || fault("unknown_bid", "Give the reference of a bid that your council leads or has joined.");
    let id = store::id_of(conn, reference.trim()).map_err(|_unknown| unknown())?;
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, id).map_err(|_hidden| unknown())?;
    if !is_applicant(&granted) || granted.standing().is(Capacity::InvitedMember) {
        return Err(unknown());
    }
    let bid = store::load(conn, &granted)?;
    let mut source = Source {
        reference: bid.reference,
        title: bid.title,
        said: Vec::new(),
        costs: Vec::new(),
        promises: Vec::new(),
        granted,
    };
    if source.granted.standing().leads() {
        source.read_draft(conn, bid.lead_id)?;
    } else if !source.read_submitted(conn)? {
        let message =
            "Nothing of this bid was submitted yet. What another council leads can be copied once it is submitted.";
        return Err(fault("not_submitted", message));
    }
    Ok(source)
}

impl Source {
    /// What one's own council has written, submitted or not.
    fn read_draft(&mut self, conn: &mut Conn, lead: Id<OrganisationKey>) -> Result<()> {
        for stage in [Stage::Full, Stage::Eoi] {
            let answers = store::answers(conn, &self.granted, stage)?;
            let answers = answers.into_iter().map(|answer| (answer.question, answer.value.0)).collect();
            self.add(conn, stage, answers)?;
        }
        self.costs = naming_lead(lead, &store::costs(conn, &self.granted)?);
        self.promises = store::promises(conn, &self.granted)?;
        Ok(())
    }

    /// What was submitted; says whether anything was.
    fn read_submitted(&mut self, conn: &mut Conn) -> Result<bool> {
        for stage in [Stage::Full, Stage::Eoi] {
            let standing = content::standing(conn, &self.granted, stage)?;
            let Some(Content { title, lead, answers, costs, promises, .. }) = standing else { continue };
            if self.said.is_empty() {
                self.title = title;
            }
            self.costs.extend(naming_lead(lead.id, &costs));
            self.promises.extend(promises);
            self.add(conn, stage, answers)?;
        }
        Ok(!self.said.is_empty())
    }

    fn add(&mut self, conn: &mut Conn, stage: Stage, answers: BTreeMap<String, Value>) -> Result<()> {
        let mut documents = Vec::new();
        for document in documents::store::current(conn, &self.granted, stage)? {
            if is_kept(conn, &document)? {
                documents.push(document);
            }
        }
        self.said.push(Said { stage, answers, documents });
        Ok(())
    }
}

/// Where something is copied to: a bid at the stage whose form is open.
pub(in crate::bids) struct Target<'a> {
    /// The bid that is filled.
    pub granted: &'a Granted<BidKey>,
    /// The same, as it stands.
    pub bid: &'a Bid,
    /// Its round.
    pub round: &'a RoundInFull,
    /// The stage that is written.
    pub stage: Stage,
    /// What alone can be written, where it is reopened.
    pub reopened: Option<Reopening>,
}

impl Target<'_> {
    fn opens(&self, part: Part<'_>) -> bool {
        self.reopened.as_ref().is_none_or(|reopened| reopened.opens(part))
    }

    fn late(&self, scene: &Scene) -> Option<Late> {
        Late::if_late((self.round, self.stage), &self.bid.reference, scene.now)
    }
}

/// What is filled of a bid.
pub(in crate::bids) struct Copied<'a> {
    /// Each question with its answer, the stage where that was said, and the version that it gets.
    answers: Vec<(&'a Question, Value, Stage, i32)>,
    costs: Vec<CostLine>,
    promises: Vec<Promise>,
}

impl<'a> Copied<'a> {
    /// What of the source fits where the target is still empty, of the later stage before the earlier.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, source: &Source, to: &Target<'a>) -> Result<Self> {
        let mut answers = Vec::new();
        let there = store::answers(conn, to.granted, to.stage)?;
        let there: BTreeMap<&str, &Answer> = there.iter().map(|answer| (answer.question.as_str(), answer)).collect();
        for (_, question) in to.round.rulebook.form(to.stage).questions() {
            // What the profile says is kept up to date; what an earlier bid said of it is as old as that.
            let stands = there.get(question.id.as_str());
            let is_empty = stands.is_none_or(|stands| !Question::is_answered(&stands.value.0));
            if !is_empty || !to.opens(Part::Answer(&question.id)) {
                continue;
            }
            let version = stands.map_or(0, |stands| stands.version) + 1;
            let fitting = source.said.iter().find_map(|said| Some((said.fits(question)?.clone(), said.stage)));
            answers.extend(fitting.map(|(value, stage)| (question, value, stage, version)));
        }
        let mut copied = Self { answers, costs: Vec::new(), promises: Vec::new() };
        if to.stage == Stage::Full && to.opens(Part::Costs) && store::costs(conn, to.granted)?.is_empty() {
            copied.costs = costs_of(to.bid.lead_id, &source.costs, &to.round.rulebook.cost_kinds);
        }
        if to.stage == Stage::Full && to.opens(Part::Promises) && store::promises(conn, to.granted)?.is_empty() {
            copied.promises.clone_from(&source.promises);
        }
        Ok(copied)
    }

    fn is_nothing(&self) -> bool {
        self.answers.is_empty() && self.costs.is_empty() && self.promises.is_empty()
    }

    /// Writes it into the target, and into its history.
    ///
    /// # Errors
    /// When the database fails.
    pub fn write(&self, conn: &mut Conn, scene: &Scene, source: &Source, to: &Target<'_>) -> Result<()> {
        let by = answers::service::author(conn, scene, to.granted, to.bid)?;
        for (question, value, said, version) in &self.answers {
            if question.asks_for_documents() {
                let wanted: BTreeSet<String> = hashes(value).map(str::to_owned).collect();
                let from = (&source.granted, *said);
                bring_some(conn, scene, from, (to.granted, to.stage), (&source.reference, Some(&wanted)))?;
            }
            let begun = Answer {
                question: question.id.clone(),
                value: Doc(value.clone()),
                complete: false,
                version: *version,
                updated_by: by.person.unwrap_or(to.bid.created_by),
                updated_at: scene.now,
            };
            store::put_answer(conn, to.granted, scene.fresh(), to.stage, (&begun, by))?;
        }
        if !self.costs.is_empty() {
            let rows: Vec<_> = self.costs.iter().map(|line| (scene.fresh(), line.clone())).collect();
            store::put_costs(conn, to.granted, &rows)?;
        }
        if !self.promises.is_empty() {
            let rows: Vec<_> = self.promises.iter().map(|promise| (scene.fresh(), promise.clone())).collect();
            store::put_promises(conn, to.granted, &rows)?;
        }
        let detail = json!({
            "from": source.granted.id(), "stage": to.stage, "answers": self.answers.len(),
            "costs": self.costs.len(), "promises": self.promises.len(),
        });
        scene.tell(conn, Chain::Bid(to.granted.id()), "bid.copied", detail)
    }

    fn view(&self, source: &Source, late: Option<Late>) -> CopyView {
        let mut fills: Vec<Filled> = self.answers.iter().map(|answer| filled(source, answer)).collect();
        let mut lines = |part: &str, title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                fills.push(Filled { part: part.into(), title: title.into(), text: lines.join("\n") });
            }
        };
        lines("costs", "Costs of the lead authority", self.costs.iter().map(cost_in_words).collect());
        lines("promises", "Promised outcomes", self.promises.iter().map(promise_in_words).collect());
        CopyView { copy_from: source.reference.clone(), title: source.title.clone(), fills, late }
    }
}

fn filled(source: &Source, (question, value, stage, _): &(&Question, Value, Stage, i32)) -> Filled {
    let there = source.said.iter().find(|said| said.stage == *stage);
    let documents = there.map(|said| said.documents.iter().map(|document| document.clone().attached()).collect());
    let documents: Vec<_> = documents.unwrap_or_default();
    Filled {
        part: question.id.clone(),
        title: question.title.clone(),
        text: reading::in_words(question, value, &documents),
    }
}

/// What copying would fill of a bid that is being written. Nothing is changed.
///
/// # Errors
/// As [`copy`].
pub async fn look(app: &App, call: &Call, reference: String, from: CopyFrom) -> Result<CopyView> {
    call.read(app, move |conn, scene| {
        let (view, _) = prepared(conn, scene, (&reference, &from), |_, scene, copied, to, source| {
            Ok(copied.view(source, to.late(scene)))
        })?;
        Ok(view)
    })
    .await
}

/// Fills what is still empty of a bid that is being written with what an earlier one says; gives what was filled.
///
/// # Errors
/// As policy says; `Invalid` for a bid that is none of one's own or was not submitted by the council that leads it; `Conflict` where
/// nothing can be written.
pub async fn copy(app: &App, call: &Call, reference: String, from: CopyFrom) -> Result<CopyView> {
    call.write(app, move |conn, scene| {
        let (view, bid) = prepared(conn, scene, (&reference, &from), |conn, scene, copied, to, source| {
            if !copied.is_nothing() {
                copied.write(conn, scene, source, to)?;
                if !(copied.costs.is_empty() && copied.promises.is_empty()) {
                    store::touch(conn, to.granted, scene.now)?;
                }
            }
            Ok(copied.view(source, to.late(scene)))
        })?;
        if !view.fills.is_empty() {
            order_look(conn, scene, bid.id)?;
        }
        Ok(view)
    })
    .await
}

fn prepared<T>(
    conn: &mut Conn,
    scene: &Scene,
    (reference, from): (&str, &CopyFrom),
    act: impl FnOnce(&mut Conn, &Scene, &Copied<'_>, &Target<'_>, &Source) -> Result<T>,
) -> Result<(T, Bid)> {
    let granted = granted_to_write(conn, scene, reference, Action::EditBid)?;
    let (bid, round, stage) = writable_stage(conn, scene, &granted, Part::Nothing)?;
    let source = source(conn, scene, &from.copy_from)?;
    if source.granted.id() == granted.id() {
        let message = "This is the bid itself. Give the reference of an earlier one.";
        return Err(AppError::Invalid(vec![Fault::new("copy_from", "same_bid", message)]));
    }
    let reopened = reopening_of(conn, scene, (bid.id, &round), stage)?;
    let to = Target { granted: &granted, bid: &bid, round: &round, stage, reopened };
    let copied = Copied::of(conn, &source, &to)?;
    let done = act(conn, scene, &copied, &to, &source)?;
    Ok((done, bid))
}
