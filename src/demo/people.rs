//! The councils and the people of a scenario: every name is made up, every address is in a reserved domain.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::scenario::{Council, Scenario};
use crate::{
    actor::{Actor, SignedIn},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds,
    http::{App, Call, Scene},
    identity::{
        import,
        model::{FundRole, MemberRole},
        policy::{self, Action},
        store::{organisations, people},
    },
    ids::{Id, OrganisationKey, PersonKey},
};

/// Who acts for a council in the replay: the name of their mailbox, what they are called and their role.
const COUNCIL_PEOPLE: [(&str, &str, MemberRole); 3] = [
    ("digital", "Digital officer", MemberRole::Member),
    ("section151", "Section 151 officer", MemberRole::Signatory),
    ("governance", "Governance officer", MemberRole::Administrator),
];

/// The ids of the people and organisations of a scenario, by address and by code.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Cast {
    people: BTreeMap<String, Id<PersonKey>>,
    organisations: BTreeMap<String, Id<OrganisationKey>>,
}

impl Cast {
    /// The person with this address.
    pub fn person(&self, email: &str) -> Result<Id<PersonKey>> {
        self.people.get(email).copied().ok_or_else(|| AppError::internal(format!("nobody has the address {email}")))
    }

    /// The council with this code.
    pub fn organisation(&self, code: &str) -> Result<Id<OrganisationKey>> {
        self.organisations
            .get(code)
            .copied()
            .ok_or_else(|| AppError::internal(format!("no council has the code {code}")))
    }

    /// Somebody's call at an instant, under a name that is used once in the whole replay. The session of a replay is
    /// nobody's: it opens no page.
    pub fn call(&self, email: &str, at: Moment, name: &str) -> Result<Call> {
        let person = self.person(email)?;
        let signed_in = SignedIn { person, session: person.cast(), fresh_at: at, at };
        Ok(Call::by(Actor::Person(signed_in), at).named(name))
    }
}

/// Who is called for: codes of councils, and people with the councils that they belong to.
struct Wanted {
    councils: Vec<import::Line>,
    active: BTreeSet<String>,
    mailboxes: Vec<(String, String, Option<(String, MemberRole)>)>,
}

/// Registers the councils and people of a scenario; gives their ids.
///
/// # Errors
/// When the database fails, or a council of the scenario is unknown.
pub async fn cast(app: &App, scenario: &Scenario, at: Moment) -> Result<Cast> {
    let wanted = wanted(scenario)?;
    let name = format!("{}/cast", scenario.name);
    let call = Call::by(Actor::System, at).named(&name);
    call.write(app, move |conn, scene| register(conn, scene, &wanted)).await
}

fn wanted(scenario: &Scenario) -> Result<Wanted> {
    let leads = scenario.bids.iter().map(|bid| bid.lead.clone());
    let partners = scenario.partners.iter().map(|partner| partner.council.clone());
    let active: BTreeSet<String> = leads.chain(partners).collect();
    let mut mailboxes = Vec::new();
    for code in &active {
        let council = scenario.council(code).ok_or_else(|| AppError::internal(format!("no council {code}")))?;
        for (mailbox, title, role) in COUNCIL_PEOPLE {
            let name = format!("{title}, {} (demo)", council.name);
            mailboxes.push((council.mailbox(mailbox), name, Some((code.clone(), role))));
        }
    }
    for assessor in &scenario.assessors {
        let council = assessor.council.clone().map(|code| (code, MemberRole::Member));
        mailboxes.push((assessor.email.clone(), assessor.name.clone(), council));
    }
    for staff in &scenario.round.staff {
        mailboxes.push((staff.email.clone(), staff.name.clone(), None));
    }
    Ok(Wanted { councils: import::parse(include_bytes!("../../scenarios/councils.csv"))?, active, mailboxes })
}

fn register(conn: &mut Conn, scene: &Scene, wanted: &Wanted) -> Result<Cast> {
    let service = policy::service(conn, &scene.actor, Action::ManageOrganisations)?;
    import::apply(conn, &service, &wanted.councils, (&scene.ids, scene.now))?;
    let mut cast = Cast::default();
    for known in organisations::every(conn)? {
        if wanted.active.contains(&known.code) || wanted.mailboxes.iter().any(|(.., at)| is_at(at, &known.code)) {
            cast.organisations.insert(known.code, known.id);
        }
    }
    for (email, name, council) in &wanted.mailboxes {
        let address = email.parse().map_err(AppError::internal)?;
        let person = people::register(conn, scene.fresh(), &address, name, scene.now)?.id;
        cast.people.insert(email.clone(), person);
        if let Some((code, role)) = council {
            let organisation = cast.organisation(code)?;
            let granted = policy::organisation(conn, &scene.actor, Action::ManageMembers, organisation)?;
            people::join(conn, &granted, (person, *role), scene.fresh(), scene.now)?;
        }
    }
    Ok(cast)
}

fn is_at(at: &Option<(String, MemberRole)>, code: &str) -> bool {
    at.as_ref().is_some_and(|(council, _)| council == code)
}

/// Makes the fund and gives its people their roles.
///
/// # Errors
/// When the database fails.
pub async fn appoint(app: &App, scenario: &Scenario, cast: &Cast, at: Moment) -> Result<()> {
    let system = |what: &str| Call::by(Actor::System, at).named(&format!("{}/{what}", scenario.name));
    let facts = &scenario.round.fund;
    let fund = funds::service::NewFund {
        slug: facts.slug.clone(),
        name: facts.name.clone(),
        summary: facts.summary.clone(),
        funder: facts.funder.clone(),
        funder_org_id: facts.funder_org_id.clone(),
    };
    funds::service::create_fund(app, &system("fund"), fund).await?;
    let staff = scenario.round.staff.iter().map(|staff| (staff.email.as_str(), staff.role.word()));
    let assessors = scenario.assessors.iter().map(|assessor| (assessor.email.as_str(), "assessor"));
    for (email, role) in staff.chain(assessors) {
        let call = system(&format!("role {email}"));
        funds::service::grant_role(app, &call, facts.slug.clone(), cast.person(email)?, role.into()).await?;
    }
    Ok(())
}

/// The council of the officers as which visitors sign in: the first that bid and stands today.
///
/// # Errors
/// When the scenario has none.
pub fn council_of_visitors(scenario: &Scenario) -> Result<&Council> {
    let today = |code: &str| scenario.council(code).filter(|council| council.ends_on.is_none());
    let found = scenario.bids.iter().find_map(|bid| today(&bid.lead));
    found.map(|row| &row.record).ok_or_else(|| AppError::internal("no council of the scenario stands today"))
}

/// The addresses of a council officer, a section 151 officer, an assessor, a fund manager of the scenario and another one,
/// who approves what takes two.
///
/// # Errors
/// When the scenario has none of one kind.
pub fn visitors(scenario: &Scenario) -> Result<[String; 5]> {
    let none = || AppError::internal("the scenario has nobody of that kind");
    let council = council_of_visitors(scenario)?;
    let assessor = scenario.assessors.first().ok_or_else(none)?;
    let mut managers = scenario.round.staff.iter().filter(|staff| staff.role == FundRole::FundManager);
    let mut manager = || managers.next().map(|staff| staff.email.clone()).ok_or_else(none);
    let (first, second) = (manager()?, manager()?);
    Ok([council.mailbox("digital"), council.mailbox("section151"), assessor.email.clone(), first, second])
}
