//! Who works with whom in a round: which councils and other bodies stand together in the same bids, from nothing but what is
//! published of them: expressions of interest, and what was awarded, which takes the place of its expression of interest.
//!
//! A supporter stands behind a bid and takes no part in it: it works with nobody by that, is not drawn, and is counted apart.

mod picture;

pub use picture::Picture;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::public::{Award, AwardList, EoiList, PublicBid, PublicPartner, PublicRound};
use crate::{bids::partner::PartnerKind, clock::Moment, words};

/// The partnerships of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Partnerships {
    /// The round.
    pub round: PublicRound,
    /// Since when it has been so.
    pub changed_at: Moment,
    /// Everybody who leads or has joined a bid, by name.
    pub members: Vec<Member>,
    /// Any two who stand together in one at least, by their names.
    pub pairs: Vec<Pair>,
    /// Everybody who supports a bid without taking part in it, by name; whoever takes part in others is a member as well.
    pub supporters: Vec<Supporter>,
    /// The expressions of interest that are published, by reference.
    #[serde(skip)]
    pub eois: BTreeSet<String>,
}

/// A council or another body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PartnershipMember)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// How many bids it leads.
    pub leads: usize,
    /// How many it has joined, as partner council or as delivery partner.
    pub joins: usize,
    /// In how many of these it is a delivery partner.
    pub delivers: usize,
    /// With how many others it stands together.
    pub works_with: usize,
}

/// Two who stand together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PartnershipPair)]
pub struct Pair {
    /// The one whose name comes first.
    pub one: String,
    /// The other.
    pub other: String,
    /// As what the one takes part in these.
    pub one_as: BTreeSet<TakesPart>,
    /// As what the other does.
    pub other_as: BTreeSet<TakesPart>,
    /// In which bids, by reference.
    pub bids: Vec<String>,
    /// Whether who takes part in each of these is an illustration, as in the replay of a real round.
    pub illustrative: bool,
}

/// Who stands behind bids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PartnershipSupporter)]
pub struct Supporter {
    /// Its name.
    pub name: String,
    /// Which bids it supports, by reference.
    pub bids: Vec<String>,
}

words! {
    /// As what somebody takes part in a bid.
    pub enum TakesPart {
        /// It leads.
        Lead = "lead",
        /// It is a council and partner.
        PartnerCouncil = "partner_council",
        /// It is another body that does part of the work.
        DeliveryPartner = "delivery_partner",
    }
}

impl TakesPart {
    /// As people read it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Lead => "Lead authority",
            Self::PartnerCouncil => "Partner council",
            Self::DeliveryPartner => "Delivery partner",
        }
    }
}

/// Those who stand together in one bid.
struct Together {
    reference: String,
    everybody: BTreeMap<String, TakesPart>,
    supporters: BTreeSet<String>,
    /// Whether who takes part is an illustration.
    illustrative: bool,
}

impl Together {
    /// Each once, though a lead may be named among its partners.
    fn new((reference, lead): (&str, &str), partners: &[PublicPartner], illustrative: bool) -> Self {
        let takes_part = |partner: &PublicPartner| {
            let takes_part = match partner.kind {
                PartnerKind::PartnerCouncil => TakesPart::PartnerCouncil,
                PartnerKind::DeliveryPartner => TakesPart::DeliveryPartner,
                PartnerKind::Supporter => return None,
            };
            Some((partner.council.name.clone(), takes_part))
        };
        let lead = (lead.to_owned(), TakesPart::Lead);
        let everybody = partners.iter().filter_map(takes_part).chain([lead]).collect();
        let supporters = PublicPartner::names(partners, &[PartnerKind::Supporter]);
        let supporters = supporters.into_iter().map(str::to_owned).collect();
        Self { reference: reference.into(), everybody, supporters, illustrative }
    }
}

impl From<&PublicBid> for Together {
    fn from(bid: &PublicBid) -> Self {
        let illustrative = is_illustrative(bid.illustrative, &bid.known);
        Self::new((&bid.reference, &bid.lead.name), &bid.partners, illustrative)
    }
}

