//! What a bid says once another has become part of it, pure.

use std::iter;

use super::lead::take_in;
use crate::bids::{
    content::{Content, Member},
    model::{CostCategory, CostLine, asked_in},
    partner::TakingPart,
};

/// The bid with the councils and the costs of another one, which ends. Its own answers, promises and ask stay as they are.
///
/// The lead authority of the other becomes a partner, with what its lines of the costs are. A council in both has both shares
/// together. Only whoever agrees to this confirms by it: of the other bid its lead. Every other council that comes in, or
/// whose share changes, confirms anew in its own account.
pub fn merged(content: &Content, other: &Content) -> Content {
    let mut after = content.clone();
    let of_lead: Vec<CostLine> =
        other.costs.iter().filter(|line| line.category == CostCategory::Lead).cloned().collect();
    let other_lead = Member {
        organisation: other.lead.clone(),
        confirmed: true,
        share_pence: asked_in(&of_lead),
        sponsor: String::new(),
        role: String::new(),
        kind: None,
        part: TakingPart::default(),
    };
    let others = other.partners.iter().map(|partner| Member { confirmed: false, ..partner.clone() });
    for member in iter::once(other_lead).chain(others) {
        if member.organisation.id == after.lead.id {
            continue;
        }
        match after.partners.iter_mut().find(|known| known.organisation.id == member.organisation.id) {
            Some(known) => add(known, member),
            None => take_in(&mut after, member),
        }
    }
    let lead = after.lead.id;
    after.costs.extend(other.costs.iter().map(|line| {
        let whose = if line.category == CostCategory::Lead { Some(other.lead.id) } else { line.organisation_id };
        let (category, organisation_id) = match line.category {
            CostCategory::Supplier => (CostCategory::Supplier, line.organisation_id),
            _ if whose == Some(lead) => (CostCategory::Lead, whose),
            _ => (CostCategory::Partner, whose),
        };
        CostLine { category, organisation_id, ..line.clone() }
    }));
    after
}

fn add(known: &mut Member, member: Member) {
    let before = known.clone();
    known.share_pence = [known.share_pence, member.share_pence].into_iter().sum();
    if known.only_supports() {
        known.kind = member.kind;
    }
    known.part = both(&before.part, &member.part);
    if known.role.is_empty() {
        known.role = member.role;
    }
    if known.sponsor.is_empty() {
        known.sponsor = member.sponsor;
    }
    known.confirmed = member.confirmed || (before.confirmed && *known == before);
}

