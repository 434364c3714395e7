//! Partners, and whether the shares of a bid add up.

use serde::{Deserialize, Serialize};

use crate::{
    bids::{
        content::{Member, Party},
        model::{CostCategory, CostLine, asked_in},
        partner::{PartnerKind, PartnerPeople, TakingPart},
        terms::changes_of,
    },
    clock::Moment,
    error::Fault,
    ids::{Id, OrganisationKey, PersonKey, RowKey},
    money::Pence,
    words,
};

/// The most characters of a role or a sponsor.
const LONGEST_LINE: usize = 200;
/// The most characters of a reason.
const LONGEST_REASON: usize = 2_000;

words! {
    /// Where an invitation stands.
    pub enum PartnerState {
        /// Not answered yet.
        Invited = "invited",
        /// The council takes part.
        Confirmed = "confirmed",
        /// The council does not want to.
        Declined = "declined",
        /// The lead took the invitation back, or the partner out.
        Withdrawn = "withdrawn",
        /// The council took part and has left.
        Left = "left",
    }
}

impl PartnerState {
    /// Of the councils that take part.
    pub const TAKING_PART: &[Self] = &[Self::Confirmed];
    /// Of those, and of the councils that were asked and have not answered.
    pub const STANDING: &[Self] = &[Self::Invited, Self::Confirmed];

    /// Whether the council is a partner, or would be if it said yes.
    pub const fn stands(self) -> bool {
        matches!(self, Self::Invited | Self::Confirmed)
    }
}

/// A council that was invited to a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Partner {
    /// Its id.
    pub id: Id<RowKey>,
    /// The organisation.
    pub organisation_id: Id<OrganisationKey>,
    /// The organisation's code.
    pub code: String,
    /// The organisation's name.
    pub name: String,
    /// What kind of partner it is.
    pub kind: PartnerKind,
    /// What it does in the partnership.
    pub role: String,
    /// Where the invitation stands.
    pub state: PartnerState,
    /// Its share of the grant, in pence.
    pub share_pence: Pence,
    /// When it takes part, and what it puts in itself.
    pub part: TakingPart,
    /// The role of the senior person who answers for it.
    pub sponsor: String,
    /// Who that is, and whom to ask there; nobody any more once it does not take part.
    pub people: PartnerPeople,
    /// Why it declined, left or was replaced.
    pub reason: Option<String>,
    /// The partner of this bid that came in its place.
    pub replaced_by: Option<Id<RowKey>>,
    /// Who invited it.
    pub invited_by: Id<PersonKey>,
    /// When it was invited.
    pub invited_at: Moment,
    /// When it answered.
    pub answered_at: Option<Moment>,
    /// Counts changes.
    pub version: i32,
}

impl Partner {
    /// It as what a bid says has it.
    fn member(&self) -> Member {
        Member {
            organisation: Party { id: self.organisation_id, code: self.code.clone(), name: self.name.clone() },
            confirmed: self.state == PartnerState::Confirmed,
            share_pence: self.share_pence,
            sponsor: self.sponsor.clone(),
            role: self.role.clone(),
            kind: Some(self.kind),
            part: self.part.clone(),
        }
    }

    /// How its part differs from what it was, each a sentence.
    pub fn changes_since(&self, before: &Self) -> Vec<String> {
        changes_of(&before.member(), &self.member())
    }

    /// Whether it was confirmed with other terms than these, so that it has to confirm again.
    fn binds_otherwise(&self, before: &Self) -> bool {
        self.share_pence != before.share_pence || self.kind != before.kind || self.part != before.part
    }
}

/// An invitation on its way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Whom: an id, a code, an ONS code, an org-id or a name.
    pub organisation: String,
    /// What it is to do in the partnership.
    #[serde(default)]
    pub role: String,
    /// Its share of the grant, in pence.
    #[serde(default)]
    pub share_pence: Pence,
    /// The role of the senior person who is to answer for it, e.g. Director of Housing.
    #[serde(default)]
    pub sponsor: String,
    /// What kind of partner it is to be; without it councils are partner councils, and other bodies delivery partners.
    #[serde(default)]
    pub kind: Option<PartnerKind>,
    /// When it is to take part, and what it is to put in itself.
    #[serde(default)]
    pub part: TakingPart,
    /// Who answers for it, and whom to ask there: only the councils of the bid read that.
    #[serde(default)]
    pub people: PartnerPeople,
}

