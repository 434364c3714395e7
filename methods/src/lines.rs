//! The numbers of a file's lines.

/// Counts lines as it goes through a file, from its beginning to its end.
pub(crate) struct Lines<'a> {
    file: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub fn of(file: &'a [u8]) -> Self {
        Self { file, at: 0, line: 1 }
    }

    /// The line, from 1, of the first thing that is written at a place of the file or after it: a reader of CSV passes over empty
    /// lines, and says that what follows begins where they do. No place may lie before the one that was asked for last.
    pub fn at(&mut self, byte: u64) -> usize {
        let end = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(letter) = self.file.get(self.at) {
            if self.at >= end && !matches!(letter, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*letter == b'\n');
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_count() {
        let file = b"a\n\r\n\nb\nc";
        let mut lines = Lines::of(file);
        assert_eq!([0, 2, 7].map(|place| lines.at(place)), [1, 4, 5]);
    }
}
