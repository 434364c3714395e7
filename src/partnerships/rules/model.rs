//! Holds the councils of a bid against what their round asks, pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    bids::partner::PartnerKind,
    funds::{
        partnership::{AskedMembership, LeastCouncils, NeededBy},
        rulebook::PartnershipRules,
    },
    identity::{model::OrganisationKind, networks::model::MemberState},
    ids::{Id, OrganisationKey},
    words,
};

words! {
    /// What a round can ask of a partnership.
    pub enum RuleName {
        /// That so many councils have confirmed.
        LeastCouncils = "least_councils",
        /// That no partner is in more bids than it can be.
        MostJoined = "most_joined",
        /// That the same councils have not bid together elsewhere.
        Excludes = "excludes",
        /// That its organisations belong to a declaration or a network.
        Membership = "membership",
    }
}

/// One thing that a round asks of a partnership, as it stands with a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AskedOfPartnership)]
pub struct Asked {
    /// Which rule.
    pub rule: RuleName,
    /// Whether it holds.
    pub holds: bool,
    /// How it stands, as part of a sentence.
    pub words: String,
}

/// An organisation of a bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: Id<OrganisationKey>,
    /// What it is called.
    pub name: String,
    /// What kind of body it is.
    pub kind: OrganisationKind,
    /// Whether it leads.
    pub leads: bool,
    /// What kind of partner it is; the lead is taken for a council.
    pub part: PartnerKind,
    /// Whether it takes part: it leads, or has confirmed.
    pub confirmed: bool,
}

impl Member {
    /// Whether it takes part as a council does; or as a body of its kind does by itself, where the rule names that kind. Whoever
    /// only supports the bid never does.
    fn is_council_for(&self, least: &LeastCouncils) -> bool {
        let is_named = least.kinds.contains(&self.kind) && self.part == PartnerKind::of_itself(self.kind);
        self.part == PartnerKind::PartnerCouncil || is_named
    }
}

/// What councils do in other bids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// In how many other submitted bids of the round an organisation is a partner.
    pub joined: BTreeMap<Id<OrganisationKey>, usize>,
    /// Partners with whom the lead authority has bid in a round that excludes this one: the partner's name, the bid's
    /// reference, and the name of the round.
    pub excluded: Vec<(String, String, String)>,
    /// How far organisations are with a network, by its code.
    pub states: BTreeMap<String, BTreeMap<Id<OrganisationKey>, MemberState>>,
}

impl Together {
    fn state(&self, asked: &AskedMembership, member: &Member) -> Option<MemberState> {
        self.states.get(&asked.network)?.get(&member.id).copied()
    }
}

/// How everything stands that a round asks of a partnership.
pub fn judge(rules: &PartnershipRules, members: &[Member], together: &Together) -> Vec<Asked> {
    let least = rules.least_councils.iter().map(|least| confirmed(least, members));
    let joined = rules.most_joined.iter().flat_map(|most| most_joined(*most, members, together));
    let excluded = together.excluded.iter().map(|(partner, reference, round)| Asked {
        rule: RuleName::Excludes,
        holds: false,
        words: format!(
            "your council and {partner} have bid together in “{round}” ({reference}), and cannot bid together here as well"
        ),
    });
    let memberships = rules.memberships.iter().map(|asked| belongs(asked, members, together));
    least.chain(joined).chain(excluded).chain(memberships).collect()
}

/// Those of whom a membership is asked and who are not members.
pub fn outside<'a>(asked: &AskedMembership, members: &'a [Member], together: &Together) -> Vec<&'a Member> {
    let asked_of = members.iter().filter(|member| member.confirmed && asked.is_for(member.leads));
    asked_of.filter(|member| together.state(asked, member) != Some(MemberState::Member)).collect()
}

