//! Moving a round's bids to another version of its workflow: where each state is found, where each bid would land, and the undo.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::{Deserialize, Serialize};

use crate::{
    error::AppError,
    funds::{self, service::WorkflowVersion},
    http::{Query, Refused, in_address},
    journey::service::{self, MadeMove, MovedBids, WorkflowMove},
    web::{FieldError, Form, Page, Posted, Visit},
    workflow::Definition,
};

type Answer = Result<HttpResponse, Refused>;

/// The name of a mapped state's field begins with this.
const STATE: &str = "state-";

/// Which versions.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// The one that bids are on.
    pub from: Option<i32>,
    /// The one to which they go.
    pub to: Option<i32>,
}

/// The page.
#[derive(Debug, Serialize)]
pub struct MovesPage {
    /// The round's title.
    pub round: String,
    /// Where the pages of its workflow are.
    pub at: String,
    /// The versions from which bids can be moved.
    pub from: Vec<Pick>,
    /// The versions to which.
    pub to: Vec<Pick>,
    /// Where the bids would land, once two versions are chosen.
    pub prospect: Option<ProspectView>,
    /// The moves that were made, newest first.
    pub moves: Vec<MadeMove>,
}

impl Page for MovesPage {
    const TEMPLATE: &'static str = "journey/moves.html";
}

/// An option of a list.
#[derive(Debug, Serialize)]
pub struct Pick {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub text: String,
    /// Whether it is the one.
    pub selected: bool,
}

/// Where the bids would land.
#[derive(Debug, Serialize)]
pub struct ProspectView {
    /// The bids.
    pub moved: MovedBids,
    /// By state in which a bid stands, where it can be found.
    pub states: Vec<StateChoice>,
    /// How many councils' bids are told by e-mail.
    pub told: usize,
}

/// A state with those of the other version.
#[derive(Debug, Serialize)]
pub struct StateChoice {
    /// The name of its field.
    pub field: String,
    /// What the fund's people call it.
    pub label: String,
    /// The states of the other version.
    pub options: Vec<Pick>,
}

/// The versions to choose from, and the moves that were made.
pub async fn ask(visit: Visit, slug: Path<String>, which: Query<Which>) -> Answer {
    let wanted = which.from.zip(which.to).map(|(from, to)| WorkflowMove { from, to, ..WorkflowMove::default() });
    let page = page(&visit, &slug, wanted).await?;
    visit.page(&page).await
}

/// Says where the bids would land by what was chosen, or moves them.
pub async fn act(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let wanted = wanted(&form.0);
    if form.0.text("do") != "move" {
        let page = page(&visit, &slug, Some(wanted)).await?;
        return visit.page(&page).await;
    }
    match service::move_bids(&visit.app, &visit.call, slug.clone(), wanted.clone()).await {
        Ok(moved) => {
            let bids = moved.bids.len();
            let told = format!(
                "{} to version {}.",
                if bids == 1 { "1 bid is moved".into() } else { format!("{bids} bids are moved") },
                moved.to
            );
            Ok(visit.see_with_success(&path_of(&slug), &told))
        }
        Err(AppError::Conflict { message, .. }) => {
            let page = page(&visit, &slug, Some(wanted)).await?;
            let error = FieldError { field: "bids".into(), message };
            visit.answer(StatusCode::CONFLICT, &page, vec![error]).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes a move back.
pub async fn undo(visit: Visit, path: Path<(String, String)>, _form: Posted) -> Answer {
    let (slug, id) = path.into_inner();
    let id = in_address(&id)?;
    service::undo_move(&visit.app, &visit.call, slug.clone(), id).await?;
    Ok(visit.see_with_success(&path_of(&slug), "The move is undone. The bids are where they were."))
}

fn path_of(slug: &str) -> String {
    format!("/rounds/{slug}/workflow/moves")
}

/// A state whose counterpart is left open keeps its id.
fn wanted(form: &Form) -> WorkflowMove {
    let number = |field: &str| form.text(field).parse().unwrap_or_default();
    let mapped = |(field, state): (&str, &str)| Some((field.strip_prefix(STATE)?.to_owned(), state.to_owned()));
    let mapping: BTreeMap<String, String> = form.fields().filter_map(mapped).filter(|(_, to)| !to.is_empty()).collect();
    WorkflowMove { from: number("from"), to: number("to"), mapping, dry_run: false }
}

async fn page(visit: &Visit, slug: &str, wanted: Option<WorkflowMove>) -> Result<MovesPage, AppError> {
    let (app, call) = (&visit.app, &visit.call);
    let moves = service::moves(app, call, slug.to_owned()).await?;
    let round = funds::service::round(app, call, slug.to_owned()).await?;
    let versions = funds::service::workflow_versions(app, call, slug.to_owned()).await?;
    let newest = versions.last().map_or(1, |version| version.number);
    let (from, to) = wanted.as_ref().map_or(((newest - 1).max(1), newest), |wanted| (wanted.from, wanted.to));
    let prospect = match wanted.filter(|wanted| wanted.from != wanted.to) {
        Some(wanted) => Some(prospect(visit, slug, wanted).await?),
        None => None,
    };
    Ok(MovesPage {
        round: round.round.title,
        at: format!("/rounds/{slug}/workflow"),
        from: numbers(&versions, from),
        to: numbers(&versions, to),
        prospect,
        moves,
    })
}

fn numbers(versions: &[WorkflowVersion], chosen: i32) -> Vec<Pick> {
    let pick = |version: &WorkflowVersion| Pick {
        value: version.number.to_string(),
        text: if version.newest { format!("{} (in force)", version.number) } else { version.number.to_string() },
        selected: version.number == chosen,
    };
    versions.iter().rev().map(pick).collect()
}

async fn prospect(visit: &Visit, slug: &str, wanted: WorkflowMove) -> Result<ProspectView, AppError> {
    let (app, call) = (&visit.app, &visit.call);
    let (_, newer) = funds::service::workflow_version(app, call, slug.to_owned(), wanted.to).await?;
    let newer: Definition = serde_json::from_value(newer)?;
    let moved =
        service::move_bids(app, call, slug.to_owned(), WorkflowMove { dry_run: true, ..wanted.clone() }).await?;
    let mut states: BTreeMap<&str, &str> = BTreeMap::new();
    for bid in &moved.bids {
        states.insert(&bid.from, &bid.from_label);
    }
    let choice = |(id, label): (&str, &str)| {
        let chosen = wanted.mapping.get(id).map_or(id, String::as_str);
        let known = newer.states.iter().map(|state| (state.id.as_str(), state.labels.staff.as_str()));
        let options = [("", "The state of the same id")].into_iter().chain(known);
        let pick = |(value, text): (&str, &str)| Pick {
            value: value.to_owned(),
            text: text.to_owned(),
            selected: value == chosen,
        };
        StateChoice { field: format!("{STATE}{id}"), label: label.to_owned(), options: options.map(pick).collect() }
    };
    let states = states.into_iter().map(choice).collect();
    let told = moved.bids.iter().filter(|bid| bid.told).count();
    Ok(ProspectView { moved, states, told })
}
