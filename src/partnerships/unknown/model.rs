//! What is said of an organisation that is not known yet, and what it is to be in a bid.

use serde::{Deserialize, Serialize};

use crate::{
    bids::{
        content::Party,
        partner::{PartnerKind, PartnerPeople, TakingPart},
    },
    clock::Moment,
    error::Fault,
    identity::model::{Nation, Organisation, OrganisationKind},
    ids::{Id, OrganisationKey, RowKey},
    mail::Address,
    money::Pence,
    partnerships::model::{Invitation, reason_fault},
    words,
};

/// The most characters of a name.
const LONGEST_NAME: usize = 200;
/// The most characters of the address of a site.
const LONGEST_ADDRESS: usize = 500;
/// The most characters of a code.
const LONGEST_CODE: usize = 20;

words! {
    /// Where the check of an organisation stands.
    pub enum RequestState {
        /// Nobody has answered.
        Waiting = "waiting",
        /// It is an organisation here now.
        Accepted = "accepted",
        /// It was one that is known.
        Known = "known",
        /// It cannot take part.
        Refused = "refused",
        /// No bid wants it any more.
        TakenBack = "taken_back",
    }
}

/// An organisation that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganisation {
    /// Its official name.
    pub name: String,
    /// What kind of body it is.
    pub kind: OrganisationKind,
    /// Where it is.
    pub nation: Nation,
    /// What it is and does, for those who check it.
    pub about: String,
    /// Whom to ask there.
    pub contact_name: String,
    /// Where mail reaches them. Once the organisation is accepted they sign in with it, as its administrator.
    pub contact_email: String,
    /// Its site, if it has one.
    #[serde(default)]
    pub website: String,
}

impl NewOrganisation {
    /// Everything that is wrong with it, in the form's order.
    fn faults(&self) -> Vec<Fault> {
        let name = Fault::of_text("organisation/name", &self.name, LONGEST_NAME, "Enter its official name.");
        let about = "Say what it is and does. The fund team reads this when it checks it.";
        let about = reason_fault("organisation/about", &self.about, about);
        let missing = "Enter the name of somebody there.";
        let contact = Fault::of_text("organisation/contact_name", &self.contact_name, LONGEST_NAME, missing);
        let email = self.contact_email.parse::<Address>().err();
        let email = email.map(|fault| Fault::new("organisation/contact_email", "wrong_email", fault.to_string()));
        [name, about, contact, email, self.website_fault()].into_iter().flatten().collect()
    }

    fn website_fault(&self) -> Option<Fault> {
        let site = self.website.trim();
        let is_site = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        if site.is_empty() || url::Url::parse(site).is_ok_and(is_site) {
            return Fault::too_long("organisation/website", site, LONGEST_ADDRESS);
        }
        let message = "Enter the address of its site, such as https://www.example.org, or leave it empty.";
        Some(Fault::new("organisation/website", "wrong_address", message))
    }

    /// The same without blanks around its words.
    #[must_use]
    pub fn tidy(&self) -> Self {
        let trimmed = |text: &str| text.trim().to_owned();
        Self {
            name: trimmed(&self.name),
            about: trimmed(&self.about),
            contact_name: trimmed(&self.contact_name),
            contact_email: self.contact_email.trim().to_lowercase(),
            website: trimmed(&self.website),
            ..self.clone()
        }
    }
}

/// What a bid says of an organisation that it wants. No person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SaidOfOrganisation)]
pub struct Said {
    /// Its name.
    pub name: String,
    /// What kind of body it is.
    pub kind: OrganisationKind,
    /// Where it is.
    pub nation: Nation,
    /// What it is and does.
    pub about: String,
    /// Its site, if it has one.
    pub website: String,
}

impl From<&NewOrganisation> for Said {
    fn from(new: &NewOrganisation) -> Self {
        let NewOrganisation { name, kind, nation, about, website, .. } = new.clone();
        Self { name, kind, nation, about, website }
    }
}

/// What a lead authority says of an organisation that another had asked for first, in other words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AlsoSaid {
    /// The lead authority.
    pub lead: String,
    /// What it says.
    #[serde(flatten)]
    pub said: Said,
}

/// What an organisation is to be in a bid. No person is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TermsOfPartner)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What it is to do in the partnership.
    #[serde(default)]
    pub role: String,
    /// Its share of the grant, in pence.
    #[serde(default)]
    pub share_pence: Pence,
    /// The role of the senior person who is to answer for it.
    #[serde(default)]
    pub sponsor: String,
    /// What kind of partner it is to be; without it councils are partner councils, and other bodies delivery partners.
    #[serde(default)]
    pub kind: Option<PartnerKind>,
    /// When it is to take part, and what it is to put in itself.
    #[serde(default)]
    pub part: TakingPart,
}

impl Terms {
    /// The invitation of an organisation on these terms. A kind of partner that it cannot be is not insisted on.
    pub fn invitation(&self, organisation: &Organisation, people: PartnerPeople) -> Invitation {
        let fits = |kind: &PartnerKind| kind.faults(organisation, self.share_pence).is_empty();
        Invitation { kind: self.kind.filter(fits), ..self.to(organisation.code.clone(), people) }
    }

