//! Who works with whom, drawn: names in a circle with lines between them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Member, Pair, Partnerships};

/// As many stand on the picture: more names than that touch one another.
pub(super) const MOST_DRAWN: usize = 24;
/// The picture's sizes, in its own units: as wide as a page of ours, so that it needs no scrolling on a desk, with a circle of
/// names that has room for them at both sides.
pub(super) const WIDTH: f64 = 960.0;
pub(super) const HEIGHT: f64 = 540.0;
const RADIUS: f64 = 220.0;
/// From a point to where its name begins.
const GAP: f64 = 11.0;
/// How much further out than its point a name stands at the top and the bottom.
const OUTWARDS: f64 = 7.0;
/// As many letters of a name surely fit beside the circle.
const LONGEST_NAME: usize = 32;

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
    /// How high its name stands.
    pub text_y: f64,
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

/// A place on the circle, from its top clockwise. A name stands beside its point and a little outwards, so that neither the point
/// nor the lines lie on it, at the top and the bottom of the circle too.
#[expect(clippy::cast_precision_loss, reason = "no more than a few dozen are drawn")]
fn point(member: &Member, place: usize, of: usize) -> Point {
    let angle = std::f64::consts::TAU * (place as f64 + 0.5) / of as f64;
    let (sine, cosine) = angle.sin_cos();
    let (x, y) = (WIDTH / 2.0 + RADIUS * sine, HEIGHT / 2.0 - RADIUS * cosine);
    let (anchor, aside) = if sine < 0.0 { ("end", -GAP) } else { ("start", GAP) };
    let short = member.name.chars().count() <= LONGEST_NAME;
    let label =
        if short { member.name.clone() } else { member.name.chars().take(LONGEST_NAME - 1).chain(['…']).collect() };
    let (text_x, text_y) = (rounded(x + aside), rounded(y - OUTWARDS * cosine));
    Point { label, x: rounded(x), y: rounded(y), text_x, text_y, anchor }
}

/// To a tenth, so that the page is the same on every machine.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