fn belongs(asked: &AskedMembership, members: &[Member], together: &Together) -> Asked {
    let outside = outside(asked, members, together);
    let (joining, others): (Vec<_>, Vec<_>) =
        outside.into_iter().partition(|member| asked.by == NeededBy::Award && together.state(asked, member).is_some());
    let names = |members: &[&Member]| members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ");
    let name = &asked.name;
    let words = match (others.as_slice(), joining.as_slice(), asked.by) {
        ([], [], _) => format!("everybody who has to be is in “{name}”"),
        ([], joining, _) => {
            format!("not in “{name}” yet, and needed there before an award is announced: {}", names(joining))
        }
        (others, _, NeededBy::Submission) => format!("not in “{name}”: {}", names(others)),
        (others, _, NeededBy::Award) => {
            format!("not in “{name}”, and not known to have begun to join: {}", names(others))
        }
    };
    Asked { rule: RuleName::Membership, holds: others.is_empty(), words }
}

fn confirmed(least: &LeastCouncils, members: &[Member]) -> Asked {
    let counts = |member: &&Member| {
        let is_asked = member.confirmed && (least.with_lead || !member.leads);
        is_asked && least.counts(member.kind) && member.is_council_for(least)
    };
    let found = members.iter().filter(counts).count();
    let needed = usize::try_from(least.count).unwrap_or(usize::MAX);
    let holds = found >= needed;
    let councils = match (holds, found) {
        (false, _) => format!("{found} of {needed} councils {}", if found == 1 { "has" } else { "have" }),
        (true, 1) => "1 council has".into(),
        (true, many) => format!("{many} councils have"),
    };
    let lead = if least.with_lead { ", the lead authority included" } else { " beside the lead authority" };
    let kinds = least.kinds_in_words().map(|kinds| format!(" (only these kinds count: {kinds})")).unwrap_or_default();
    Asked { rule: RuleName::LeastCouncils, holds, words: format!("{councils} confirmed{lead}{kinds}") }
}

