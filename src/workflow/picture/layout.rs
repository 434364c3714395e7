//! Where the parts of the picture lie: states in columns by their distance from the start, transitions as arrows at right angles.
//!
//! No arrow crosses a box: it leaves its state on the right and runs in the gutters between columns and in lanes below them. Each
//! gutter has a track of its own for every state that arrows in it lead to, so that only arrows to the same state ever join.

use std::collections::{BTreeMap, BTreeSet};

use super::text::lines;
use crate::workflow::model::{Definition, State};

pub(super) const BOX_WIDTH: i32 = 180;
pub(super) const LINE: i32 = 20;
pub(super) const BADGE: i32 = 11;
/// Between the sides of a box and what is written in it.
pub(super) const PADDING: i32 = 10;
const MARGIN: i32 = 16;
const ROW_GAP: i32 = 26;
const PORT_STEP: i32 = 26;
const TRACK_STEP: i32 = 14;
const LANE_STEP: i32 = 18;
const LOOP_WIDTH: i32 = 26;
const LOOP_STEP: i32 = 44;
const LOOP_HEIGHT: i32 = 22;
/// Room in a gutter for the badges of arrows that leave, and for the heads of those that arrive.
const FOR_BADGES: i32 = 44;
const FOR_HEADS: i32 = 22;
/// From the top of a box to the line on which arrows arrive, and below the last that leaves.
const TO_ANCHOR: i32 = 28;
const BELOW_PORTS: i32 = 22;

/// A point, in pixels from the top left.
pub(super) type Point = (i32, i32);

/// A state's box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Card {
    pub left: i32,
    pub top: i32,
    pub height: i32,
    pub label: Vec<String>,
    /// The line on which arrows arrive.
    anchor: i32,
}

/// The way of a transition from one of its states: corners at right angles, and where its number stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrow {
    pub transition: usize,
    pub from: usize,
    pub to: usize,
    pub corners: Vec<Point>,
    pub badge: Point,
}

/// The whole picture; cards in the order of the states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub width: i32,
    pub height: i32,
    pub cards: Vec<Card>,
    pub arrows: Vec<Arrow>,
}

/// Lays a definition out. `word` gives the label of a state, `is_counted` says whether a line is left for a number of bids.
pub(super) fn lay_out(definition: &Definition, word: impl Fn(&State) -> String, is_counted: bool) -> Layout {
    let spots = spots(definition);
    let edges = edges(definition, &spots);
    let ports = Ports::of(&edges);
    let gutters = Gutters::of(&edges, &spots);
    let cards = cards(definition, &spots, &ports, &gutters, |state| {
        let label = lines(&word(state));
        let written = label.len() + usize::from(is_counted);
        (label, 2 * PADDING + LINE * int(written))
    });
    let bottom = cards.iter().map(|card| card.top + card.height).max().unwrap_or(0) + MARGIN;
    let lanes: BTreeSet<usize> =
        edges.iter().filter(|edge| edge.way == Way::Lane).map(|edge| edge.transition).collect();
    let lanes: Vec<usize> = lanes.into_iter().collect();
    let lane_of = |transition| {
        lanes.iter().position(|lane| *lane == transition).map_or(bottom, |at| bottom + LANE_STEP * int(at))
    };
    let draw = |(number, edge): (usize, &Edge)| {
        let of = |state: usize| cards.get(state).cloned().unwrap_or_default();
        let plan = Plan { edge, number, from: of(edge.from), to: of(edge.to), ports: &ports, gutters: &gutters };
        plan.arrow(lane_of(edge.transition))
    };
    let arrows = edges.iter().enumerate().map(draw).collect();
    Layout { width: gutters.width(), height: bottom + LANE_STEP * int(lanes.len()) + MARGIN, cards, arrows }
}

fn int(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1_000)
}

/// Where a state stands: its column, and its row within it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Spot {
    column: usize,
    row: usize,
}

/// The spots of the states: distances from the start, then the definition's own order. What cannot be reached stands last.
fn spots(definition: &Definition) -> Vec<Spot> {
    let mut distances: BTreeMap<&str, usize> = BTreeMap::from([(definition.start.as_str(), 0)]);
    for distance in 1..=definition.states.len() {
        let leaves = |from: &String| distances.get(from.as_str()) == Some(&(distance - 1));
        let steps = definition.transitions.iter().filter(|transition| transition.from.iter().any(leaves));
        for to in steps.map(|transition| transition.to.as_str()).collect::<Vec<_>>() {
            distances.entry(to).or_insert(distance);
        }
    }
    let last = distances.values().max().map_or(0, |last| last + 1);
    let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
    let spot = |state: &State| {
        let column = distances.get(state.id.as_str()).copied().unwrap_or(last);
        let row = rows.entry(column).or_default();
        *row += 1;
        Spot { column, row: *row - 1 }
    };
    definition.states.iter().map(spot).collect()
}