impl Invitation {
    /// Everything that is wrong with it by itself, in the form's order.
    pub fn faults(&self) -> Vec<Fault> {
        let missing = self.organisation.trim().is_empty();
        let missing = missing.then(|| Fault::new("organisation", "missing", "Choose the council that you invite."));
        missing.into_iter().chain(self.faults_of_part()).collect()
    }

    /// Everything that is wrong with what the partner is to be, whoever it is.
    pub fn faults_of_part(&self) -> Vec<Fault> {
        let first = [line_fault("role", &self.role), share_fault(self.share_pence)].into_iter().flatten();
        let sponsor = line_fault("sponsor", &self.sponsor);
        first.chain(self.part.faults()).chain(sponsor).chain(self.people.faults()).collect()
    }
}

/// What the lead changes of a partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerChange {
    /// What it does in the partnership.
    #[serde(default)]
    pub role: Option<String>,
    /// Its share of the grant, in pence. A partner that had confirmed another share is asked again.
    #[serde(default)]
    pub share_pence: Option<Pence>,
    /// The role of the senior person who answers for it.
    #[serde(default)]
    pub sponsor: Option<String>,
    /// What kind of partner it is. As with the share, a partner that had confirmed is asked again.
    #[serde(default)]
    pub kind: Option<PartnerKind>,
    /// When it takes part and what it puts in itself, as a whole. As with the share, a partner that had confirmed is asked again.
    #[serde(default)]
    pub part: Option<TakingPart>,
    /// Who answers for it and whom to ask there, as a whole.
    #[serde(default)]
    pub people: Option<PartnerPeople>,
}

impl PartnerChange {
    /// Everything that is wrong with it by itself, in the form's order.
    pub fn faults(&self) -> Vec<Fault> {
        let role = self.role.as_ref().and_then(|role| line_fault("role", role));
        let sponsor = self.sponsor.as_ref().and_then(|sponsor| line_fault("sponsor", sponsor));
        let first = [role, self.share_pence.and_then(share_fault)].into_iter().flatten();
        let part = self.part.iter().flat_map(TakingPart::faults);
        let people = self.people.iter().flat_map(PartnerPeople::faults);
        first.chain(part).chain(sponsor).chain(people).collect()
    }

    /// The partner as it will be.
    pub fn applied_to(&self, partner: &Partner) -> Partner {
        let trimmed = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
        let mut changed = Partner {
            role: trimmed(&self.role).unwrap_or_else(|| partner.role.clone()),
            sponsor: trimmed(&self.sponsor).unwrap_or_else(|| partner.sponsor.clone()),
            share_pence: self.share_pence.unwrap_or(partner.share_pence),
            kind: self.kind.unwrap_or(partner.kind),
            part: self.part.as_ref().unwrap_or(&partner.part).tidy(),
            people: self.people.as_ref().unwrap_or(&partner.people).tidy(),
            version: partner.version + 1,
            ..partner.clone()
        };
        if partner.state == PartnerState::Confirmed && changed.binds_otherwise(partner) {
            changed.state = PartnerState::Invited;
            changed.answered_at = None;
        }
        changed
    }
}

/// What is wrong with a role or a sponsor.
pub(in crate::partnerships) fn line_fault(field: &str, text: &str) -> Option<Fault> {
    Fault::too_long(field, text, LONGEST_LINE)
}

/// What is wrong with a share.
pub(in crate::partnerships) fn share_fault(share: Pence) -> Option<Fault> {
    let fits = (Pence(0)..=Pence::MOST).contains(&share);
    (!fits).then(|| {
        let message = format!("Give the partner's share from £0 to {}.", Pence::MOST);
        Fault::new("share_pence", "out_of_range", message)
    })
}

/// What is wrong with the words in which somebody says why.
pub fn reason_fault(field: &str, words: &str, missing: &str) -> Option<Fault> {
    Fault::of_text(field, words, LONGEST_REASON, missing)
}

