use roundtable::{
    actor::Actor,
    error::{AppError, Result},
    identity::{
        clients::{self, NewClient},
        keys::Keys,
        model::ApiClient,
        policy::{self, Action},
        tokens::{self, Issuer},
    },
    ids::{ClientKey, Id, OrganisationKey},
};

use super::world::World;
use crate::harness::databases::on_each_database;

const COUNCILS: &str = "code,name,kind,nation\nAMB,Ambridge Council,district,england\n\
                        BOR,Borchester Council,district,england\n";
const SERVICE: &str = "https://funding.example";

fn council(world: &World, code: &str) -> Id<OrganisationKey> {
    world.council(code).expect("known").id
}

fn make(world: &World) -> (ApiClient, String) {
    world.import(COUNCILS).expect("imported");
    let (owner, organisation, now) = (world.person("jo@ambridge.gov.uk").id, council(world, "AMB"), world.at(0));
    let (new, secret) = NewClient::make(&world.ids, "Grants register".into(), now);
    let made = world.write(move |conn| {
        let granted = policy::organisation(conn, &Actor::System, Action::ManageClients, organisation)?;
        clients::create(conn, &granted, &new, owner, now)
    });
    (made.expect("made"), secret)
}

fn knows(world: &World, client: Id<ClientKey>, secret: &str) -> bool {
    let secret = secret.to_owned();
    world.read(move |conn| clients::knows_secret(conn, client, &secret)).expect("read")
}

fn revoke(world: &World, code: &str, client: Id<ClientKey>) -> Result<ApiClient> {
    let (organisation, now) = (council(world, code), world.at(1));
    world.write(move |conn| {
        let granted = policy::organisation(conn, &Actor::System, Action::ManageClients, organisation)?;
        clients::revoke(conn, &granted, client, now)
    })
}

on_each_database! {
    fn a_client_proves_itself_with_its_own_secret_alone(world: &World) {
        let (client, secret) = make(world);
        assert!(knows(world, client.id, &secret));
        assert!(!knows(world, client.id, &format!("{secret}x")));
        assert!(!knows(world, client.id, ""));
        assert!(!knows(world, world.fresh(), &secret), "another client's id");
    }

    fn a_valid_token_of_a_revoked_client_is_refused_at_once(world: &World) {
        let (client, secret) = make(world);
        let keys = Keys::passing(&world.ids).expect("keys");
        let issuer = Issuer { keys: &keys, service: SERVICE };
        let token = issuer.issue(client.id, &world.ids, world.at(0)).expect("a token");
        let who = || world.runtime.block_on(tokens::client_of(&keys, &world.db, SERVICE, &token, world.at(2)));
        assert_eq!(who().expect("live"), Actor::Client(client.id));
        let revoked = revoke(world, "AMB", client.id).expect("revoked");
        assert_eq!((revoked.version, revoked.revoked_at), (2, Some(world.at(1))));
        assert!(matches!(who(), Err(AppError::Unauthenticated)));
        assert!(!knows(world, client.id, &secret), "it gets no new token either");
        assert_eq!(revoke(world, "AMB", client.id).expect("again").version, 2, "revoking twice changes nothing");
    }

    fn a_client_of_another_council_cannot_be_revoked(world: &World) {
        let (client, _) = make(world);
        assert!(matches!(revoke(world, "BOR", client.id), Err(AppError::NotFound)));
    }
}
