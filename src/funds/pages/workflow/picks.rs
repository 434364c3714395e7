//! What can be chosen on the pages of a workflow, as the components want it.

use serde::Serialize;

use super::milestone_title;
use crate::{
    funds::{model::Milestone, rulebook::Stage},
    workflow::{Definition, Form, Role, State},
};

/// A checkbox or a radio.
#[derive(Debug, Clone, Serialize)]
pub struct Tick {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub text: String,
    /// Whether it is ticked.
    pub checked: bool,
}

/// An option of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Pick {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub text: String,
    /// Whether it is the one.
    pub selected: bool,
}

/// Checkboxes; what is ticked and not among them is added, so that saving loses nothing.
pub fn ticks<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>, ticked: &[impl AsRef<str>]) -> Vec<Tick> {
    let is_ticked = |value: &str| ticked.iter().any(|word| word.as_ref() == value);
    let mut ticks: Vec<Tick> = options
        .into_iter()
        .map(|(value, text)| Tick { value: value.to_owned(), text: text.to_owned(), checked: is_ticked(value) })
        .collect();
    for word in ticked.iter().map(AsRef::as_ref) {
        if ticks.iter().all(|tick| tick.value != word) {
            ticks.push(Tick { value: word.to_owned(), text: word.replace('_', " "), checked: true });
        }
    }
    ticks
}

/// The options of a list with an empty one in front; what is chosen and not among them is added.
pub fn picks<'a>(none: &'a str, options: impl IntoIterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Pick> {
    let all = [("", none)].into_iter().chain(options);
    let mut picks: Vec<Pick> = all
        .map(|(value, text)| Pick { value: value.to_owned(), text: text.to_owned(), selected: value == chosen })
        .collect();
    if picks.iter().all(|pick| !pick.selected) {
        picks.push(Pick { value: chosen.to_owned(), text: chosen.to_owned(), selected: true });
    }
    picks
}

/// The states of a definition, by the words of the fund's people.
pub fn states(definition: &Definition) -> impl Iterator<Item = (&str, &str)> {
    definition.states.iter().map(|state| (state.id.as_str(), name_of(state)))
}

/// What the fund's people call a state; one without a label goes by its id, and every choice has words.
pub fn name_of(state: &State) -> &str {
    let names = [state.labels.staff.trim(), state.id.trim(), "a state without a name"];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

/// The milestones that a definition uses, with their titles.
pub fn milestones(definition: &Definition) -> Vec<(&str, String)> {
    definition.milestones.iter().map(|id| (id.as_str(), milestone_title(id))).collect()
}

/// Every milestone of rounds.
pub fn all_milestones() -> impl Iterator<Item = (&'static str, &'static str)> {
    Milestone::ALL.iter().map(|milestone| (milestone.word(), milestone.title()))
}

/// The roles that people and the service hold.
pub fn roles() -> impl Iterator<Item = (&'static str, &'static str)> {
    let title = |role: Role| match role {
        Role::LeadMember => "people of the lead authority",
        Role::LeadSignatory => "signatories of the lead authority",
        Role::LeadAdministrator => "administrators of the lead authority",
        Role::PartnerMember => "people of a partner",
        Role::PartnerSignatory => "signatories of a partner",
        Role::FundManager => "fund managers",
        Role::Assessor => "assessors",
        Role::Moderator => "moderators",
        Role::Observer => "observers",
        Role::System => "the service, by itself",
    };
    Role::ALL.into_iter().map(move |role| (role.word(), title(role)))
}

/// What a form is called.
pub fn form_title(form: Form) -> &'static str {
    Stage::from(form).title()
}
