//! What is known of a bid when a rule judges it.

use std::collections::BTreeMap;

use super::vocabulary::{Field, Kind, Vocabulary};
use super::{Constant, words};

/// What is known of a bid: the values of fields, and the partners. A field without a value makes every rule that needs it refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    vocabulary: &'static Vocabulary,
    values: Values,
    partners: Vec<Partner>,
}

pub(super) type Values = BTreeMap<&'static str, Constant>;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Partner {
    name: String,
    values: Values,
}

/// What rooms above know of a bid, by the names of [`Vocabulary::bids`]. `None` is "not known" and makes rules refuse.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BidFacts {
    /// `lead.nation`: england, northern_ireland, scotland or wales.
    pub lead_nation: Option<String>,
    /// `lead.kind`: the type of organisation, such as `county_council`.
    pub lead_kind: Option<String>,
    /// `lead.signed_declaration`
    pub lead_signed_declaration: Option<bool>,
    /// `ask_pence`, in whole pence.
    pub ask_pence: Option<i64>,
    /// `limit_pence`: the round's limit for the bid's phase, in whole pence.
    pub limit_pence: Option<i64>,
    /// `phase`, such as `discovery`.
    pub phase: Option<String>,
    /// `stage`: `eoi` or `full`.
    pub stage: Option<String>,
    /// `partners`, invited and confirmed; `partners.invited` and `partners.confirmed` are counted from it.
    pub partners: Vec<PartnerFacts>,
    /// `sign_off.current`: the officers whose signatures the round asks for have signed the terms as they stand.
    pub sign_off_current: Option<bool>,
    /// `answers.complete`: every required answer is there and within its word limit.
    pub answers_complete: Option<bool>,
    /// `shares.add_up`: the shares of lead, partners and suppliers add up to the ask.
    pub shares_add_up: Option<bool>,
    /// `led_bids`: how many bids the lead leads in this round, this one included.
    pub led_bids: Option<i64>,
    /// `led_bids_limit`: how many it may lead.
    pub led_bids_limit: Option<i64>,
    /// `earlier_projects`: how many projects of earlier rounds of the fund the lead leads.
    pub earlier_projects: Option<i64>,
    /// `feedback.given`: the feedback that goes with the next outcome is written.
    pub feedback_given: Option<bool>,
    /// `scores.complete`: every assigned assessor has scored every criterion.
    pub scores_complete: Option<bool>,
}

/// What is known of one partner of a bid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnerFacts {
    /// What people call it; used in reasons.
    pub name: String,
    /// `kind`
    pub kind: Option<String>,
    /// `nation`
    pub nation: Option<String>,
    /// `confirmed`: it has confirmed in its own account.
    pub confirmed: bool,
    /// `signed_declaration`
    pub signed_declaration: Option<bool>,
}

impl From<BidFacts> for Facts {
    fn from(bid: BidFacts) -> Self {
        let confirmed = count(bid.partners.iter().filter(|partner| partner.confirmed));
        let invited = count(bid.partners.iter());
        let values = [
            ("lead.nation", bid.lead_nation.map(Constant::Text)),
            ("lead.kind", bid.lead_kind.map(Constant::Text)),
            ("lead.signed_declaration", bid.lead_signed_declaration.map(Constant::YesNo)),
            ("ask_pence", bid.ask_pence.map(Constant::Number)),
            ("limit_pence", bid.limit_pence.map(Constant::Number)),
            ("phase", bid.phase.map(Constant::Text)),
            ("stage", bid.stage.map(Constant::Text)),
            ("partners.confirmed", Some(confirmed)),
            ("partners.invited", Some(invited)),
            ("sign_off.current", bid.sign_off_current.map(Constant::YesNo)),
            ("answers.complete", bid.answers_complete.map(Constant::YesNo)),
            ("shares.add_up", bid.shares_add_up.map(Constant::YesNo)),
            ("led_bids", bid.led_bids.map(Constant::Number)),
            ("led_bids_limit", bid.led_bids_limit.map(Constant::Number)),
            ("earlier_projects", bid.earlier_projects.map(Constant::Number)),
            ("feedback.given", bid.feedback_given.map(Constant::YesNo)),
            ("scores.complete", bid.scores_complete.map(Constant::YesNo)),
        ];
        Self {
            vocabulary: Vocabulary::bids(),
            values: known(values),
            partners: bid.partners.into_iter().map(Partner::from).collect(),
        }
    }
}

impl From<PartnerFacts> for Partner {
    fn from(partner: PartnerFacts) -> Self {
        let values = [
            ("kind", partner.kind.map(Constant::Text)),
            ("nation", partner.nation.map(Constant::Text)),
            ("confirmed", Some(Constant::YesNo(partner.confirmed))),
            ("signed_declaration", partner.signed_declaration.map(Constant::YesNo)),
        ];
        Self { name: partner.name, values: known(values) }
    }
}

fn known(values: impl IntoIterator<Item = (&'static str, Option<Constant>)>) -> Values {
    values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn count<T>(things: impl Iterator<Item = T>) -> Constant {
    Constant::Number(i64::try_from(things.count()).unwrap_or(i64::MAX))
}

impl Facts {
    /// What might be known of some bid.
    pub(super) fn imagined(values: Values, partners: Vec<Values>) -> Self {
        let partner = |values| Partner { name: String::new(), values };
        let partners = partners.into_iter().map(partner).collect();
        Self { vocabulary: Vocabulary::bids(), values, partners }
    }

    pub(super) fn of_bid(&self) -> Scope<'_> {
        Scope { fields: self.vocabulary.fields(), values: &self.values, name: None, facts: self }
    }

    pub(super) fn of_partners(&self) -> impl Iterator<Item = Scope<'_>> {
        self.partners.iter().map(|partner| Scope {
            fields: self.vocabulary.partner_fields(),
            values: &partner.values,
            name: Some(&partner.name),
            facts: self,
        })
    }
}

/// What a rule speaks of: the bid, or inside `some` and `all` one partner.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    fields: &'static [Field],
    values: &'a Values,
    name: Option<&'a str>,
    facts: &'a Facts,
}

impl<'a> Scope<'a> {
    pub(super) fn value(&self, field: &str) -> Option<&'a Constant> {
        self.values.get(field)
    }

    pub(super) fn kind(&self, field: &str) -> Option<&'static Kind> {
        self.fields.iter().find(|known| known.name == field).map(|known| &known.kind)
    }

    /// What people call the partner that is spoken of, if it is one.
    pub(super) fn name(&self) -> Option<&'a str> {
        self.name
    }

    pub(super) fn partners(&self) -> impl Iterator<Item = Scope<'a>> + use<'a> {
        self.facts.of_partners()
    }

    /// The value of a field as people say it.
    pub(super) fn said(&self, field: &str) -> Option<String> {
        let value = self.value(field)?;
        Some(words::value(self.kind(field), value))
    }
}