impl From<&Award> for Together {
    fn from(award: &Award) -> Self {
        let illustrative = is_illustrative(award.illustrative, &award.known);
        Self::new((&award.reference, &award.lead.name), &award.partners, illustrative)
    }
}

fn is_illustrative(illustrative: bool, known: &[String]) -> bool {
    illustrative && !known.iter().any(|known| known == "partners")
}

impl Partnerships {
    /// Those of what is published of a round; none where nothing is. Councils are told apart by the names under which they
    /// stand there.
    pub fn of(eois: Option<EoiList>, awards: Option<AwardList>) -> Option<Self> {
        let changed_at =
            eois.iter().map(|list| list.changed_at).chain(awards.iter().map(|list| list.changed_at)).max()?;
        let awarded = awards.iter().flat_map(|list| &list.awards);
        let interested = eois.iter().flat_map(|list| &list.bids);
        let mut bids: BTreeMap<&str, Together> =
            interested.map(|bid| (bid.reference.as_str(), Together::from(bid))).collect();
        bids.extend(awarded.map(|award| (award.reference.as_str(), Together::from(award))));
        let (members, pairs) = counted(bids.values());
        let supporters = supporters(bids.values());
        let eois_shown = eois.iter().flat_map(|list| &list.bids).map(|bid| bid.reference.clone()).collect();
        let round = eois.map(|list| list.round).or(awards.map(|list| list.round))?;
        Some(Self { round, changed_at, members, pairs, supporters, eois: eois_shown })
    }
}

fn counted<'a>(bids: impl Iterator<Item = &'a Together>) -> (Vec<Member>, Vec<Pair>) {
    let mut members: BTreeMap<&str, Member> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), Pair> = BTreeMap::new();
    for bid in bids {
        for (place, (one, one_as)) in bid.everybody.iter().enumerate() {
            let new = || Member { name: one.clone(), leads: 0, joins: 0, delivers: 0, works_with: 0 };
            let member = members.entry(one).or_insert_with(new);
            match one_as {
                TakesPart::Lead => member.leads += 1,
                TakesPart::PartnerCouncil => member.joins += 1,
                TakesPart::DeliveryPartner => (member.joins, member.delivers) = (member.joins + 1, member.delivers + 1),
            }
            for (other, other_as) in bid.everybody.iter().skip(place + 1) {
                let pair = pairs.entry((one, other)).or_insert_with(|| Pair::new(one, other));
                pair.one_as.insert(*one_as);
                pair.other_as.insert(*other_as);
                pair.bids.push(bid.reference.clone());
                pair.illustrative &= bid.illustrative;
            }
        }
    }
    for name in pairs.keys().flat_map(|(one, other)| [*one, *other]) {
        if let Some(member) = members.get_mut(name) {
            member.works_with += 1;
        }
    }
    (members.into_values().collect(), pairs.into_values().collect())
}

/// Who supports which of the bids.
fn supporters<'a>(bids: impl Iterator<Item = &'a Together>) -> Vec<Supporter> {
    let mut supported: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for bid in bids {
        for name in &bid.supporters {
            supported.entry(name).or_default().push(bid.reference.clone());
        }
    }
    supported.into_iter().map(|(name, bids)| Supporter { name: name.to_owned(), bids }).collect()
}

impl Pair {
    /// Two who stand together in nothing yet.
    fn new(one: &str, other: &str) -> Self {
        let (one_as, other_as) = (BTreeSet::new(), BTreeSet::new());
        Self { one: one.into(), other: other.into(), one_as, other_as, bids: Vec::new(), illustrative: true }
    }

    /// As what the one and the other take part, as people read it.
    pub fn in_words(&self) -> (String, String) {
        let words = |parts: &BTreeSet<TakesPart>| parts.iter().map(|part| part.title()).collect::<Vec<_>>().join(", ");
        (words(&self.one_as), words(&self.other_as))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        picture::{HEIGHT, MOST_DRAWN, Point, WIDTH},
        *,
    };
    use crate::awards::public::Council;

    fn council(name: &str) -> Council {
        Council { name: name.into(), org_id: None, ons_code: None }
    }

