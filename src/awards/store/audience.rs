//! Who reads the mail about bids: everybody of the lead authority and of the partners that have confirmed.

use std::collections::{BTreeMap, BTreeSet};

use super::RoundBid;
use crate::{
    awards::readiness::Readers,
    db::Conn,
    error::Result,
    identity::store::readers,
    ids::{BidKey, Id, OrganisationKey, PersonKey},
    partnerships::{self, model::PartnerState},
};

/// The councils of some bids, and the people of those councils.
#[derive(Debug)]
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
        let bids: Vec<_> = bids.into_iter().map(|bid| (bid.id, bid.lead_id)).collect();
        let councils = partnerships::councils_of(conn, &bids, PartnerState::TAKING_PART)?;
        let mut people: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (council, person) in readers::by_organisation(conn, councils.values().flatten().copied())? {
            people.entry(council).or_default().insert(person.id);
        }
        Ok(Self { councils, people })
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