/// How an arrow gets to where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Into the next column, on the same row, and the first that does.
    Straight,
    /// Into the next column.
    Next,
    /// Within its column.
    Beside,
    /// Anywhere else, by a lane below the columns.
    Lane,
    /// Back to where it comes from.
    Loop,
}

/// A transition from one of its states.
#[derive(Debug, Clone, Copy)]
struct Edge {
    transition: usize,
    from: usize,
    to: usize,
    way: Way,
    start: Spot,
    end: Spot,
}

fn edges(definition: &Definition, spots: &[Spot]) -> Vec<Edge> {
    let at = |id: &str| {
        let state = definition.states.iter().position(|state| state.id == id)?;
        Some((state, *spots.get(state)?))
    };
    let mut edges: Vec<Edge> = Vec::new();
    for (transition, it) in definition.transitions.iter().enumerate() {
        for from in &it.from {
            let (Some((from, start)), Some((to, end))) = (at(from), at(&it.to)) else { continue };
            let is_taken = edges.iter().any(|edge| edge.from == from && edge.way == Way::Straight);
            let way = match () {
                () if from == to => Way::Loop,
                () if start.column == end.column => Way::Beside,
                () if start.column + 1 != end.column => Way::Lane,
                () if start.row == end.row && !is_taken => Way::Straight,
                () => Way::Next,
            };
            edges.push(Edge { transition, from, to, way, start, end });
        }
    }
    edges
}

/// Where arrows leave and arrive on the right of their boxes: how far from the line of arrival.
#[derive(Default)]
struct Ports {
    of_edge: BTreeMap<usize, i32>,
    arrivals: BTreeMap<usize, i32>,
    above: BTreeMap<usize, i32>,
    below: BTreeMap<usize, i32>,
    loops: BTreeMap<usize, i32>,
}

impl Ports {
    fn of(edges: &[Edge]) -> Self {
        let mut ports = Self::default();
        for (number, edge) in edges.iter().enumerate() {
            let offset = match edge.way {
                Way::Straight => 0,
                Way::Loop => {
                    let before = ports.loops.entry(edge.from).or_default();
                    *before += 1;
                    *before - 1
                }
                Way::Next | Way::Beside if edge.end.row < edge.start.row => ports.next(edge.from, false),
                Way::Next | Way::Beside | Way::Lane => ports.next(edge.from, true),
            };
            ports.of_edge.insert(number, offset);
        }
        for edge in edges.iter().filter(|edge| edge.way == Way::Beside) {
            if !ports.arrivals.contains_key(&edge.to) {
                let offset = ports.next(edge.to, edge.end.row < edge.start.row);
                ports.arrivals.insert(edge.to, offset);
            }
        }
        ports
    }

    /// The next free port of a state, below or above the line of arrival.
    fn next(&mut self, state: usize, below: bool) -> i32 {
        let side = if below { &mut self.below } else { &mut self.above };
        let count = side.entry(state).or_default();
        *count += 1;
        PORT_STEP * *count * if below { 1 } else { -1 }
    }

    /// From the top of a box to its line of arrival.
    fn above(&self, state: usize) -> i32 {
        TO_ANCHOR + PORT_STEP * self.above.get(&state).copied().unwrap_or(0)
    }

    /// From its line of arrival as far down as arrows need it.
    fn below(&self, state: usize) -> i32 {
        BELOW_PORTS + PORT_STEP * self.below.get(&state).copied().unwrap_or(0)
    }

    fn has_loop(&self, state: usize) -> bool {
        self.loops.contains_key(&state)
    }
}

/// What a track of a gutter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Track {
    /// To a state of the column on the left.
    Beside(usize),
    /// Down to the lane of a transition.
    Lane(usize),
    /// To a state of the column on the right.
    Into(usize),
}

/// The gutters: one on the left of each column, and one on the right of the last.
struct Gutters {
    tracks: Vec<BTreeSet<Track>>,
}

impl Gutters {
    fn of(edges: &[Edge], spots: &[Spot]) -> Self {
        let columns = spots.iter().map(|spot| spot.column + 1).max().unwrap_or(0);
        let mut tracks = vec![BTreeSet::new(); columns + 1];
        let mut add = |gutter: usize, track| {
            if let Some(tracks) = tracks.get_mut(gutter) {
                tracks.insert(track);
            }
        };
        for edge in edges {
            match edge.way {
                Way::Straight | Way::Loop => {}
                Way::Next => add(edge.end.column, Track::Into(edge.to)),
                Way::Beside => add(edge.start.column + 1, Track::Beside(edge.to)),
                Way::Lane => {
                    add(edge.start.column + 1, Track::Lane(edge.transition));
                    add(edge.end.column, Track::Into(edge.to));
                }
            }
        }
        Self { tracks }
    }

    /// What a gutter takes; nothing leaves into the first, nothing arrives from the last.
    fn width_of(&self, gutter: usize) -> i32 {
        let tracks = TRACK_STEP * self.tracks.get(gutter).map_or(0, |tracks| int(tracks.len()));
        match gutter {
            0 if tracks == 0 => 0,
            0 => tracks + FOR_HEADS,
            _ if gutter + 1 == self.tracks.len() => FOR_BADGES + tracks,
            _ => FOR_BADGES + tracks + FOR_HEADS,
        }
    }

