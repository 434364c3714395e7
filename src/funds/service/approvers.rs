//! Who hears that somebody else can approve: one person with two addresses would be two people to the service, and only
//! those who know them can tell.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    account::service::roles::called,
    db::Conn,
    error::Result,
    funds::{model::Fund, store},
    http::Scene,
    identity::{
        model::{FundRole, Person},
        policy::Granted,
        store::people,
    },
    ids::{FundKey, Id, PersonKey},
    mail::outbox::{self, Letter},
};

/// Tells every manager but whoever named them that somebody can approve from now on; the one in whose place they act hears of
/// it always.
///
/// # Errors
/// When the database fails.
pub fn tell_managers(
    conn: &mut Conn,
    scene: &Scene,
    (granted, fund): (&Granted<FundKey>, &Fund),
    named: &Person,
    what: &str,
    principal: Option<Id<PersonKey>>,
) -> Result<()> {
    let managers = store::staff(conn, granted)?.into_iter().filter(|(_, role)| *role == FundRole::FundManager);
    let mut readers: BTreeMap<Id<PersonKey>, Person> = managers.map(|(person, _)| (person.id, person)).collect();
    readers.retain(|id, _| *id != named.id && Some(*id) != scene.actor.person());
    if let Some(principal) = principal {
        readers.insert(principal, people::person(conn, principal)?);
    }
    let by = called(conn, &scene.actor.recorded())?;
    for reader in readers.into_values() {
        let id = scene.fresh();
        let letter = Letter {
            id,
            template: "approver-named",
            recipient: reader.email,
            person: Some(reader.id),
            bid: None,
            round: None,
            data: json!({
                "name": reader.name, "by": by, "who": named.name, "email": named.email, "what": what,
                "fund": fund.name, "link": format!("/funds/{}/deputies", fund.slug),
            }),
            unique_key: format!("approver-named {id}"),
        };
        outbox::post(conn, letter, scene.now)?;
    }
    Ok(())
}
