//! A bid's own page: for its councils where it stands and what is left to do, for staff what it says.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    act::said,
    tasks::{self, Beside, Group},
};
use crate::{
    assessment::interviews,
    awards::{self, service::BidOutcome},
    bids::{
        self,
        carried::model::{Carried, by_field},
        clarifications::service::Clarifications,
        holds::model::Hold,
        led::model::page_of,
        model::VersionInfo,
        pages::Heading,
        reading::{self, Card},
        service::Desk,
    },
    clock::Moment,
    error::{AppError, Fault},
    funds::{
        pages::{WayView, sentence},
        reopening::SetAside,
        rulebook::Stage,
    },
    http::{Refused, in_address},
    journey::service::{
        self, Awaited, Choice, Plan,
        dates::ChangeView,
        proposals::{self, Changed},
    },
    partnerships::sign_offs::{self, service::Signature},
    register,
    web::{Page, Posted, Visit},
};

/// A bid's own page.
#[derive(Debug, Serialize)]
pub struct BidPage {
    /// What stands above.
    pub bid: Heading,
    /// The round's title.
    pub round: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The lead authority.
    pub lead: String,
    /// Where it stands, in words.
    pub label: String,
    /// What happens next.
    pub next: String,
    /// Whether the open stage has closed already.
    pub late: bool,
    /// The hold that stands on it, for those who read what happens to it.
    pub on_hold: Option<Hold>,
    /// Why this bid alone has more time, for its councils and the fund's staff.
    pub more_time: Vec<ChangeView>,
    /// What managers propose for its time, for managers.
    pub proposed: Vec<ChangeView>,
    /// What was written and not submitted when the bid was reopened, for those who write it.
    pub set_aside: Vec<SetAside>,
    /// Whether parts of it are illustrative, and where the rest is from.
    pub illustrative: Option<String>,
    /// What was done about who leads it and which bids became one.
    pub changed: Changed,
    /// Whether one of its own councils looks.
    pub applicant: bool,
    /// Whether whoever looks writes the whole bid, and not its answers alone.
    pub edits: bool,
    /// Whether whoever looks works for a council that has not answered its invitation.
    pub invited: bool,
    /// Whether a version of the stage was submitted already.
    pub submitted: bool,
    /// What the fund asked its councils, and what they answered.
    pub clarified: Clarifications,
    /// What became of it, newest first.
    pub outcomes: Vec<BidOutcome>,
    /// What is left to do, for those who write.
    pub groups: Vec<Group>,
    /// How many tasks are done.
    pub done: usize,
    /// How many there are.
    pub of: usize,
    /// Why it cannot be submitted yet.
    pub reasons: Vec<String>,
    /// What it says, for those who do not write.
    pub cards: Vec<Card>,
    /// What its answers said in the expression of interest, by field.
    pub carried: BTreeMap<String, Carried>,
    /// What waits for approvals.
    pub requests: Vec<Awaited>,
    /// What was written of why one of them is refused.
    pub reason: String,
    /// What else can be done with it.
    pub choices: Vec<Choice>,
    /// The way that it has come, as whoever looks may know it.
    pub way: WayView,
    /// What was submitted.
    pub versions: Vec<VersionInfo>,
    /// Who has signed the full application, and who has not.
    pub signatures: Vec<Signature>,
    /// Other pages of this bid: name and path.
    pub links: Vec<(&'static str, String)>,
}

impl Page for BidPage {
    const TEMPLATE: &'static str = "journey/bid.html";
}

/// The page.
pub async fn show(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let page = page(&visit, reference.into_inner()).await?;
    visit.page(&page).await
}

/// POST `/bids/{reference}/requests/{request}`: approves, refuses or takes back what waits for approvals.
///
/// # Errors
/// As the service says; a missing reason, and that the bid has changed meanwhile, are shown on the bid's page, and a fresh code is asked for.
pub async fn answer(visit: Visit, path: Path<(String, String)>, form: Posted) -> Result<HttpResponse, Refused> {
    let (reference, request) = path.into_inner();
    let request = in_address(&request)?;
    let here = ["/bids", &reference].join("/");
    let (app, call, reason) = (&visit.app, &visit.call, form.0.text("reason"));
    let seen = Some(form.0.text("seen"));
    let answered = if form.0.filled("refuse").is_some() {
        service::refuse(app, call, reference.clone(), request, reason.clone(), seen).await.map(|()| REFUSED.to_owned())
    } else if form.0.filled("take_back").is_some() {
        service::take_back(app, call, reference.clone(), request).await.map(|()| TAKEN_BACK.to_owned())
    } else {
        service::approve(app, call, reference.clone(), request, seen).await.map(|done| said(&done))
    };
    match answered {
        Ok(text) => Ok(visit.see_with_success(&here, &text)),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.ask_for_fresh_code(&here)),
        Err(AppError::Invalid(faults)) => {
            let page = BidPage { reason, ..page(&visit, reference).await? };
            let field = format!("reason-{request}");
            let faults: Vec<Fault> = faults.into_iter().map(|fault| Fault { field: field.clone(), ..fault }).collect();
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Changed) => {
            let fault = Fault::new(format!("request-{request}"), "changed_since", CHANGED);
            visit.page_with_faults(&page(&visit, reference).await?, &[fault]).await
        }
        Err(other) => Err(other.into()),
    }
}

