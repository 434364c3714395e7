//! What a council's profile gives its bids: the answers that a form lets begin with it, and its standard statements.

use serde_json::Value;

use super::look::granted;
use crate::{
    bids::{
        answers::{self, model::Author},
        model::{Answer, Bid},
        store,
    },
    db::{Conn, Doc},
    error::Result,
    funds::{form::Form, rulebook::Stage},
    http::{App, Call, Scene},
    identity::{
        model::MemberRole,
        policy::{self, Action, Granted},
        profiles::{
            self,
            model::{Profile, ProfilePart, Statement},
        },
        store::{organisations, people},
    },
    ids::{BidKey, OrganisationKey},
};

/// Begins the answers that the form lets begin with the lead's profile and that nobody has written, for its writers to read
/// and to call finished.
///
/// # Errors
/// When the database fails.
pub fn begin_with_profile(
    conn: &mut Conn,
    scene: &Scene,
    (lead, to): (&Granted<OrganisationKey>, &Granted<BidKey>),
    (form, stage): (&Form, Stage),
    (bid, by): (&Bid, Author),
) -> Result<()> {
    let wanted: Vec<_> =
        form.questions().filter_map(|(_, question)| question.profile.map(|part| (question, part))).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let profile = profiles::store::of(conn, lead)?.profile;
    for (question, part) in wanted {
        let value = Value::String(says(conn, lead, &profile, part)?);
        let is_of_use = value != "" && question.faults(&value).is_empty();
        if is_of_use && store::answer(conn, to, stage, &question.id)?.is_none() {
            let begun = Answer {
                question: question.id.clone(),
                value: Doc(value),
                complete: false,
                version: 1,
                updated_by: by.person.unwrap_or(bid.created_by),
                updated_at: scene.now,
            };
            store::put_answer(conn, to, scene.fresh(), stage, (&begun, by))?;
        }
    }
    Ok(())
}

fn says(conn: &mut Conn, lead: &Granted<OrganisationKey>, profile: &Profile, part: ProfilePart) -> Result<String> {
    Ok(match part {
        ProfilePart::Contact => profile.contact.in_words(),
        ProfilePart::Sponsor => profile.sponsor.clone(),
        ProfilePart::FinanceOfficer => {
            let officer = organisations::by_id(conn, lead.id())?.kind.finance_officer();
            let signatories = people::people_with(conn, lead.id(), MemberRole::Signatory)?;
            signatories.iter().map(|person| format!("{}, {officer}", person.name)).collect::<Vec<_>>().join("; ")
        }
    })
}

/// The standard statements of the council for which the caller writes a bid.
///
/// # Errors
/// As policy says.
pub async fn statements(app: &App, call: &Call, reference: String) -> Result<Vec<Statement>> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let bid = store::load(conn, &granted)?;
        let author = answers::service::author(conn, scene, &granted, &bid)?;
        let Some(council) = author.organisation else { return Ok(Vec::new()) };
        let council = policy::organisation(conn, &scene.actor, Action::ReadOrganisation, council)?;
        Ok(profiles::store::of(conn, &council)?.profile.statements)
    })
    .await
}
