//! The form in plain text, pure: written with the scale of every criterion and what is scored already, and read back line by line.
//!
//! Lines that begin with `%%` explain. `== bid REFERENCE (version N)` begins a bid, `== criterion ID` a criterion of it; then come
//! `Score:`, `Sure:` and, to the next such line, `Why:`. `Submit:` stands under a bid. Any other line is a fault: nothing that
//! somebody has written is passed over in silence.

use std::{collections::BTreeSet, fmt::Write as _};

use super::model::{LineFault, OwnBid};
use crate::{
    assessment::model::{Confidence, MOST_WORDS, NewScore, Score},
    error::Fault,
    funds::rulebook::Criterion,
};

/// The largest form that is read, in bytes: far more than twelve bids need.
pub const LARGEST: usize = 2_000_000;

/// The most bids that a form names: more than anybody reads in a round.
const MOST_BIDS: usize = 1_000;
/// The most criteria of a bid that are read: more than any round has.
const MOST_CRITERIA: usize = 100;

const BID: &str = "== bid ";
const CRITERION: &str = "== criterion ";
const END: &str = "== end";
const EXPLAINS: &str = "%%";
const MARK: &str = "==";

/// Writes the form of these bids of a round; `address` is where it is sent back.
pub fn write(round: &str, bids: &[OwnBid], address: &str) -> String {
    let mut text = String::new();
    for line in [
        format!("Your scores in {round}"),
        String::new(),
        "Fill in what stands after the colons, in any editor of plain text. Leave a criterion empty to keep it for later.".into(),
        format!("Why: in your own words, {MOST_WORDS} words or fewer, in as many lines as you like, below the colon or beside it."),
        "Submit: yes hands your assessment of the bid in, and what you change later counts at once; no keeps a draft.".into(),
        format!("Then send this file back at {address}"),
        format!("Lines that begin with {EXPLAINS} are not read. Leave lines that begin with {MARK} as they are."),
    ] {
        explain(&mut text, &line);
    }
    for bid in bids.iter().filter(|bid| bid.open) {
        let _ = writeln!(text, "\n{BID}{} (version {})", bid.reference, bid.version);
        explain(&mut text, &format!("{}, {}", bid.title, bid.lead));
        for criterion in &bid.criteria {
            write_criterion(&mut text, criterion, bid.scores.iter().find(|score| score.criterion == criterion.id));
        }
        let submit = if bid.submitted_at.is_some() { "yes" } else { "no" };
        let _ = writeln!(text, "\n{END} of {}\nSubmit: {submit}", bid.reference);
    }
    let closed: Vec<&str> = bids.iter().filter(|bid| !bid.open).map(|bid| bid.reference.as_str()).collect();
    if !closed.is_empty() {
        text.push('\n');
        explain(&mut text, &format!("Not in this form, because they cannot be scored now: {}.", closed.join(", ")));
    }
    text
}

fn explain(text: &mut String, line: &str) {
    // A title or a guidance with a line break stays within what explains.
    for line in line.split('\n') {
        let _ = writeln!(text, "{}", format!("{EXPLAINS} {}", line.trim_end()).trim_end());
    }
}

fn write_criterion(text: &mut String, criterion: &Criterion, given: Option<&Score>) {
    let _ = writeln!(text, "\n{CRITERION}{}", criterion.id);
    let percent = f64::from(criterion.weight) / 100.0;
    explain(text, &format!("{} (counts {percent} %)", criterion.title));
    explain(text, &criterion.guidance);
    for grade in &criterion.scale {
        explain(text, &format!("  {} {}: {}", grade.value, grade.label, grade.meaning));
    }
    let value = given.map(|score| score.value.to_string()).unwrap_or_default();
    let _ = writeln!(text, "{}", format!("Score: {value}").trim_end());
    explain(text, "  low, medium or high");
    let sure = given.map(|score| score.confidence.word()).unwrap_or_default();
    let _ = writeln!(text, "{}", format!("Sure: {sure}").trim_end());
    text.push_str("Why:\n");
    for line in given.map(|score| score.justification.as_str()).unwrap_or_default().lines() {
        // Somebody's words that look like a mark of ours are moved by a blank, and moved back when they are read.
        let blank = if is_mark(line.trim_start()) { " " } else { "" };
        let _ = writeln!(text, "{blank}{line}");
    }
}

