//! Approvals against the people of a fund: who cannot be asked cannot agree.

use std::collections::{BTreeMap, BTreeSet};

use super::{Report, placed};
use crate::workflow::model::Definition;
use crate::workflow::role::Role;

/// `people` says how many hold each role of the fund. Whoever holds two is counted twice, so that what is found is never too much.
pub(super) fn check(definition: &Definition, people: &BTreeMap<Role, usize>, report: &mut Report) {
    for (place, transition) in placed(definition) {
        let Some(approvals) = &transition.approvals else {
            continue;
        };
        let roles: BTreeSet<Role> = approvals.roles.iter().copied().collect();
        // How many people a council has is not the fund's to know.
        if roles.iter().any(|role| role.is_applicant()) {
            continue;
        }
        let has: usize = roles.iter().filter_map(|role| people.get(role)).sum();
        if usize::try_from(approvals.count).is_ok_and(|count| count > has) {
            let reason = format!("{} people have to agree, and the fund has {has} who could", approvals.count);
            let place = place.key("approvals").key("count");
            report.add(&place, reason, "ask fewer people, or give more people one of these roles");
        }
    }
}
