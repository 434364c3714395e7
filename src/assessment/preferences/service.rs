//! The use cases of preferences: reading one's own, and saying which bids one would like to read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    model::{NewPreferences, Preference, Preferences, PreferencesSaid, PreferredBid},
    store,
};
use crate::{
    assessment::{
        conflicts,
        model::BidRow,
        pool::{self, service::OwnPlace},
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// Somebody who has accepted to assess in a round, with the bids of it that they may know of.
struct Asked {
    own: OwnPlace,
    granted: Granted<RoundKey>,
    sight: Sight,
    /// None where they read without names.
    bids: Option<Vec<BidRow>>,
}

/// Whoever has not accepted hears nothing of what others could prefer.
fn ask(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Asked> {
    let own = pool::service::own_accepted(conn, scene, slug)?;
    let granted = policy::round(conn, &scene.actor, Action::DeclareConflict, own.round.round.id)?;
    let sight = policy::sight(conn, &scene.actor)?;
    let bids = conflicts::service::known(conn, scene, (&granted, &sight))?;
    Ok(Asked { own, granted, sight, bids })
}

impl Asked {
    /// What they have said of the bids that they may know of.
    fn said(&self, conn: &mut Conn) -> Result<BTreeMap<Id<BidKey>, Preference>> {
        let mut said = store::own(conn, &self.sight, self.granted.id())?;
        said.retain(|id, _| self.bids.iter().flatten().any(|bid| bid.id == *id));
        Ok(said)
    }
}

/// A round's bids with what one has said of them: title and organisations, and nothing more.
///
/// # Errors
/// `NotFound` for whoever has not accepted to assess in the round; `Invalid` for a wrong cursor or limit.
pub async fn preferences(app: &App, call: &Call, slug: String, page: PageRequest) -> Result<Preferences> {
    let (limit, after) = (page.limit()?, page.after::<BidKey>()?);
    call.read(app, move |conn, scene| {
        let asked = ask(conn, scene, &slug)?;
        let said = asked.said(conn)?;
        let withheld = conflicts::service::withheld(conn, &asked.sight, Some(asked.granted.id()), scene.now)?;
        let without_names = asked.bids.is_none();
        let counted = PreferencesSaid::of(said.values().copied());
        let mut rows = asked.bids.unwrap_or_default();
        rows.retain(|bid| after.is_none_or(|after| bid.id > after));
        let rows = Listing::of(rows, limit, |bid| bid.id);
        let ids: Vec<Id<BidKey>> = rows.items.iter().map(|bid| bid.id).collect();
        let mut organisations = conflicts::service::organisations_of_bids(conn, &ids)?;
        let preferred = |bid: BidRow| PreferredBid {
            organisations: organisations.remove(&bid.id).unwrap_or_default(),
            preference: said.get(&bid.id).copied().unwrap_or(Preference::Neutral),
            reference: bid.reference,
            title: bid.title,
        };
        Ok(Preferences {
            bids: Listing { items: rows.items.into_iter().map(preferred).collect(), next: rows.next },
            without_names,
            open: asked.own.open && !without_names,
            wanted: counted.wanted,
            rather_not: counted.rather_not,
            withheld,
        })
    })
    .await
}

/// Says of some bids whether one would like to read them; what one has said of others stays.
///
/// # Errors
/// `NotFound` for whoever has not accepted to assess in the round; `Conflict` once every bid has its readers or nothing is left to
/// assess, and where one reads without names; `Invalid` with every fault, and then nothing is kept.
pub async fn prefer(app: &App, call: &Call, slug: String, new: NewPreferences) -> Result<PreferencesSaid> {
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, &slug)?;
        let bids = must_be_open(&asked)?;
        let known: BTreeSet<&str> = bids.iter().map(|bid| bid.reference.as_str()).collect();
        AppError::unless_empty(new.faults(&known))?;
        let mut said = asked.said(conn)?;
        let ids: BTreeMap<&str, Id<BidKey>> = bids.iter().map(|bid| (bid.reference.as_str(), bid.id)).collect();
        let mut changed = Vec::new();
        for one in &new.preferences {
            let Some(id) = ids.get(one.bid.as_str()).copied() else { continue };
            if said.insert(id, one.preference).unwrap_or(Preference::Neutral) != one.preference {
                store::keep(conn, &asked.granted, (asked.own.person, id), (one.preference, scene.now))?;
                changed.push(json!({ "bid": id, "preference": one.preference }));
            }
        }
        if !changed.is_empty() {
            let detail = json!({ "place": asked.own.place, "said": changed });
            scene.tell(conn, Chain::Round(asked.granted.id()), "preferences.said", detail)?;
        }
        Ok(PreferencesSaid::of(said.into_values()))
    })
    .await
}

/// The bids of which something can be said now.
fn must_be_open(asked: &Asked) -> Result<&[BidRow]> {
    let Some(bids) = &asked.bids else {
        let message = "You read the bids of this round without knowing whose they are, so that none is listed for you before it is \
                       given to you.";
        return Err(AppError::conflict("without_names", message));
    };
    if !asked.own.open {
        let message = "Every bid has its readers by now, or nothing is left to assess, so that this stays as it is. Ask the fund if \
                       you cannot read a bid.";
        return Err(AppError::conflict("assigned_already", message));
    }
    Ok(bids)
}

/// What everybody has said of the bids of a round, for the plans of who reads what.
pub(in crate::assessment) fn of_round(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
) -> Result<Vec<(Id<BidKey>, Id<PersonKey>, Preference)>> {
    store::of_round(conn, round)
}
