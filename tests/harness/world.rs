//! The small world in which the tests play: three councils, a fund with a round, and its people.

use super::app::moment;
use roundtable::{
    actor::Actor,
    funds::{
        self,
        model::Milestone,
        service::{NewFund, NewMilestone, NewRound},
    },
    http::{App, Call},
    identity::{
        model::{FundRole, MemberRole, Nation, Organisation, OrganisationKind},
        policy::{self, Action},
        store,
    },
    ids::{Id, OrganisationKey, PersonKey},
    money::Pence,
};

/// When the test world's clock starts: the round has been open for a day.
pub const START: &str = "2026-09-02T09:00:00Z";
/// The slug of the test world's round.
pub const ROUND: &str = "test-round";

/// The people of the test world, by what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Runs the instance.
    Admin,
    /// Writes bids at Ambridge, which leads.
    Officer,
    /// The section 151 officer of Ambridge.
    Signatory,
    /// Manages Ambridge's people.
    Administrator,
    /// Works at Borchester, which becomes a partner.
    Partner,
    /// The section 151 officer of Borchester.
    PartnerSignatory,
    /// Works at Casterbridge, which has nothing to do with the others.
    Stranger,
    /// Runs the fund.
    Manager,
    /// Assesses for the fund.
    Assessor,
    /// Assesses for the fund and works at Ambridge: in conflict with its bids.
    ConflictedAssessor,
    /// A third assessor.
    SecondAssessor,
    /// Leads the panel.
    Moderator,
    /// Looks on.
    Observer,
    /// Has an account and no role at all.
    Nobody,
}

impl Who {
    pub const ALL: [Self; 14] = [
        Self::Admin,
        Self::Officer,
        Self::Signatory,
        Self::Administrator,
        Self::Partner,
        Self::PartnerSignatory,
        Self::Stranger,
        Self::Manager,
        Self::Assessor,
        Self::ConflictedAssessor,
        Self::SecondAssessor,
        Self::Moderator,
        Self::Observer,
        Self::Nobody,
    ];

    pub fn email(self) -> String {
        format!("{self:?}@test.example").to_lowercase()
    }

    fn council(self) -> Option<(&'static str, MemberRole)> {
        match self {
            Self::Officer | Self::ConflictedAssessor => Some(("AMB", MemberRole::Member)),
            Self::Signatory => Some(("AMB", MemberRole::Signatory)),
            Self::Administrator => Some(("AMB", MemberRole::Administrator)),
            Self::Partner => Some(("BOR", MemberRole::Member)),
            Self::PartnerSignatory => Some(("BOR", MemberRole::Signatory)),
            Self::Stranger => Some(("CAS", MemberRole::Member)),
            _ => None,
        }
    }

    fn fund_role(self) -> Option<FundRole> {
        match self {
            Self::Manager => Some(FundRole::FundManager),
            Self::Assessor | Self::ConflictedAssessor | Self::SecondAssessor => Some(FundRole::Assessor),
            Self::Moderator => Some(FundRole::Moderator),
            Self::Observer => Some(FundRole::Observer),
            _ => None,
        }
    }
}

const COUNCILS: [(&str, &str); 3] =
    [("AMB", "Ambridge Borough Council"), ("BOR", "Borchester City Council"), ("CAS", "Casterbridge District Council")];

/// Three councils, a fund with a published round of the Local Digital Fund's workflow, and the people.
pub async fn build_world(app: &App) -> Vec<(Who, Id<PersonKey>)> {
    let now = app.clock.now();
    let call = Call::by(Actor::System, now);
    let people = Box::pin(call.write(app, move |conn, scene| {
        let service = policy::service(conn, &scene.actor, Action::ManageOrganisations)?;
        let mut organisations: Vec<(&str, Id<OrganisationKey>)> = Vec::new();
        for (code, name) in COUNCILS {
            let council = council(scene.fresh(), code, name);
            store::organisations::add(conn, &service, &council)?;
            organisations.push((code, council.id));
        }
        let mut people = Vec::new();
        for who in Who::ALL {
            let email = who.email().parse().unwrap();
            let person = store::people::register(conn, scene.fresh(), &email, &format!("{who:?} Person"), scene.now)?;
            if who == Who::Admin {
                store::people::make_service_admin(conn, &service, person.id)?;
            }
            if let Some((code, role)) = who.council() {
                let organisation = organisations.iter().find(|(known, _)| *known == code).unwrap().1;
                let granted = policy::organisation(conn, &scene.actor, Action::ManageMembers, organisation)?;
                store::people::join(conn, &granted, (person.id, role), scene.fresh(), scene.now)?;
            }
            people.push(person.id);
        }
        Ok(people)
    }))
    .await
    .unwrap();
    let people: Vec<_> = Who::ALL.into_iter().zip(people).collect();
    let fund = NewFund {
        slug: "test-fund".into(),
        name: "Test Fund".into(),
        summary: "Money for councils that work together.".into(),
        funder: "Department of Tests".into(),
        funder_org_id: None,
    };
    funds::service::create_fund(app, &call, fund).await.unwrap();
    for (who, person) in &people {
        if let Some(role) = who.fund_role() {
            let role = role.word().to_owned();
            funds::service::grant_role(app, &call, "test-fund".into(), *person, role).await.unwrap();
        }
    }
    let round = funds::service::create_round(app, &call, "test-fund".into(), new_round()).await.unwrap();
    funds::service::publish(app, &call, ROUND.into(), round.round.version).await.unwrap();
    people
}

fn council(id: Id<OrganisationKey>, code: &str, name: &str) -> Organisation {
    Organisation {
        id,
        code: code.into(),
        name: name.into(),
        kind: OrganisationKind::District,
        nation: Nation::England,
        ons_code: Some(format!("E0700000{}", code.len() + usize::from(code.as_bytes()[0]))),
        org_id: Some(format!("GB-LAE-{code}")),
        mail_domain: None,
        starts_on: None,
        ends_on: None,
        replaced_by: None,
        signed_declaration: true,
        version: 1,
    }
}

/// The round that the tests go by.
pub fn new_round() -> NewRound {
    let instants = [
        (Milestone::EoiOpens, "2026-09-01T08:00:00Z"),
        (Milestone::EoiCloses, "2026-09-30T16:00:00Z"),
        (Milestone::EoiOutcome, "2026-10-10T09:00:00Z"),
        (Milestone::FullOpens, "2026-10-10T09:00:00Z"),
        (Milestone::FullCloses, "2026-11-15T17:00:00Z"),
        (Milestone::Announcement, "2026-12-07T09:30:00Z"),
        (Milestone::DeliveryEnds, "2027-03-29T16:00:00Z"),
    ];
    NewRound {
        slug: ROUND.into(),
        title: "Test round".into(),
        summary: "A round for tests.".into(),
        prefix: "TEST".into(),
        budget_pence: Pence(20_000_000),
        note: None,
        milestones: instants.into_iter().map(|(name, at)| NewMilestone { name, at: moment(at) }).collect(),
        rulebook: serde_json::from_str(include_str!("rulebook.json")).unwrap(),
        workflow: "local-digital-fund-1".into(),
    }
}
