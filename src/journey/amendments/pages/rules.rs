//! The forms that propose other rules: one with the fields that people change, and the whole as JSON.

use actix_web::web::Path;
use serde::Serialize;
use serde_json::Value;

use super::{
    super::model::{NewRules, Proposed},
    Answer, POUNDS, open_desk, propose,
};
use crate::{
    clock::Moment,
    error::{AppError, Fault},
    funds::rulebook::{Criterion, Phase, Rulebook, Unaffordable},
    http::Refused,
    journey::amendments::service::Desk,
    money::Pence,
    web::{Form, Page, Posted, Visit},
};

/// Proposes other rules, field by field.
#[derive(Debug, Serialize)]
pub struct RulesPage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The round's version.
    pub version: i32,
    /// When the first full application came in, from which on the rules stay as they are.
    pub locked_since: Option<Moment>,
    /// What is in the form.
    pub written: Written,
}

impl Page for RulesPage {
    const TEMPLATE: &'static str = "rounds/rules.html";
}

/// The fields of the form, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// The phases: name and limit in pounds.
    pub phases: Vec<[String; 2]>,
    /// How many bids one authority may lead; empty for any number.
    pub most_led: String,
    /// How many answers can fail the sift.
    pub most_fails: String,
    /// How many answers can pass it with caveats.
    pub most_caveats: String,
    /// The criteria: title, guidance and weight in per cent.
    pub criteria: Vec<[String; 3]>,
    /// How many readers a full application needs.
    pub least_readers: String,
    /// How many bids are shortlisted at most.
    pub shortlist: String,
    /// Whether a bid that the money left does not reach stops the walk down the ranking, or is passed over.
    pub unaffordable: String,
    /// Why.
    pub reason: String,
}

impl Written {
    /// The rules as they are.
    fn of(rules: &Rulebook) -> Self {
        let phase = |phase: &Phase| [phase.name.clone(), pounds(phase.limit_pence)];
        let criterion = |criterion: &Criterion| {
            let weight = criterion.share().trim_end_matches('%').to_owned();
            [criterion.title.clone(), criterion.guidance.clone(), weight]
        };
        Self {
            phases: rules.phases.iter().map(phase).collect(),
            most_led: rules.most_led.map(|most| most.to_string()).unwrap_or_default(),
            most_fails: rules.sift.most_fails.to_string(),
            most_caveats: rules.sift.most_caveats.to_string(),
            criteria: rules.criteria.iter().map(criterion).collect(),
            least_readers: rules.least_readers.to_string(),
            shortlist: rules.shortlist.to_string(),
            unaffordable: rules.unaffordable.word().to_owned(),
            reason: String::new(),
        }
    }

    fn sent(form: &Form, rules: &Rulebook) -> Self {
        let phase = |index: usize| ["name", "limit"].map(|part| form.text(&format!("phase-{index}-{part}")));
        let criterion =
            |index: usize| ["title", "guidance", "weight"].map(|part| form.text(&format!("criterion-{index}-{part}")));
        Self {
            phases: (0..rules.phases.len()).map(phase).collect(),
            most_led: form.text("most_led"),
            most_fails: form.text("most_fails"),
            most_caveats: form.text("most_caveats"),
            criteria: (0..rules.criteria.len()).map(criterion).collect(),
            least_readers: form.text("least_readers"),
            shortlist: form.text("shortlist"),
            unaffordable: form.text("unaffordable"),
            reason: form.text("reason"),
        }
    }

    /// The rules with what the fields say, or everything that cannot be read.
    fn read(&self, rules: &Rulebook) -> Result<Rulebook, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut rules = rules.clone();
        for (index, (phase, [name, limit])) in rules.phases.iter_mut().zip(&self.phases).enumerate() {
            phase.name.clone_from(&required(&mut faults, &format!("phase-{index}-name"), name));
            match Pence::from_pounds(limit) {
                Some(limit) => phase.limit_pence = limit,
                None => faults.push(Fault::new(format!("phase-{index}-limit"), "wrong_amount", POUNDS)),
            }
        }
        rules.most_led = (!self.most_led.is_empty()).then(|| whole(&mut faults, "most_led", &self.most_led));
        rules.sift.most_fails = whole(&mut faults, "most_fails", &self.most_fails);
        rules.sift.most_caveats = whole(&mut faults, "most_caveats", &self.most_caveats);
        for (index, (criterion, [title, guidance, weight])) in rules.criteria.iter_mut().zip(&self.criteria).enumerate()
        {
            criterion.title.clone_from(&required(&mut faults, &format!("criterion-{index}-title"), title));
            criterion.guidance.clone_from(&required(&mut faults, &format!("criterion-{index}-guidance"), guidance));
            match basis_points(weight) {
                Some(weight) => criterion.weight = weight,
                None => {
                    let message = "Enter the weight in per cent, such as 25 or 12.5.";
                    faults.push(Fault::new(format!("criterion-{index}-weight"), "wrong_weight", message));
                }
            }
        }
        rules.least_readers = whole(&mut faults, "least_readers", &self.least_readers);
        rules.shortlist = whole(&mut faults, "shortlist", &self.shortlist);
        match Unaffordable::from_word(&self.unaffordable) {
            Some(unaffordable) => rules.unaffordable = unaffordable,
            None => faults.push(Fault::new("unaffordable", "missing", "Choose what happens then.")),
        }
        if faults.is_empty() { Ok(rules) } else { Err(faults) }
    }
}

