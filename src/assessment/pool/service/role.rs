//! The role of assessor for the fund, which comes with a place that somebody accepts: policy knows assessors by it.

use crate::{
    account::service::roles,
    actor::Actor,
    db::Conn,
    error::Result,
    events::Chain,
    funds,
    http::Scene,
    identity::{
        model::FundRole,
        policy::{self, Action, Granted},
    },
    ids::{FundKey, Id, PersonKey},
};

use super::must_be_running;
use crate::assessment::pool::{model::PlaceRow, store};

fn house(conn: &mut Conn, fund: Id<FundKey>) -> Result<Granted<FundKey>> {
    policy::fund(conn, &Actor::System, Action::ManageStaff, fund)
}

/// Gives a person the role, and says whether they lacked it. The manager who invited them has said that they may have it.
pub(super) fn give(conn: &mut Conn, scene: &Scene, fund: Id<FundKey>, person: Id<PersonKey>) -> Result<bool> {
    let granted = house(conn, fund)?;
    let given = funds::store::grant_role(conn, &granted, scene.fresh(), (person, FundRole::Assessor), scene.now)?;
    if given {
        note(conn, scene, (fund, "fund.role_given"), person)?;
        funds::service::order_asking(conn, scene, fund, scene.now)?;
    }
    Ok(given)
}

/// Takes the role that came with a place, unless another place that the person has accepted holds it from now on, or they still
/// have bids to read in another round of the fund, which need no place where that round has no pool.
pub(super) fn take_back(conn: &mut Conn, scene: &Scene, fund: Id<FundKey>, place: &PlaceRow) -> Result<()> {
    if !place.gave_role {
        return Ok(());
    }
    let (granted, person) = (house(conn, fund)?, place.person_id);
    for (other, round) in store::other_accepted(conn, &granted, (person, place.id))? {
        let round = funds::store::round_by_id(conn, round)?;
        if must_be_running(&funds::store::in_full(conn, round)?, scene.now).is_ok() {
            return store::hand_on_role(conn, &granted, other);
        }
    }
    if store::reads_elsewhere(conn, &granted, (person, place.round_id))? {
        return Ok(());
    }
    let holds = funds::store::staff(conn, &granted)?;
    if holds.iter().any(|(holder, role)| holder.id == person && *role == FundRole::Assessor) {
        funds::store::take_role(conn, &granted, (person, FundRole::Assessor), scene.now)?;
        note(conn, scene, (fund, "fund.role_taken"), person)?;
    }
    Ok(())
}

fn note(
    conn: &mut Conn,
    scene: &Scene,
    (fund, kind): (Id<FundKey>, &'static str),
    person: Id<PersonKey>,
) -> Result<()> {
    roles::note(conn, &scene.by_itself(), (Chain::Fund(fund), kind), (person, FundRole::Assessor.word()))
}
