//! What everybody may read: whitelists of fields, filled from released decisions alone.
//!
//! A field that is not here is not public. Nothing here may be derived from a decision before its release, and nothing
//! but what is public goes into an entity tag or a date of change.

use serde::Serialize;

use super::model::Gate;
use crate::{
    assessment::rankings::open::{OpenReading, Replay},
    bids::{hours::model::Figures, partner::PartnerKind},
    clock::Moment,
    funds::assessing::RankedBy,
    money::Pence,
};

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

/// A body that stands in a bid beside its lead, and as what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct PublicPartner {
    /// Who it is.
    #[serde(flatten)]
    pub council: Council,
    /// What kind of partner it is. A supporter stands behind the bid and takes no part in it.
    pub kind: PartnerKind,
}

impl PublicPartner {
    /// The kinds that take part in a bid.
    pub const TAKING_PART: &[PartnerKind] = &[PartnerKind::PartnerCouncil, PartnerKind::DeliveryPartner];

    /// Whether it stands behind the bid without taking part.
    pub fn supports(&self) -> bool {
        self.kind == PartnerKind::Supporter
    }

    /// The names of those whose kind is one of these, in their order.
    pub fn names<'a>(partners: &'a [Self], kinds: &[PartnerKind]) -> Vec<&'a str> {
        let fitting = partners.iter().filter(|partner| kinds.contains(&partner.kind));
        fitting.map(|partner| partner.council.name.as_str()).collect()
    }
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
    /// The partners who confirmed, each with its kind; supporters are among them.
    pub partners: Vec<PublicPartner>,
    /// The phase of work.
    pub phase: Option<String>,
    /// How much, in pence.
    pub amount_pence: Pence,
    /// How much was asked for, in pence.
    pub asked_pence: Option<Pence>,
    /// When it was announced: with all others, or by itself for a bid of the reserve list and where bids are decided on one
    /// by one.
    pub awarded_at: Moment,
    /// Whether the bid stood on the reserve list first.
    pub from_reserve: bool,
    /// The bid's place in the ranking.
    pub place: Option<i32>,
    /// Why it was funded although the ranking said otherwise.
    pub reason: Option<String>,
    /// Whether parts of the bid are illustrative, as in the replay of a real round.
    pub illustrative: bool,
    /// The parts that are facts all the same.
    pub known: Vec<String>,
}

/// A bid that was not funded while one below it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PassedOver {
    /// Its place in the ranking; which bid it is, its outcome tells.
    pub place: Option<i32>,
    /// Why.
    pub reason: String,
}

/// The award list of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AwardList {
    /// The round.
    pub round: PublicRound,
    /// When the awards were announced.
    pub announced_at: Moment,
    /// Since when the list has been as it is: the announcement, or the last award to a bid of the reserve list.
    pub changed_at: Moment,
    /// When the projects end.
    pub delivery_ends: Option<Moment>,
    /// The awards, by reference.
    pub awards: Vec<Award>,
    /// Why bids that stand higher in the ranking were passed over, in its order.
    pub passed_over: Vec<PassedOver>,
    /// All awards together, in pence.
    pub total_pence: Pence,
    /// How many different councils and other bodies lead or take part; supporters are not counted.
    pub councils: usize,
}

/// An expression of interest as everybody may read it once the closing time is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PublicBid {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The lead authority.
    pub lead: Council,
    /// The partners who had confirmed when it was submitted, each with its kind; supporters are among them.
    pub partners: Vec<PublicPartner>,
    /// The phase of work.
    pub phase: Option<String>,
    /// How much was asked for, in pence.
    pub asked_pence: Option<Pence>,
    /// When it was submitted.
    pub submitted_at: Moment,
    /// The answers to questions whose answers are published, in the form's order.
    pub answers: Vec<PublicAnswer>,
    /// The outcomes that are released, in the order in which a bid meets them.
    pub outcomes: Vec<PublicOutcome>,
    /// Whether parts of it are illustrative, as in the replay of a real round.
    pub illustrative: bool,
    /// The parts that are facts all the same.
    pub known: Vec<String>,
}

