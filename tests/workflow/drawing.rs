//! The pictures of definitions: what stands in them, that nothing lies over anything else, and that they say what the tables say.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use roundtable::workflow::{
    Definition,
    picture::{Mark, Shown, Words, mermaid, rows, svg},
};

use super::{generated, local_digital_fund, small_grant, sound_definitions};

#[test]
fn a_definition_draws_itself_with_the_bids_in_each_state() {
    let counts = BTreeMap::from([("draft".to_owned(), 3), ("submitted".to_owned(), 12)]);
    let drawn = mermaid(&small_grant(), &Shown { counts: Some(&counts), words: Words::Staff, path: &[] });
    assert!(drawn.starts_with("stateDiagram-v2\n    state \"Draft (3)\" as draft\n"));
    for line in
        ["state \"Submitted (12)\" as submitted", "[*] --> draft", "draft --> submitted: Submit", "granted --> [*]"]
    {
        assert!(drawn.lines().any(|drawn| drawn.trim() == line), "{line} is missing in\n{drawn}");
    }
    let uncounted = mermaid(&small_grant(), &Shown::default());
    assert!(uncounted.contains("state \"Draft\" as draft"), "{uncounted}");
}

#[test]
fn a_label_cannot_break_the_picture() {
    let mut definition = small_grant();
    let evil = "Draft\"\n    [*] --> granted; #quot; <script>alert('&')</script> \u{0} \u{b}";
    definition.states[0].labels.staff = evil.to_owned();
    definition.states[0].labels.applicant = evil.to_owned();
    definition.transitions[0].label = evil.to_owned();
    let drawn = mermaid(&definition, &Shown::default());
    assert_eq!(drawn.lines().count(), mermaid(&small_grant(), &Shown::default()).lines().count());
    assert_eq!(drawn.matches("[*] --> ").count(), 1);
    let picture = Picture::of(&definition, &Shown::default());
    assert!(!picture.text.contains("<script"), "{}", picture.text);
}

#[test]
fn the_picture_has_every_state_and_every_transition_once_and_a_name_for_whoever_cannot_see_it() {
    for definition in sound_definitions() {
        let picture = Picture::of(&definition, &Shown::default());
        let states: Vec<&str> = definition.states.iter().map(|state| state.id.as_str()).collect();
        assert_eq!(picture.boxes.iter().map(|found| found.state.as_str()).collect::<Vec<_>>(), states);
        let drawn = picture.elements.iter().filter_map(|element| element.attribute("data-transition"));
        let transitions: Vec<&str> = definition.transitions.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(drawn.collect::<Vec<_>>(), transitions);
        let arrows: usize = definition.transitions.iter().map(|it| it.from.len()).sum();
        assert_eq!((picture.arrows.len(), picture.badges.len()), (arrows, arrows), "{}", definition.id);
        assert_eq!(picture.elements[0].attribute("role"), Some("img"));
        assert!(picture.text.contains(&format!("<title>The way of a bid: {}</title>", definition.title)));
        assert!(picture.text.contains("<desc>A bid starts in “"));
        assert!(!picture.text.contains("style") && !picture.text.contains("class"), "attributes alone");
    }
}

