//! Who has to stand behind something: so many different people, each of one of the roles that a definition names.

use std::collections::BTreeSet;

use super::model::{Approvals, Definition};
use super::role::Role;

/// How many different people have to stand behind something, and who they may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// How many different people.
    pub count: u32,
    /// The roles of which each must hold one.
    pub roles: BTreeSet<Role>,
}

impl Wanted {
    /// One fund manager: what holds where a definition asks for nobody else.
    fn a_manager() -> Self {
        Self { count: 1, roles: BTreeSet::from([Role::FundManager]) }
    }

    /// The one that asks for more people; of two that ask for as many, whoever either names.
    #[must_use]
    pub fn or_more(mut self, mut other: Self) -> Self {
        if self.count == other.count {
            self.roles.append(&mut other.roles);
            return self;
        }
        if self.count > other.count { self } else { other }
    }

    /// What is still wanted when so many stand behind it, as a reason why it cannot be done yet.
    pub fn still(&self, given: u32) -> String {
        let (people, given) = match (self.count, given) {
            (1, _) => ("somebody else".to_owned(), "nobody has so far".to_owned()),
            (count, 0) => (format!("{count} different people"), "nobody has so far".to_owned()),
            (count, 1) => (format!("{count} different people"), "1 has so far".to_owned()),
            (count, given) => (format!("{count} different people"), format!("{given} have so far")),
        };
        format!("{people} must approve it ({}), {given}", self.people())
    }

    /// The roles in words, in the plural.
    pub fn people(&self) -> String {
        let title = |role: &Role| match role.is_applicant() {
            true => format!("people of the {}", role.title()),
            false => format!("{}s", role.title()),
        };
        let titles: BTreeSet<String> = self.roles.iter().map(title).collect();
        titles.into_iter().collect::<Vec<_>>().join(" or ")
    }
}

impl From<&Approvals> for Wanted {
    fn from(approvals: &Approvals) -> Self {
        Self { count: approvals.count, roles: approvals.roles.iter().copied().collect() }
    }
}

impl Definition {
    /// Who has to stand behind the release of a milestone's outcomes, which is approved as a whole: as many people as the
    /// decision needs that needs most.
    pub fn wanted_at(&self, release: &str) -> Wanted {
        let released = self.transitions.iter().filter(|transition| transition.release.as_deref() == Some(release));
        let asked = released.filter_map(|transition| transition.approvals.as_ref()).map(Wanted::from);
        asked.reduce(Wanted::or_more).unwrap_or_else(Wanted::a_manager)
    }
}
