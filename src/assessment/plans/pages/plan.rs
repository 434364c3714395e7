//! One plan: what it is worth and why none is worth more, what it changes, who reads what, and applying it.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        pages::Answer,
        plans::{
            model::{Plan, PlanReader, PlanStep, WhyRemoved},
            service,
            words::{points, preferred},
        },
        pool::model::counted,
    },
    http::Refused,
    web::{Page, Posted, Visit},
};

/// A plan.
#[derive(Debug, Serialize)]
pub struct PlanPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The plan.
    pub plan: Plan,
    /// What it is worth and the proof, in words.
    pub told: Vec<String>,
    /// What assessors would like to read and what the plan makes of it, in words.
    pub preferred: Option<String>,
    /// What whoever compares scores has to know, in words.
    pub warning: String,
    /// What it changes, by bid.
    pub changes: Vec<Change>,
    /// The command that makes it anew.
    pub command: String,
    /// Whether the reader can apply it.
    pub applies: bool,
}

/// A change of a plan.
#[derive(Debug, Serialize)]
pub struct Change {
    /// The bid's reference.
    pub bid: String,
    /// Its title.
    pub title: String,
    /// Whom it is given to.
    pub added: Vec<String>,
    /// From whom it is taken, with the reason.
    pub removed: Vec<String>,
}

impl Page for PlanPage {
    const TEMPLATE: &'static str = "assessment/plan.html";
}

impl PlanPage {
    fn of((slug, title): (String, String), plan: Plan, applies: bool) -> Self {
        let command = format!(
            "roundtable assign {slug}-matrix.csv --per-bid {} --limits {slug}-limits.csv --wish {slug}-wish.json",
            plan.readers
        );
        Self {
            told: told(&plan),
            preferred: plan.preferences.map(preferred),
            warning: warning(&plan),
            changes: changes(&plan),
            slug,
            title,
            command,
            plan,
            applies,
        }
    }
}

/// What a plan is worth and why none is worth more.
fn told(plan: &Plan) -> Vec<String> {
    let Some(figures) = &plan.figures else { return Vec::new() };
    let readings: usize = plan
        .bids
        .iter()
        .filter(|bid| bid.row.is_some())
        .map(|bid| bid.readers.iter().filter(|reader| reader.step != PlanStep::Removed).count())
        .sum();
    let count = |found: usize| counted(u64::try_from(found).unwrap_or(u64::MAX), "reading");
    let best = if plan.preferences.is_some() {
        "the assessor would like to read the bid, knows everything that it is about, was asked for it, and has all days of assessing"
    } else {
        "the assessor knows everything that the bid is about, was asked for it, and has all days of assessing"
    };
    let mut told = vec![format!(
        "{} are worth {} together. One is worth 1,000 at best: {best}.",
        count(readings),
        points(figures.value)
    )];
    if figures.moved > 0 {
        let price = points(i64::from(figures.moved) * i64::from(plan.change_price));
        let moved = counted(figures.moved.into(), "reading");
        told.push(format!("It moves {moved} that somebody has already, for {price}, and gains more than that."));
    }
    told.push(if figures.optimal {
        format!(
            "No other assignment is worth more: proven. A price for each bid and each assessor shows that none can pass {}, and \
             each of the {} that were left out was held against these prices.",
            points(figures.bound),
            counted(figures.left_out, "pair")
        )
    } else {
        format!("It is not proven that none is worth more: the bound is {}.", points(figures.bound))
    });
    told.push(match figures.sharing_two {
        0 => "No two assessors read two bids in common.".to_owned(),
        1 => "One pair of assessors reads two bids or more in common.".to_owned(),
        pairs => format!("{pairs} pairs of assessors read two bids or more in common."),
    });
    told
}

fn warning(plan: &Plan) -> String {
    match plan.figures.as_ref().map(|figures| figures.parts) {
        Some(parts) if parts > 1 => format!(
            "Bids and assessors fall into {parts} parts that share neither. Scores of different parts cannot be compared: whether a bid \
             of one part is better than a bid of another, nobody has seen both to say. Pin somebody of one part to a bid of another \
             to join them."
        ),
        _ => String::new(),
    }
}

fn changes(plan: &Plan) -> Vec<Change> {
    let of = |readers: &[PlanReader], step: PlanStep| {
        let those = readers.iter().filter(|reader| reader.step == step);
        those
            .map(|reader| match reader.why {
                Some(why) => format!("{}: {}", reader.name, WhyRemoved::title(why)),
                None => reader.name.clone(),
            })
            .collect::<Vec<_>>()
    };
    let change = |bid: &crate::assessment::plans::model::PlanBid| Change {
        bid: bid.bid.clone(),
        title: bid.title.clone(),
        added: of(&bid.readers, PlanStep::Added),
        removed: of(&bid.readers, PlanStep::Removed),
    };
    let all = plan.bids.iter().map(change);
    all.filter(|change| !change.added.is_empty() || !change.removed.is_empty()).collect()
}

async fn page(visit: &Visit, (slug, number): (&str, i32)) -> Result<PlanPage, Refused> {
    let (round, plan, applies) = service::one(&visit.app, &visit.call, (slug.to_owned(), number)).await?;
    Ok(PlanPage::of((round.round.slug, round.round.title), plan, applies))
}

/// GET `/rounds/{slug}/plans/{number}`
pub async fn plan(visit: Visit, path: Path<(String, i32)>) -> Answer {
    let (slug, number) = path.into_inner();
    visit.page(&page(&visit, (&slug, number)).await?).await
}

/// POST `/rounds/{slug}/plans/{number}`: applies it.
pub async fn apply(visit: Visit, path: Path<(String, i32)>, _form: Posted) -> Answer {
    let (slug, number) = path.into_inner();
    match service::apply(&visit.app, &visit.call, (slug.clone(), number)).await {
        Ok(applied) => {
            let bids = |found: u32| counted(found.into(), "reading");
            let said = format!(
                "Plan {number} is applied: {} given, {} taken away. Each assessor whose bids change gets one email.",
                bids(applied.given),
                bids(applied.taken)
            );
            Ok(visit.see_with_success(&format!("/rounds/{slug}/assessors"), &said))
        }
        Err(refusal) => {
            let faults = faults_of(refusal, "apply")?;
            visit.page_with_faults(&page(&visit, (&slug, number)).await?, &faults).await
        }
    }
}
