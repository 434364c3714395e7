//! What kind of partner an organisation is in a bid, and what it is in for beside its share of the grant, pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    error::Fault,
    identity::model::{Organisation, OrganisationKind},
    mail::Address,
    money::Pence,
    words,
};

/// The most characters of what is given in kind, and of a name.
const LONGEST_LINE: usize = 200;

words! {
    /// What an organisation is in a bid that it does not lead. Suppliers are no partners: they are lines of the costs.
    pub enum PartnerKind {
        /// A council or another authority, which counts as one where a round asks for so many, and signs where partners do.
        PartnerCouncil = "partner_council",
        /// Another body that does part of the work and can have a share of the grant.
        DeliveryPartner = "delivery_partner",
        /// Stands behind the bid: it has no share, counts nowhere and signs nothing.
        Supporter = "supporter",
    }
}

impl PartnerKind {
    /// What an organisation is by itself, where nobody says otherwise.
    pub const fn of_itself(kind: OrganisationKind) -> Self {
        match kind {
            OrganisationKind::Other => Self::DeliveryPartner,
            OrganisationKind::County
            | OrganisationKind::District
            | OrganisationKind::Unitary
            | OrganisationKind::MetropolitanBorough
            | OrganisationKind::LondonBorough
            | OrganisationKind::CombinedAuthority
            | OrganisationKind::FireAuthority
            | OrganisationKind::NationalPark => Self::PartnerCouncil,
        }
    }

    /// The words for it, within a sentence.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::PartnerCouncil => "partner council",
            Self::DeliveryPartner => "delivery partner",
            Self::Supporter => "supporter",
        }
    }

    /// What keeps an organisation with this share from being such a partner.
    pub fn faults(self, organisation: &Organisation, share: Pence) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self == Self::PartnerCouncil && Self::of_itself(organisation.kind) != Self::PartnerCouncil {
            let name = &organisation.name;
            let message = format!("{name} is no council. Choose delivery partner or supporter.");
            faults.push(Fault::new("kind", "not_a_council", message));
        }
        if self == Self::Supporter && share != Pence(0) {
            let message = "A supporter has no share of the grant. Enter 0, or choose another kind of partner.";
            faults.push(Fault::new("share_pence", "supporter_has_no_share", message));
        }
        faults
    }
}

/// When a partner takes part, and what it puts in itself.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, diesel::Queryable, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct TakingPart {
    /// The first day, if it is agreed.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// The last day, if it is agreed.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// What it puts in of its own money, in pence, beside what is asked for.
    #[serde(default)]
    pub cash_pence: Pence,
    /// What that is worth which it gives in kind, in pence.
    #[serde(default)]
    pub in_kind_pence: Pence,
    /// What it gives in kind, such as the time of its people.
    #[serde(default)]
    pub in_kind: String,
}

impl TakingPart {
    /// Whether nothing of it is said: then what a bid says does not name it, and keeps the hash that it always had.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The same without blanks around its words.
    #[must_use]
    pub fn tidy(&self) -> Self {
        Self { in_kind: self.in_kind.trim().into(), ..self.clone() }
    }

    /// Everything that is wrong with it by itself, in the form's order.
    pub fn faults(&self) -> Vec<Fault> {
        let backwards = self.from_on.zip(self.to_on).is_some_and(|(from, to)| to < from);
        let backwards = backwards.then(|| {
            let message = "Give a last day that is the first day or comes after it.";
            Fault::new("part/to_on", "ends_before_it_begins", message)
        });
        let amounts = [("part/cash_pence", self.cash_pence), ("part/in_kind_pence", self.in_kind_pence)];
        let amounts = amounts.into_iter().filter(|(_, pence)| !(Pence(0)..=Pence::MOST).contains(pence));
        let amounts = amounts.map(|(field, _)| {
            Fault::new(field, "out_of_range", format!("Give the contribution from £0 to {}.", Pence::MOST))
        });
        let named = self.in_kind_pence == Pence(0) || !self.in_kind.trim().is_empty();
        let unnamed = (!named).then(|| {
            let message = "Say what is given in kind, such as the time of its people.";
            Fault::new("part/in_kind", "missing", message)
        });
        let long = Fault::too_long("part/in_kind", &self.in_kind, LONGEST_LINE);
        backwards.into_iter().chain(amounts).chain(unnamed).chain(long).collect()
    }

    /// The days in words; nothing where none are agreed.
    pub fn days_in_words(&self) -> Option<String> {
        let day = |day: NaiveDate| day.format("%-d %B %Y").to_string();
        match (self.from_on, self.to_on) {
            (Some(from), Some(to)) => Some(format!("from {} to {}", day(from), day(to))),
            (Some(from), None) => Some(format!("from {}", day(from))),
            (None, Some(to)) => Some(format!("until {}", day(to))),
            (None, None) => None,
        }
    }