fn most_joined(most: u32, members: &[Member], together: &Together) -> Vec<Asked> {
    let most_bids = usize::try_from(most).unwrap_or(usize::MAX);
    let partners = members.iter().filter(|member| !member.leads && member.confirmed);
    let joined = partners.map(|member| (member, together.joined.get(&member.id).copied().unwrap_or(0)));
    let too_many = joined.filter(|(_, joined)| *joined >= most_bids).map(|(member, joined)| Asked {
        rule: RuleName::MostJoined,
        holds: false,
        words: format!(
            "{} is a partner in {joined} other submitted {} of this round, and can be in {most}",
            member.name,
            if joined == 1 { "bid" } else { "bids" }
        ),
    });
    too_many.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn member(number: u128, kind: OrganisationKind, confirmed: bool) -> Member {
        let id = Id::of(Uuid::from_u128(number));
        let part = PartnerKind::of_itself(kind);
        Member { id, name: format!("Council {number}"), kind, leads: number == 1, part, confirmed }
    }

    fn words(rules: serde_json::Value, members: &[Member], together: &Together) -> Vec<(bool, String)> {
        let rules = serde_json::from_value(rules).expect("rules");
        judge(&rules, members, together).into_iter().map(|asked| (asked.holds, asked.words)).collect()
    }

    #[test]
    fn councils_that_have_confirmed_are_counted_as_the_rule_says() {
        use OrganisationKind::{County, District, FireAuthority};
        let members = [
            member(1, County, true),
            member(2, District, true),
            member(3, District, false),
            member(4, FireAuthority, true),
        ];
        let count = |rule: serde_json::Value| {
            let [(holds, words)] =
                words(json!({ "least_councils": rule }), &members, &Together::default()).try_into().expect("one rule");
            (holds, words)
        };
        assert_eq!(
            count(json!({ "count": 3 })),
            (false, "2 of 3 councils have confirmed beside the lead authority".into())
        );
        let with_lead = count(json!({ "count": 3, "with_lead": true }));
        assert_eq!(with_lead, (true, "3 councils have confirmed, the lead authority included".into()));
        let kinds = count(json!({ "count": 3, "with_lead": true, "kinds": ["county", "district"] }));
        let expected =
            "2 of 3 councils have confirmed, the lead authority included (only these kinds count: county, district)";
        assert_eq!(kinds, (false, expected.into()));
    }

    #[test]
    fn supporters_and_bodies_that_are_no_councils_count_for_none_unless_the_rule_names_their_kind() {
        use OrganisationKind::{County, District, Other};
        let mut members = vec![member(1, County, true), member(2, District, true), member(3, Other, true)];
        members.push(Member { part: PartnerKind::Supporter, ..member(4, District, true) });
        members.push(Member { part: PartnerKind::DeliveryPartner, ..member(5, District, true) });
        let one = (true, "1 council has confirmed beside the lead authority".to_owned());
        assert_eq!(words(json!({ "least_councils": { "count": 1 } }), &members, &Together::default()), [one]);
        let named = json!({ "least_councils": { "count": 2, "kinds": ["district", "other"] } });
        assert!(words(named, &members, &Together::default())[0].0);
        let districts = json!({ "least_councils": { "count": 2, "kinds": ["district"] } });
        assert!(!words(districts, &members, &Together::default())[0].0, "one supports, and one does part of the work");
    }

    #[test]
    fn whoever_has_begun_to_join_may_submit_where_the_award_is_what_counts() {
        let members = [member(1, OrganisationKind::County, true), member(2, OrganisationKind::County, true)];
        let state = |state| {
            let states = BTreeMap::from([(members[0].id, MemberState::Member), (members[1].id, state)]);
            Together { states: BTreeMap::from([("declaration".into(), states)]), ..Together::default() }
        };
        let rule = |who: &str, by: &str| json!({ "memberships": [{ "network": "declaration", "name": "The Declaration", "who": who, "by": by }] });
        let joining = state(MemberState::InProcess);
        assert!(words(rule("lead", "submission"), &members, &joining)[0].0);
        let refused = words(rule("everybody", "submission"), &members, &joining);
        assert_eq!(refused, [(false, "not in “The Declaration”: Council 2".to_owned())]);
        let accepted = words(rule("everybody", "award"), &members, &joining);
        let later = "not in “The Declaration” yet, and needed there before an award is announced: Council 2";
        assert_eq!(accepted, [(true, later.to_owned())]);
        let none = words(rule("partners", "award"), &members, &Together::default());
        let unknown = "not in “The Declaration”, and not known to have begun to join: Council 2";
        assert_eq!(none, [(false, unknown.to_owned())]);
        let all = words(rule("everybody", "submission"), &members, &state(MemberState::Member));
        assert_eq!(all, [(true, "everybody who has to be is in “The Declaration”".to_owned())]);
    }

    #[test]
    fn partners_that_are_in_enough_bids_and_pairs_that_bid_elsewhere_are_named() {
        let members = [member(1, OrganisationKind::County, true), member(2, OrganisationKind::County, true)];
        let together = Together {
            joined: BTreeMap::from([(members[0].id, 9), (members[1].id, 1)]),
            excluded: vec![("Council 2".into(), "ONE-0001".into(), "Round 1".into())],
            ..Together::default()
        };
        let rules = json!({ "most_joined": 1, "excludes": [{ "round": "round-1", "name": "Round 1" }] });
        let expected = [
            (false, "Council 2 is a partner in 1 other submitted bid of this round, and can be in 1".to_owned()),
            (
                false,
                "your council and Council 2 have bid together in “Round 1” (ONE-0001), and cannot bid together here as well"
                    .to_owned(),
            ),
        ];
        assert_eq!(words(rules, &members, &together), expected);
        assert_eq!(words(json!({ "most_joined": 2 }), &members, &Together::default()), []);
        assert_eq!(words(json!({}), &members, &Together::default()), []);
    }
}