/// Pounds as they are typed, without the sign.
fn pounds(amount: Pence) -> String {
    amount.to_string().trim_start_matches('£').to_owned()
}

fn required(faults: &mut Vec<Fault>, field: &str, text: &str) -> String {
    faults.extend(Fault::of_text(field, text, 2_000, "Fill this in."));
    text.to_owned()
}

fn whole(faults: &mut Vec<Fault>, field: &str, text: &str) -> u32 {
    let number = text.parse().ok();
    if number.is_none() {
        faults.push(Fault::new(field, "wrong_number", "Enter a whole number, such as 2."));
    }
    number.unwrap_or_default()
}

/// `25`, `25%` and `12.5` as basis points.
fn basis_points(text: &str) -> Option<u32> {
    let bare = text.trim_end_matches('%').trim_end();
    let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 3) || !digits(part, 2) {
        return None;
    }
    let tens = if part.len() == 1 { 10 } else { 1 };
    Some(whole.parse::<u32>().ok()? * 100 + part.parse::<u32>().ok()? * tens)
}

fn page_of(desk: Desk, written: Written) -> RulesPage {
    let round = desk.round.round;
    RulesPage { title: round.title, slug: round.slug, version: round.version, locked_since: desk.locked_since, written }
}

/// GET `/rounds/{slug}/rules`
pub async fn ask(visit: Visit, slug: Path<String>) -> Answer {
    let desk = open_desk(&visit, &slug).await?;
    let written = Written::of(&desk.round.rulebook);
    visit.page(&page_of(desk, written)).await
}

/// POST `/rounds/{slug}/rules`
pub async fn change(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let desk = open_desk(&visit, &slug).await?;
    let written = Written::sent(&form.0, &desk.round.rulebook);
    let read = written.read(&desk.round.rulebook);
    let proposed = read.map(|rulebook| {
        let reason = written.reason.clone();
        Proposed::Rules(Box::new(NewRules { rulebook, reason }))
    });
    match propose(&visit, &slug, &form.0, proposed).await? {
        Ok(done) => Ok(done),
        Err(faults) => visit.page_with_faults(&page_of(desk, written), &faults).await,
    }
}

/// Proposes other rules as one text.
#[derive(Debug, Serialize)]
pub struct RulesTextPage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The round's version.
    pub version: i32,
    /// What is in the field.
    pub text: String,
    /// Why.
    pub reason: String,
}

impl Page for RulesTextPage {
    const TEMPLATE: &'static str = "rounds/rules-text.html";
}

fn text_page_of(desk: Desk, text: String, reason: String) -> RulesTextPage {
    let round = desk.round.round;
    RulesTextPage { title: round.title, slug: round.slug, version: round.version, text, reason }
}

/// The questions, which stay as they are and so are not in the text.
const QUESTIONS: [&str; 2] = ["eoi", "full"];

/// GET `/rounds/{slug}/rules/text`
pub async fn ask_text(visit: Visit, slug: Path<String>) -> Answer {
    let desk = open_desk(&visit, &slug).await?;
    let text = text_of(&desk.round.rulebook)?;
    visit.page(&text_page_of(desk, text, String::new())).await
}

fn text_of(rules: &Rulebook) -> Result<String, Refused> {
    let mut rules = serde_json::to_value(rules).map_err(AppError::from)?;
    if let Value::Object(rules) = &mut rules {
        rules.retain(|name, _| !QUESTIONS.contains(&name.as_str()));
    }
    Ok(serde_json::to_string_pretty(&rules).map_err(AppError::from)?)
}

/// The rules that a text says, with the questions as they are.
fn read_text(text: &str, rules: &Rulebook) -> Result<Rulebook, Vec<Fault>> {
    let read = serde_json::from_str::<Rulebook>(text);
    read.map(|read| Rulebook { eoi: rules.eoi.clone(), full: rules.full.clone(), ..read })
        .map_err(|fault| vec![Fault::new("rulebook", "unreadable", format!("This cannot be read: {fault}."))])
}

/// POST `/rounds/{slug}/rules/text`
pub async fn change_text(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let desk = open_desk(&visit, &slug).await?;
    let (text, reason) = (form.0.text("rulebook"), form.0.text("reason"));
    let proposed = read_text(&text, &desk.round.rulebook)
        .map(|rulebook| Proposed::Rules(Box::new(NewRules { rulebook, reason: reason.clone() })));
    match propose(&visit, &slug, &form.0, proposed).await? {
        Ok(done) => Ok(done),
        Err(faults) => {
            let beside = |fault: Fault| match fault.field.starts_with("rulebook") {
                true => Fault { field: "rulebook".into(), ..fault },
                false => fault,
            };
            let faults: Vec<Fault> = faults.into_iter().map(beside).collect();
            visit.page_with_faults(&text_page_of(desk, text, reason), &faults).await
        }
    }
}
