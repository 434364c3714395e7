//! The pictures of a ranking as SVG: attributes alone, so that no policy on styles stops them, and nothing by colour alone. A
//! table beside each says the same.

use std::fmt::Write;

use super::{
    basis::Basis,
    model::{AtLine, Figures, RankedBid},
};
use crate::{funds::rulebook::WHOLE, workflow::picture::escaped};

const FONT: &str = "Helvetica Neue, Helvetica, Arial, sans-serif";
/// Black on white is 19:1, the grey of lines 7:1.
const INK: &str = "#0b0c0c";
const GREY: &str = "#505a5f";
const PAPER: &str = "#ffffff";
/// Where the plot begins, after the names.
const LEFT: f64 = 150.0;
const WIDTH: f64 = 520.0;
/// What stands behind the plot, in words.
const WORDS: f64 = 130.0;
const TOP: f64 = 56.0;
const ROW: f64 = 28.0;

/// A picture in the making: rows of names, each with what is drawn on one axis.
struct Picture {
    text: String,
    rows: f64,
    /// The values at both ends of the axis.
    ends: (f64, f64),
}

impl Picture {
    fn new(title: &str, description: &str, rows: usize, ends: (f64, f64)) -> Self {
        let rows = rows as f64;
        let (width, height) = (LEFT + WIDTH + WORDS, TOP + ROW * rows + 12.0);
        let mut picture = Self { text: String::new(), rows, ends };
        picture.add(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{FONT}\" font-size=\"16\">"
        ));
        picture.add(&format!("<title>{}</title>", escaped(title)));
        picture.add(&format!("<desc>{}</desc>", escaped(description)));
        picture.add(&format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>"));
        picture
    }

    fn add(&mut self, content: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{content}");
    }

    fn x(&self, value: f64) -> f64 {
        let (from, to) = self.ends;
        let share = if to > from { (value - from) / (to - from) } else { 0.5 };
        LEFT + 10.0 + share.clamp(0.0, 1.0) * (WIDTH - 20.0)
    }

    fn y(row: usize) -> f64 {
        TOP + ROW * (row as f64 + 0.5)
    }

    fn write(&mut self, (x, y): (f64, f64), anchor: &str, words: &str) {
        self.add(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{INK}\">{}</text>",
            escaped(words)
        ));
    }

    /// The name of a row, and what is said of it behind the plot.
    fn name(&mut self, row: usize, name: &str, words: &str) {
        let y = Self::y(row) + 5.0;
        self.write((LEFT - 8.0, y), "end", name);
        self.write((LEFT + WIDTH + 8.0, y), "start", words);
    }

    fn bar(&mut self, row: usize, (from, to): (f64, f64), (width, colour): (u32, &str)) {
        let (y, from, to) = (Self::y(row), self.x(from), self.x(to));
        self.add(&format!(
            "<path d=\"M {from:.1} {y:.1} L {to:.1} {y:.1}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
        ));
    }

    fn dot(&mut self, row: usize, value: f64, (radius, fill): (u32, &str)) {
        let (x, y) = (self.x(value), Self::y(row));
        self.add(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"{INK}\" stroke-width=\"2\"/>"
        ));
    }

    /// A short stroke across a row.
    fn stroke(&mut self, row: usize, value: f64) {
        let (x, y) = (self.x(value), Self::y(row));
        let (above, below) = (y - 10.0, y + 10.0);
        self.add(&format!("<path d=\"M {x:.1} {above:.1} L {x:.1} {below:.1}\" stroke=\"{INK}\" stroke-width=\"3\"/>"));
    }

    /// A line through all rows.
    fn through(&mut self, value: f64, dashed: bool) {
        let (x, foot) = (self.x(value), TOP + ROW * self.rows);
        let dashes = if dashed { " stroke-dasharray=\"8 4\"" } else { "" };
        let colour = if dashed { INK } else { GREY };
        self.add(&format!(
            "<path d=\"M {x:.1} {TOP} L {x:.1} {foot:.1}\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>"
        ));
    }

    /// The axis with a value at each end and its middle.
    fn axis(&mut self) {
        let (from, to) = self.ends;
        for value in [from, f64::midpoint(from, to), to] {
            let digits = format!("{value:.2}");
            self.write((self.x(value), TOP - 8.0), "middle", digits.trim_end_matches('0').trim_end_matches('.'));
        }
        let (left, right) = (self.x(from), self.x(to));
        self.add(&format!("<path d=\"M {left} {TOP} L {right} {TOP}\" stroke=\"{GREY}\" stroke-width=\"1\"/>"));
    }

    fn end(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }
}

