//! What a bid says once another council leads it, or one more takes part, pure.

use super::model::Proposed;
use crate::{
    bids::{
        content::{Content, Member, Party},
        model::{CostCategory, CostLine, asked_in},
        partner::TakingPart,
    },
    ids::{Id, OrganisationKey},
};

/// The bid led by one of its partners. Every line of the costs goes to whom it went to, so that the shares add up as they did
/// before: who has led so far becomes a partner with what its lines are, or leaves them to the new lead.
pub fn led_by(content: &Content, new: Id<OrganisationKey>, terms: &Proposed) -> Content {
    let mut after = content.clone();
    let Some(place) = after.partners.iter().position(|partner| partner.organisation.id == new) else { return after };
    let chosen = after.partners.remove(place);
    let old = std::mem::replace(&mut after.lead, chosen.organisation);
    let of_lead: Vec<CostLine> =
        content.costs.iter().filter(|line| line.category == CostCategory::Lead).cloned().collect();
    for line in &mut after.costs {
        let of_new = line.is_of_partner(new);
        if of_new {
            (line.category, line.organisation_id) = (CostCategory::Lead, Some(new));
        } else if terms.leaves && (line.category == CostCategory::Lead || line.organisation_id == Some(old.id)) {
            // What the old lead would have commissioned from a supplier is the new one's to commission.
            line.organisation_id = Some(new);
        } else if line.category == CostCategory::Lead {
            (line.category, line.organisation_id) = (CostCategory::Partner, Some(old.id));
        }
    }
    if terms.leaves {
        return after;
    }
    take_in(
        &mut after,
        Member {
            organisation: old,
            confirmed: true,
            share_pence: asked_in(&of_lead),
            sponsor: terms.sponsor.clone(),
            role: terms.role.clone(),
            kind: None,
            part: TakingPart::default(),
        },
    );
    after
}

/// The bid with one partner more, which has asked for it and so has confirmed.
pub fn with(content: &Content, organisation: &Party, terms: &Proposed) -> Content {
    let mut after = content.clone();
    after.partners.retain(|partner| partner.organisation.id != organisation.id);
    take_in(
        &mut after,
        Member {
            organisation: organisation.clone(),
            confirmed: true,
            share_pence: terms.share_pence,
            sponsor: terms.sponsor.clone(),
            role: terms.role.clone(),
            kind: None,
            part: TakingPart::default(),
        },
    );
    after
}

/// Partners stand by their codes.
pub(super) fn take_in(content: &mut Content, member: Member) {
    content.partners.push(member);
    content.partners.sort_by(|one, other| one.organisation.code.cmp(&other.organisation.code));
}
