//! Who works with whom in a round: which councils and other bodies stand together in the same expressions of interest, from
//! nothing but what is published of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::public::{EoiList, PublicBid, PublicRound};
use crate::clock::Moment;

/// The partnerships of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Partnerships {
    /// The round.
    pub round: PublicRound,
    /// Since when it has been so.
    pub changed_at: Moment,
    /// Everybody who leads or has joined an expression of interest, by name.
    pub members: Vec<Member>,
    /// Any two who stand together in one at least, by their names.
    pub pairs: Vec<Pair>,
}

/// A council or another body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PartnershipMember)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// How many expressions of interest it leads.
    pub leads: usize,
    /// How many it has joined.
    pub joins: usize,
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
    /// In which expressions of interest, by reference.
    pub bids: Vec<String>,
    /// Whether who takes part in each of these is an illustration, as in the replay of a real round.
    pub illustrative: bool,
}

impl Partnerships {
    /// Those of a list of expressions of interest. Councils are told apart by the names under which they were submitted.
    pub fn of(list: EoiList) -> Self {
        let mut members: BTreeMap<String, Member> = BTreeMap::new();
        let mut pairs: BTreeMap<(String, String), Pair> = BTreeMap::new();
        for bid in &list.bids {
            count(&mut members, bid);
            let together: Vec<&String> = everybody(bid).into_iter().collect();
            for (place, one) in together.iter().enumerate() {
                for other in together.iter().skip(place + 1) {
                    let names = ((*one).clone(), (*other).clone());
                    let pair = pairs.entry(names.clone()).or_insert_with(|| Pair {
                        one: names.0,
                        other: names.1,
                        bids: Vec::new(),
                        illustrative: true,
                    });
                    pair.bids.push(bid.reference.clone());
                    pair.illustrative &= bid.illustrative && !bid.known.iter().any(|known| known == "partners");
                }
            }
        }
        for name in pairs.keys().flat_map(|(one, other)| [one, other]) {
            if let Some(member) = members.get_mut(name) {
                member.works_with += 1;
            }
        }
        Self {
            round: list.round,
            changed_at: list.changed_at,
            members: members.into_values().collect(),
            pairs: pairs.into_values().collect(),
        }
    }
}

/// Each once, though a lead may be named among its partners.
fn everybody(bid: &PublicBid) -> BTreeSet<&String> {
    bid.partners.iter().chain([&bid.lead.name]).collect()
}

fn count(members: &mut BTreeMap<String, Member>, bid: &PublicBid) {
    for name in everybody(bid) {
        let new = || Member { name: name.clone(), leads: 0, joins: 0, works_with: 0 };
        let member = members.entry(name.clone()).or_insert_with(new);
        if *name == bid.lead.name {
            member.leads += 1;
        } else {
            member.joins += 1;
        }
    }
}

/// As many stand on the picture: more names than that touch one another.
const MOST_DRAWN: usize = 24;
/// The picture's sizes, in its own units: a circle of names with room for them at both sides.
const WIDTH: f64 = 1_100.0;
const HEIGHT: f64 = 640.0;
const RADIUS: f64 = 250.0;
/// From the circle to where a name begins.
const GAP: f64 = 14.0;
/// As many letters of a name surely fit beside the circle.
const LONGEST_NAME: usize = 38;

/// The picture: names in a circle, a line between any two who stand together, the thicker the more often.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Those who are drawn.
    pub points: Vec<Point>,
    /// The lines between them.
    pub lines: Vec<Line>,
    /// How many more there are than are drawn.
    pub left_out: usize,
}

/// One of the circle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// The name as it is written: a long one ends in “…”.
    pub label: String,
    /// Where it stands.
    pub x: f64,
    /// Where it stands.
    pub y: f64,
    /// Where its name begins or ends.
    pub text_x: f64,
    /// Whether its name begins or ends there, as SVG says it.
    pub anchor: &'static str,
}