fn is_mark(line: &str) -> bool {
    line.starts_with(MARK) || line.starts_with(EXPLAINS)
}

/// What a form says of one bid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The reference.
    pub bid: String,
    /// The version of the assessment that it was made from.
    pub version: i32,
    /// The line at which it begins, from 1.
    pub line: u32,
    /// What is said on its criteria.
    pub scores: Vec<FilledScore>,
    /// Whether the assessment is to be submitted.
    pub submit: bool,
    /// What cannot be read.
    pub faults: Vec<LineFault>,
}

/// What a form says on one criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilledScore {
    /// The criterion's id.
    pub criterion: String,
    /// The line at which it begins, from 1.
    pub line: u32,
    /// The score, as it is written.
    pub value: String,
    /// How sure, as it is written.
    pub sure: String,
    /// Why.
    pub why: String,
}

impl FilledScore {
    fn is_blank(&self) -> bool {
        [&self.value, &self.sure, &self.why].iter().all(|said| said.trim().is_empty())
    }

    /// The score; nothing where nothing is filled in.
    fn read(&self) -> Result<Option<NewScore>, Vec<LineFault>> {
        if self.is_blank() {
            return Ok(None);
        }
        let value = self.value.trim().parse::<i32>().ok();
        let confidence = Confidence::from_word(&self.sure.trim().to_lowercase());
        if let (Some(value), Some(confidence)) = (value, confidence) {
            let (criterion, justification) = (self.criterion.clone(), self.why.trim().to_owned());
            return Ok(Some(NewScore { criterion, value, justification, confidence }));
        }
        let fault = |message: &str| LineFault::new(self.line, format!("{}: {message}", self.criterion));
        let no_value = value.is_none().then(|| fault("give a whole number of the scale after Score."));
        let no_confidence = confidence.is_none().then(|| fault("say after Sure low, medium or high."));
        Err(no_value.into_iter().chain(no_confidence).collect())
    }
}

impl Filled {
    /// The scores that are filled in, or every line that is wrong, held against the criteria of the bid.
    ///
    /// # Errors
    /// Every fault, in the order of the form.
    pub fn scores(&self, criteria: &[Criterion]) -> Result<Vec<NewScore>, Vec<LineFault>> {
        let (mut scores, mut lines, mut faults) = (Vec::new(), Vec::new(), self.faults.clone());
        for filled in &self.scores {
            match filled.read() {
                Ok(Some(score)) => {
                    scores.push(score);
                    lines.push(filled.line);
                }
                Ok(None) => {}
                Err(wrong) => faults.extend(wrong),
            }
        }
        let wrong =
            if scores.is_empty() { Vec::new() } else { crate::assessment::model::score_faults(&scores, criteria) };
        faults.extend(wrong.into_iter().map(|fault| self.at_line(fault, &scores, &lines)));
        faults.sort_by_key(|fault| fault.line);
        if faults.is_empty() { Ok(scores) } else { Err(faults) }
    }

    /// A fault of the list of scores, at the line of the form.
    fn at_line(&self, fault: Fault, scores: &[NewScore], lines: &[u32]) -> LineFault {
        let index = fault.field.split('/').nth(1).and_then(|index| index.parse::<usize>().ok());
        let line = index.and_then(|index| lines.get(index)).copied().unwrap_or(self.line);
        // What is wrong with a value names its criterion already.
        match index.and_then(|index| scores.get(index)).filter(|_| fault.code != "off_the_scale") {
            Some(score) => LineFault::new(line, format!("{}: {}", score.criterion, fault.message)),
            None => LineFault::new(line, fault.message),
        }
    }
}

/// Where a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Bid,
    Criterion,
    Why,
}

