//! Award lists as 360Giving 1.4 data (<https://standard.threesixtygiving.org/en/latest/>): a JSON package, and the flat
//! CSV with the standard's column titles.
//!
//! One grant per award, paid to the lead; the standard has one recipient per grant, so the partners stand in a field of
//! our own, `partners`, each with its kind, and supporters in another, `supporters`; validators count these as additional and
//! accept them.

use serde::Serialize;

use super::csv;
use crate::{
    awards::public::{Award, AwardList, Council, PublicPartner},
    bids::partner::PartnerKind,
    clock::Moment,
    error::Result,
    money::Pence,
};

/// The version of the standard that a package names: major and minor only.
const STANDARD: &str = "1.4";
/// Under which terms the data may be used: the Open Government Licence.
const LICENCE: &str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

/// Who publishes, and where.
#[derive(Debug, Clone)]
pub struct Publisher {
    /// The address of the service, without a slash at its end.
    pub base_url: String,
    /// What grant ids begin with after `360G-`: registered with 360Giving by the operator.
    pub prefix: String,
}

/// A package of grants.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Package {
    version: &'static str,
    title: String,
    issued: String,
    modified: String,
    identifier: String,
    publisher: PublishedBy,
    license: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    grants: Vec<Grant>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct PublishedBy {
    name: String,
    identifier: String,
    website: String,
}

