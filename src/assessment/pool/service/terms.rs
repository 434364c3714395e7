//! The terms of a round's assessors: what they are, who has to agree to them anew, and agreeing.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Own, look, must_be_running, must_have_read};
use crate::{
    actor::Actor,
    assessment::pool::{
        letters,
        model::{Agreement, AskedFor, MyPlace, PlaceState, PoolRow, Said, Terms},
        store,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{self, model::RoundInFull},
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::people,
    },
    ids::{Id, PersonKey, RoundKey},
};

/// What assessors of a round agree to: what its rules say, or else what its manager has settled.
pub(super) fn terms_of(conn: &mut Conn, round: &RoundInFull, pool: &PoolRow) -> Result<Option<Terms>> {
    let rules = round.rulebook.assessment.terms.trim();
    store::terms(conn, round.round.id, if rules.is_empty() { &pool.terms } else { rules })
}

/// What the round asks assessors to agree to now, beside all that it has asked for.
pub(super) fn asked_for(conn: &mut Conn, round: &RoundInFull, pool: &PoolRow) -> Result<AskedFor> {
    let now = terms_of(conn, round, pool)?.map(|terms| terms.sha256);
    Ok(AskedFor { now, all: store::fingerprints(conn, round.round.id)? })
}

/// Those who have accepted to assess in a round and have still to agree to its terms as they are now. They keep what they read, and
/// are given nothing more until then.
///
/// # Errors
/// When the database fails.
pub fn unagreed<T>(conn: &mut Conn, granted: &Granted<T>, round: &RoundInFull) -> Result<BTreeSet<Id<PersonKey>>> {
    let Some(pool) = store::pool(conn, round.round.id)? else { return Ok(BTreeSet::new()) };
    let asked = asked_for(conn, round, &pool)?;
    let accepted = store::accepted(conn, granted, round.round.id)?.into_iter();
    Ok(accepted.filter(|(_, said)| asked.must_agree(said.terms)).map(|(person, _)| person).collect())
}

/// Asks everybody by mail to agree who has accepted and has not agreed to the terms as they are now. Whoever was asked about these
/// is not asked again.
///
/// # Errors
/// When the database fails.
pub fn ask_again(conn: &mut Conn, scene: &Scene, round: Id<RoundKey>) -> Result<()> {
    let granted = policy::round(conn, &Actor::System, Action::ManagePool, round)?;
    let round = funds::store::round_by_id(conn, round)?;
    let round = funds::store::in_full(conn, round)?;
    let Some(pool) = store::pool(conn, round.round.id)? else { return Ok(()) };
    let Some(terms) = terms_of(conn, &round, &pool)?.filter(|_| must_be_running(&round, scene.now).is_ok()) else {
        return Ok(());
    };
    store::keep_terms(conn, round.round.id, &terms, scene.now)?;
    let asked = asked_for(conn, &round, &pool)?;
    for (place, ..) in store::places(conn, &granted)? {
        if place.state == PlaceState::Accepted && asked.must_agree(place.said.0.terms) {
            let person = people::person(conn, place.person_id)?;
            letters::terms_changed(conn, scene, &round, (&place, &person, terms.number))?;
        }
    }
    Ok(())
}

/// Agrees to the terms as they are now, for whoever accepted when they were others; agreeing again changes nothing.
///
/// # Errors
/// `NotFound` for whoever was not invited; `Invalid` without the terms; `Conflict` for whoever has not accepted, where the terms are
/// other ones by now or there are none, and once the round is over; `Stale` when the place is not at `version`.
pub async fn agree(app: &App, call: &Call, slug: String, version: i32, new: Agreement) -> Result<MyPlace> {
    call.write(app, move |conn, scene| {
        let own = Own::find(conn, scene, &slug)?;
        must_be_running(&own.round, scene.now)?;
        if own.place().state != PlaceState::Accepted {
            let message = "You do not assess in this round. Accept the invitation first, if one waits for your answer.";
            return Err(AppError::conflict("not_accepted", message));
        }
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let none = || AppError::conflict("no_terms", "This round has no terms any more. There is nothing to agree to.");
        let terms = terms_of(conn, &own.round, &own.pool)?.ok_or_else(none)?;
        must_have_read(Some(&new.terms), Some(&terms))?;
        if !asked_for(conn, &own.round, &own.pool)?.must_agree(own.place().said.0.terms) {
            return look::own(conn, scene, &slug, None);
        }
        own.must_be_at(version)?;
        store::keep_terms(conn, own.round.round.id, &terms, scene.now)?;
        let before = own.place().said.0.clone();
        let said = Said { terms: Some(terms.number), agreed_at: Some(scene.now), ..before };
        if !store::agree(conn, (own.place().id, version), said)? {
            return Err(AppError::Stale { current: own.place().version });
        }
        let detail = json!({ "place": own.place().id, "terms": terms.sha256 });
        scene.tell(conn, Chain::Round(own.round.round.id), "pool.agreed", detail)?;
        look::own(conn, scene, &slug, None)
    })
    .await
}
