//! Who reads the mail about bids: everybody of the lead authority and of the partners that have confirmed.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::RoundBid;
use crate::{
    awards::readiness::Readers,
    db::{
        Conn,
        schema::{memberships, partners},
    },
    error::Result,
    ids::{BidKey, Id, OrganisationKey, PersonKey},
};

/// The councils of some bids, and the people of those councils.
#[derive(Debug, Default)]
pub struct Audience {
    councils: BTreeMap<Id<BidKey>, BTreeSet<Id<OrganisationKey>>>,
    people: BTreeMap<Id<OrganisationKey>, BTreeSet<Id<PersonKey>>>,
}

impl Audience {
    /// Reads the councils of these bids and their people.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of<'a>(conn: &mut Conn, bids: impl IntoIterator<Item = &'a RoundBid>) -> Result<Self> {
        let mut audience = Self::default();
        for bid in bids {
            audience.councils.insert(bid.id, BTreeSet::from([bid.lead_id]));
        }
        let ids: Vec<Id<BidKey>> = audience.councils.keys().copied().collect();
        let confirmed: Vec<(Id<BidKey>, Id<OrganisationKey>)> = partners::table
            .filter(partners::bid_id.eq_any(ids))
            .filter(partners::state.eq("confirmed"))
            .select((partners::bid_id, partners::organisation_id))
            .load(conn)?;
        for (bid, council) in confirmed {
            audience.councils.entry(bid).or_default().insert(council);
        }
        let councils: BTreeSet<Id<OrganisationKey>> = audience.councils.values().flatten().copied().collect();
        let members: Vec<(Id<OrganisationKey>, Id<PersonKey>)> = memberships::table
            .filter(memberships::organisation_id.eq_any(councils))
            .filter(memberships::ended_at.is_null())
            .select((memberships::organisation_id, memberships::person_id))
            .load(conn)?;
        for (council, person) in members {
            audience.people.entry(council).or_default().insert(person);
        }
        Ok(audience)
    }

    /// What goes out when so many mails are sent about each of these bids.
    pub fn readers(&self, mails: impl IntoIterator<Item = (Id<BidKey>, usize)>) -> Readers {
        let (mut messages, mut people, mut councils) = (0, BTreeSet::new(), BTreeSet::new());
        for (bid, mails) in mails.into_iter().filter(|(_, mails)| *mails > 0) {
            let of_bid = self.councils.get(&bid).into_iter().flatten();
            let mut readers = BTreeSet::new();
            for (council, of_council) in of_bid.filter_map(|council| self.people.get_key_value(council)) {
                readers.extend(of_council.iter().copied());
                councils.insert(*council);
            }
            messages += mails * readers.len();
            people.extend(readers);
        }
        Readers { messages, people: people.len(), councils: councils.len() }
    }
}
