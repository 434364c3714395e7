//! Texts of the picture: labels broken into lines that fit a box, and markup escaped.

/// As many letters of the picture's size as surely fit into a line of a box.
const LONGEST_LINE: usize = 18;
const MOST_LINES: usize = 4;

/// A label in lines that fit; a word that is longer than a line is broken, what is longer than the box ends in “…”.
pub(super) fn lines(label: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split_whitespace().flat_map(pieces) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LONGEST_LINE => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            *last = last.chars().take(LONGEST_LINE - 1).chain(['…']).collect();
        }
    }
    lines
}

fn pieces(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(LONGEST_LINE).map(|piece| piece.iter().collect()).collect()
}

/// A text that cannot be markup; what XML cannot hold becomes a space.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(' '),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}
