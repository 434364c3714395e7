//! The use cases of funds and rounds.

mod approvers;
mod checks;
mod drafts;
mod staff;
mod workflows;

pub use approvers::tell_managers;
pub use checks::{
    LONGEST_SUMMARY, LONGEST_TITLE, budget_fault, missing_milestones, prefix_fault, slug_faults, slug_taken,
    text_faults, unknown_workflow, wrong_milestones,
};
pub use drafts::{
    NewDraft, Reason, WorkflowDesk, WorkingCopy, adopt_draft, begin_draft, discard_draft, edit_draft, save_draft,
    workflow_desk, working_copy,
};
pub use staff::{Desk, Staff, desk, fund, funds, give_role, grant_role, staff, take_role};
pub use workflows::{
    Checked, Comparison, ReadyWorkflow, WorkflowVersion, check_workflow, compare_workflows, ready_workflow,
    ready_workflows, workflow_version, workflow_versions,
};

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    assessing::AssessmentRules,
    making,
    model::{Fund, Milestone, Round, RoundInFull, RoundState},
    reminders,
    rulebook::{Rulebook, Stage},
    store,
};
use crate::{
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action},
    ids::{FundKey, Id, RoundKey},
    jobs,
    money::Pence,
    workflow::{self, Definition},
};

/// The job that asks whoever can now approve what waits for approvals in a fund already.
pub const APPROVERS_JOB: &str = "approvers";

/// Orders that job for the moment from which somebody can approve.
///
/// # Errors
/// When the database fails.
pub fn order_asking(conn: &mut Conn, scene: &Scene, fund: Id<FundKey>, from: Moment) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: APPROVERS_JOB,
        payload: json!({ "fund": fund }),
        run_at: from.max(scene.now),
        unique_key: None,
    };
    jobs::enqueue(conn, order, scene.now)
}

/// What makes a fund.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFund {
    /// Its place in addresses: small letters, digits and hyphens.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: String,
    /// Who gives the money.
    pub funder: String,
    /// The funder's org-id.
    #[serde(default)]
    pub funder_org_id: Option<String>,
}

/// What makes a round.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRound {
    /// Its place in addresses: small letters, digits and hyphens.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// What references of its bids begin with: capital letters and digits.
    pub prefix: String,
    /// How much can be awarded, in pence.
    pub budget_pence: Pence,
    /// Something everybody must know.
    #[serde(default)]
    pub note: Option<String>,
    /// Its milestones.
    pub milestones: Vec<NewMilestone>,
    /// Its rules.
    pub rulebook: Rulebook,
    /// The id of a workflow definition that the service knows.
    pub workflow: String,
}

/// A milestone on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMilestone {
    /// Which.
    pub name: Milestone,
    /// When.
    pub at: Moment,
}

/// The job that records that a milestone has passed.
pub const MILESTONE_JOB: &str = "milestone";

/// Asks whether somebody makes funds: the page about that is hidden from everybody else.
///
/// # Errors
/// As policy says.
pub async fn ask_to_create(app: &App, call: &Call) -> Result<()> {
    call.read(app, |conn, scene| policy::service(conn, &scene.actor, Action::CreateFund).map(drop)).await
}

/// Makes a fund.
///
/// # Errors
/// `Invalid` with every fault; `Conflict` when the slug is taken.
pub async fn create_fund(app: &App, call: &Call, new: NewFund) -> Result<Fund> {
    call.write(app, move |conn, scene| {
        let granted = policy::service(conn, &scene.actor, Action::CreateFund)?;
        let mut faults = slug_faults("slug", &new.slug);
        faults.extend(text_faults("name", &new.name, 200));
        faults.extend(text_faults("summary", &new.summary, 2_000));
        faults.extend(text_faults("funder", &new.funder, 200));
        faults.extend(new.funder_org_id.as_deref().and_then(|id| text_faults("funder_org_id", id, 60)));
        AppError::unless_empty(faults)?;
        if store::fund_by_slug(conn, &new.slug).is_ok() {
            return Err(AppError::conflict(
                "slug_taken",
                "There is a fund at this address already. Choose another slug.",
            ));
        }
        let new = new.clone();
        let fund = Fund {
            id: scene.fresh(),
            slug: new.slug,
            name: new.name,
            summary: new.summary,
            funder: new.funder,
            funder_org_id: new.funder_org_id,
            created_at: scene.now,
            version: 1,
        };
        store::insert_fund(conn, &granted, &fund)?;
        scene.tell(conn, Chain::Fund(fund.id), "fund.created", json!({ "slug": fund.slug }))?;
        Ok(fund)
    })
    .await
}