/// Reads a form back.
///
/// # Errors
/// When it is no text in UTF-8, is too large, or names no bid.
pub fn read(form: &[u8]) -> Result<Vec<Filled>, Fault> {
    let fault = |message: String| Fault::new("file", "not_a_form", message);
    if form.len() > LARGEST {
        return Err(fault("This is larger than a form of scores can be. Send the form that you downloaded.".into()));
    }
    let text = std::str::from_utf8(form);
    let text = text.map_err(|_bytes| fault("Save the form as plain text in UTF-8 and send it again.".into()))?;
    if text.contains('\0') {
        return Err(fault("Save the form as plain text in UTF-8 and send it again.".into()));
    }
    let mut reader = Reader { bids: Vec::new(), known: BTreeSet::new(), within: Within::Nothing };
    for (number, line) in (1_u32..).zip(text.trim_start_matches('\u{feff}').lines()) {
        reader.line(number, line.trim_end());
        if reader.bids.len() > MOST_BIDS {
            return Err(fault(format!("A form names {MOST_BIDS} bids at most. Send the form that you downloaded.")));
        }
    }
    if reader.bids.is_empty() {
        let what = format!("it has no line that begins with “{}”", BID.trim_end());
        return Err(fault(format!("This is no form of scores: {what}. Send the form that you downloaded.")));
    }
    Ok(reader.bids)
}

struct Reader {
    bids: Vec<Filled>,
    known: BTreeSet<String>,
    within: Within,
}

impl Reader {
    fn line(&mut self, number: u32, line: &str) {
        if line.starts_with(EXPLAINS) {
            return;
        }
        if let Some(begun) = line.strip_prefix(BID) {
            return self.begin(number, begun);
        }
        let Some(bid) = self.bids.last_mut() else {
            // Before the first bid nothing can be filled in; a mail program may have put its own lines there.
            return;
        };
        if let Some(id) = line.strip_prefix(CRITERION) {
            if bid.scores.len() == MOST_CRITERIA {
                bid.faults.push(LineFault::new(
                    number,
                    "No round has so many criteria. Take them from the form as you downloaded it.",
                ));
            }
            if bid.scores.len() <= MOST_CRITERIA {
                bid.scores.push(FilledScore { criterion: id.trim().into(), line: number, ..FilledScore::default() });
            }
            self.within = Within::Criterion;
            return;
        }
        if line.starts_with(END) {
            self.within = Within::Bid;
            return;
        }
        if self.within == Within::Why {
            if let Some(score) = bid.scores.last_mut() {
                let moved = line.strip_prefix(' ').filter(|rest| is_mark(rest.trim_start()));
                score.why.push('\n');
                score.why.push_str(moved.unwrap_or(line));
            }
            return;
        }
        if line.trim().is_empty() {
            return;
        }
        match (self.within, field(line)) {
            (Within::Bid, Some(("submit", said))) => match said.to_lowercase().as_str() {
                "yes" => bid.submit = true,
                "no" | "" => bid.submit = false,
                _ => bid.faults.push(LineFault::new(number, "Say after Submit yes or no.")),
            },
            (Within::Criterion, Some(("score", said))) => set(bid, |score| score.value = said.into()),
            (Within::Criterion, Some(("sure", said))) => set(bid, |score| score.sure = said.into()),
            (Within::Criterion, Some(("why", said))) => {
                set(bid, |score| score.why = said.into());
                self.within = Within::Why;
            }
            _ => {
                let message = "This line belongs to no field. Write words after “Why:”, and leave the lines of the form as they are.";
                bid.faults.push(LineFault::new(number, message));
            }
        }
    }

    fn begin(&mut self, number: u32, begun: &str) {
        self.within = Within::Bid;
        let (reference, version) = begun.trim().split_once(' ').unwrap_or((begun.trim(), ""));
        let digits = version.trim().strip_prefix("(version ").and_then(|rest| rest.strip_suffix(')'));
        let version = digits.and_then(|digits| digits.trim().parse::<i32>().ok());
        let mut bid = Filled { bid: reference.into(), line: number, ..Filled::default() };
        match version {
            Some(version) => bid.version = version,
            None => bid.faults.push(LineFault::new(
                number,
                "This line has lost its version. Take it from the form as you downloaded it.",
            )),
        }
        if !self.known.insert(bid.bid.clone()) {
            bid.faults.push(LineFault::new(number, "This bid stands in the form twice. Leave it in once."));
        }
        self.bids.push(bid);
    }
}

fn set(bid: &mut Filled, put: impl FnOnce(&mut FilledScore)) {
    if let Some(score) = bid.scores.last_mut() {
        put(score);
    }
}