/// Everything that keeps the shares from adding up: all lines together are the ask, every line belongs to the lead, to
/// a partner or to a supplier, and the lines of a partner are the share that it was invited with.
pub fn shares_add_up(
    ask: Option<Pence>,
    lead: Id<OrganisationKey>,
    lines: &[CostLine],
    partners: &[Partner],
) -> Vec<Fault> {
    let Some(ask) = ask else {
        return vec![Fault::new("ask_pence", "missing", "Say how much you ask for.")];
    };
    let partners: Vec<&Partner> = partners.iter().filter(|partner| partner.state.stands()).collect();
    let mut faults = Vec::new();
    let total = asked_in(lines);
    if total != ask {
        let message = format!("The costs add up to {total} and you ask for {ask}. Change one of them.");
        faults.push(Fault::new("costs", "shares_do_not_add_up", message));
    }
    faults.extend(lines.iter().enumerate().filter_map(|(place, line)| line_of_nobody(place, line, lead, &partners)));
    faults.extend(partners.iter().filter_map(|partner| share_without_costs(partner, lines)));
    faults
}

fn line_of_nobody(place: usize, line: &CostLine, lead: Id<OrganisationKey>, partners: &[&Partner]) -> Option<Fault> {
    let (fits, message) = match (line.category, line.organisation_id) {
        (CostCategory::Supplier, _) => return None,
        (CostCategory::Lead, organisation) => {
            (organisation.is_none_or(|id| id == lead), "A cost of the lead authority names another organisation.")
        }
        (CostCategory::Partner, organisation) => (
            partners.iter().any(|partner| Some(partner.organisation_id) == organisation),
            "A cost of a partner names no partner of the bid. Invite the council, or change the line.",
        ),
    };
    (!fits).then(|| Fault::new(format!("costs/{place}/organisation_id"), "not_a_partner", message))
}