const CHANGED: &str = "The bid has changed since you opened this page. Read it again before you answer.";
const REFUSED: &str = "It is refused. Whoever asked for it reads why.";
const TAKEN_BACK: &str = "It is taken back. Nobody is asked any more.";

async fn page(visit: &Visit, reference: String) -> Result<BidPage, Refused> {
    let (app, call) = (&visit.app, &visit.call);
    let desk = bids::service::desk(app, call, reference.clone()).await?;
    let plan = service::plan(app, call, reference.clone()).await?;
    let requests = service::requests(app, call, reference.clone()).await?;
    let way = service::way_of_bid(app, call, reference.clone()).await?;
    let versions =
        if desk.may_read_history { bids::service::versions(app, call, reference).await? } else { Vec::new() };
    let outcomes = if desk.may_read_outcomes { told(visit, &desk).await? } else { Vec::new() };
    let interviewed =
        desk.may_read_outcomes && interviews::service::has_been_invited(app, call, desk.view.reference.clone()).await?;
    let clarified = bids::clarifications::service::shown(app, call, desk.view.reference.clone()).await?;
    let times = service::dates::times_shown(app, call, desk.view.reference.clone()).await?;
    let changed = proposals::changed(app, call, desk.view.reference.clone()).await?;
    let holds = service::holds::may_hold(app, call, desk.view.reference.clone()).await?;
    let signatures = if desk.may_read_history && desk.view.stage == Stage::Full {
        sign_offs::service::signatures(app, call, desk.view.reference.clone()).await?
    } else {
        Vec::new()
    };
    let submitted = versions.iter().any(|version| version.stage == desk.view.stage);
    let groups = match (desk.may_edit, desk.may_write) {
        (true, _) => to_do(visit, &desk, &plan, submitted).await?,
        (false, true) => tasks::answers(&desk),
        (false, false) => Vec::new(),
    };
    let (done, of) = tasks::progress(&groups);
    let late = desk.closes().is_some_and(|closes: Moment| call.received > closes);
    let time = (times.gives, (late || times.reopened) && submitted);
    let mut links = links(&desk, time, (holds.then_some(plan.on_hold.is_some()), clarified.asks), changed.open);
    if interviewed {
        links.insert(0, ("Interview with the panel", format!("/bids/{}/interview", desk.view.reference)));
    }
    Ok(BidPage {
        bid: Heading::of(&desk),
        round: desk.round.round.title.clone(),
        slug: desk.round.round.slug.clone(),
        lead: desk.view.content.lead.name.clone(),
        late,
        illustrative: illustrative(&desk),
        applicant: desk.applicant,
        invited: desk.invited,
        edits: desk.may_edit,
        reasons: submission(&plan).filter(|_| desk.may_edit).map(reasons).unwrap_or_default(),
        cards: if desk.may_edit { Vec::new() } else { reading::cards(&desk.view.content, &desk.round.rulebook) },
        carried: if desk.may_edit { BTreeMap::new() } else { by_field(&desk.carried) },
        requests,
        reason: String::new(),
        choices: others(&plan),
        links,
        changed,
        clarified,
        more_time: times.in_force,
        proposed: times.proposed,
        set_aside: times.set_aside,
        on_hold: plan.on_hold,
        way: WayView::of(&way.definition, &way.shown()),
        label: plan.label,
        next: plan.next,
        outcomes,
        submitted,
        groups,
        done,
        of,
        versions,
        signatures,
    })
}