#[test]
fn in_no_picture_does_anything_lie_over_anything_else() {
    for definition in sound_definitions() {
        for shown in [Shown::default(), Shown { words: Words::Staff, ..Shown::default() }] {
            Picture::of(&definition, &shown).is_tidy();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn not_even_in_the_picture_of_a_random_definition(recipe in generated::recipe()) {
        let text = generated::definition(&recipe).to_string();
        Picture::of(&Definition::from_json(&text).unwrap(), &Shown::default()).is_tidy();
    }
}

#[test]
fn the_same_definition_gives_the_same_picture_and_another_count_only_another_number() {
    let definition = local_digital_fund();
    assert_eq!(svg(&definition, &Shown::default()), svg(&definition, &Shown::default()));
    let draw = |bids: u64| {
        let counts = BTreeMap::from([("invited".to_owned(), bids)]);
        svg(&definition, &Shown { counts: Some(&counts), words: Words::Staff, path: &[] })
    };
    assert!(draw(1).contains(">1 bid<"));
    assert_eq!(draw(7).replace(">7 bids<", ">12 bids<"), draw(12));
    let uncounted = svg(&definition, &Shown::default());
    assert!(!uncounted.contains("font-weight"), "no count where none is to be shown");
}

#[test]
fn the_path_of_a_bid_is_seen_without_colours_and_told_in_words() {
    let path = ["eoi_draft", "eoi_submitted", "invited"].map(str::to_owned);
    let shown = Shown { path: &path, ..Shown::default() };
    let picture = Picture::of(&local_digital_fund(), &shown);
    let thick: Vec<&str> =
        picture.boxes.iter().filter(|found| found.stroke == 4).map(|found| found.state.as_str()).collect();
    assert_eq!(thick, ["eoi_draft", "eoi_submitted", "invited"]);
    let thick = picture.arrows.iter().filter(|arrow| arrow.stroke == 4);
    assert_eq!(thick.map(|arrow| arrow.transition.as_str()).collect::<Vec<_>>(), ["submit_eoi", "invite"]);
    assert_eq!(picture.text.matches(">The bid is here<").count(), 1);
    assert_eq!(picture.text.matches(">Passed<").count(), 2);
    let told = "This bid came through “Expression of interest: draft”, “Expression of interest: submitted” and is in \
                “Invited to make a full application”.";
    assert!(picture.text.contains(told));
}

#[test]
fn colours_that_meet_in_the_picture_are_far_enough_apart() {
    let path = ["eoi_draft".to_owned()];
    let text = svg(&local_digital_fund(), &Shown { path: &path, ..Shown::default() });
    let colours: BTreeSet<&str> = text.split("\"#").skip(1).filter_map(|rest| rest.get(..6)).collect();
    assert_eq!(colours, BTreeSet::from(["0b0c0c", "505a5f", "ffffff"]));
    for ink in ["0b0c0c", "505a5f"] {
        assert!(contrast(ink, "ffffff") >= 4.5);
    }
}

/// The contrast of two colours, as WCAG counts it.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| {
        let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        let linear = |part: f64| if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
        0.2126 * linear(part(0)) + 0.7152 * linear(part(2)) + 0.0722 * linear(part(4))
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_table_says_what_the_picture_says() {
    let definition = local_digital_fund();
    let counts = BTreeMap::from([("eoi_submitted".to_owned(), 389)]);
    let path = ["eoi_draft", "eoi_submitted"].map(str::to_owned);
    let rows = rows(&definition, &Shown { words: Words::Staff, counts: Some(&counts), path: &path });
    assert_eq!((rows.states.len(), rows.steps.len()), (definition.states.len(), definition.transitions.len()));
    let submitted = &rows.states[1];
    assert_eq!((submitted.label.as_str(), submitted.count, submitted.ends), ("EOI submitted", Some(389), false));
    let marks: Vec<_> = rows.states.iter().take(3).map(|state| state.mark).collect();
    assert_eq!(marks, [Some(Mark::Passed), Some(Mark::Here), None]);
    let step = &rows.steps[0];
    assert_eq!(
        (step.number, step.label.as_str(), step.to.as_str()),
        (1, "Submit expression of interest", "EOI submitted")
    );
    assert_eq!(step.from, ["EOI in draft", "EOI not submitted"]);
    assert_eq!(step.who, ["lead authority"]);
    assert_eq!((step.opens.as_deref(), step.closes.as_deref()), (Some("eoi_opens"), Some("eoi_closes")));
}

/// A picture, read back from its text.
struct Picture {
    text: String,
    elements: Vec<Element>,
    boxes: Vec<StateBox>,
    arrows: Vec<Arrow>,
    badges: Vec<(i32, i32, i32)>,
    size: (i32, i32),
}

struct StateBox {
    state: String,
    stroke: i32,
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

struct Arrow {
    transition: String,
    stroke: i32,
    corners: Vec<(i32, i32)>,
}

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> i32 {
        self.attribute(name).unwrap_or("0").parse().unwrap()
    }
}

/// Reads well-formed XML of the kind that we write, and panics at any other.
fn elements(text: &str) -> Vec<Element> {
    let (mut elements, mut open) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some((words, tag)) = rest.split_once('<') {
        assert!(!words.contains('>'), "a stray > in {words}");
        assert!(words.split('&').skip(1).all(|entity| entity.contains(';')), "a stray & in {words}");
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "{tag} closes what is not open");
            continue;
        }
        let is_empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, mut written) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while let Some((name, value)) = written.split_once("=\"") {
            let (value, more) = value.split_once('"').expect("an attribute ends");
            attributes.push((name.trim().to_owned(), value.to_owned()));
            written = more;
        }
        assert!(written.trim().is_empty(), "{written} in {tag}");
        let names: BTreeSet<&String> = attributes.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), attributes.len(), "an attribute stands twice in {tag}");
        elements.push(Element { name: name.to_owned(), attributes });
        if !is_empty {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    elements
}

