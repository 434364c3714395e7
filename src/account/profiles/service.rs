//! Reading and keeping an organisation's profile.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::{
        model::{MemberRole, Organisation},
        policy::{self, Action, Granted},
        profiles::{model::Profile, store},
        store::{organisations, people},
    },
    ids::{Id, OrganisationKey},
};

/// The profile of an organisation, as its people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProfileView {
    /// The organisation's name.
    pub organisation: String,
    /// What it says.
    pub profile: Profile,
    /// What the officer is called who is responsible for its money.
    pub finance_officer: String,
    /// Who that is: its signatories, by name. They are kept among its people.
    pub finance_officers: Vec<String>,
    /// Who changed it last; null for a program and where nobody has.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: Option<Moment>,
    /// Whether whoever reads it may change it.
    pub may_change: bool,
    /// Counts changes; 0 where nothing was ever written.
    pub version: i32,
}

/// The profile of an organisation, for everybody who works for it.
///
/// # Errors
/// As policy says.
pub async fn show(app: &App, call: &Call, id: Id<OrganisationKey>) -> Result<ProfileView> {
    call.read(app, move |conn, scene| {
        let (granted, organisation) = ask(conn, scene, (Action::ReadOrganisation, id))?;
        view(conn, &granted, organisation)
    })
    .await
}

/// Policy's yes, and the organisation. Whoever runs the instance may read of any, so that it is looked for here.
fn ask(
    conn: &mut Conn,
    scene: &Scene,
    (action, id): (Action, Id<OrganisationKey>),
) -> Result<(Granted<OrganisationKey>, Organisation)> {
    let granted = policy::organisation(conn, &scene.actor, action, id)?;
    Ok((granted, organisations::by_id(conn, id)?))
}

fn view(conn: &mut Conn, granted: &Granted<OrganisationKey>, organisation: Organisation) -> Result<ProfileView> {
    let kept = store::of(conn, granted)?;
    let officers = people::people_with(conn, organisation.id, MemberRole::Signatory)?;
    let changed_by = kept.changed.and_then(|(by, _)| by).map(|by| people::name_of(conn, by)).transpose()?;
    Ok(ProfileView {
        finance_officer: organisation.kind.finance_officer().into(),
        finance_officers: officers.into_iter().map(|officer| officer.name).collect(),
        organisation: organisation.name,
        profile: kept.profile,
        changed_by,
        changed_at: kept.changed.map(|(_, at)| at),
        may_change: granted.standing().may(Action::EditProfile),
        version: kept.version,
    })
}

/// Writes a profile over the one that stands at `version`. Bids that have begun keep what they say.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Stale` when somebody changed it meanwhile.
pub async fn put(
    app: &App,
    call: &Call,
    id: Id<OrganisationKey>,
    version: i32,
    profile: Profile,
) -> Result<ProfileView> {
    call.write(app, move |conn, scene| {
        let (granted, organisation) = ask(conn, scene, (Action::EditProfile, id))?;
        let profile = profile.clone().trimmed();
        AppError::unless_empty(profile.faults())?;
        if !store::put(conn, &granted, version, &profile, (scene.actor.person(), scene.now))? {
            return Err(AppError::Stale { current: store::of(conn, &granted)?.version });
        }
        // What it says may name people, who can be erased: the history tells that it changed.
        scene.tell(conn, Chain::Organisation(id), "organisation.profile_changed", json!({ "version": version + 1 }))?;
        view(conn, &granted, organisation)
    })
    .await
}