/// One grant; money in pounds, as the standard has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Grant {
    id: String,
    title: String,
    description: String,
    currency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_applied_for: Option<serde_json::Number>,
    amount_awarded: serde_json::Number,
    award_date: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    planned_dates: Vec<PlannedDates>,
    recipient_organization: Vec<Organisation>,
    funding_organization: Vec<Organisation>,
    grant_programme: Vec<Programme>,
    from_open_call: &'static str,
    date_modified: String,
    data_source: String,
    partners: Vec<Partner>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    supporters: Vec<Organisation>,
    illustrative: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct PlannedDates {
    start_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Organisation {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    location: Vec<Location>,
}

/// Who takes part, and as what.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Partner {
    #[serde(flatten)]
    organisation: Organisation,
    kind: PartnerKind,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    name: String,
    geo_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    geo_code_type: Option<&'static str>,
    country_code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Programme {
    code: String,
    title: String,
}

impl Publisher {
    /// Where the list of a round stands in this form.
    pub fn address(&self, list: &AwardList, extension: &str) -> String {
        format!("{}/api/v1/open/rounds/{}/awards.{extension}", self.base_url, list.round.slug)
    }

    /// `360G-<prefix>-<reference>`: no slashes, no spaces.
    fn grant_id(&self, award: &Award) -> String {
        format!("360G-{}-{}", self.prefix, award.reference.replace(['/', ' '], "_"))
    }

    /// A body's org-id, or an id of ours where it has none.
    fn organisation(&self, council: &Council) -> Organisation {
        let own = || format!("360G-{}-org-{}", self.prefix, slug(&council.name));
        let located = |code: &String| Location {
            name: council.name.clone(),
            geo_code: code.clone(),
            geo_code_type: geo_code_type(code),
            country_code: "GB",
        };
        Organisation {
            id: council.org_id.clone().unwrap_or_else(own),
            name: council.name.clone(),
            location: council.ons_code.iter().map(located).collect(),
        }
    }

    fn partner(&self, partner: &PublicPartner) -> Partner {
        Partner { organisation: self.organisation(&partner.council), kind: partner.kind }
    }

    fn funder(&self, list: &AwardList) -> Organisation {
        let round = &list.round;
        self.organisation(&Council { name: round.funder.clone(), org_id: round.funder_org_id.clone(), ons_code: None })
    }

    /// The list as a package.
    pub fn package(&self, list: &AwardList) -> Package {
        let funder = self.funder(list);
        Package {
            version: STANDARD,
            title: format!("Awards of {}", list.round.title),
            issued: day(list.announced_at),
            modified: list.changed_at.to_string(),
            identifier: format!("360G-{}-{}", self.prefix, list.round.slug),
            publisher: PublishedBy { name: funder.name, identifier: funder.id, website: self.base_url.clone() },
            license: LICENCE,
            description: list.round.note.clone(),
            grants: list.awards.iter().map(|award| self.grant(list, award)).collect(),
        }
    }

    fn grant(&self, list: &AwardList, award: &Award) -> Grant {
        let (supporters, partners): (Vec<_>, Vec<_>) = award.partners.iter().partition(|partner| partner.supports());
        let dates = PlannedDates { start_date: day(award.awarded_at), end_date: list.delivery_ends.map(day) };
        Grant {
            id: self.grant_id(award),
            title: award.title.clone(),
            description: description(award),
            currency: "GBP",
            amount_applied_for: award.asked_pence.map(pounds),
            amount_awarded: pounds(award.amount_pence),
            award_date: day(award.awarded_at),
            planned_dates: vec![dates],
            recipient_organization: vec![self.organisation(&award.lead)],
            funding_organization: vec![self.funder(list)],
            grant_programme: vec![Programme { code: list.round.slug.clone(), title: list.round.title.clone() }],
            from_open_call: "Yes",
            date_modified: award.awarded_at.to_string(),
            data_source: self.address(list, "json"),
            partners: partners.iter().map(|partner| self.partner(partner)).collect(),
            supporters: supporters.iter().map(|supporter| self.organisation(&supporter.council)).collect(),
            illustrative: award.illustrative,
        }
    }

    /// The list as flat CSV.
    ///
    /// # Errors
    /// Never but for a fault of ours.
    pub fn csv(&self, list: &AwardList) -> Result<Vec<u8>> {
        csv::write(&COLUMNS, list.awards.iter().map(|award| self.row(list, award)))
    }

    fn row(&self, list: &AwardList, award: &Award) -> Vec<String> {
        let (lead, funder) = (self.organisation(&award.lead), self.funder(list));
        vec![
            csv::text(&self.grant_id(award)),
            csv::text(&award.title),
            csv::text(&description(award)),
            "GBP".into(),
            award.asked_pence.map(|asked| pounds(asked).to_string()).unwrap_or_default(),
            pounds(award.amount_pence).to_string(),
            day(award.awarded_at),
            day(award.awarded_at),
            list.delivery_ends.map(day).unwrap_or_default(),
            csv::text(&lead.id),
            csv::text(&lead.name),
            csv::text(&funder.id),
            csv::text(&funder.name),
            csv::text(&list.round.slug),
            csv::text(&list.round.title),
            "Yes".into(),
            award.awarded_at.to_string(),
            self.address(list, "csv"),
            csv::partners(&award.partners, PublicPartner::TAKING_PART),
            csv::partners(&award.partners, &[PartnerKind::DeliveryPartner]),
            csv::partners(&award.partners, &[PartnerKind::Supporter]),
            if award.illustrative { "Yes".into() } else { "No".into() },
        ]
    }
}

/// The standard's titles, and four columns of our own at the end.
const COLUMNS: [&str; 22] = [
    "Identifier",
    "Title",
    "Description",
    "Currency",
    "Amount Applied For",
    "Amount Awarded",
    "Award Date",
    "Planned Dates:Start Date",
    "Planned Dates:End Date",
    "Recipient Org:Identifier",
    "Recipient Org:Name",
    "Funding Org:Identifier",
    "Funding Org:Name",
    "Grant Programme:Code",
    "Grant Programme:Title",
    "From An Open Call?",
    "Last Modified",
    "Data Source",
    "Partners",
    "Delivery Partners",
    "Supporters",
    "Illustrative",
];

fn description(award: &Award) -> String {
    let phase = award.phase.as_deref().map(|phase| format!("{phase}: ")).unwrap_or_default();
    let named = |word: &str, kinds: &[PartnerKind]| match PublicPartner::names(&award.partners, kinds).as_slice() {
        [] => String::new(),
        names => format!(" {word} {}", names.join(", ")),
    };
    let partners = named("with", PublicPartner::TAKING_PART) + &named("supported by", &[PartnerKind::Supporter]);
    let marked = if award.illustrative { " Parts of this bid are illustrative." } else { "" };
    format!("{phase}{}, led by {}{partners}.{marked}", award.title, award.lead.name)
}

/// An amount in pounds as JSON and CSV have it: a whole number, or two decimals, made from digits and never from a float.
fn pounds(pence: Pence) -> serde_json::Number {
    let (whole, rest) = (pence.0 / 100, (pence.0 % 100).abs());
    let decimal = || format!("{whole}.{rest:02}").parse::<serde_json::Number>().ok();
    if rest == 0 { whole.into() } else { decimal().unwrap_or_else(|| whole.into()) }
}

/// The day in London.
fn day(at: Moment) -> String {
    at.london_date().to_string()
}

/// What kind of area an ONS code names, in the words of the standard's closed list, which has none for Northern Ireland's
/// districts and for combined authorities.
fn geo_code_type(ons_code: &str) -> Option<&'static str> {
    match ons_code.get(..3)? {
        "E06" | "W06" => Some("UA"),
        "E07" => Some("NMD"),
        "E08" => Some("MD"),
        "E09" => Some("LONB"),
        "E10" => Some("CTY"),
        "S12" => Some("CA"),
        _ => None,
    }
}

/// A name as part of an id: small letters and digits with hyphens between.
fn slug(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    letters.collect::<String>().split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_to_the_penny() {
        for (pence, text) in [(8_000_000, "80000"), (150, "1.5"), (1, "0.01"), (125_149_200, "1251492")] {
            assert_eq!(pounds(Pence(pence)).to_string(), text);
        }
    }

    #[test]
    fn an_area_has_the_kind_that_the_standard_knows_or_none() {
        let kinds = [("E07000223", Some("NMD")), ("W06000015", Some("UA")), ("S12000036", Some("CA"))];
        for (code, kind) in kinds.into_iter().chain([("N09000002", None), ("E47000001", None), ("E0", None)]) {
            assert_eq!(geo_code_type(code), kind, "{code}");
        }
    }

    #[test]
    fn ids_of_bodies_without_an_org_id_are_plain() {
        assert_eq!(slug("St. Helens & Knowsley  Council"), "st-helens-knowsley-council");
    }
}