/// Makes a round as a draft.
///
/// # Errors
/// `Invalid` with every fault of the rules, the milestones and the workflow; `Conflict` when slug or prefix is taken.
pub async fn create_round(app: &App, call: &Call, fund: String, new: NewRound) -> Result<RoundInFull> {
    call.write(app, move |conn, scene| {
        let fund = store::fund_by_slug(conn, &fund)?;
        let granted = policy::fund(conn, &scene.actor, Action::EditRound, fund.id)?;
        AppError::unless_empty(new.faults())?;
        if store::is_taken(conn, &new.slug, &new.prefix)? {
            return Err(slug_taken());
        }
        let round = new.round(scene, fund.id);
        store::insert_round(conn, &granted, &round)?;
        new.insert_parts(conn, scene, round.id)?;
        let chain = Chain::Round(round.id);
        let round = store::in_full(conn, round)?;
        scene.tell(conn, chain, "round.created", json!({ "slug": round.round.slug, "rules": round.rules_hash }))?;
        Ok(round)
    })
    .await
}

impl NewRound {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = slug_faults("slug", &self.slug);
        faults.extend(text_faults("title", &self.title, LONGEST_TITLE));
        faults.extend(text_faults("summary", &self.summary, LONGEST_SUMMARY));
        faults.extend(prefix_fault(&self.prefix));
        faults.extend(budget_fault(self.budget_pence));
        let definition = workflow::definitions::read(&self.workflow);
        faults.extend(self.milestone_faults(definition.as_ref()));
        let stages = definition.as_ref().map_or_else(|| Stage::ALL.to_vec(), Stage::of);
        faults.extend(self.rulebook.faults(&stages));
        faults.extend(definition.as_ref().and_then(|definition| self.rulebook.assessment.misfit(definition)));
        if definition.is_none() {
            faults.push(unknown_workflow("workflow"));
        }
        faults
    }

    /// Each milestone of the workflow once and no other, in the order of the round.
    fn milestone_faults(&self, definition: Option<&Definition>) -> Vec<Fault> {
        let dates: Vec<(Milestone, Moment)> =
            self.milestones.iter().map(|milestone| (milestone.name, milestone.at)).collect();
        let Some(definition) = definition else { return checks::out_of_order(&dates) };
        let mut faults = wrong_milestones(&dates, definition);
        faults.extend(missing_milestones(&dates, definition));
        faults
    }

    fn round(&self, scene: &Scene, fund_id: Id<crate::ids::FundKey>) -> Round {
        Round {
            id: scene.fresh(),
            fund_id,
            slug: self.slug.clone(),
            title: self.title.clone(),
            summary: self.summary.clone(),
            prefix: self.prefix.clone(),
            budget_pence: self.budget_pence,
            state: RoundState::Draft,
            note: self.note.clone(),
            published_at: None,
            created_at: scene.now,
            version: 1,
            cancelled_at: None,
            cancelled_because: None,
            replaces_id: None,
        }
    }

    fn insert_parts(&self, conn: &mut Conn, scene: &Scene, round: Id<RoundKey>) -> Result<()> {
        for milestone in &self.milestones {
            store::insert_milestone(conn, scene.fresh(), round, (milestone.name, milestone.at))?;
        }
        let rulebook = self.rulebook.clone();
        let assessment = rulebook.assessment.completed(&AssessmentRules::default());
        let rulebook = Rulebook { assessment, ..rulebook };
        store::insert_rulebook(conn, scene.fresh(), round, &rulebook, (1, "The round's first rules", scene.now))?;
        let text = workflow::definitions::get(&self.workflow).ok_or(AppError::NotFound)?;
        let hash = Sha256::digest(text.as_bytes()).to_vec();
        let first = store::NewWorkflow { number: 1, text, hash: &hash, reason: None };
        store::insert_workflow(conn, scene.fresh(), round, first, scene.now)
    }
}