    /// What is given in kind, in words; nothing where nothing is.
    pub fn in_kind_in_words(&self) -> Option<String> {
        match (self.in_kind_pence, self.in_kind.as_str()) {
            (Pence(0), "") => None,
            (Pence(0), what) => Some(what.to_owned()),
            (worth, what) => Some(format!("{what}, worth {worth}")),
        }
    }

    /// All of it in words, each a part of a sentence.
    pub fn in_words(&self) -> Vec<String> {
        let cash = (self.cash_pence > Pence(0)).then(|| format!("puts in {} of its own money", self.cash_pence));
        let in_kind = self.in_kind_in_words().map(|words| format!("gives in kind: {words}"));
        self.days_in_words().into_iter().chain(cash).chain(in_kind).collect()
    }
}

/// Who answers for a partner and whom to ask there. Personal data: it is no part of what a bid says, so that it is neither signed
/// nor published nor told to a history, and it goes when the partner does.
#[derive(Debug, Clone, Default, PartialEq, Eq, diesel::Queryable, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerPeople {
    /// The name of the senior person who answers for it.
    #[serde(default)]
    pub sponsor_name: String,
    /// The name of whom to ask.
    #[serde(default)]
    pub contact_name: String,
    /// Their e-mail address.
    #[serde(default)]
    pub contact_email: String,
}

impl PartnerPeople {
    /// The same without blanks around its words.
    #[must_use]
    pub fn tidy(&self) -> Self {
        Self {
            sponsor_name: self.sponsor_name.trim().into(),
            contact_name: self.contact_name.trim().into(),
            contact_email: self.contact_email.trim().into(),
        }
    }

    /// Everything that is wrong with it, in the form's order.
    pub fn faults(&self) -> Vec<Fault> {
        let sponsor = Fault::too_long("people/sponsor_name", &self.sponsor_name, LONGEST_LINE);
        let contact = Fault::too_long("people/contact_name", &self.contact_name, LONGEST_LINE);
        let email = self.contact_email.trim();
        let email = if email.is_empty() { None } else { email.parse::<Address>().err() };
        let email = email.map(|fault| Fault::new("people/contact_email", "wrong_email", fault.to_string()));
        [sponsor, contact, email].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        Some(text.parse().expect("a day"))
    }

    fn fields(faults: Vec<Fault>) -> Vec<String> {
        faults.into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn the_last_day_is_not_before_the_first_and_one_day_is_enough() {
        let part = |from, to| TakingPart { from_on: day(from), to_on: day(to), ..TakingPart::default() };
        assert_eq!(part("2027-04-01", "2027-04-01").faults(), []);
        assert_eq!(fields(part("2027-04-02", "2027-04-01").faults()), ["part/to_on"]);
    }

    #[test]
    fn what_is_put_in_is_an_amount_and_what_is_given_in_kind_is_named() {
        let part = TakingPart { cash_pence: Pence(-1), in_kind_pence: Pence(i64::MAX), ..TakingPart::default() };
        assert_eq!(fields(part.faults()), ["part/cash_pence", "part/in_kind_pence", "part/in_kind"]);
        let long = TakingPart { in_kind: "x".repeat(LONGEST_LINE + 1), ..TakingPart::default() };
        assert_eq!(fields(long.faults()), ["part/in_kind"]);
    }

    #[test]
    fn a_part_is_said_in_words() {
        let part = TakingPart {
            from_on: day("2027-04-01"),
            to_on: day("2028-03-31"),
            cash_pence: Pence(50_000),
            in_kind_pence: Pence(90_000),
            in_kind: "Two officers for a month".into(),
        };
        let words = [
            "from 1 April 2027 to 31 March 2028",
            "puts in £500 of its own money",
            "gives in kind: Two officers for a month, worth £900",
        ];
        assert_eq!(part.in_words(), words);
        let until = TakingPart { to_on: day("2028-03-31"), in_kind: "Rooms".into(), ..TakingPart::default() };
        assert_eq!(until.in_words(), ["until 31 March 2028", "gives in kind: Rooms"]);
        assert!(TakingPart::default().is_none() && TakingPart::default().in_words().is_empty());
    }

    #[test]
    fn names_and_addresses_that_cannot_be_kept_are_named() {
        let long = "x".repeat(LONGEST_LINE + 1);
        let people =
            PartnerPeople { sponsor_name: long.clone(), contact_name: long, contact_email: "no address".into() };
        let expected = ["people/sponsor_name", "people/contact_name", "people/contact_email"];
        assert_eq!(fields(people.faults()), expected);
        assert_eq!(PartnerPeople::default().faults(), []);
    }
}
