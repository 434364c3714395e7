//! Beginning a draft, writing it, and what is missing before it can be published.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    model::{DraftChange, NewDraft, missing, no_rules, pairs},
    store as drafts,
};
use crate::{
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    funds::{
        model::{Fund, Milestone, Round, RoundInFull, RoundState},
        rulebook::Rulebook,
        service, store,
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{FundKey, RoundKey},
    money::Pence,
    workflow::{Definition, definitions},
};

/// A draft as whoever writes it needs it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The round.
    pub round: RoundInFull,
    /// The milestones for which its workflow needs a date, in their order.
    pub needed: Vec<Milestone>,
    /// Everything that keeps it from being published.
    pub missing: Vec<Fault>,
}

/// What a new round of a fund can begin with.
#[derive(Debug, Clone)]
pub struct Beginnings {
    /// The fund.
    pub fund: Fund,
    /// Its rounds, newest first.
    pub rounds: Vec<Round>,
}

/// What a draft takes over.
struct Origin {
    workflow: String,
    rulebook: Rulebook,
    copied: Option<Round>,
}

fn fund(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<FundKey>, Fund)> {
    let fund = store::fund_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    Ok((policy::fund(conn, &scene.actor, Action::EditRound, fund.id)?, fund))
}

/// What a new round of a fund can begin with.
///
/// # Errors
/// As policy says.
pub async fn beginnings(app: &App, call: &Call, slug: String) -> Result<Beginnings> {
    call.read(app, move |conn, scene| {
        let (granted, fund) = fund(conn, scene, &slug)?;
        Ok(Beginnings { rounds: drafts::rounds_of_fund(conn, &granted, MOST_LISTED)?, fund })
    })
    .await
}

/// More rounds of a fund than anybody looks through.
const MOST_LISTED: i64 = 200;

/// Begins a draft with a ready workflow, or as a copy of a round: dates are set later.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Conflict` when slug or prefix is taken.
pub async fn begin(app: &App, call: &Call, slug: String, new: NewDraft) -> Result<RoundInFull> {
    call.write(app, move |conn, scene| {
        let (granted, fund) = fund(conn, scene, &slug)?;
        AppError::unless_empty(new.faults())?;
        let origin = origin(conn, scene, &new)?;
        let round = round_of(scene, &fund, &new, origin.copied.as_ref());
        refuse_taken_prefix(conn, &round)?;
        if store::is_taken(conn, &round.slug, &round.prefix)? {
            return Err(service::slug_taken());
        }
        store::insert_round(conn, &granted, &round)?;
        let first = (1, "The round's first rules", scene.now);
        store::insert_rulebook(conn, scene.fresh(), round.id, &origin.rulebook, first)?;
        let hash = Sha256::digest(origin.workflow.as_bytes()).to_vec();
        let workflow = store::NewWorkflow { number: 1, text: &origin.workflow, hash: &hash, reason: None };
        store::insert_workflow(conn, scene.fresh(), round.id, workflow, scene.now)?;
        let copied = origin.copied.map(|copied| copied.id);
        let detail = json!({ "slug": round.slug, "copy_of": copied, "replaces": round.replaces_id });
        scene.tell(conn, Chain::Round(round.id), "round.created", detail)?;
        store::in_full(conn, round)
    })
    .await
}

/// References tell the rounds of all funds apart.
fn refuse_taken_prefix(conn: &mut Conn, round: &Round) -> Result<()> {
    if drafts::is_prefix_taken(conn, &round.prefix, round.id)? {
        let message = "References of another round’s bids begin with this already. Choose another.";
        return Err(AppError::conflict("prefix_taken", message));
    }
    Ok(())
}

fn origin(conn: &mut Conn, scene: &Scene, new: &NewDraft) -> Result<Origin> {
    if let Some(slug) = &new.copy_of {
        let unknown = |_| AppError::invalid("copy_of", "unknown_round", "Name a round that you can see.");
        let copied = service::visible_round(conn, scene, slug).map_err(unknown)?;
        let mut definition = store::newest_workflow(conn, copied.round.id)?.definition()?;
        definition.version = 1;
        let workflow = serde_json::to_string(&definition)?;
        let rulebook = Rulebook { assessment: copied.rulebook.assessment.copied(), ..copied.rulebook };
        return Ok(Origin { workflow, rulebook, copied: Some(copied.round) });
    }
    let ready = new.workflow.as_deref().and_then(definitions::get);
    let workflow = ready.ok_or_else(|| AppError::Invalid(vec![service::unknown_workflow("workflow")]))?.to_owned();
    Ok(Origin { workflow, rulebook: no_rules(), copied: None })
}

