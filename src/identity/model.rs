//! People, organisations and what one is to the other.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    clock::{Moment, working::Calendar},
    ids::{ClientKey, FundKey, Id, OrganisationKey, PersonKey},
    mail::{Address, Language},
    words,
};

words! {
    /// What kind of body an organisation is.
    pub enum OrganisationKind {
        /// A county council.
        County = "county",
        /// A district, borough or city council within a county.
        District = "district",
        /// A council that does the work of county and district.
        Unitary = "unitary",
        /// A borough of a metropolitan county.
        MetropolitanBorough = "metropolitan_borough",
        /// A London borough or the City of London.
        LondonBorough = "london_borough",
        /// Several councils with a mayor or a joint body.
        CombinedAuthority = "combined_authority",
        /// A fire and rescue authority.
        FireAuthority = "fire_authority",
        /// A national park authority.
        NationalPark = "national_park",
        /// Any other body.
        Other = "other",
    }
}

words! {
    /// The part of the United Kingdom that an organisation belongs to.
    pub enum Nation {
        /// England.
        England = "england",
        /// Scotland.
        Scotland = "scotland",
        /// Wales.
        Wales = "wales",
        /// Northern Ireland.
        NorthernIreland = "northern_ireland",
    }
}

impl From<Nation> for Calendar {
    fn from(nation: Nation) -> Self {
        match nation {
            Nation::England | Nation::Wales => Self::EnglandAndWales,
            Nation::Scotland => Self::Scotland,
            Nation::NorthernIreland => Self::NorthernIreland,
        }
    }
}

words! {
    /// What a person is in an organisation.
    pub enum MemberRole {
        /// Works on bids.
        Member = "member",
        /// May sign for the organisation: its section 151 officer or who stands in.
        Signatory = "signatory",
        /// Says who belongs to the organisation.
        Administrator = "administrator",
    }
}

words! {
    /// What a person is for a fund.
    pub enum FundRole {
        /// Runs the fund's rounds.
        FundManager = "fund_manager",
        /// Reads and scores bids.
        Assessor = "assessor",
        /// Leads the panel.
        Moderator = "moderator",
        /// Looks on.
        Observer = "observer",
    }
}

impl OrganisationKind {
    /// What the officer is called who is responsible for its money. That section 151 of the Local Government Act 1972 names one
    /// holds for councils; other bodies have a chief finance officer.
    pub const fn finance_officer(self) -> &'static str {
        match self {
            Self::County | Self::District | Self::Unitary | Self::MetropolitanBorough | Self::LondonBorough => {
                "section 151 officer"
            }
            Self::CombinedAuthority | Self::FireAuthority | Self::NationalPark | Self::Other => "chief finance officer",
        }
    }
}

impl MemberRole {
    /// What it lets somebody do, to be read after "can".
    pub const fn lets(self) -> &'static str {
        match self {
            Self::Member => "write and submit bids, and answer invitations to take part in bids of others",
            Self::Signatory => "do what members can, and sign full applications for the organisation",
            Self::Administrator => {
                "do what members can, say who belongs to the organisation, and let programs act for it"
            }
        }
    }
}

impl FundRole {
    /// What it lets somebody do, to be read after "can".
    pub const fn lets(self) -> &'static str {
        match self {
            Self::FundManager => "run rounds, decide on bids, release outcomes, and say who works for the fund",
            Self::Assessor => "score bids, once a manager or moderator has assigned some",
            Self::Moderator => "read submitted bids and their scores, and assign bids to assessors",
            Self::Observer => "read submitted bids and their scores",
        }
    }
}

/// A council or another body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, utoipa::ToSchema)]
pub struct Organisation {
    /// Its id.
    pub id: Id<OrganisationKey>,
    /// Its short code, in capitals.
    pub code: String,
    /// Its official name.
    pub name: String,
    /// What kind of body it is.
    pub kind: OrganisationKind,
    /// Where it is.
    pub nation: Nation,
    /// Its code at the Office for National Statistics.
    pub ons_code: Option<String>,
    /// Its identifier on org-id.guide.
    pub org_id: Option<String>,
    /// The domain of its people's e-mail addresses.
    pub mail_domain: Option<String>,
    /// Its first day, if it is known.
    pub starts_on: Option<NaiveDate>,
    /// The day from which it no longer exists.
    pub ends_on: Option<NaiveDate>,
    /// The organisation that took over from it.
    pub replaced_by: Option<Id<OrganisationKey>>,
    /// Whether it has signed the Local Digital Declaration.
    pub signed_declaration: bool,
    /// Goes up by one with every change.
    pub version: i32,
}

impl Organisation {
    /// Whether it exists on a day.
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.starts_on.is_none_or(|first| first <= day) && self.ends_on.is_none_or(|gone| day < gone)
    }
}

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, utoipa::ToSchema)]
pub struct Person {
    /// Their id.
    pub id: Id<PersonKey>,
    /// Where mail reaches them.
    pub email: Address,
    /// What they are called.
    pub name: String,
    /// Whether they run the instance.
    pub service_admin: bool,
    /// Since when they are known.
    pub created_at: Moment,
    /// Goes up by one with every change.
    pub version: i32,
    /// The language in which they want to read mail, where a round has words in it.
    pub language: Language,
}

/// What a person is in an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Membership {
    /// The organisation.
    pub organisation: Id<OrganisationKey>,
    /// Its name.
    pub name: String,
    /// The role.
    pub role: MemberRole,
}

/// What a person is for a fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Appointment {
    /// The fund.
    pub fund: Id<FundKey>,
    /// Its name.
    pub name: String,
    /// The role.
    pub role: FundRole,
}

/// A program that acts for an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, utoipa::ToSchema)]
pub struct ApiClient {
    /// Its id, which it names when it asks for a token.
    pub id: Id<ClientKey>,
    /// What its owners call it.
    pub name: String,
    /// The organisation it acts for.
    pub organisation_id: Option<Id<OrganisationKey>>,
    /// Since when it may.
    pub created_at: Moment,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
    /// Goes up by one with every change.
    pub version: i32,
}

/// A name as names are compared: small letters and digits, one blank between words, `&` as `and`.
pub fn folded(name: &str) -> String {
    let spelt = name.replace('&', " and ").replace(['\'', '’'], "").to_lowercase();
    spelt.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_to_the_same() {
        let folds = [
            ("Basingstoke & Deane", "basingstoke and deane"),
            ("  basingstoke   AND deane ", "basingstoke and deane"),
            ("King's Lynn and West Norfolk", "kings lynn and west norfolk"),
            ("King’s Lynn and West Norfolk", "kings lynn and west norfolk"),
            ("Stoke-on-Trent", "stoke on trent"),
            ("Armagh City, Banbridge and Craigavon", "armagh city banbridge and craigavon"),
        ];
        for (name, expected) in folds {
            assert_eq!(folded(name), expected, "{name}");
        }
    }
}
