//! The rounds of today, and the links with which a visitor signs in to try them.

use std::time::Duration;

use chrono::NaiveTime;

use super::{people, reading, replay::Progress, scenario::Scenario, signing};
use crate::{
    actor::Actor,
    clock::Moment,
    error::{AppError, Result},
    funds::{
        self,
        model::Milestone,
        service::{NewMilestone, NewRound},
    },
    http::{App, Call},
    identity::{sign_in, store::people::person_by_email},
    jobs::Worker,
    money::Pence,
};

const SLUG: &str = "open-round";
const GOOD_FOR: Duration = Duration::from_secs(14 * 86_400);

/// A sign-in link for each kind of visitor.
pub type Links = Vec<(&'static str, String)>;

/// Opens a round at today's date with the scenario's rules, one with a bid that waits for its signature and one whose bids are
/// being read, unless they are there already.
///
/// # Errors
/// When a service refuses what a round says, or the database fails.
pub async fn today(app: &App, worker: &Worker, scenario: &Scenario, progress: &dyn Progress) -> Result<()> {
    let now = app.clock.now();
    let call = Call::by(Actor::System, now);
    if funds::service::round(app, &call, SLUG.into()).await.is_err() {
        let fund = scenario.round.fund.slug.clone();
        let round = funds::service::create_round(app, &call, fund, new_round(scenario, now)).await?;
        funds::service::publish(app, &call, SLUG.into(), round.round.version).await?;
    }
    signing::wait_for_signature(app, worker, scenario, progress).await?;
    reading::wait_for_scores(app, worker, scenario, progress).await
}

fn new_round(scenario: &Scenario, now: Moment) -> NewRound {
    let days = |days: i64| at_five(now, days);
    let instants = [
        (Milestone::EoiOpens, days(-7)),
        (Milestone::EoiCloses, days(21)),
        (Milestone::EoiOutcome, days(35)),
        (Milestone::FullOpens, days(35)),
        (Milestone::FullCloses, days(70)),
        (Milestone::Announcement, days(98)),
        (Milestone::DeliveryEnds, days(210)),
    ];
    NewRound {
        slug: SLUG.into(),
        title: "Working together, an open round".into(),
        summary: "A round that is open now, for trying the service. Nothing that you write here reaches anybody."
            .into(),
        prefix: "OPEN".into(),
        budget_pence: Pence(scenario.round.round.budget_pence),
        note: Some("This round is a demonstration: no money is given.".into()),
        milestones: instants.into_iter().map(|(name, at)| NewMilestone { name, at }).collect(),
        rulebook: scenario.round.rulebook.clone(),
        workflow: scenario.round.workflow.clone(),
    }
}

/// Five in the afternoon in London, so many days from now.
fn at_five(now: Moment, days: i64) -> Moment {
    let day = now.london_date() + chrono::Duration::days(days);
    let five = NaiveTime::from_hms_opt(17, 0, 0).map(|time| day.and_time(time));
    five.and_then(Moment::from_london).unwrap_or(now)
}

/// Makes a sign-in link for each kind of visitor.
///
/// # Errors
/// When the database fails.
pub async fn links(app: &App, scenario: &Scenario) -> Result<Links> {
    let now = app.clock.now();
    let cast = people::visitors(scenario)?;
    let ids = app.ids.clone();
    let base = app.config.web.base_url.clone();
    let call = Call::by(Actor::System, now);
    let made: Vec<String> = call
        .write(app, move |conn, _| {
            cast.iter()
                .map(|email| {
                    let address = email.parse().map_err(AppError::internal)?;
                    let person = person_by_email(conn, &address)?.ok_or(AppError::NotFound)?;
                    let ticket = sign_in::hand_out(conn, &ids, &person, GOOD_FOR, now)?;
                    Ok(format!("{base}{}", sign_in::link_path(&ticket)))
                })
                .collect()
        })
        .await?;
    let titles = ["council officer", "section 151 officer", "assessor", "fund manager", "second fund manager"];
    Ok(titles.into_iter().zip(made).collect())
}
