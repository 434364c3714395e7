//! The forms that propose other rules: one with the fields that people change, and the whole as JSON.

use actix_web::{http::StatusCode, web::Path};
use serde::Serialize;
use serde_json::Value;

use super::{
    super::model::{NewRules, Proposed},
    Answer, POUNDS, open_desk, propose,
};
use crate::{
    clock::Moment,
    error::{AppError, Fault},
    funds::{
        amending,
        pages::workflow::Stands,
        partnership::LeastCouncils,
        rulebook::{Criterion, Phase, Rulebook, Signs, Unaffordable},
    },
    http::Refused,
    journey::amendments::service::Desk,
    money::Pence,
    web::{FieldError, Form, Page, Posted, Visit},
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
    /// What was written about other rules than those in force, each a line; then the form holds the rules in force.
    pub sent: Option<Vec<String>>,
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
    /// Whose signature a full application needs.
    pub signs: String,
    /// How many councils must have confirmed; empty where the round does not ask.
    pub least_councils: String,
    /// `yes` where the lead authority is one of them.
    pub with_lead: String,
    /// In how many bids an organisation can be a partner; empty for any number.
    pub most_joined: String,
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
        let least = rules.partnership.least_councils.as_ref();
        Self {
            phases: rules.phases.iter().map(phase).collect(),
            most_led: rules.most_led.map(|most| most.to_string()).unwrap_or_default(),
            signs: rules.partnership.signs.word().to_owned(),
            least_councils: least.map(|least| least.count.to_string()).unwrap_or_default(),
            with_lead: if least.is_some_and(|least| least.with_lead) { YES.into() } else { String::new() },
            most_joined: rules.partnership.most_joined.map(|most| most.to_string()).unwrap_or_default(),
            most_fails: rules.sift.most_fails.to_string(),
            most_caveats: rules.sift.most_caveats.to_string(),
            criteria: rules.criteria.iter().map(criterion).collect(),
            least_readers: rules.least_readers.to_string(),
            shortlist: rules.shortlist.to_string(),
            unaffordable: rules.unaffordable.word().to_owned(),
            reason: String::new(),
        }
    }

    /// What was sent: as many phases and criteria as the form had.
    fn sent(form: &Form) -> Self {
        let many =
            |list: &str, part: &str| (0..).take_while(|index| form.has(&format!("{list}-{index}-{part}"))).count();
        let phase = |index: usize| ["name", "limit"].map(|part| form.text(&format!("phase-{index}-{part}")));
        let criterion =
            |index: usize| ["title", "guidance", "weight"].map(|part| form.text(&format!("criterion-{index}-{part}")));
        Self {
            phases: (0..many("phase", "name")).map(phase).collect(),
            most_led: form.text("most_led"),
            signs: form.text("signs"),
            least_councils: form.text("least_councils"),
            with_lead: form.text("with_lead"),
            most_joined: form.text("most_joined"),
            most_fails: form.text("most_fails"),
            most_caveats: form.text("most_caveats"),
            criteria: (0..many("criterion", "title")).map(criterion).collect(),
            least_readers: form.text("least_readers"),
            shortlist: form.text("shortlist"),
            unaffordable: form.text("unaffordable"),
            reason: form.text("reason"),
        }
    }

    /// What it says as people read it: what each field is called, and what is in it.
    fn lines(&self) -> Vec<(String, &str)> {
        let mut lines = Vec::new();
        for (number, [name, limit]) in (1..).zip(&self.phases) {
            lines.push((format!("Name of phase {number}"), name.as_str()));
            lines.push((format!("Most that can be asked for in phase {number}, in pounds"), limit));
        }
        lines.push(("Bids that one authority can lead".into(), &self.most_led));
        let signs = if self.signs == Signs::LeadAndPartners.word() { "every council" } else { "the lead authority" };
        lines.push(("Whose officer signs a full application".into(), signs));
        lines.push(("Councils that must have confirmed".into(), &self.least_councils));
        lines.push(("The lead authority is one of them".into(), &self.with_lead));
        lines.push(("Bids in which one organisation can be a partner".into(), &self.most_joined));
        lines.push(("Answers that can fail".into(), &self.most_fails));
        lines.push(("Answers that can pass with caveats".into(), &self.most_caveats));
        for (number, [title, guidance, weight]) in (1..).zip(&self.criteria) {
            lines.push((format!("Title of criterion {number}"), title));
            lines.push((format!("What assessors look for in criterion {number}"), guidance));
            lines.push((format!("Weight of criterion {number}, in per cent"), weight));
        }
        lines.push(("Readers that a full application needs".into(), &self.least_readers));
        lines.push(("Bids that are shortlisted at most".into(), &self.shortlist));
        let walk = if self.unaffordable == Unaffordable::Stop.word() { "stop there" } else { "pass it over" };
        lines.push(("When the money left does not reach a bid of the ranking".into(), walk));
        lines
    }

    /// What was written in `self` otherwise than `now` says it.
    fn beside(&self, now: &Self) -> Vec<String> {
        let standing = now.lines();
        let others = self.lines().into_iter().filter(|line| !standing.contains(line));
        let said =
            |(title, text): (String, &str)| format!("{title}: {}", if text.is_empty() { "nothing" } else { text });
        others.map(said).collect()
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
        match Signs::from_word(&self.signs) {
            Some(signs) => rules.partnership.signs = signs,
            None => faults.push(Fault::new("signs", "missing", "Choose whose officer signs.")),
        }
        rules.partnership.least_councils = self.least_councils(&mut faults, rules.partnership.least_councils.take());
        rules.partnership.most_joined =
            (!self.most_joined.is_empty()).then(|| whole(&mut faults, "most_joined", &self.most_joined));
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

impl Written {
    /// The rule with what its fields say; which kinds count is written in the text of the rules.
    fn least_councils(&self, faults: &mut Vec<Fault>, before: Option<LeastCouncils>) -> Option<LeastCouncils> {
        (!self.least_councils.is_empty()).then(|| LeastCouncils {
            count: whole(faults, "least_councils", &self.least_councils),
            with_lead: self.with_lead == YES,
            kinds: before.map(|before| before.kinds).unwrap_or_default(),
        })
    }
}

/// What a ticked box says.
const YES: &str = "yes";

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

impl RulesPage {
    fn of(desk: Desk, written: Written) -> Self {
        let (round, locked_since) = (desk.round.round, desk.locked_since);
        Self { title: round.title, slug: round.slug, version: round.version, locked_since, written, sent: None }
    }
}

/// Whether the round has changed since the form was opened, so that its fields may be about other rules.
fn is_stale(form: &Form, desk: &Desk) -> bool {
    form.text("version") != desk.round.round.version.to_string()
}

/// 412 with the rules in force and what was sent beside them.
async fn stale(visit: &Visit, page: &impl Page, field: &str) -> Answer {
    let message = "Somebody has changed this round after you opened the form. Look at both, then propose yours again.";
    let error = FieldError { field: field.into(), message: message.into() };
    visit.answer(StatusCode::PRECONDITION_FAILED, page, vec![error]).await
}

/// GET `/rounds/{slug}/rules`
pub async fn ask(visit: Visit, slug: Path<String>) -> Answer {
    let desk = open_desk(&visit, &slug).await?;
    let written = Written::of(&desk.round.rulebook);
    visit.page(&RulesPage::of(desk, written)).await
}

/// POST `/rounds/{slug}/rules`
pub async fn change(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let desk = open_desk(&visit, &slug).await?;
    let written = Written::sent(&form.0);
    if is_stale(&form.0, &desk) {
        return stale_rules(&visit, desk, &written).await;
    }
    let proposed = written.read(&desk.round.rulebook).map(|rulebook| {
        let reason = written.reason.clone();
        Proposed::Rules(Box::new(NewRules { rulebook, reason }))
    });
    match propose(&visit, &slug, &form.0, proposed).await? {
        Ok(done) => Ok(done),
        Err(faults) if faults.iter().any(|fault| fault.code == "stale") => {
            stale_rules(&visit, open_desk(&visit, &slug).await?, &written).await
        }
        Err(faults) => visit.page_with_faults(&RulesPage::of(desk, written), &faults).await,
    }
}

/// What was written is about other rules, so that the form shows those in force; why stays as it was written.
async fn stale_rules(visit: &Visit, desk: Desk, written: &Written) -> Answer {
    let now = Written { reason: written.reason.clone(), ..Written::of(&desk.round.rulebook) };
    let sent = Some(written.beside(&now));
    stale(visit, &RulesPage { sent, ..RulesPage::of(desk, now) }, "rulebook-phases").await
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
    /// What would change of the rules that somebody else changed meanwhile, and those in full.
    pub stands: Option<(Stands, String)>,
}

impl Page for RulesTextPage {
    const TEMPLATE: &'static str = "rounds/rules-text.html";
}

fn text_page_of(desk: Desk, text: String, reason: String) -> RulesTextPage {
    let round = desk.round.round;
    RulesTextPage { title: round.title, slug: round.slug, version: round.version, text, reason, stands: None }
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
    if is_stale(&form.0, &desk) {
        return stale_text(&visit, desk, text, reason).await;
    }
    let proposed = read_text(&text, &desk.round.rulebook)
        .map(|rulebook| Proposed::Rules(Box::new(NewRules { rulebook, reason: reason.clone() })));
    match propose(&visit, &slug, &form.0, proposed).await? {
        Ok(done) => Ok(done),
        Err(faults) if faults.iter().any(|fault| fault.code == "stale") => {
            stale_text(&visit, open_desk(&visit, &slug).await?, text, reason).await
        }
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

async fn stale_text(visit: &Visit, desk: Desk, text: String, reason: String) -> Answer {
    let now = &desk.round.rulebook;
    let changes = read_text(&text, now).map(|sent| amending::differences(now, &sent)).unwrap_or_default();
    let message = "Somebody has changed this round after you opened it. What you wrote would change of the rules now:";
    let stands = Some((Stands { message: message.into(), now: changes }, text_of(now)?));
    stale(visit, &RulesTextPage { stands, ..text_page_of(desk, text, reason) }, "rulebook").await
}