    fn partner(name: &str, kind: PartnerKind) -> PublicPartner {
        PublicPartner { council: council(name), kind }
    }

    fn councils(names: &[&str]) -> Vec<PublicPartner> {
        names.iter().map(|name| partner(name, PartnerKind::PartnerCouncil)).collect()
    }

    fn bid(reference: &str, lead: &str, partners: &[&str], known: &[&str]) -> PublicBid {
        PublicBid {
            reference: reference.into(),
            title: String::new(),
            lead: council(lead),
            partners: councils(partners),
            phase: None,
            asked_pence: None,
            submitted_at: Moment::from_micros(0),
            answers: Vec::new(),
            outcomes: Vec::new(),
            illustrative: true,
            known: known.iter().map(|known| (*known).to_owned()).collect(),
        }
    }

    fn partnerships(bids: Vec<PublicBid>) -> Partnerships {
        let round = PublicRound {
            slug: "round".into(),
            title: "Round".into(),
            note: None,
            fund: "Fund".into(),
            fund_slug: "fund".into(),
            funder: "Funder".into(),
            funder_org_id: None,
        };
        Partnerships::of(Some(EoiList { round, changed_at: Moment::from_micros(0), bids }), None).unwrap()
    }

    fn award(reference: &str, lead: &str, partners: &[&str]) -> Award {
        Award {
            reference: reference.into(),
            title: String::new(),
            lead: council(lead),
            partners: councils(partners),
            phase: None,
            amount_pence: crate::money::Pence(1),
            asked_pence: None,
            awarded_at: Moment::from_micros(9),
            from_reserve: false,
            place: None,
            reason: None,
            illustrative: false,
            known: Vec::new(),
        }
    }

    fn awarded(round: PublicRound, awards: Vec<Award>) -> AwardList {
        let at = Moment::from_micros(9);
        let total_pence = crate::money::Pence(1);
        let passed_over = Vec::new();
        let (announced_at, changed_at) = (at, at);
        AwardList {
            round,
            announced_at,
            changed_at,
            delivery_ends: None,
            awards,
            passed_over,
            total_pence,
            councils: 0,
        }
    }

    #[test]
    fn what_was_awarded_counts_as_it_was_awarded_and_everything_else_as_it_was_submitted() {
        let before = partnerships(vec![bid("R-1", "Ann", &["Bea"], &["partners"]), bid("R-2", "Ann", &["Cy"], &[])]);
        let bids = vec![bid("R-1", "Ann", &["Bea"], &["partners"]), bid("R-2", "Ann", &["Cy"], &[])];
        let eois = EoiList { round: before.round.clone(), changed_at: Moment::from_micros(0), bids };
        let list = awarded(before.round.clone(), vec![award("R-1", "Ann", &["Dee"]), award("R-3", "Eve", &["Cy"])]);
        let all = Partnerships::of(Some(eois), Some(list.clone())).unwrap();
        let pairs: Vec<_> =
            all.pairs.iter().map(|pair| (pair.one.as_str(), pair.other.as_str(), pair.bids.join(" "))).collect();
        let expected = [("Ann", "Cy", "R-2"), ("Ann", "Dee", "R-1"), ("Cy", "Eve", "R-3")];
        assert_eq!(pairs, expected.map(|(one, other, bids)| (one, other, bids.to_owned())));
        assert_eq!(all.changed_at, Moment::from_micros(9));
        assert!(all.eois.contains("R-1") && !all.eois.contains("R-3"), "{:?}", all.eois);
        assert_eq!(
            Partnerships::of(None, Some(list)).unwrap().pairs.len(),
            2,
            "a round without expressions of interest"
        );
        assert_eq!(Partnerships::of(None, None), None);
    }

