//! What everybody may read: whitelists of fields, filled from released decisions alone.
//!
//! A field that is not here is not public. Nothing here may be derived from a decision before its release, and nothing
//! but what is public goes into an entity tag or a date of change.

use serde::Serialize;

use crate::{clock::Moment, money::Pence};

/// A round, as far as lists of its bids and awards need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PublicRound {
    /// Its place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Something everybody must know, e.g. that it is a replay with illustrative parts.
    pub note: Option<String>,
    /// The name of its fund.
    pub fund: String,
    /// The fund's place in addresses.
    pub fund_slug: String,
    /// Who gives the money.
    pub funder: String,
    /// The funder's org-id.
    pub funder_org_id: Option<String>,
}

/// A council or another body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct Council {
    /// Its name.
    pub name: String,
    /// Its org-id, e.g. `GB-LAE-STY`.
    pub org_id: Option<String>,
    /// Its ONS code.
    pub ons_code: Option<String>,
}

/// A bid that was awarded money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Award {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The lead authority, which is paid.
    pub lead: Council,
    /// The partners who confirmed.
    pub partners: Vec<Council>,
    /// The phase of work.
    pub phase: Option<String>,
    /// How much, in pence.
    pub amount_pence: Pence,
    /// How much was asked for, in pence.
    pub asked_pence: Option<Pence>,
    /// The bid's place in the ranking.
    pub place: Option<i32>,
    /// Why it was funded although the ranking said otherwise.
    pub reason: Option<String>,
    /// Whether parts of the bid are illustrative, as in the replay of a real round.
    pub illustrative: bool,
    /// The parts that are facts all the same.
    pub known: Vec<String>,
}

/// The award list of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AwardList {
    /// The round.
    pub round: PublicRound,
    /// When the awards were announced.
    pub announced_at: Moment,
    /// When the projects end.
    pub delivery_ends: Option<Moment>,
    /// The awards, by reference.
    pub awards: Vec<Award>,
    /// All awards together, in pence.
    pub total_pence: Pence,
    /// How many different councils lead or take part.
    pub councils: usize,
}
