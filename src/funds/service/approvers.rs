//! Who hears that somebody else can approve: one person with two addresses would be two people to the service, and only
//! those who know them can tell.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    account::service::roles::called,
    db::Conn,
    error::Result,
    funds::model::Fund,
    http::Scene,
    identity::{
        model::Person,
        store::{people, readers},
    },
    ids::{Id, PersonKey, RowKey},
    mail::outbox::Notice,
};

/// Tells every manager but whoever named them that somebody can approve from now on; the one in whose place they act hears of
/// it always.
///
/// # Errors
/// When the database fails.
pub fn tell_managers(
    conn: &mut Conn,
    scene: &Scene,
    fund: &Fund,
    named: &Person,
    what: &str,
    principal: Option<Id<PersonKey>>,
) -> Result<()> {
    let managers = readers::managers(conn, fund.id)?.into_iter();
    let mut readers: BTreeMap<Id<PersonKey>, Person> = managers.map(|person| (person.id, person)).collect();
    readers.retain(|id, _| *id != named.id && Some(*id) != scene.actor.person());
    if let Some(principal) = principal {
        readers.insert(principal, people::person(conn, principal)?);
    }
    let by = called(conn, &scene.actor.recorded())?;
    let data = json!({
        "by": by, "who": named.name, "email": named.email, "what": what,
        "fund": fund.name, "link": format!("/funds/{}/deputies", fund.slug),
    });
    let told = Notice { template: "approver-named", bid: None, round: None, data };
    for reader in readers.into_values() {
        let occasion: Id<RowKey> = scene.fresh();
        scene.write_to(conn, &reader, &told, &occasion.to_string())?;
    }
    Ok(())
}
