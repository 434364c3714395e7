//! Recording which organisations belong to a network, one by one or from a file.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::{
        networks::{
            import,
            model::{MemberState, Network, NetworkMember, NewMembership},
            store,
        },
        policy::{self, Action, GrantedService},
        store::organisations,
    },
    ids::{Id, OrganisationKey},
};

/// The networks, for everybody who has signed in.
///
/// # Errors
/// `Unauthenticated`.
pub async fn networks(app: &App, call: &Call) -> Result<Vec<Network>> {
    call.read(app, |conn, scene| {
        signed_in(conn, scene)?;
        store::every(conn)
    })
    .await
}

/// The organisations of a network.
///
/// # Errors
/// `Unauthenticated`; `NotFound`.
pub async fn members(app: &App, call: &Call, network: String) -> Result<Vec<NetworkMember>> {
    call.read(app, move |conn, scene| {
        signed_in(conn, scene)?;
        store::find(conn, &network)?;
        store::members(conn, &network)
    })
    .await
}

fn signed_in(conn: &mut Conn, scene: &Scene) -> Result<()> {
    let sight = policy::sight(conn, &scene.actor)?;
    let is_known = sight.person.is_some() || !sight.organisations.is_empty() || !sight.funds.is_empty();
    if is_known { Ok(()) } else { Err(AppError::Unauthenticated) }
}

/// Asks whether somebody records who belongs to networks: the pages about that are hidden from everybody else.
///
/// # Errors
/// As policy says.
pub async fn ask(app: &App, call: &Call) -> Result<()> {
    call.read(app, |conn, scene| granted(conn, scene).map(drop)).await
}

fn granted(conn: &mut Conn, scene: &Scene) -> Result<GrantedService> {
    policy::service(conn, &scene.actor, Action::ManageNetworks)
}

/// Makes a network, or gives it another name.
///
/// # Errors
/// As policy says; `Invalid` with every fault.
pub async fn put(app: &App, call: &Call, network: Network) -> Result<Network> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene)?;
        AppError::unless_empty(network.faults())?;
        store::put(conn, &granted, &network)?;
        store::find(conn, &network.code)
    })
    .await
}

/// Records how far an organisation is with a network.
///
/// # Errors
/// As policy says; `NotFound` for a network or an organisation that there is not; `Invalid`.
pub async fn record(
    app: &App,
    call: &Call,
    (network, organisation): (String, Id<OrganisationKey>),
    membership: NewMembership,
) -> Result<NetworkMember> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene)?;
        store::find(conn, &network)?;
        AppError::unless_empty(membership.faults(scene.now.london_date()))?;
        let organisation = organisations::by_id(conn, organisation)?;
        write(conn, scene, &granted, (&network, organisation.id), &membership)?;
        let NewMembership { state, from } = membership.clone();
        Ok(NetworkMember {
            organisation_id: organisation.id,
            code: organisation.code,
            name: organisation.name,
            state,
            from,
        })
    })
    .await
}

fn write(
    conn: &mut Conn,
    scene: &Scene,
    granted: &GrantedService,
    (network, organisation): (&str, Id<OrganisationKey>),
    membership: &NewMembership,
) -> Result<()> {
    store::record(conn, granted, (network, organisation), membership, (scene.actor.person(), scene.now))?;
    let detail = json!({ "network": network, "state": membership.state, "from": membership.from });
    scene.tell(conn, Chain::Organisation(organisation), "organisation.network_recorded", detail)
}

/// Takes an organisation out of a network.
///
/// # Errors
/// As policy says; `NotFound` when it is not in it.
pub async fn take_out(app: &App, call: &Call, (network, organisation): (String, Id<OrganisationKey>)) -> Result<()> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene)?;
        if !store::take_out(conn, &granted, (&network, organisation))? {
            return Err(AppError::NotFound);
        }
        let detail = json!({ "network": network });
        scene.tell(conn, Chain::Organisation(organisation), "organisation.network_left", detail)
    })
    .await
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportedMembers)]
pub struct Imported {
    /// How many organisations belong, as the file says.
    pub members: usize,
    /// How many have begun to join.
    pub in_process: usize,
}

/// Records the lines of a CSV file, all of them or none. An organisation that is not in the file stays as it is.
///
/// # Errors
/// As policy says; `NotFound`; `Invalid` with every fault and its line.
pub async fn import(app: &App, call: &Call, network: String, file: Vec<u8>) -> Result<Imported> {
    ask(app, call).await?;
    let lines = import::parse(&file)?;
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene)?;
        store::find(conn, &network)?;
        let mut imported = Imported::default();
        for (organisation, membership) in import::resolve(conn, &lines, scene.now.london_date())? {
            write(conn, scene, &granted, (&network, organisation), &membership)?;
            match membership.state {
                MemberState::Member => imported.members += 1,
                MemberState::InProcess => imported.in_process += 1,
            }
        }
        Ok(imported)
    })
    .await
}
