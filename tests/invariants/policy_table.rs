//! Policy as one table: capacity × action × kind of state.

use std::fmt::Write;

use roundtable::identity::policy::{Action, BidKind, Capacity, allows};

use super::golden;

#[test]
fn policy_allows_exactly_what_its_golden_table_says() {
    let mut table =
        String::from("# capacity: action: the kinds of state in which it is allowed; - where no bid is meant\n");
    for capacity in Capacity::ALL.iter().copied() {
        for action in Action::ALL.iter().copied() {
            let kinds = BidKind::ALL.iter().copied().filter(|kind| allows(capacity, action, Some(*kind)));
            let mut allowed: Vec<&str> = kinds.map(BidKind::word).collect();
            if allows(capacity, action, None) {
                allowed.push("-");
            }
            if !allowed.is_empty() {
                let _ = writeln!(table, "{capacity}: {action}: {}", allowed.join(" "));
            }
        }
    }
    golden::compare("policy.txt", &table);
}

#[test]
fn staff_never_see_a_draft_and_nobody_decides_on_one() {
    let staff = [
        Capacity::FundManager,
        Capacity::Moderator,
        Capacity::Observer,
        Capacity::Assessor,
        Capacity::BlindAssessor,
        Capacity::PoolAssessor,
    ];
    for capacity in staff {
        for action in Action::ALL.iter().copied() {
            // A council asks for more time while it writes: then a manager hears of the draft from the council itself.
            let asked_for = action == Action::GiveTime;
            let about_the_bid = matches!(action, Action::ReadBid | Action::ReadHistory | Action::ReadOutcomes)
                || (action.assesses_or_decides() && !asked_for);
            assert!(
                !about_the_bid || !allows(capacity, action, Some(BidKind::Draft)),
                "{capacity} may {action} in draft"
            );
        }
    }
}
