//! Inviting people to a pool: one address a line.

use actix_web::web::Path;
use serde::Serialize;

use super::{AreaGroup, faults_beside, groups_of, written};
use crate::{
    assessment::{
        pages::Answer,
        pool::{
            model::{Invited, Invitee, LONGEST_MESSAGE, NewInvitations, Workload},
            service::{self, ToInvite},
        },
    },
    clock::Moment,
    error::{AppError, Fault},
    http::Refused,
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

/// The form.
#[derive(Debug, Serialize)]
pub struct InvitePage {
    /// The round's title.
    pub title: String,
    /// Its place in addresses.
    pub slug: String,
    /// Whether it has a pool already.
    pub open: bool,
    /// The addresses, one a line.
    pub people: String,
    /// For what they are asked.
    pub groups: Vec<AreaGroup>,
    /// How many bids at least.
    pub least: String,
    /// How many at most.
    pub most: String,
    /// Until when they can answer.
    pub until: WrittenInstant,
    /// What they are written.
    pub message: String,
    /// The most characters of it.
    pub longest: usize,
    /// When assessing begins.
    pub opens: Option<Moment>,
}

impl Page for InvitePage {
    const TEMPLATE: &'static str = "assessment/pool-invite.html";
}

impl InvitePage {
    fn of(found: ToInvite, form: &Form, now: Moment) -> Self {
        let ToInvite { round, areas, open, .. } = found;
        let workload = Workload::of(&round, (0, None), now);
        Self {
            title: round.round.title,
            slug: round.round.slug,
            open,
            people: form.text("people"),
            groups: groups_of(&areas, &form.all("areas")),
            least: form.text("least"),
            most: form.text("most"),
            until: WrittenInstant::of(form),
            message: form.text("message"),
            longest: LONGEST_MESSAGE,
            opens: workload.opens,
        }
    }
}

async fn page(visit: &Visit, slug: &str, form: &Form) -> Result<InvitePage, Refused> {
    let found = service::to_invite(&visit.app, &visit.call, slug.to_owned()).await?;
    Ok(InvitePage::of(found, form, visit.call.received))
}

/// GET `/rounds/{slug}/pool/invite`
pub async fn to_invite(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug, &Form::default()).await?).await
}

/// POST `/rounds/{slug}/pool/invite`
pub async fn invite(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let invited = match read(&form.0) {
        Ok(new) => service::invite(&visit.app, &visit.call, slug.clone(), new).await,
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match invited {
        Ok(invited) => Ok(visit.see_with_success(&format!("/rounds/{slug}/pool"), &told(&invited))),
        Err(refusal) => {
            let faults = faults_beside(refusal, "people")?.into_iter().map(in_its_field).collect::<Vec<_>>();
            visit.page_with_faults(&page(&visit, &slug, &form.0).await?, &faults).await
        }
    }
}

/// The page has one field for all people, and the instant in several.
fn in_its_field(fault: Fault) -> Fault {
    let field = match fault.field.as_str() {
        "answer_by" => "at-day".into(),
        field if field.starts_with("people/") => "people".into(),
        _ => fault.field,
    };
    Fault { field, ..fault }
}

/// How many are invited, and how many are not because they have accepted already. Who they are stands on the page that follows:
/// names of a long list are more than a cookie carries.
fn told(invited: &[Invited]) -> String {
    let done = invited.iter().filter(|one| one.done).count();
    let sent = match done {
        0 => "Nobody is invited.".to_owned(),
        1 => "1 person is invited, and gets an email.".into(),
        many => format!("{many} people are invited, and get an email."),
    };
    match invited.len() - done {
        0 => sent,
        1 => format!("{sent} 1 person has accepted already."),
        many => format!("{sent} {many} people have accepted already."),
    }
}

fn read(form: &Form) -> Result<NewInvitations, Vec<Fault>> {
    let mut faults = Vec::new();
    let (least, most) = (written::number(form, "least", &mut faults), written::number(form, "most", &mut faults));
    let people = form.text("people");
    let people: Vec<Invitee> = people.lines().filter(|line| !line.trim().is_empty()).map(invitee).collect();
    if people.is_empty() {
        faults.insert(0, Fault::new("people", "missing", "Enter at least one email address."));
    }
    match WrittenInstant::of(form).read() {
        Ok(answer_by) if faults.is_empty() => {
            let (areas, message) = (form.all("areas"), form.text("message"));
            Ok(NewInvitations { people, areas, least, most, answer_by, message })
        }
        Ok(_) => Err(faults),
        Err(wrong) => Err(faults.into_iter().chain(wrong).collect()),
    }
}

/// `jo@example.gov.uk`, `Jo Bloggs <jo@example.gov.uk>` or `jo@example.gov.uk, Jo Bloggs`.
fn invitee(line: &str) -> Invitee {
    let line = line.trim();
    if let Some((name, rest)) = line.split_once('<') {
        let email = rest.trim_end().trim_end_matches('>').trim().to_owned();
        return Invitee { email, name: name.trim().trim_matches('"').to_owned() };
    }
    let (email, name) = line.split_once([',', ';', '\t']).unwrap_or((line, ""));
    Invitee { email: email.trim().to_owned(), name: name.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_many_people_fits_a_cookie() {
        let one = |done| Invited {
            email: "jo@a.example".into(),
            name: "Jo Bloggs".into(),
            done,
            code: None,
            message: (!done).then(|| "They have accepted already.".to_owned()),
        };
        let accepted: Vec<Invited> = (0..200).map(|_| one(false)).collect();
        assert_eq!(told(&accepted), "Nobody is invited. 200 people have accepted already.");
        let both = "1 person is invited, and gets an email. 1 person has accepted already.";
        assert_eq!(told(&[one(true), one(false)]), both);
        assert_eq!(told(&[one(true), one(true)]), "2 people are invited, and get an email.");
    }

    #[test]
    fn a_line_has_an_address_and_perhaps_a_name() {
        for (line, email, name) in [
            ("jo@a.example", "jo@a.example", ""),
            (" Jo Bloggs <jo@a.example> ", "jo@a.example", "Jo Bloggs"),
            ("\"Bloggs, Jo\" <jo@a.example>", "jo@a.example", "Bloggs, Jo"),
            ("jo@a.example, Jo Bloggs", "jo@a.example", "Jo Bloggs"),
            ("jo@a.example\tJo Bloggs", "jo@a.example", "Jo Bloggs"),
        ] {
            assert_eq!(invitee(line), Invitee { email: email.into(), name: name.into() }, "{line}");
        }
    }
}