/// The name and what is said of a line such as `Score: 4`.
fn field(line: &str) -> Option<(&'static str, &str)> {
    let (name, said) = line.split_once(':')?;
    let known = ["score", "sure", "why", "submit"].into_iter().find(|known| name.trim().eq_ignore_ascii_case(known))?;
    Some((known, said.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Moment, funds::rulebook::Grade};

    fn criterion(id: &str) -> Criterion {
        let grade = |value| Grade { value, label: "Fair".into(), meaning: "Some of it.".into() };
        Criterion {
            id: id.into(),
            title: format!("The {id}"),
            guidance: "Look\nclosely.".into(),
            weight: 3_350,
            scale: (0..=3).map(grade).collect(),
            questions: Vec::new(),
            least: None,
        }
    }

    fn bid(reference: &str, scores: Vec<Score>) -> OwnBid {
        OwnBid {
            reference: reference.into(),
            title: "Repairs\n== bid X (version 1)".into(),
            lead: "Ambridge".into(),
            criteria: vec![criterion("fit"), criterion("value")],
            scores,
            submitted_at: None,
            open: true,
            version: 4,
        }
    }

    fn score(justification: &str) -> Score {
        Score {
            criterion: "fit".into(),
            number: 1,
            value: 2,
            justification: justification.into(),
            confidence: Confidence::High,
            created_at: Moment::from_micros(0),
        }
    }

    fn lines(faults: &[LineFault]) -> Vec<u32> {
        faults.iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn what_is_written_reads_back_as_it_was_whatever_the_words_look_like() {
        let words = "First: a line.\n\n== criterion value\n%% not ours\n == end\nScore: 3";
        let closed = OwnBid { open: false, ..bid("T-2", Vec::new()) };
        let text = write("A round", &[bid("T-1", vec![score(words)]), closed], "https://x.example/a");
        assert!(text.contains("%%   2 Fair: Some of it.") && text.contains("(counts 33.5 %)"), "{text}");
        assert!(text.contains("cannot be scored now: T-2."), "{text}");
        for text in [text.clone(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
            let read = read(text.as_bytes()).expect("a form");
            assert_eq!(read.len(), 1, "{text}");
            assert_eq!((read[0].bid.as_str(), read[0].version, read[0].submit), ("T-1", 4, false));
            let scores = read[0].scores(&[criterion("fit"), criterion("value")]).expect("scores");
            let expected = NewScore {
                criterion: "fit".into(),
                value: 2,
                justification: words.into(),
                confidence: Confidence::High,
            };
            assert_eq!(scores, [expected], "the other is left for later");
        }
    }

    #[test]
    fn every_line_that_cannot_be_read_is_named_and_nothing_is_passed_over() {
        let form = "== bid T-1 (version 1)\nSubmit: perhaps\n== criterion fit\nScore: two\nSure: very\nmy words\nWhy: So.\n\
                    == see annex 3\n== criterion value\nScore: 9\nSure: Low\nWhy:\nSo.\n== criterion charm\nScore: 1\nSure: low\nWhy: So.\n\
                    == bid T-2\nSubmit: YES\n== bid T-2 (version 2)\n";
        let read = read(form.as_bytes()).expect("a form");
        let criteria = [criterion("fit"), criterion("value")];
        let faults = read[0].scores(&criteria).expect_err("faults");
        assert_eq!(lines(&faults), [2, 3, 3, 6, 9, 14], "{faults:?}");
        assert!(faults[4].message.starts_with("The value: choose a value of the scale"), "{faults:?}");
        assert_eq!(
            read[0].scores[0].why, "So.\n== see annex 3",
            "what begins as a mark of ours and is none is somebody's words"
        );
        assert!(read[1].submit);
        assert_eq!(lines(&read[1].scores(&criteria).expect_err("no version")), [18]);
        assert_eq!(lines(&read[2].scores(&criteria).expect_err("twice")), [20]);
    }

    #[test]
    fn what_is_no_form_is_refused_as_a_whole() {
        let large = vec![b' '; LARGEST + 1];
        let many = (0..=MOST_BIDS).map(|number| format!("== bid T-{number} (version 1)\n")).collect::<String>();
        for form in [
            &b""[..],
            many.as_bytes(),
            b"Score: 3",
            b"\xff== bid T-1 (version 1)",
            b"== bid T-1 (version 1)\n\0",
            &large,
        ] {
            assert_eq!(read(form).expect_err("no form").field, "file");
        }
    }
}