/// Publishes a round: from now on its rules are locked, and timers wait for its milestones.
///
/// # Errors
/// `Stale` when somebody changed it meanwhile; `Conflict` when it is published already; `Invalid` with everything that is
/// missing.
pub async fn publish(app: &App, call: &Call, slug: String, version: i32) -> Result<RoundInFull> {
    call.write(app, move |conn, scene| {
        let round = store::round_by_slug(conn, &slug)?;
        let granted = policy::round(conn, &scene.actor, Action::PublishRound, round.id)?;
        if round.state != RoundState::Draft {
            return Err(AppError::conflict("published_already", "The round is published already."));
        }
        if !store::publish(conn, &granted, version, scene.now)? {
            return Err(AppError::Stale { current: round.version });
        }
        let round = store::round_by_id(conn, round.id)?;
        let round = store::in_full(conn, round)?;
        let definition = store::newest_workflow(conn, round.round.id)?.definition()?;
        AppError::unless_empty(making::model::missing(&round, &definition, scene.now))?;
        for (milestone, at) in &round.timetable.0 {
            wait_for(conn, scene, round.round.id, (*milestone, *at))?;
        }
        let detail = json!({ "rules": round.rules_hash });
        scene.tell(conn, Chain::Round(round.round.id), "round.published", detail)?;
        Ok(round)
    })
    .await
}

/// A round with its rules: published ones for everybody, drafts for the fund's staff.
///
/// # Errors
/// `NotFound`.
pub async fn round(app: &App, call: &Call, slug: String) -> Result<RoundInFull> {
    call.read(app, move |conn, scene| visible_round(conn, scene, &slug)).await
}

/// The same inside another use case's transaction.
///
/// # Errors
/// `NotFound`.
pub fn visible_round(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<RoundInFull> {
    let round = store::round_by_slug(conn, slug)?;
    if round.state == RoundState::Draft {
        policy::round(conn, &scene.actor, Action::ReadRound, round.id).map_err(|_refused| AppError::NotFound)?;
    }
    store::in_full(conn, round)
}

/// The rounds that one may see, newest first.
///
/// # Errors
/// `Invalid` for a wrong cursor or limit.
pub async fn rounds(app: &App, call: &Call, page: PageRequest) -> Result<Listing<RoundInFull>> {
    let (limit, after) = (page.limit()?, page.after()?);
    call.read(app, move |conn, scene| {
        let sight = policy::sight(conn, &scene.actor)?;
        let rows = store::listed(conn, &sight, after, limit + 1)?;
        let rows = rows.into_iter().map(|round| store::in_full(conn, round)).collect::<Result<Vec<_>>>()?;
        Ok(Listing::of(rows, limit, |row| row.round.id))
    })
    .await
}

/// Queues the timer of a milestone, and of a closing the reminders before it; a moved milestone gets another, and the old one finds nothing to do.
///
/// # Errors
/// When the database fails.
pub fn wait_for(
    conn: &mut Conn,
    scene: &Scene,
    round: Id<RoundKey>,
    (milestone, at): (Milestone, Moment),
) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: MILESTONE_JOB,
        payload: json!({ "round": round, "milestone": milestone }),
        run_at: at,
        unique_key: Some(format!("milestone {round} {milestone} {}", at.micros())),
    };
    jobs::enqueue(conn, order, scene.now)?;
    if milestone.is_closing() { reminders::service::order(conn, scene, (round, None), (milestone, at)) } else { Ok(()) }
}