/// The intervals of the bids' ranks against the funding line.
pub(super) fn intervals(figures: &Figures) -> String {
    let last = figures.bids.iter().filter(|bid| bid.expected_rank.is_some()).count().max(1);
    let description = "Each row is a bid, the best placed first. The thin line covers nine tenths of its possible ranks, the thick line \
                       half of them, the ring is the expected rank. The dashed line is the funding line.";
    let ends = (1.0, last as f64);
    let mut picture = Picture::new("Ranks of the bids against the funding line", description, figures.bids.len(), ends);
    picture.axis();
    if let Some(line) = figures.line_rank {
        picture.through(line, true);
        let x = picture.x(line);
        picture.write((x, 20.0), if x > LEFT + WIDTH / 2.0 { "end" } else { "start" }, "Funding line");
    }
    for (row, bid) in figures.bids.iter().enumerate() {
        picture.name(row, &bid.bid, words_of(bid));
        draw_ranks(&mut picture, row, bid);
    }
    picture.end()
}

fn draw_ranks(picture: &mut Picture, row: usize, bid: &RankedBid) {
    let between = |from: Option<u32>, to: Option<u32>| Some((f64::from(from?), f64::from(to?)));
    if let Some(ends) = between(bid.r5, bid.r95) {
        picture.bar(row, ends, (2, GREY));
    }
    if let Some(ends) = between(bid.r25, bid.r75) {
        picture.bar(row, ends, (8, GREY));
    }
    if let Some(rank) = bid.expected_rank {
        picture.dot(row, rank, (6, PAPER));
    }
}

const fn words_of(bid: &RankedBid) -> &'static str {
    if !bid.below.is_empty() {
        return "Below a minimum";
    }
    match bid.group {
        Some(AtLine::Fund) => "Above the line",
        Some(AtLine::Draw) => "Crosses the line",
        Some(AtLine::Decline) => "Below the line",
        None => "Not known",
    }
}

/// How the assessors lean.
pub(super) fn leanings(figures: &Figures) -> String {
    let ends = figures.assessors.iter().filter_map(|of| Some(of.leaning?.abs() + of.se?));
    let most = ends.fold(0.1, f64::max);
    let description = "Each row is an assessor. The ring is by how much they score higher or lower than others, and the line says how far \
                       that may be off. To the right of the middle are those who score higher.";
    let mut picture = Picture::new("How the assessors lean", description, figures.assessors.len(), (-most, most));
    picture.axis();
    picture.through(0.0, false);
    for (row, of) in figures.assessors.iter().enumerate() {
        let words = of.leaning.map_or_else(|| "Not known".to_owned(), |leaning| format!("{leaning:+.2}"));
        picture.name(row, &of.assessor, &words);
        if let (Some(leaning), Some(se)) = (of.leaning, of.se) {
            picture.bar(row, (leaning - se, leaning + se), (2, INK));
            picture.dot(row, leaning, (6, PAPER));
        }
    }
    picture.end()
}

/// The scores of each bid beside its mean.
pub(super) fn spread(basis: &Basis, figures: &Figures) -> String {
    let points = |of: i64| of as f64 / f64::from(WHOLE);
    let ends = (points(basis.scale.0), points(basis.scale.1));
    let description = "Each row is a bid, the best placed first. Each ring is the weighted score of one assessor, the stroke is the mean.";
    let mut picture = Picture::new("Scores of the bids", description, figures.bids.len(), ends);
    picture.axis();
    for (row, bid) in figures.bids.iter().enumerate() {
        let words = bid.mean.as_ref().map_or_else(|| "No scores".to_owned(), |mean| format!("Mean {mean}"));
        picture.name(row, &bid.bid, &words);
        for reading in basis.readings_of(&bid.bid) {
            picture.dot(row, points(reading.sum), (5, PAPER));
        }
        if let Some(mean) = bid.raw_mean {
            picture.stroke(row, mean);
        }
    }
    picture.end()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{basis::tests::basis, figures::figures},
        *,
    };

    #[test]
    fn every_bid_and_assessor_has_a_row_that_says_in_words_what_is_drawn() {
        let of = basis(&[("A-1", &[48_000, 46_000]), ("A-2", &[31_000, 35_000]), ("A-3", &[12_000, 9_000])], 100);
        let figures = figures(&of, None).unwrap();
        for picture in [intervals(&figures), spread(&of, &figures)] {
            for bid in ["A-1", "A-2", "A-3"] {
                assert!(picture.contains(&format!(">{bid}</text>")), "{picture}");
            }
            assert!(!picture.contains("NaN") && !picture.contains("style"));
        }
        assert!(intervals(&figures).contains("Funding line") && intervals(&figures).contains("Above the line"));
        assert!(leanings(&figures).contains(">A2</text>"));
        assert_eq!(spread(&of, &figures).matches("<circle").count(), 6);
    }

    #[test]
    fn what_is_not_known_is_said_and_not_drawn() {
        let of = basis(&[("A-1", &[30_000]), ("A-2", &[])], 0);
        let figures = figures(&of, None).unwrap();
        let drawn = intervals(&figures);
        assert!(drawn.contains("Not known"), "{drawn}");
        assert!(leanings(&figures).contains("Not known"));
        assert!(spread(&of, &figures).contains("No scores"));
    }
}
