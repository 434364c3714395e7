//! The fields of a step's form, and the transition that they make. What cannot be read is refused here and stays in the form; what
//! can be read and is unsound is kept, and the check tells of it.

use serde::Serialize;
use serde_json::Value;

use super::said;
use crate::{
    error::Fault,
    web::Form,
    workflow::{
        Effect, Gate, Role, Rule, Transition,
        model::{Approvals, Change},
    },
};

/// The fields of the form, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// The id under which it stood when the form was made.
    pub was: String,
    /// Its id.
    pub id: String,
    /// The words on its button.
    pub label: String,
    /// The states from which it may be taken.
    pub from: Vec<String>,
    /// The state to which it leads.
    pub to: String,
    /// Who takes it.
    pub who: Vec<String>,
    /// What must hold, in JsonLogic notation.
    pub guard: String,
    /// Whether the rules of eligibility must hold as well.
    pub eligibility: bool,
    /// How many people have to agree.
    pub count: String,
    /// The roles of which each must hold one.
    pub roles: Vec<String>,
    /// What makes their agreement void.
    pub voided_by: Vec<String>,
    /// What it does.
    pub effects: Vec<String>,
    /// The mails that it sends.
    pub mails: Vec<String>,
    /// The milestone from which on it may be taken.
    pub not_before: String,
    /// The milestone up to which it may be taken.
    pub not_after: String,
    /// The milestone after which it happens by itself.
    pub automatic_at: String,
    /// The milestone at which it shows.
    pub release: String,
    /// Which decision it takes.
    pub gate: String,
    /// Whether it tells an outcome.
    pub outcome: bool,
}

impl Written {
    /// What the form shows of a transition.
    pub fn of_step(step: &Transition) -> Self {
        let approvals = step.approvals.as_ref();
        let milestone = |id: &Option<String>| id.clone().unwrap_or_default();
        let guard = step.guard.as_ref().map(|rule| serde_json::to_string_pretty(&rule.to_value()).unwrap_or_default());
        let words = |roles: &[Role]| roles.iter().map(|role| role.word().to_owned()).collect();
        Self {
            was: step.id.clone(),
            id: step.id.clone(),
            label: step.label.clone(),
            from: step.from.clone(),
            to: step.to.clone(),
            who: words(&step.who),
            guard: guard.unwrap_or_default(),
            eligibility: step.eligibility,
            count: approvals.map(|approvals| approvals.count.to_string()).unwrap_or_default(),
            roles: approvals.map(|approvals| words(&approvals.roles)).unwrap_or_default(),
            voided_by: approvals.iter().flat_map(|given| &given.voided_by).map(|part| part.word().to_owned()).collect(),
            effects: step.effects.iter().filter_map(word_of).collect(),
            mails: step.mails().map(str::to_owned).collect(),
            not_before: milestone(&step.not_before),
            not_after: milestone(&step.not_after),
            automatic_at: milestone(&step.automatic_at),
            release: milestone(&step.release),
            gate: step.gate.map_or("", Gate::word).to_owned(),
            outcome: step.outcome,
        }
    }

    /// What was sent.
    pub fn of_form(form: &Form) -> Self {
        Self {
            was: form.text("was"),
            id: form.text("id"),
            label: form.text("label"),
            from: form.all("from"),
            to: form.text("to"),
            who: form.all("who"),
            guard: form.text("guard"),
            eligibility: form.has("eligibility"),
            count: form.text("count"),
            roles: form.all("roles"),
            voided_by: form.all("voided_by"),
            effects: form.all("effects"),
            mails: form.all("mails"),
            not_before: form.text("not_before"),
            not_after: form.text("not_after"),
            automatic_at: form.text("automatic_at"),
            release: form.text("release"),
            gate: form.text("gate"),
            outcome: form.has("outcome"),
        }
    }

    /// The transition, or every field that cannot be read.
    pub fn step(&self) -> Result<Transition, Vec<Fault>> {
        let (guard, approvals) = (self.rule(), self.approvals());
        let (guard, approvals) = match (guard, approvals) {
            (Ok(guard), Ok(approvals)) => (guard, approvals),
            (guard, approvals) => {
                let faults = guard.err().into_iter().flatten().chain(approvals.err());
                return Err(faults.collect());
            }
        };
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let mails = self.mails.iter().map(|mail| Effect::SendMail { template: mail.clone() });
        Ok(Transition {
            id: self.id.clone(),
            label: self.label.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            who: roles_of(&self.who),
            guard,
            eligibility: self.eligibility,
            approvals,
            effects: self.effects.iter().filter_map(|word| effect_of(word)).chain(mails).collect(),
            not_before: filled(&self.not_before),
            not_after: filled(&self.not_after),
            automatic_at: filled(&self.automatic_at),
            release: filled(&self.release),
            gate: Gate::from_word(&self.gate),
            outcome: self.outcome,
        })
    }

    /// What must hold, if anything is written.
    pub fn rule(&self) -> Result<Option<Rule>, Vec<Fault>> {
        if self.guard.is_empty() {
            return Ok(None);
        }
        let value: Value = serde_json::from_str(&self.guard)
            .map_err(|fault| vec![Fault::new("guard", "wrong_json", format!("It cannot be read as JSON: {fault}."))])?;
        let refused = |faults: Vec<crate::workflow::Fault>| {
            faults.iter().map(|fault| Fault::new("guard", "no_rule", said(fault))).collect()
        };
        Rule::parse(&value).map(Some).map_err(refused)
    }

    fn approvals(&self) -> Result<Option<Approvals>, Fault> {
        if self.count.is_empty() && self.roles.is_empty() && self.voided_by.is_empty() {
            return Ok(None);
        }
        let count = self.count.parse();
        let count = count.map_err(|_no_number| {
            Fault::new("count", "wrong_number", "Enter how many people have to agree, such as 2, or choose no roles.")
        })?;
        let voided_by = self.voided_by.iter().filter_map(|word| Change::from_word(word)).collect();
        Ok(Some(Approvals { count, roles: roles_of(&self.roles), voided_by }))
    }
}

fn roles_of(words: &[String]) -> Vec<Role> {
    words.iter().filter_map(|word| Role::from_word(word)).collect()
}

/// The word of an effect that is more than a mail.
fn word_of(effect: &Effect) -> Option<String> {
    serde_json::to_value(effect).ok()?.as_str().map(str::to_owned)
}

fn effect_of(word: &str) -> Option<Effect> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}
