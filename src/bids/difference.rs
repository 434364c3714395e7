//! What is different between two texts, word by word, as people read it. Pure.

use std::{ops::Range, time::Duration};

use serde::Serialize;
use similar::{DiffTag, TextDiff};

use crate::funds::form::count_words;

/// No two texts hold a page up for longer: what is found by then is coarser, and never wrong.
const LONGEST_SEARCH: Duration = Duration::from_millis(200);

/// What is different between two texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Both texts in one, in pieces.
    pub pieces: Vec<Piece>,
    /// How many words were added.
    pub added: usize,
    /// How many words were taken out.
    pub removed: usize,
}

/// A piece of one text or of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Which text it is of.
    pub kind: PieceKind,
    /// The words with what stands between them.
    pub text: String,
}

/// Which of two texts a piece is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceKind {
    /// Of both.
    Same,
    /// Of the earlier alone.
    Removed,
    /// Of the later alone.
    Added,
}

impl Difference {
    /// What is different in the later of two texts. Words are compared without the blanks between them, which would be found
    /// everywhere and break phrases up.
    pub fn between(before: &str, after: &str) -> Self {
        let (before, after) = (Text::of(before), Text::of(after));
        let mut config = TextDiff::configure();
        config.timeout(LONGEST_SEARCH);
        let mut found = Self::default();
        for op in config.diff_slices(&before.words, &after.words).ops() {
            let (tag, old, new) = op.as_tag_tuple();
            if tag == DiffTag::Equal {
                old.zip(new).for_each(|(one, other)| found.keep(before.at(one), after.at(other)));
            } else {
                found.replace(&before.text(old), &after.text(new));
            }
        }
        found
    }

    /// A word that is in both texts, with the gap that follows it in each.
    fn keep(&mut self, (word, gap): (&str, &str), (_, other_gap): (&str, &str)) {
        self.push(PieceKind::Same, word);
        self.replace(gap, other_gap);
    }

    /// Words of the one in the place of words of the other; a gap that follows both is in both.
    fn replace(&mut self, removed: &str, added: &str) {
        self.removed += count_words(removed);
        self.added += count_words(added);
        let ((words, gap), (other_words, other_gap)) = (split_gap(removed), split_gap(added));
        let (removed, added, gap) = if gap == other_gap { (words, other_words, gap) } else { (removed, added, "") };
        self.push(PieceKind::Removed, removed);
        self.push(PieceKind::Added, added);
        self.push(PieceKind::Same, gap);
    }

    fn push(&mut self, kind: PieceKind, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => self.pieces.push(Piece { kind, text: text.into() }),
        }
    }
}

/// A text as words, each with the gap that follows it. Where it begins with a gap, that follows an empty word.
struct Text<'a> {
    words: Vec<&'a str>,
    gaps: Vec<&'a str>,
}

impl<'a> Text<'a> {
    fn of(mut rest: &'a str) -> Self {
        let (mut words, mut gaps) = (Vec::new(), Vec::new());
        while !rest.is_empty() {
            let (word, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
            let (gap, next) = after.split_at(after.find(|letter: char| !letter.is_whitespace()).unwrap_or(after.len()));
            words.push(word);
            gaps.push(gap);
            rest = next;
        }
        Self { words, gaps }
    }

    fn at(&self, index: usize) -> (&'a str, &'a str) {
        let part = |of: &[&'a str]| of.get(index).copied().unwrap_or_default();
        (part(&self.words), part(&self.gaps))
    }

    fn text(&self, range: Range<usize>) -> String {
        range.map(|index| self.at(index)).flat_map(|(word, gap)| [word, gap]).collect()
    }
}

/// What a text says, and the gap at its end.
fn split_gap(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn without(difference: &Difference, kind: PieceKind) -> String {
        difference.pieces.iter().filter(|piece| piece.kind != kind).map(|piece| piece.text.as_str()).collect()
    }

    fn pieces(before: &str, after: &str) -> Vec<(PieceKind, String)> {
        Difference::between(before, after).pieces.into_iter().map(|piece| (piece.kind, piece.text)).collect()
    }

    #[test]
    fn a_phrase_that_was_replaced_is_one_piece() {
        use PieceKind::{Added, Removed, Same};
        let expected = [
            (Same, "Tenants ".to_owned()),
            (Removed, "ring twice".into()),
            (Added, "write often".into()),
            (Same, " before a repair.".into()),
        ];
        assert_eq!(pieces("Tenants ring twice before a repair.", "Tenants write often before a repair."), expected);
    }

    #[test]
    fn words_are_counted_and_equal_texts_have_no_difference() {
        use PieceKind::{Added, Removed, Same};
        let difference = Difference::between("one two three", "one three four five");
        assert_eq!((difference.removed, difference.added), (1, 2));
        let kinds = |before, after| pieces(before, after).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(kinds("one two three", "one three four five"), [Same, Removed, Same, Added]);
        assert_eq!(kinds("one two", "one\n\ntwo"), [Same, Removed, Added, Same], "a new paragraph is a difference");
        assert_eq!(pieces("same", "same"), [(PieceKind::Same, "same".into())]);
        assert_eq!(Difference::between("", ""), Difference::default());
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_their_difference(before in "[a-c \n]{0,60}", after in "[a-c \n]{0,60}") {
            let difference = Difference::between(&before, &after);
            prop_assert_eq!(without(&difference, PieceKind::Added), before);
            prop_assert_eq!(without(&difference, PieceKind::Removed), after);
        }

        #[test]
        fn any_letters_do(before in "\\PC{0,40}", after in "\\PC{0,40}") {
            let difference = Difference::between(&before, &after);
            prop_assert_eq!(without(&difference, PieceKind::Added), before);
            prop_assert_eq!(without(&difference, PieceKind::Removed), after);
        }
    }
}
