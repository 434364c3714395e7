//! The picture as SVG: attributes alone, so that no policy on styles stops it, and nothing by colour alone. Where a bid has come
//! through, lines are thicker; where it is, the box is dark and says so; an end has a double border.

use std::fmt::Write;

use super::layout::{Arrow, BADGE, BOX_WIDTH, Card, LINE, Layout, PADDING, Point, lay_out};
use super::text::escaped;
use super::{Mark, Shown, bids};
use crate::workflow::model::{Definition, State};

const FONT: &str = "Helvetica Neue, Helvetica, Arial, sans-serif";
/// Black on white is 19:1, the grey of lines 7:1.
const INK: &str = "#0b0c0c";
const PAPER: &str = "#ffffff";
const GREY: &str = "#505a5f";
/// The text line of a box begins so far below its top.
const BASELINE: i32 = 15;
const HEAD_LENGTH: i32 = 10;
const HEAD_WIDTH: i32 = 5;

/// The picture. The same definition and what is shown of it always give the same text.
pub fn svg(definition: &Definition, shown: &Shown<'_>) -> String {
    let is_counted = shown.counts.is_some() || !shown.path.is_empty();
    let layout = lay_out(definition, |state| shown.label(state).to_owned(), is_counted);
    let mut text = opening(definition, shown, &layout);
    for (index, transition) in definition.transitions.iter().enumerate() {
        let arrows = layout.arrows.iter().filter(|arrow| arrow.transition == index);
        let title = escaped(&format!("{}: {}", index + 1, transition.label));
        line(&mut text, &format!("<g data-transition=\"{}\"><title>{title}</title>", escaped(&transition.id)));
        arrows.for_each(|arrow| draw_arrow(&mut text, definition, shown, arrow));
        line(&mut text, "</g>");
    }
    for (state, card) in definition.states.iter().zip(&layout.cards) {
        draw_state(&mut text, shown, state, card);
    }
    text.push_str("</svg>\n");
    text
}

fn line(text: &mut String, content: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{content}");
}

fn opening(definition: &Definition, shown: &Shown<'_>, layout: &Layout) -> String {
    let Layout { width, height, .. } = layout;
    let mut text = String::new();
    line(
        &mut text,
        &format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{FONT}\" font-size=\"16\">"
        ),
    );
    line(&mut text, &format!("<title>The way of a bid: {}</title>", escaped(&definition.title)));
    line(&mut text, &format!("<desc>{}</desc>", escaped(&description(definition, shown))));
    line(&mut text, &format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>"));
    text
}

fn description(definition: &Definition, shown: &Shown<'_>) -> String {
    let start = shown.label_of(definition, &definition.start);
    let mut text = format!(
        "A bid starts in “{start}”. Each box is a state, each numbered arrow a step. A box with a double border is an end."
    );
    if let Some((here, passed)) = shown.path.split_last() {
        let here = shown.label_of(definition, here);
        let passed: Vec<&str> = passed.iter().map(|id| shown.label_of(definition, id)).collect();
        // Writing to a String cannot fail.
        let _ = match passed.as_slice() {
            [] => write!(text, " This bid is in “{here}”."),
            passed => write!(text, " This bid came through “{}” and is in “{here}”.", passed.join("”, “")),
        };
    }
    text
}

fn draw_arrow(text: &mut String, definition: &Definition, shown: &Shown<'_>, arrow: &Arrow) {
    let id = |state: usize| definition.states.get(state).map(|state| state.id.as_str()).unwrap_or_default();
    let has_gone = shown.has_gone(id(arrow.from), id(arrow.to));
    let (colour, width) = if has_gone { (INK, 4) } else { (GREY, 2) };
    let way: Vec<String> = arrow.corners.iter().map(|(x, y)| format!("{x} {y}")).collect();
    let way = way.join(" L ");
    line(text, &format!("<path d=\"M {way}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"));
    if let [.., before, end] = arrow.corners.as_slice() {
        line(text, &format!("<path d=\"{}\" fill=\"{colour}\"/>", head(*before, *end)));
    }
    let (x, y) = arrow.badge;
    line(
        text,
        &format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{BADGE}\" fill=\"{PAPER}\" stroke=\"{colour}\" stroke-width=\"2\"/>"
        ),
    );
    let number = arrow.transition + 1;
    let size = if number < 100 { 13 } else { 10 };
    let y = y + size / 3 + 1;
    line(
        text,
        &format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"middle\" fill=\"{INK}\">{number}</text>"
        ),
    );
}

/// The head of an arrow that comes from `before` and ends at `end`.
fn head((from_x, from_y): Point, (x, y): Point) -> String {
    let (along_x, along_y) = ((x - from_x).signum(), (y - from_y).signum());
    let (base_x, base_y) = (x - HEAD_LENGTH * along_x, y - HEAD_LENGTH * along_y);
    let (aside_x, aside_y) = (HEAD_WIDTH * along_y, HEAD_WIDTH * along_x);
    let [one, other] = [1, -1].map(|side| format!("{} {}", base_x + side * aside_x, base_y + side * aside_y));
    format!("M {x} {y} L {one} L {other} Z")
}

fn draw_state(text: &mut String, shown: &Shown<'_>, state: &State, card: &Card) {
    let mark = shown.mark(state);
    let (fill, ink) = if mark == Some(Mark::Here) { (INK, PAPER) } else { (PAPER, INK) };
    let stroke = if mark.is_some() { 4 } else { 2 };
    let Card { left, top, height, .. } = card;
    let title = escaped(shown.label(state));
    line(text, &format!("<g data-state=\"{}\"><title>{title}</title>", escaped(&state.id)));
    line(
        text,
        &format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{BOX_WIDTH}\" height=\"{height}\" fill=\"{fill}\" stroke=\"{INK}\" \
             stroke-width=\"{stroke}\"/>"
        ),
    );
    if state.terminal {
        let (x, y, width, height) = (left + 5, top + 5, BOX_WIDTH - 10, height - 10);
        line(
            text,
            &format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"{ink}\"/>"
            ),
        );
    }
    let (x, first) = (left + PADDING, top + PADDING + BASELINE);
    let mut baselines = (0..).map(|row| first + LINE * row);
    for (words, y) in card.label.iter().zip(&mut baselines) {
        line(text, &format!("<text x=\"{x}\" y=\"{y}\" fill=\"{ink}\">{}</text>", escaped(words)));
    }
    if let (Some(words), Some(y)) = (said_of(shown, state), baselines.next()) {
        line(text, &format!("<text x=\"{x}\" y=\"{y}\" font-weight=\"700\" fill=\"{ink}\">{words}</text>"));
    }
    line(text, "</g>");
}

/// What stands under the label.
fn said_of(shown: &Shown<'_>, state: &State) -> Option<String> {
    match shown.mark(state) {
        Some(Mark::Here) => Some("The bid is here".to_owned()),
        Some(Mark::Passed) => Some("Passed".to_owned()),
        None => shown.count(state).map(bids),
    }
}