    fn to(&self, organisation: String, people: PartnerPeople) -> Invitation {
        let Self { role, share_pence, sponsor, kind, part } = self.clone();
        Invitation { organisation, role, share_pence, sponsor, kind, part, people }
    }
}

/// Somebody's wish to have an organisation as a partner that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnknownInvitation {
    /// The organisation.
    pub organisation: NewOrganisation,
    /// What it is to be in the bid.
    #[serde(default)]
    pub terms: Terms,
}

impl UnknownInvitation {
    /// Everything that is wrong with it, in the form's order.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = self.organisation.faults();
        faults.extend(self.terms.to(String::new(), PartnerPeople::default()).faults_of_part());
        let is_council = PartnerKind::of_itself(self.organisation.kind) == PartnerKind::PartnerCouncil;
        if self.terms.kind == Some(PartnerKind::PartnerCouncil) && !is_council {
            let message =
                "A body that is no council cannot be a partner council. Choose delivery partner or supporter.";
            faults.push(Fault::new("kind", "not_a_council", message));
        }
        if self.terms.kind == Some(PartnerKind::Supporter) && self.terms.share_pence != Pence(0) {
            let message = "A supporter has no share of the grant. Enter 0, or choose another kind of partner.";
            faults.push(Fault::new("share_pence", "supporter_has_no_share", message));
        }
        faults
    }
}

/// A partner that waits for the fund's check, as the councils of a bid see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Unchecked {
    /// The id of the request.
    pub id: Id<RowKey>,
    /// What the bid calls the organisation.
    pub name: String,
    /// What kind of body it is.
    pub kind: OrganisationKind,
    /// What it is to be in the bid.
    pub terms: Terms,
    /// When the fund was asked.
    pub asked_at: Moment,
}

/// An organisation to check, as the fund's managers see it. Which bids want it is the bids' own business while they are drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrganisationRequest {
    /// Its id.
    pub id: Id<RowKey>,
    /// What is said of the organisation; who its contact is only until it is answered.
    pub organisation: NewOrganisation,
    /// Where the check stands.
    pub state: RequestState,
    /// When it was asked for.
    pub asked_at: Moment,
    /// The lead authorities that want it as a partner, by name.
    pub leads: Vec<String>,
    /// What those of them say of it who say something else.
    pub also_said: Vec<AlsoSaid>,
    /// When it was answered.
    pub answered_at: Option<Moment>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The organisation that it is.
    pub organisation_id: Option<Id<OrganisationKey>>,
    /// The organisation of the list that has this name by now, while this waits: it is that one, or has another name.
    pub in_list: Option<Party>,
}

/// A code for a new organisation, in capitals, or what is wrong with it.
///
/// # Errors
/// The fault.
pub fn read_code(code: &str) -> Result<String, Fault> {
    let code = code.trim().to_uppercase();
    let fits = code.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if !code.is_empty() && code.len() <= LONGEST_CODE && fits {
        return Ok(code);
    }
    let message = format!("Give the organisation a code of {LONGEST_CODE} or fewer letters, digits and hyphens.");
    Err(Fault::new("code", "wrong_code", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> UnknownInvitation {
        let organisation = NewOrganisation {
            name: "Repairs Together".into(),
            kind: OrganisationKind::Other,
            nation: Nation::England,
            about: "A charity of tenants.".into(),
            contact_name: "Alex".into(),
            contact_email: "alex@example.org".into(),
            website: String::new(),
        };
        UnknownInvitation { organisation, terms: Terms::default() }
    }

    fn fields(wish: &UnknownInvitation) -> Vec<String> {
        wish.faults().into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn everything_that_is_wrong_with_a_wish_is_named_in_the_forms_order() {
        assert_eq!(fields(&wish()), [] as [&str; 0]);
        let mut wrong = wish();
        wrong.organisation.name = " ".into();
        wrong.organisation.about = String::new();
        wrong.organisation.contact_name = String::new();
        wrong.organisation.contact_email = "nobody".into();
        wrong.organisation.website = "javascript:alert(1)".into();
        wrong.terms.share_pence = Pence(-1);
        wrong.terms.kind = Some(PartnerKind::PartnerCouncil);
        let expected =
            ["name", "about", "contact_name", "contact_email", "website"].map(|field| format!("organisation/{field}"));
        assert_eq!(fields(&wrong)[..5], expected);
        assert_eq!(fields(&wrong)[5..], ["share_pence", "kind"]);
        let mut supporter = wish();
        supporter.terms = Terms { kind: Some(PartnerKind::Supporter), share_pence: Pence(1), ..Terms::default() };
        assert_eq!(fields(&supporter), ["share_pence"]);
    }

    #[test]
    fn a_site_has_a_host_and_a_code_has_letters_digits_and_hyphens() {
        for (site, fits) in [("https://example.org/about", true), ("http:", false), ("example", false)] {
            let mut said = wish();
            said.organisation.website = site.into();
            assert_eq!(said.faults().is_empty(), fits, "{site}");
        }
        assert_eq!(read_code(" rep-1 "), Ok("REP-1".into()));
        for wrong in ["", "two words", &"X".repeat(21)] {
            assert_eq!(read_code(wrong).map_err(|fault| fault.field), Err("code".into()), "{wrong}");
        }
    }
}