fn round_of(scene: &Scene, fund: &Fund, new: &NewDraft, copied: Option<&Round>) -> Round {
    let called_off = copied.filter(|copied| copied.state == RoundState::Cancelled && copied.fund_id == fund.id);
    Round {
        id: scene.fresh(),
        fund_id: fund.id,
        slug: new.slug.clone(),
        title: new.title.trim().into(),
        summary: copied.map(|copied| copied.summary.clone()).unwrap_or_default(),
        prefix: new.prefix.clone(),
        budget_pence: copied.map_or(Pence(0), |copied| copied.budget_pence),
        state: RoundState::Draft,
        note: copied.and_then(|copied| copied.note.clone()),
        published_at: None,
        created_at: scene.now,
        version: 1,
        cancelled_at: None,
        cancelled_because: None,
        replaces_id: called_off.map(|copied| copied.id),
    }
}

fn asked(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<RoundKey>, RoundInFull, Definition)> {
    let round = store::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::round(conn, &scene.actor, Action::EditRound, round.id)?;
    if round.state != RoundState::Draft {
        let message =
            "The round is published, so it is no draft any more. Change it with a reason and a second manager.";
        return Err(AppError::conflict("published_already", message));
    }
    let workflow = store::workflow_of_round(conn, round.id)?;
    Ok((granted, store::in_full(conn, round)?, store::workflow(conn, workflow)?))
}

/// A draft with everything that it still lacks.
///
/// # Errors
/// As policy says; `Conflict` when the round is published.
pub async fn draft(app: &App, call: &Call, slug: String) -> Result<Draft> {
    call.read(app, move |conn, scene| {
        let (_, round, definition) = asked(conn, scene, &slug)?;
        let mut needed: Vec<Milestone> =
            definition.milestones.iter().filter_map(|id| Milestone::from_word(id)).collect();
        needed.sort();
        Ok(Draft { missing: missing(&round, &definition, scene.now), needed, round })
    })
    .await
}

/// Changes a draft that stands at `version`.
///
/// # Errors
/// As policy says; `Stale`; `Invalid` with every fault; `Conflict` when the round is published or another has the prefix.
pub async fn change(app: &App, call: &Call, slug: String, version: i32, change: DraftChange) -> Result<RoundInFull> {
    call.write(app, move |conn, scene| {
        let (granted, before, definition) = asked(conn, scene, &slug)?;
        if before.round.version != version {
            return Err(AppError::Stale { current: before.round.version });
        }
        AppError::unless_empty(change.faults(&definition))?;
        let after = changed(before.round, &change);
        refuse_taken_prefix(conn, &after)?;
        if !drafts::change(conn, &granted, &after)? {
            return Err(AppError::Stale { current: version });
        }
        if let Some(milestones) = &change.milestones {
            drafts::set_milestones(conn, scene, &granted, &pairs(milestones))?;
        }
        if let Some(rulebook) = change.rulebook.clone() {
            let assessment = rulebook.assessment.completed(&before.rulebook.assessment);
            drafts::set_rules(conn, &granted, &Rulebook { assessment, ..rulebook })?;
        }
        let round = store::in_full(conn, after)?;
        let detail = json!({ "version": round.round.version, "rules": round.rules_hash });
        scene.tell(conn, Chain::Round(round.round.id), "round.draft_changed", detail)?;
        Ok(round)
    })
    .await
}

fn changed(before: Round, change: &DraftChange) -> Round {
    let text = |text: &Option<String>, before: String| text.as_ref().map_or(before, |text| text.trim().to_owned());
    let note = change.note.as_ref().map_or(before.note, |note| Some(note.trim().to_owned()));
    Round {
        title: text(&change.title, before.title),
        summary: text(&change.summary, before.summary),
        prefix: text(&change.prefix, before.prefix),
        budget_pence: change.budget_pence.unwrap_or(before.budget_pence),
        note: note.filter(|note| !note.is_empty()),
        version: before.version + 1,
        ..before
    }
}