impl Picture {
    fn of(definition: &Definition, shown: &Shown<'_>) -> Self {
        let text = svg(definition, shown);
        let elements = elements(&text);
        let (mut boxes, mut arrows, mut badges) = (Vec::new(), Vec::new(), Vec::new());
        let (mut state, mut transition) = (None, String::new());
        for element in &elements {
            state = element.attribute("data-state").map(str::to_owned).or(state);
            transition = element.attribute("data-transition").map_or(transition, str::to_owned);
            match element.name.as_str() {
                "rect" if element.attribute("x").is_some() => boxes.extend(state.take().map(|state| StateBox {
                    state,
                    stroke: element.number("stroke-width"),
                    left: element.number("x"),
                    top: element.number("y"),
                    right: element.number("x") + element.number("width"),
                    bottom: element.number("y") + element.number("height"),
                })),
                "path" if element.attribute("fill") == Some("none") => arrows.push(Arrow {
                    transition: transition.clone(),
                    stroke: element.number("stroke-width"),
                    corners: corners(element.attribute("d").unwrap()),
                }),
                "circle" => badges.push((element.number("cx"), element.number("cy"), element.number("r"))),
                _ => {}
            }
        }
        let size = (elements[0].number("width"), elements[0].number("height"));
        Self { text, elements, boxes, arrows, badges, size }
    }

    /// No box on a box, no number on a number or a box, no arrow through a box, all within the frame, all at right angles.
    #[track_caller]
    fn is_tidy(&self) {
        for (index, one) in self.boxes.iter().enumerate() {
            assert!(one.left >= 0 && one.top >= 0 && one.right <= self.size.0 && one.bottom <= self.size.1);
            for other in &self.boxes[index + 1..] {
                let apart = one.right < other.left
                    || other.right < one.left
                    || one.bottom < other.top
                    || other.bottom < one.top;
                assert!(apart, "{} lies over {}", one.state, other.state);
            }
        }
        for (index, (x, y, r)) in self.badges.iter().enumerate() {
            assert!(
                x - r >= 0 && y - r >= 0 && x + r <= self.size.0 && y + r <= self.size.1,
                "a number leaves the frame"
            );
            for (other_x, other_y, _) in &self.badges[index + 1..] {
                let distance = (x - other_x).pow(2) + (y - other_y).pow(2);
                assert!(distance >= (2 * r).pow(2), "two numbers at {x} {y} and {other_x} {other_y}");
            }
            for found in &self.boxes {
                let inside = x + r > found.left && x - r < found.right && y + r > found.top && y - r < found.bottom;
                assert!(!inside, "a number lies on {}", found.state);
            }
        }
        for arrow in &self.arrows {
            for leg in arrow.corners.windows(2) {
                self.is_free(&arrow.transition, leg[0], leg[1]);
            }
        }
    }

    #[track_caller]
    fn is_free(&self, transition: &str, (x1, y1): (i32, i32), (x2, y2): (i32, i32)) {
        assert!(x1 == x2 || y1 == y2, "{transition} runs at an angle");
        for (x, y) in [(x1, y1), (x2, y2)] {
            assert!(x >= 0 && y >= 0 && x <= self.size.0 && y <= self.size.1, "{transition} leaves the frame");
        }
        for found in &self.boxes {
            let passes_x = x1.min(x2) < found.right && x1.max(x2) > found.left;
            let passes_y = y1.min(y2) < found.bottom && y1.max(y2) > found.top;
            assert!(!(passes_x && passes_y), "{transition} runs through {}", found.state);
        }
    }
}

fn corners(way: &str) -> Vec<(i32, i32)> {
    let points = way.trim_start_matches("M ").split(" L ");
    let point = |point: &str| {
        let (x, y) = point.split_once(' ').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    points.map(point).collect()
}