/// A line between two.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What it says.
    pub title: String,
    /// Its one end.
    pub x1: f64,
    /// Its one end.
    pub y1: f64,
    /// Its other end.
    pub x2: f64,
    /// Its other end.
    pub y2: f64,
    /// How thick it is.
    pub thickness: usize,
}

impl Picture {
    /// Draws those who stand together with the most others; the same partnerships always look the same.
    pub fn of(partnerships: &Partnerships) -> Self {
        let mut drawn: Vec<&Member> = partnerships.members.iter().filter(|member| member.works_with > 0).collect();
        let together = drawn.len();
        drawn.sort_by(|one, other| other.works_with.cmp(&one.works_with).then_with(|| one.name.cmp(&other.name)));
        drawn.truncate(MOST_DRAWN);
        drawn.sort_by(|one, other| one.name.cmp(&other.name));
        let of = drawn.len();
        let points = drawn.iter().enumerate().map(|(place, member)| (member.name.as_str(), point(member, place, of)));
        let points: BTreeMap<&str, Point> = points.collect();
        let line = |pair: &Pair| {
            let (from, to) = (points.get(pair.one.as_str())?, points.get(pair.other.as_str())?);
            let bids = pair.bids.len();
            let word = if bids == 1 { "bid" } else { "bids" };
            let title = format!("{} and {}: {bids} {word}", pair.one, pair.other);
            Some(Line { title, x1: from.x, y1: from.y, x2: to.x, y2: to.y, thickness: bids.min(8) })
        };
        Self {
            width: WIDTH,
            height: HEIGHT,
            lines: partnerships.pairs.iter().filter_map(line).collect(),
            points: points.into_values().collect(),
            left_out: together - of,
        }
    }
}

/// A place on the circle, from its top clockwise.
#[expect(clippy::cast_precision_loss, reason = "no more than a few dozen are drawn")]
fn point(member: &Member, place: usize, of: usize) -> Point {
    let angle = std::f64::consts::TAU * (place as f64 + 0.5) / of as f64;
    let (sine, cosine) = angle.sin_cos();
    let at = |radius: f64| (rounded(WIDTH / 2.0 + radius * sine), rounded(HEIGHT / 2.0 - radius * cosine));
    let ((x, y), (text_x, _)) = (at(RADIUS), at(RADIUS + GAP));
    let short = member.name.chars().count() <= LONGEST_NAME;
    let label =
        if short { member.name.clone() } else { member.name.chars().take(LONGEST_NAME - 1).chain(['…']).collect() };
    Point { label, x, y, text_x, anchor: if sine < 0.0 { "end" } else { "start" } }
}

/// To a tenth, so that the page is the same on every machine.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::public::Council;

    fn bid(reference: &str, lead: &str, partners: &[&str], known: &[&str]) -> PublicBid {
        PublicBid {
            reference: reference.into(),
            title: String::new(),
            lead: Council { name: lead.into(), org_id: None, ons_code: None },
            partners: partners.iter().map(|partner| (*partner).to_owned()).collect(),
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
        Partnerships::of(EoiList { round, changed_at: Moment::from_micros(0), bids })
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
    fn a_pair_that_is_nothing_but_an_illustration_says_so() {
        let all = partnerships(vec![bid("R-1", "Ann", &["Bea"], &["lead"])]);
        assert!(all.pairs[0].illustrative);
    }

    #[test]
    fn the_picture_has_those_who_work_with_the_most_others_and_says_how_many_it_leaves_out() {
        let names: Vec<String> = (0..40).map(|number| format!("Council {number:02}")).collect();
        let mut bids = vec![bid("R-0", "Hub", &names.iter().map(String::as_str).collect::<Vec<_>>()[..12], &[])];
        bids.extend(names.chunks(2).map(|two| bid("R-1", &two[0], &[two[1].as_str()], &[])));
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