/// What a council puts into both bids: from the first day of either to the last, and everything that it gives.
fn both(one: &TakingPart, other: &TakingPart) -> TakingPart {
    let in_kind: Vec<&str> = [&*one.in_kind, &*other.in_kind].into_iter().filter(|said| !said.is_empty()).collect();
    TakingPart {
        from_on: one.from_on.into_iter().chain(other.from_on).min(),
        to_on: one.to_on.into_iter().chain(other.to_on).max(),
        cash_pence: [one.cash_pence, other.cash_pence].into_iter().sum(),
        in_kind_pence: [one.in_kind_pence, other.in_kind_pence].into_iter().sum(),
        in_kind: in_kind.join("; "),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        bids::content::Party,
        funds::rulebook::Stage,
        ids::Id,
        money::Pence,
        partnerships::proposals::{led_by, model::Proposed},
    };

    fn party(number: u128) -> Party {
        Party { id: Id::of(Uuid::from_u128(number)), code: format!("C{number}"), name: format!("Council {number}") }
    }

    fn member(number: u128, share: i64) -> Member {
        Member {
            organisation: party(number),
            confirmed: true,
            share_pence: Pence(share),
            sponsor: "Director".into(),
            role: "Tests".into(),
            kind: None,
            part: TakingPart::default(),
        }
    }

    fn line(category: CostCategory, whose: Option<u128>, pence: i64) -> CostLine {
        CostLine {
            category,
            organisation_id: whose.map(|number| party(number).id),
            description: format!("Line of {pence}"),
            pence: Pence(pence),
            kind: None,
            in_kind: false,
            own_money: false,
        }
    }

    fn bid(lead: u128, partners: Vec<Member>, costs: Vec<CostLine>) -> Content {
        Content {
            reference: format!("TEST-{lead}"),
            stage: Stage::Full,
            title: "Repairs".into(),
            phase: None,
            ask_pence: Some(asked_in(&costs)),
            lead: party(lead),
            partners,
            costs,
            promises: Vec::new(),
            answers: [].into(),
            documents: Vec::new(),
        }
    }

    /// Every partner's share is what its lines are.
    fn assert_shares_add_up(content: &Content) {
        for partner in &content.partners {
            let of_partner = |line: &&CostLine| line.organisation_id == Some(partner.organisation.id);
            let lines: Vec<CostLine> = content.costs.iter().filter(of_partner).cloned().collect();
            assert_eq!(asked_in(&lines), partner.share_pence, "{}", partner.organisation.name);
        }
    }

    #[test]
    fn another_lead_takes_its_lines_along_and_the_old_one_keeps_its_own_as_a_partner() {
        let costs = vec![line(CostCategory::Lead, Some(1), 10), line(CostCategory::Partner, Some(2), 20)];
        let before = bid(1, vec![member(2, 20), member(3, 0)], costs);
        let after = led_by(&before, party(2).id, &Proposed { role: "Research".into(), ..Proposed::default() });
        assert_eq!(after.lead, party(2));
        let partners: Vec<_> =
            after.partners.iter().map(|one| (one.organisation.code.as_str(), one.share_pence)).collect();
        assert_eq!(partners, [("C1", Pence(10)), ("C3", Pence(0))]);
        assert_eq!((after.ask_pence, asked_in(&after.costs)), (before.ask_pence, Pence(30)));
        assert_shares_add_up(&after);
        let back = led_by(
            &after,
            party(1).id,
            &Proposed { role: "Tests".into(), sponsor: "Director".into(), ..Proposed::default() },
        );
        assert_eq!(back, before, "and the other way round everything is as it was");
    }

    #[test]
    fn a_lead_that_leaves_leaves_its_lines_to_the_new_one() {
        let costs = vec![line(CostCategory::Lead, Some(1), 10), line(CostCategory::Partner, Some(2), 20)];
        let after =
            led_by(&bid(1, vec![member(2, 20)], costs), party(2).id, &Proposed { leaves: true, ..Proposed::default() });
        assert_eq!((after.partners.len(), asked_in(&after.costs)), (0, Pence(30)));
        assert!(after.costs.iter().all(|line| line.is_of_lead(party(2).id)));
    }

    #[test]
    fn two_bids_become_one_with_every_council_once_and_both_costs() {
        let ours = bid(
            1,
            vec![member(2, 20), member(4, 0)],
            vec![line(CostCategory::Lead, None, 10), line(CostCategory::Partner, Some(2), 20)],
        );
        let theirs = bid(
            3,
            vec![member(1, 7), member(2, 5), member(4, 0)],
            vec![
                line(CostCategory::Lead, None, 40),
                line(CostCategory::Partner, Some(1), 7),
                line(CostCategory::Partner, Some(2), 5),
                line(CostCategory::Supplier, None, 3),
            ],
        );
        let after = merged(&ours, &theirs);
        let partners: Vec<_> = after
            .partners
            .iter()
            .map(|one| (one.organisation.code.as_str(), one.share_pence.0, one.confirmed))
            .collect();
        assert_eq!(partners, [("C2", 25, false), ("C3", 40, true), ("C4", 0, true)]);
        assert_eq!((after.lead.clone(), after.ask_pence), (party(1), Some(Pence(30))), "the ask stays");
        assert_eq!(asked_in(&after.costs), Pence(85));
        assert_shares_add_up(&after);
    }
}
