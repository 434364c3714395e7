//! What happened to a bid in words. The bid's own chain holds nothing that its councils may not know.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    actor::Recorded,
    bids,
    clock::Moment,
    db::{
        Conn,
        schema::{memberships, organisations, people},
    },
    error::Result,
    events::{self, Chain, Data},
    funds::{self, rulebook::Stage},
    http::{App, Call},
    identity::{
        policy::{self, Action},
        store::organisations as known_organisations,
    },
    ids::{Id, OrganisationKey, PersonKey},
    workflow::Definition,
};

/// How much of a version's hash tells it apart for people; the whole stands on the receipt.
const SHORT_HASH: usize = 12;

/// Something that happened, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What happened.
    pub what: String,
    /// Who did it.
    pub who: String,
    /// When.
    pub at: Moment,
}

/// What happened to a bid, oldest first.
///
/// # Errors
/// `NotFound` when one may not know of it.
pub async fn history(app: &App, call: &Call, reference: String) -> Result<Vec<Told>> {
    call.read(app, move |conn, scene| {
        let id = bids::store::id_of(conn, &reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        let granted = policy::bid(conn, &scene.actor, Action::ReadHistory, id)?;
        let bid = bids::store::load(conn, &granted)?;
        let happened = events::history(conn, Chain::Bid(id))?;
        let happened = bids::service::as_may_be_read(conn, &granted, happened)?;
        // States go by the words of the version that the bid was pinned to when they came.
        let mut definition = match happened.iter().find_map(|event| version_in(event, "from_version")) {
            Some(first) => funds::store::workflow_version(conn, bid.round_id, first)?.definition()?,
            None => funds::store::workflow(conn, bid.workflow_id)?,
        };
        let mut known = BTreeMap::new();
        let told = |event: Data| {
            if let Some(next) = version_in(&event, "to_version") {
                definition = funds::store::workflow_version(conn, bid.round_id, next)?.definition()?;
            }
            let mut what = what(conn, &definition, &event)?;
            if event.detail.get("mail") == Some(&Value::Bool(false)) {
                what.push_str(". Its councils got no email about this");
            }
            Ok(Told { what, who: who(conn, &mut known, &event.actor)?, at: event.at })
        };
        happened.into_iter().map(told).collect()
    })
    .await
}

/// The version of the workflow from which or to which the bid was moved, if that is what happened.
fn version_in(event: &Data, field: &str) -> Option<i32> {
    i32::try_from(event.detail.get(field)?.as_i64()?).ok()
}

fn what(conn: &mut Conn, definition: &Definition, event: &Data) -> Result<String> {
    let said = |name: &str| event.detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let label = || definition.transition(said("subject")).map(|asked| asked.label.clone()).unwrap_or_default();
    let state = definition.state(said("to")).map(|state| state.labels.applicant.clone()).unwrap_or_default();
    Ok(match event.kind.as_str() {
        "bid.started" => "Bid started".into(),
        "bid.copied" => "Copied from an earlier bid what was still empty".into(),
        "bid.costs_written" => "Costs written".into(),
        "bid.promises_written" => "Promised outcomes written".into(),
        "bid.heading_written" => "Title, phase or ask written".into(),
        "bid.submitted" => format!("{state} (version {})", said("version").get(..SHORT_HASH).unwrap_or_default()),
        "bid.moved" | "bid.outcome_released" => state,
        "bid.more_time" => match said("until").parse().map(Moment::of) {
            Ok(until) => format!("This bid alone has more time, until {}", until.in_words()),
            Err(_no_instant) => "This bid alone has more time".into(),
        },
        "bid.reopened" => match said("until").parse().map(Moment::of) {
            Ok(until) => format!("Reopened for some of its questions, until {}", until.in_words()),
            Err(_no_instant) => "Reopened for some of its questions".into(),
        },
        "bid.on_hold" => "Put on hold".into(),
        "bid.hold_lifted" => "No longer on hold".into(),
        "bid.taken_up_again" => format!("Open again. {state}"),
        "bid.workflow_moved" | "bid.workflow_move_undone" => {
            let version = version_in(event, "to_version").unwrap_or_default();
            format!("{state} (now on version {version} of how the round decides)")
        }
        "bid.put_forward" => "Chosen to go forward among the drafts of the lead authority".into(),
        "bid.not_put_forward" => "Other drafts of the lead authority were chosen to go forward".into(),
        "bid.choice_taken_back" => "No draft of the lead authority is chosen any more".into(),
        "partner.invited" => with_council(conn, "Invited", said("organisation"))?,
        "partner.changed" => with_council(conn, "Changed the part of", said("organisation"))?,
        "partner.replaced" => {
            let gone = with_council(conn, "Another partner takes the place of", said("organisation"))?;
            with_council(conn, &format!("{gone}:"), said("by_organisation"))?
        }
        "partner.unknown_wanted" => "Asked the fund to check an organisation that is to be a partner".into(),
        "partner.unknown_taken_back" => "No longer asks the fund to check an organisation".into(),
        "partner.withdrawn" => with_council(conn, "Took out", said("organisation"))?,
        "partner.confirmed" => with_council(conn, "Confirmed by", said("organisation"))?,
        "partner.left" => with_council(conn, "Left by", said("organisation"))?,
        "partner.declined" => with_council(conn, "Declined by", said("organisation"))?,
        "partner.joined" => with_council(conn, "Joined, as it had asked, by", said("organisation"))?,
        "lead.changed" => with_council(conn, "Led from now on by", said("organisation"))?,
        "bid.merged" => format!("Became one with {}, which ended", said("ended")),
        "bid.merged_into" => format!("Became part of {}", said("into")),
        kind if kind.starts_with("partnership.") => proposing(conn, event, said("organisation"))?,
        kind if kind.starts_with("sign_off.") => signing(conn, event, said("organisation"))?,
        "approval.requested" => format!("Approval asked for: {}", label()),
        "approval.given" => format!("Approved: {}", label()),
        "approval.void" => format!("No longer approved, because it changed: {}", label()),
        "approval.taken_back" => format!("Approval no longer asked for: {}", label()),
        "approval.overtaken" => format!("Approval no longer needed: {}", label()),
        "approval.refused" => format!("Approval refused: {}", label()),
        "clarification.asked" => "The fund asked the councils a question".into(),
        "clarification.more_time" => "The fund gave more time to answer its question".into(),
        "clarification.taken_back" => "The fund took its question back".into(),
        "clarification.answered" => "The fund’s question was answered".into(),
        "document.added" => "Document uploaded".into(),
        "document.brought" => brought(said("from")),
        "document.taken_out" => "Document taken out".into(),
        "document.infected" => "Virus found in a document, which was deleted".into(),
        "slides.added" if said("in_place_of").is_empty() => "Slides of the interview uploaded".into(),
        "slides.added" => "Slides of the interview replaced".into(),
        "slides.taken_out" => "Slides of the interview taken out".into(),
        "slides.infected" => "Virus found in slides of the interview, which were deleted".into(),
        "answers.assigned" => "Councils asked to write answers".into(),
        "prior_work.chosen" => "Earlier work chosen".into(),
        "project.created" => "Project started".into(),
        "delivery.reported" => "Delivery reported".into(),
        other => other.replace(['.', '_'], " "),
    })
}

/// That a document came from the stage before, or from another bid.
fn brought(from: &str) -> String {
    let the = if from == Stage::Eoi.title() { "the " } else { "" };
    format!("Document of {the}{from} taken over")
}

/// What happened to a sign-off; events of before every council could sign name none, and are about the lead's.
fn signing(conn: &mut Conn, event: &Data, id: &str) -> Result<String> {
    let council = id.parse().ok().map(|id| known_organisations::by_id(conn, id)).transpose()?;
    let officer = council.as_ref().map_or("section 151 officer", |council| council.kind.finance_officer());
    let of = council.as_ref().map_or_else(String::new, |council| format!(" of {}", council.name));
    let by = if event.detail.get("in_place_of").is_some_and(Value::is_string) { "a deputy of " } else { "" };
    Ok(match event.kind.as_str() {
        "sign_off.requested" => format!("Sign-off by the {officer}{of} asked for"),
        "sign_off.signed" => format!("Signed by {by}the {officer}{of}"),
        "sign_off.changes_wanted" => format!("Changes asked for by {by}the {officer}{of}"),
        "sign_off.ended" => format!("Sign-off by the {officer}{of} no longer asked for"),
        _ => format!("The signature of the {officer}{of} became void, because what was signed for changed"),
    })
}

/// What became of a proposal about the councils of the bid.
fn proposing(conn: &mut Conn, event: &Data, id: &str) -> Result<String> {
    let about = match event.detail.get("what").and_then(Value::as_str) {
        Some("lead") => with_council(conn, "another lead,", id)?,
        Some("join") => with_council(conn, "the request to join by", id)?,
        _ => "becoming one with another bid".into(),
    };
    Ok(match event.kind.as_str() {
        "partnership.proposed" => format!("Proposed: {about}"),
        "partnership.agreed" => format!("Agreed to: {about}"),
        "partnership.agreement_taken_back" => format!("No longer agreed to: {about}"),
        "partnership.refused" => format!("Refused: {about}"),
        "partnership.taken_back" => format!("Taken back: {about}"),
        _ => format!("Not possible any more: {about}"),
    })
}

fn with_council(conn: &mut Conn, verb: &str, id: &str) -> Result<String> {
    let Ok(id) = id.parse::<Id<OrganisationKey>>() else { return Ok(format!("{verb} a council")) };
    let name: Option<String> = organisations::table.find(id).select(organisations::name).first(conn).optional()?;
    Ok(format!("{verb} {}", name.unwrap_or_else(|| "a council".into())))
}

/// The actor's name with the council; whoever works for none works for the fund, which is not named person by person.
fn who(conn: &mut Conn, known: &mut BTreeMap<String, String>, actor: &Recorded) -> Result<String> {
    let id = actor.id.clone().unwrap_or_default();
    if let Some(name) = known.get(&id) {
        return Ok(name.clone());
    }
    let name = match (actor.kind.as_str(), id.parse::<Id<PersonKey>>()) {
        ("person", Ok(person)) => person_of(conn, person)?,
        ("client", _) => "A program".into(),
        _ => "Roundtable".into(),
    };
    known.insert(id, name.clone());
    Ok(name)
}

fn person_of(conn: &mut Conn, person: Id<PersonKey>) -> Result<String> {
    let name: Option<String> = people::table.find(person).select(people::name).first(conn).optional()?;
    let council: Option<String> = memberships::table
        .inner_join(organisations::table)
        .filter(memberships::person_id.eq(person))
        .order(memberships::created_at)
        .select(organisations::name)
        .first(conn)
        .optional()?;
    Ok(match (name, council) {
        (Some(name), Some(council)) => format!("{name}, {council}"),
        _ => "The fund".into(),
    })
}
