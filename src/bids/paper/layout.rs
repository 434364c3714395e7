//! Breaks a paper into lines and sheets, in points from the top left corner of an A4 sheet. Pure: it draws nothing.

use super::model::{Fact, Paper};

/// The width of a sheet.
pub const WIDTH: f32 = 595.0;
/// The height of a sheet.
pub const HEIGHT: f32 = 842.0;
/// What stays white on every side.
pub const MARGIN: f32 = 57.0;
/// Where the foot begins, which every sheet has.
pub const FOOT: f32 = HEIGHT - 48.0;
/// Where the text of a sheet ends.
const BOTTOM: f32 = FOOT - 22.0;

/// What a run of lines is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The bid's title.
    Title,
    /// The name of a part.
    Heading,
    /// What is asked.
    Key,
    /// What is answered.
    Text,
}

impl Role {
    /// Whether it is set in bold letters.
    pub const fn is_bold(self) -> bool {
        !matches!(self, Self::Text)
    }

    /// The size of its letters.
    pub const fn size(self) -> f32 {
        match self {
            Self::Title => 20.0,
            Self::Heading => 14.0,
            Self::Key | Self::Text => 10.0,
        }
    }

    const fn leading(self) -> f32 {
        match self {
            Self::Title => 26.0,
            Self::Heading => 19.0,
            Self::Key | Self::Text => 14.0,
        }
    }

    const fn space_before(self) -> f32 {
        match self {
            Self::Title => 0.0,
            Self::Heading => 18.0,
            Self::Key => 9.0,
            Self::Text => 2.0,
        }
    }

    /// How much must fit below it on its sheet, so that no heading stands alone at a foot.
    const fn keeps(self) -> f32 {
        match self {
            Self::Title | Self::Heading => 60.0,
            Self::Key => 30.0,
            Self::Text => 0.0,
        }
    }
}

/// A line in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which block it belongs to.
    pub block: usize,
    /// What it says.
    pub text: String,
    /// Where its letters stand.
    pub baseline: f32,
}

/// A paper in lines on sheets.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// What each block is.
    pub blocks: Vec<(Role, String)>,
    /// The lines, sheet by sheet.
    pub sheets: Vec<Vec<Line>>,
}

impl Layout {
    /// Sets a paper. `width_of` measures a text in a role's letters.
    pub fn of(paper: &Paper, width_of: impl Fn(Role, &str) -> f32) -> Self {
        let blocks = blocks(paper);
        let mut sheets = vec![Vec::new()];
        let mut y = MARGIN;
        for (block, (role, text)) in blocks.iter().enumerate() {
            y += role.space_before();
            if y + role.leading() + role.keeps() > BOTTOM {
                sheets.push(Vec::new());
                y = MARGIN;
            }
            for line in wrapped(text, WIDTH - 2.0 * MARGIN, |part| width_of(*role, part)) {
                if y + role.leading() > BOTTOM {
                    sheets.push(Vec::new());
                    y = MARGIN;
                }
                y += role.leading();
                if let Some(sheet) = sheets.last_mut().filter(|_| !line.is_empty()) {
                    sheet.push(Line { block, text: line, baseline: y });
                }
            }
        }
        Self { blocks, sheets }
    }
}

/// Everything that the paper says, in order.
fn blocks(paper: &Paper) -> Vec<(Role, String)> {
    let mut blocks = vec![(Role::Title, paper.title.clone())];
    for Fact { key, value } in &paper.facts {
        blocks.push((Role::Text, format!("{key}: {value}")));
    }
    for card in &paper.cards {
        blocks.push((Role::Heading, card.title.clone()));
        for row in &card.rows {
            blocks.push((Role::Key, row.key.clone()));
            blocks.push((Role::Text, row.value.trim().to_owned()));
        }
    }
    blocks.retain(|(_, text)| !text.is_empty());
    blocks
}

/// Breaks a text at its own line ends, between words, and inside words that are wider than a line.
fn wrapped(text: &str, width: f32, width_of: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if width_of(&longer) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = broken(word, width, &width_of, &mut lines);
        }
        lines.push(line);
    }
    lines
}

/// Puts the full lines of a word into `lines` and gives what is left of it.
fn broken(word: &str, width: f32, width_of: impl Fn(&str) -> f32, lines: &mut Vec<String>) -> String {
    let mut line = String::new();
    for letter in word.chars() {
        line.push(letter);
        if width_of(&line) > width && line.chars().count() > 1 {
            line.pop();
            lines.push(std::mem::replace(&mut line, letter.to_string()));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{super::model::tests::hard_to_print, *};

    /// Every letter is as wide as half its height.
    fn monospaced(role: Role, text: &str) -> f32 {
        text.chars().map(|_| role.size() / 2.0).sum()
    }

    #[test]
    fn lines_end_between_words_and_long_words_are_broken() {
        let wide = |text: &str| text.chars().map(|_| 1.0).sum::<f32>();
        assert_eq!(wrapped("one two three\n\nfour", 7.0, wide), ["one two", "three", "", "four"]);
        assert_eq!(wrapped("a abcdefghij b", 4.0, wide), ["a", "abcd", "efgh", "ij b"]);
    }

    #[test]
    fn nothing_is_lost_and_nothing_stands_in_the_foot_or_the_margin() {
        let paper = hard_to_print();
        let layout = Layout::of(&paper, monospaced);
        assert!(layout.sheets.len() > 1, "it is longer than a sheet");
        let lines = || layout.sheets.iter().flatten();
        assert!(lines().all(|line| line.baseline > MARGIN && line.baseline <= BOTTOM));
        for (block, (role, text)) in layout.blocks.iter().enumerate() {
            let set: Vec<&str> = lines().filter(|line| line.block == block).map(|line| line.text.as_str()).collect();
            assert!(set.iter().all(|line| monospaced(*role, line) <= WIDTH - 2.0 * MARGIN));
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(letters(&set.concat()), letters(text));
        }
    }

    #[test]
    fn no_heading_stands_alone_at_the_foot_of_a_sheet() {
        let mut paper = hard_to_print();
        for words in 1..200 {
            paper.cards[0].rows[0].value = "word\n".repeat(words);
            let layout = Layout::of(&paper, monospaced);
            for sheet in &layout.sheets {
                let last = sheet.last().map(|line| layout.blocks[line.block].0);
                assert!(!matches!(last, Some(Role::Heading | Role::Key)) || sheet == layout.sheets.last().unwrap());
            }
        }
    }
}
