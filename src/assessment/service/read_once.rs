//! What is read once for all bids that are given in one transaction.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::{Asked, given::NewReading};
use crate::{
    assessment::{conflicts, pool, store},
    db::Conn,
    error::Result,
    http::Scene,
    identity::policy::{self, Sight},
    ids::{Id, PersonKey, RoundKey},
};

/// What is read once for everything that is given in one transaction, because giving changes none of it.
pub(in crate::assessment) struct ReadOnce {
    pub(super) sight: Sight,
    pub(super) suggested: conflicts::service::Open,
    pools: BTreeMap<Id<RoundKey>, Pool>,
    pub(super) given: Vec<NewReading>,
}

/// Who can be given bids of a round, where it has a pool.
pub(super) struct InPool {
    /// Who has accepted to assess, and how many bids each can read.
    pub most: BTreeMap<Id<PersonKey>, Option<u32>>,
    /// Who of them has still to agree to the terms as they are now.
    pub unagreed: BTreeSet<Id<PersonKey>>,
}

pub(super) type Pool = Option<InPool>;

impl ReadOnce {
    pub(in crate::assessment) fn of(conn: &mut Conn, scene: &Scene, pairs: &[(&str, Id<PersonKey>)]) -> Result<Self> {
        let sight = policy::sight(conn, &scene.actor)?;
        let references: BTreeSet<&str> = pairs.iter().map(|(reference, _)| *reference).collect();
        let people: BTreeSet<Id<PersonKey>> = pairs.iter().map(|(_, person)| *person).collect();
        let bids = store::assignments::ids_of(conn, &sight, references)?;
        let people: Vec<Id<PersonKey>> = people.into_iter().collect();
        let suggested = conflicts::service::open(conn, scene, &sight, (&people, &bids))?;
        Ok(Self { sight, suggested, pools: BTreeMap::new(), given: Vec::new() })
    }

    pub(super) fn pool(&mut self, conn: &mut Conn, asked: &Asked) -> Result<&Pool> {
        Ok(match self.pools.entry(asked.bid.round_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let most = pool::service::accepted(conn, &asked.granted, asked.bid.round_id)?;
                let unagreed = pool::service::unagreed(conn, &asked.granted, &asked.round)?;
                new.insert(most.map(|most| InPool { most, unagreed }))
            }
        })
    }
}