/// A published answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PublicAnswer {
    /// The question's id.
    pub question: String,
    /// The question.
    pub title: String,
    /// The answer in words.
    pub answer: String,
}

/// A released outcome. Feedback is for the councils of the bid and is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PublicOutcome {
    /// At which gate.
    pub gate: Gate,
    /// The workflow's word for it.
    pub state: String,
    /// What people call it.
    pub label: String,
    /// Whether the bid is decided by it, so that no council can join it any more.
    pub decides: bool,
}

/// The expressions of interest of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EoiList {
    /// The round.
    pub round: PublicRound,
    /// Since when the list has been as it is: the closing time, the last release of outcomes, or a later award.
    pub changed_at: Moment,
    /// The expressions of interest, by reference.
    pub bids: Vec<PublicBid>,
}

/// What bidding in a round took its councils, as far as they have said so.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BiddingHours {
    /// The round.
    pub round: PublicRound,
    /// Since when it has been so: the announcement of the awards, or the last time that enough councils had said something else.
    pub changed_at: Moment,
    /// How many councils and other bodies must have said something before there are figures, and before these change, so that
    /// nobody's own shows.
    pub least_councils: usize,
    /// The figures; null while too few have said something.
    pub figures: Option<Figures>,
}

impl BiddingHours {
    /// What is to be said of it, each a sentence.
    pub fn in_words(&self) -> Vec<String> {
        let least = self.least_councils;
        let Some(figures) = &self.figures else {
            return vec![format!(
                "Figures are published once at least {least} councils or other bodies have said how many hours a bid took, \
                 so that nobody’s own figure can be told from them. Fewer have said so yet."
            )];
        };
        let bids = if figures.bids == 1 { "1 bid".into() } else { format!("{} bids", figures.bids) };
        vec![
            format!(
                "Councils and other bodies can say how many hours their bids took. {} have: there are {} answers, about {bids}.",
                figures.councils, figures.answers
            ),
            format!(
                "The median is {} hours. The middle half of the answers lies between {} and {} hours.",
                figures.median_hours, figures.lower_quartile_hours, figures.upper_quartile_hours
            ),
            format!(
                "Nobody’s own figure is published. There are no figures of fewer than {least} councils or other bodies, and they \
                 change only once so many have said something else."
            ),
        ]
    }
}

/// The scores of a round without names, where its rules say that they are published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PublishedScores {
    /// The round.
    pub round: PublicRound,
    /// When the awards were announced, and the scores with them.
    pub announced_at: Moment,
    /// Since when they have been so.
    pub changed_at: Moment,
    /// Which figure the order of bids follows.
    pub by: RankedBy,
    /// What was scored, in order.
    pub criteria: Vec<ScoredCriterion>,
    /// How `roundtable rank` makes the figures of the ranking of record from the CSV file; null where bids are missing from it that
    /// were ranked, because their outcome is not out or they were withdrawn, and where nothing was ranked for the record.
    pub replay: Option<Replay>,
    /// The bids, by reference.
    pub bids: Vec<ScoredBid>,
}

/// A criterion of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ScoredCriterion {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its weight in basis points.
    pub weight: u32,
}

/// A bid with its scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ScoredBid {
    /// Its reference.
    pub reference: String,
    /// Its title; null where nothing else of the bid is public.
    pub title: Option<String>,
    /// Who takes part in it, the lead authority first; empty where nothing else of the bid is public.
    pub organisations: Vec<String>,
    /// Its place in the ranking, from 1; bids with the same figure share one, and a bid below a minimum has none.
    pub place: Option<u32>,
    /// What each assessor made of it.
    pub readings: Vec<OpenReading>,
}

impl PublicBid {
    /// The last outcome that is released.
    pub fn outcome(&self) -> Option<&PublicOutcome> {
        self.outcomes.last()
    }

    /// Whether the words stand in title, reference, lead or an answer.
    pub fn contains(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        let head = [&self.title, &self.reference, &self.lead.name];
        let partners = self.partners.iter().map(|partner| &partner.council.name);
        let texts = head.into_iter().chain(partners).chain(self.answers.iter().map(|answer| &answer.answer));
        texts.into_iter().any(|text| text.to_lowercase().contains(&words))
    }
}