/// What councils were told of the bid, newest first.
async fn told(visit: &Visit, desk: &Desk) -> Result<Vec<BidOutcome>, Refused> {
    let out = awards::service::outcomes(&visit.app, &visit.call, desk.view.reference.clone()).await?;
    Ok(out.into_iter().rev().filter(BidOutcome::tells).collect())
}

async fn to_do(visit: &Visit, desk: &Desk, plan: &Plan, submitted: bool) -> Result<Vec<Group>, Refused> {
    let (app, call, reference) = (&visit.app, &visit.call, &desk.view.reference);
    let prior_work = register::service::prior_work(app, call, reference.clone()).await?;
    let sign_off = match desk.view.stage {
        Stage::Full => Some(sign_offs::service::sign_off(app, call, reference.clone()).await?),
        Stage::Eoi => None,
    };
    let beside = Beside {
        prior_work: !prior_work.work.is_empty(),
        sign_off: sign_off.as_ref(),
        submittable: submission(plan).is_some_and(|choice| choice.allowed),
        submitted,
    };
    Ok(tasks::groups(desk, beside))
}

/// The choice that submits the bid, if there is one where it stands.
pub fn submission(plan: &Plan) -> Option<&Choice> {
    plan.choices.iter().find(|choice| choice.submits)
}

/// Why a choice is not allowed, each reason once and as a sentence: workflow and round may ask for the same.
pub fn reasons(choice: &Choice) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for reason in choice.reasons.iter().map(|reason| sentence(reason)) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// What can be done besides submitting and deciding, each on a page that asks once more.
fn others(plan: &Plan) -> Vec<Choice> {
    let other = |choice: &&Choice| (choice.allowed || choice.asks) && !choice.submits && !choice.decides;
    plan.choices.iter().filter(other).cloned().collect()
}

fn illustrative(desk: &Desk) -> Option<String> {
    let known = &desk.view.known;
    known.illustrative.then(|| match (&known.source, known.known.as_slice()) {
        (Some(source), parts @ [_, ..]) => {
            format!("Parts of this bid are illustrative. Known are: {} ({source}).", parts.join(", "))
        }
        _ => "This bid is illustrative.".into(),
    })
}

fn links(
    desk: &Desk,
    (gives_time, closed): (bool, bool),
    (holds, asks): (Option<bool>, bool),
    proposed: usize,
) -> Vec<(&'static str, String)> {
    let mut links = Vec::new();
    let mut link = |text: &'static str, page: &str| links.push((text, ["/bids", &desk.view.reference, page].join("/")));
    if desk.applicant && !desk.invited {
        link("Read everything that you have written", "check");
        link("Partners and their shares", "partners");
    }
    if desk.may_read_writing || proposed > 0 {
        link("Who leads, joins and bids together", "partnership-changes");
    }
    if desk.applicant && desk.view.writable {
        link("Print the draft, or download it as PDF or Word", "draft");
    }
    if desk.applicant || !desk.view.content.documents.is_empty() {
        link("Documents of this bid", "documents");
    }
    if desk.may_read_writing {
        link("Who writes what", "who-writes-what");
    }
    if desk.may_read_writing && desk.view.submitted_at.is_some() {
        link("Say how many hours this bid took", "hours");
    }
    if desk.may_edit && desk.round.rulebook.most_led.is_some() {
        let page = page_of(&desk.view.content.lead.id.to_string(), &desk.round.round.slug);
        links.push(("Bids that your council leads in this round", page));
    }
    let mut link = |text: &'static str, page: &str| links.push((text, ["/bids", &desk.view.reference, page].join("/")));
    if desk.may_read_history {
        link("What has happened to this bid", "history");
    }
    if desk.may_sift {
        link("Sift this expression of interest", "sift");
    }
    if desk.may_check {
        link("Gateway checks of this bid", "gateway");
    }
    if desk.may_score {
        link("Score this bid", "score");
    }
    if desk.may_declare {
        link("Declare a conflict of interest", "conflict");
    }
    if asks {
        link("Ask the councils of this bid", "clarifications/ask");
    }
    if gives_time {
        link("Give this bid more time", "more-time");
        if closed {
            link("Reopen this bid", "reopen");
        }
    }
    if let Some(on_hold) = holds {
        link(if on_hold { "Lift the hold" } else { "Put this bid on hold" }, "hold");
    }
    links
}