    #[test]
    fn any_two_of_a_bid_work_together_and_are_counted_once_a_bid() {
        let all = partnerships(vec![
            bid("R-1", "Bea", &["Ann", "Cy", "Bea"], &["partners"]),
            bid("R-2", "Ann", &["Bea"], &[]),
            bid("R-3", "Dee", &[], &[]),
        ]);
        let pairs: Vec<(&str, &str, usize, bool)> = all
            .pairs
            .iter()
            .map(|pair| (pair.one.as_str(), pair.other.as_str(), pair.bids.len(), pair.illustrative))
            .collect();
        assert_eq!(pairs, [("Ann", "Bea", 2, false), ("Ann", "Cy", 1, false), ("Bea", "Cy", 1, false)]);
        let members: Vec<(&str, usize, usize, usize)> = all
            .members
            .iter()
            .map(|member| (member.name.as_str(), member.leads, member.joins, member.works_with))
            .collect();
        assert_eq!(members, [("Ann", 1, 1, 2), ("Bea", 1, 1, 2), ("Cy", 0, 1, 2), ("Dee", 1, 0, 0)]);
    }

    #[test]
    fn who_takes_part_is_told_as_what_and_a_supporter_stands_in_no_pair() {
        let mut one = bid("R-1", "Ann", &["Bea"], &["partners"]);
        one.partners.extend([partner("Cy", PartnerKind::DeliveryPartner), partner("Dee", PartnerKind::Supporter)]);
        let mut other = bid("R-2", "Bea", &["Ann"], &["partners"]);
        other.partners.push(partner("Cy", PartnerKind::Supporter));
        let all = partnerships(vec![one, other]);
        let pairs: Vec<_> =
            all.pairs.iter().map(|pair| (pair.one.as_str(), pair.other.as_str(), pair.in_words())).collect();
        let both = "Lead authority, Partner council".to_owned();
        let expected = [
            ("Ann", "Bea", (both.clone(), both)),
            ("Ann", "Cy", ("Lead authority".into(), "Delivery partner".into())),
            ("Bea", "Cy", ("Partner council".into(), "Delivery partner".into())),
        ];
        assert_eq!(pairs, expected);
        let cy = all.members.iter().find(|member| member.name == "Cy").unwrap();
        assert_eq!((cy.leads, cy.joins, cy.delivers, cy.works_with), (0, 1, 1, 2));
        assert!(all.members.iter().all(|member| member.name != "Dee"), "whoever supports alone works with nobody");
        let supporters: Vec<_> = all.supporters.iter().map(|one| (one.name.as_str(), one.bids.join(" "))).collect();
        assert_eq!(supporters, [("Cy", "R-2".to_owned()), ("Dee", "R-1".to_owned())]);
        let picture = Picture::of(&all);
        assert!(picture.points.iter().all(|point| point.label != "Dee"));
    }

    #[test]
    fn a_pair_that_is_nothing_but_an_illustration_says_so() {
        let all = partnerships(vec![bid("R-1", "Ann", &["Bea"], &["lead"])]);
        assert!(all.pairs[0].illustrative);
    }

    #[test]
    fn the_picture_has_those_who_work_with_the_most_others_and_says_how_many_it_leaves_out() {
        let names: Vec<String> = (0..40).map(|number| format!("Council {number:02}")).collect();
        let mut bids = vec![bid("R-0", "Hub", &names.iter().map(String::as_str).collect::<Vec<_>>()[..12], &[])];
        let twos = names.chunks(2).enumerate();
        bids.extend(twos.map(|(number, two)| bid(&format!("R-{}", number + 1), &two[0], &[two[1].as_str()], &[])));
        let picture = Picture::of(&partnerships(bids));
        assert_eq!((picture.points.len(), picture.left_out), (MOST_DRAWN, 41 - MOST_DRAWN));
        assert!(picture.points.iter().any(|point| point.label == "Hub"));
        assert!(
            picture.lines.iter().any(|line| line.title == "Council 00 and Council 01: 2 bids" && line.thickness == 2)
        );
        let inside = |point: &Point| (0.0..=WIDTH).contains(&point.x) && (0.0..=HEIGHT).contains(&point.y);
        assert!(picture.points.iter().all(inside));
    }

    #[test]
    fn nobody_who_works_alone_is_drawn() {
        let picture = Picture::of(&partnerships(vec![bid("R-1", "Ann", &[], &[])]));
        assert_eq!((picture.points.len(), picture.lines.len(), picture.left_out), (0, 0, 0));
    }
}