    /// Where a gutter begins: after the gutters and columns before it.
    fn left_of(&self, gutter: usize) -> i32 {
        MARGIN + (0..gutter).map(|before| self.width_of(before) + BOX_WIDTH).sum::<i32>()
    }

    fn left_of_column(&self, column: usize) -> i32 {
        self.left_of(column) + self.width_of(column)
    }

    fn track(&self, gutter: usize, track: Track) -> i32 {
        let at = self.tracks.get(gutter).and_then(|tracks| tracks.iter().position(|known| *known == track));
        let begins = if gutter == 0 { 0 } else { FOR_BADGES };
        self.left_of(gutter) + begins + TRACK_STEP * int(at.unwrap_or(0))
    }

    fn width(&self) -> i32 {
        let last = self.tracks.len().saturating_sub(1);
        self.left_of(last) + self.width_of(last) + MARGIN
    }
}

/// The cards, row by row: on each row the lines of arrival are at one height. `written` gives a label's lines and height.
fn cards(
    definition: &Definition,
    spots: &[Spot],
    ports: &Ports,
    gutters: &Gutters,
    written: impl Fn(&State) -> (Vec<String>, i32),
) -> Vec<Card> {
    let states = || definition.states.iter().zip(spots).enumerate();
    let below = |state: usize, height: i32| ports.below(state).max(height - ports.above(state));
    let mut rows: BTreeMap<usize, (i32, i32)> = BTreeMap::new();
    for (index, (state, spot)) in states() {
        let headroom = if ports.has_loop(index) { LOOP_HEIGHT + BADGE } else { 0 };
        let (above, beneath) = rows.entry(spot.row).or_default();
        *above = (*above).max(ports.above(index) + headroom);
        *beneath = (*beneath).max(below(index, written(state).1));
    }
    let mut anchors: BTreeMap<usize, i32> = BTreeMap::new();
    let mut top = MARGIN;
    for (row, (above, beneath)) in &rows {
        anchors.insert(*row, top + above);
        top += above + beneath + ROW_GAP;
    }
    let card = |(index, (state, spot)): (usize, (&State, &Spot))| {
        let (label, height) = written(state);
        let anchor = anchors.get(&spot.row).copied().unwrap_or(0);
        Card {
            left: gutters.left_of_column(spot.column),
            top: anchor - ports.above(index),
            height: ports.above(index) + below(index, height),
            label,
            anchor,
        }
    };
    states().map(card).collect()
}

/// What the way of one arrow follows from.
struct Plan<'p> {
    edge: &'p Edge,
    number: usize,
    from: Card,
    to: Card,
    ports: &'p Ports,
    gutters: &'p Gutters,
}

impl Plan<'_> {
    fn arrow(&self, lane: i32) -> Arrow {
        let Edge { transition, from, to, .. } = *self.edge;
        let corners = self.corners(lane);
        let badge = match corners.as_slice() {
            [_, (left, top), (right, _), _] if self.edge.way == Way::Loop => (i32::midpoint(*left, *right), *top),
            _ => (self.start().0 + FOR_BADGES / 2, self.start().1),
        };
        Arrow { transition, from, to, corners, badge }
    }

    fn port(&self) -> i32 {
        self.ports.of_edge.get(&self.number).copied().unwrap_or(0)
    }

    fn start(&self) -> Point {
        (self.from.left + BOX_WIDTH, self.from.anchor + self.port())
    }

    fn corners(&self, lane: i32) -> Vec<Point> {
        let Edge { transition, to, start, end, .. } = *self.edge;
        let (right, y) = self.start();
        let arrives = (self.to.left, self.to.anchor);
        match self.edge.way {
            Way::Straight => vec![(right, y), arrives],
            Way::Next => {
                let x = self.gutters.track(end.column, Track::Into(to));
                vec![(right, y), (x, y), (x, arrives.1), arrives]
            }
            Way::Beside => {
                let x = self.gutters.track(start.column + 1, Track::Beside(to));
                let at = self.to.anchor + self.ports.arrivals.get(&to).copied().unwrap_or(0);
                vec![(right, y), (x, y), (x, at), (right, at)]
            }
            Way::Lane => {
                let down = self.gutters.track(start.column + 1, Track::Lane(transition));
                let up = self.gutters.track(end.column, Track::Into(to));
                vec![(right, y), (down, y), (down, lane), (up, lane), (up, arrives.1), arrives]
            }
            Way::Loop => {
                let left = self.from.left + 2 * PADDING + LOOP_STEP * self.port();
                let (top, high) = (self.from.top, self.from.top - LOOP_HEIGHT);
                vec![(left, top), (left, high), (left + LOOP_WIDTH, high), (left + LOOP_WIDTH, top)]
            }
        }
    }
}