fn share_without_costs(partner: &Partner, lines: &[CostLine]) -> Option<Fault> {
    let costs: Pence = lines
        .iter()
        .filter(|line| line.is_asked_for() && line.is_of_partner(partner.organisation_id))
        .map(|line| line.pence)
        .sum();
    (costs != partner.share_pence).then(|| {
        let Partner { name, share_pence, .. } = partner;
        let message =
            format!("The share of {name} is {share_pence} and its costs add up to {costs}. Change one of them.");
        Fault::new(format!("partners/{}/share_pence", partner.code), "shares_do_not_add_up", message)
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn organisation(number: u128) -> Id<OrganisationKey> {
        Id::of(Uuid::from_u128(number))
    }

    fn partner(number: u128, state: PartnerState, share: i64) -> Partner {
        Partner {
            id: Id::of(Uuid::from_u128(100 + number)),
            organisation_id: organisation(number),
            code: format!("C{number}"),
            name: format!("Council {number}"),
            kind: PartnerKind::PartnerCouncil,
            role: String::new(),
            state,
            share_pence: Pence(share),
            part: TakingPart::default(),
            sponsor: String::new(),
            people: PartnerPeople::default(),
            reason: None,
            replaced_by: None,
            invited_by: Id::of(Uuid::nil()),
            invited_at: Moment::from_micros(0),
            answered_at: Some(Moment::from_micros(1)),
            version: 1,
        }
    }

    fn line(category: CostCategory, organisation_id: Option<Id<OrganisationKey>>, pence: i64) -> CostLine {
        let description = "Work".into();
        CostLine {
            category,
            organisation_id,
            description,
            pence: Pence(pence),
            kind: None,
            in_kind: false,
            own_money: false,
        }
    }

    #[test]
    fn what_is_given_in_kind_is_part_of_no_ask_and_of_no_share() {
        let in_kind = CostLine { in_kind: true, ..line(CostCategory::Partner, Some(organisation(2)), 9_000) };
        let lines = [line(CostCategory::Lead, None, 10), in_kind];
        assert_eq!(
            shares_add_up(Some(Pence(10)), organisation(1), &lines, &[partner(2, PartnerState::Confirmed, 0)]),
            []
        );
    }

    fn codes(faults: Vec<Fault>) -> Vec<(String, String)> {
        faults.into_iter().map(|fault| (fault.field, fault.code.into_owned())).collect()
    }

    #[test]
    fn shares_add_up_when_lines_make_the_ask_and_every_partner_has_its_share() {
        let lines = [
            line(CostCategory::Lead, None, 10),
            line(CostCategory::Partner, Some(organisation(2)), 20),
            line(CostCategory::Supplier, None, 70),
        ];
        let partners = [partner(2, PartnerState::Confirmed, 20), partner(3, PartnerState::Declined, 50)];
        assert_eq!(shares_add_up(Some(Pence(100)), organisation(1), &lines, &partners), []);
    }

    #[test]
    fn every_reason_why_shares_do_not_add_up_is_named() {
        let lines = [
            line(CostCategory::Lead, Some(organisation(2)), 10),
            line(CostCategory::Partner, Some(organisation(9)), i64::MAX),
            line(CostCategory::Supplier, None, i64::MAX),
        ];
        let partners = [partner(2, PartnerState::Invited, 20)];
        let found = codes(shares_add_up(Some(Pence(100)), organisation(1), &lines, &partners));
        let expected = [
            ("costs", "shares_do_not_add_up"),
            ("costs/0/organisation_id", "not_a_partner"),
            ("costs/1/organisation_id", "not_a_partner"),
            ("partners/C2/share_pence", "shares_do_not_add_up"),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        assert_eq!(codes(shares_add_up(None, organisation(1), &lines, &partners)).len(), 1);
    }

    #[test]
    fn a_partner_whose_share_changes_after_it_confirmed_is_asked_again() {
        let confirmed = partner(2, PartnerState::Confirmed, 20);
        let dearer = PartnerChange { share_pence: Some(Pence(30)), ..PartnerChange::default() };
        let renamed = PartnerChange { sponsor: Some(" Director ".into()), ..PartnerChange::default() };
        assert_eq!(dearer.applied_to(&confirmed).state, PartnerState::Invited);
        let same = renamed.applied_to(&confirmed);
        assert_eq!((same.state, same.sponsor.as_str(), same.version), (PartnerState::Confirmed, "Director", 2));
        let people = PartnerPeople { contact_name: "Alex".into(), ..PartnerPeople::default() };
        let known = PartnerChange { people: Some(people), ..PartnerChange::default() }.applied_to(&confirmed);
        assert_eq!((known.state, known.people.contact_name.as_str()), (PartnerState::Confirmed, "Alex"));
    }

    #[test]
    fn a_partner_whose_kind_days_or_contribution_change_after_it_confirmed_is_asked_again_and_told_how() {
        let confirmed = partner(2, PartnerState::Confirmed, 20);
        let kind = PartnerChange { kind: Some(PartnerKind::DeliveryPartner), ..PartnerChange::default() };
        let part = TakingPart { cash_pence: Pence(700), in_kind: " Rooms ".into(), ..TakingPart::default() };
        let part = PartnerChange { part: Some(part), ..PartnerChange::default() };
        let cases = [
            (kind, vec!["Council 2 is a delivery partner now. It was a partner council."]),
            (
                part,
                vec![
                    "What Council 2 puts in of its own money is £7 now. It was £0.",
                    "What Council 2 gives in kind is Rooms now. It was nothing.",
                ],
            ),
        ];
        for (change, words) in cases {
            let now = change.applied_to(&confirmed);
            assert_eq!((now.state, now.answered_at), (PartnerState::Invited, None));
            assert_eq!(now.changes_since(&confirmed), words);
        }
    }

    #[test]
    fn amounts_and_texts_out_of_bounds_are_named() {
        let invitation = Invitation {
            organisation: " ".into(),
            role: "r".repeat(201),
            share_pence: Pence(-1),
            sponsor: "s".repeat(201),
            kind: None,
            part: TakingPart { cash_pence: Pence(-1), ..TakingPart::default() },
            people: PartnerPeople { contact_email: "x".into(), ..PartnerPeople::default() },
        };
        let found: Vec<_> = invitation.faults().into_iter().map(|fault| fault.field).collect();
        assert_eq!(
            found,
            ["organisation", "role", "share_pence", "part/cash_pence", "sponsor", "people/contact_email"]
        );
        let change = PartnerChange { share_pence: Some(Pence(i64::MAX)), ..PartnerChange::default() };
        assert_eq!(codes(change.faults()), [("share_pence".to_owned(), "out_of_range".to_owned())]);
    }
}
