//! Which files are taken, what a file may be called, and how far one is. Pure.

use crate::words;

/// As long as a name may be, in characters, its ending included: longer ones do not fit a file system in every script.
const LONGEST_NAME: usize = 80;
/// Names that Windows keeps for devices, whatever they end in.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

words! {
    /// How far a file is.
    pub enum FileState {
        /// Its bytes are on their way, or the way was broken off.
        Arriving = "arriving",
        /// It can be read, and nobody has looked for viruses in it.
        Unscanned = "unscanned",
        /// Nobody reads it until somebody has looked for viruses in it.
        Quarantined = "quarantined",
        /// No virus was found in it.
        Clean = "clean",
        /// A virus was found in it, and its bytes are gone.
        Infected = "infected",
        /// Nothing refers to it, and its bytes are being deleted.
        Leaving = "leaving",
        /// Its bytes are gone, because nothing referred to it.
        Gone = "gone",
    }
}

words! {
    /// A kind of file that is taken.
    pub enum FileKind {
        /// A PDF.
        Pdf = "pdf",
        /// A Word document.
        Docx = "docx",
        /// An Excel workbook.
        Xlsx = "xlsx",
        /// A PowerPoint presentation.
        Pptx = "pptx",
        /// An OpenDocument text.
        Odt = "odt",
        /// An OpenDocument spreadsheet.
        Ods = "ods",
        /// An OpenDocument presentation.
        Odp = "odp",
        /// Comma-separated values.
        Csv = "csv",
        /// Plain text.
        Txt = "txt",
        /// A PNG picture.
        Png = "png",
        /// A JPEG picture.
        Jpeg = "jpeg",
    }
}

impl FileKind {
    /// What is taken, in words.
    pub const TAKEN: &'static str = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), OpenDocument (.odt, .ods or .odp), CSV, \
        plain text (.txt), PNG or JPEG";
    /// The same as the `accept` attribute of a field.
    pub const ACCEPT: &'static str = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.csv,.txt,.png,.jpg,.jpeg";

    /// The kind that a name says by its ending.
    pub fn of_name(name: &str) -> Option<Self> {
        let (stem, ending) = name.rsplit_once('.')?;
        if stem.is_empty() {
            return None;
        }
        Some(match ending.to_ascii_lowercase().as_str() {
            "pdf" => Self::Pdf,
            "docx" => Self::Docx,
            "xlsx" => Self::Xlsx,
            "pptx" => Self::Pptx,
            "odt" => Self::Odt,
            "ods" => Self::Ods,
            "odp" => Self::Odp,
            "csv" => Self::Csv,
            "txt" => Self::Txt,
            "png" => Self::Png,
            "jpg" | "jpeg" => Self::Jpeg,
            _ => return None,
        })
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Csv => "text/csv",
            Self::Txt => "text/plain",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Docx => "Word document",
            Self::Xlsx => "Excel workbook",
            Self::Pptx => "PowerPoint presentation",
            Self::Odt => "OpenDocument text",
            Self::Ods => "OpenDocument spreadsheet",
            Self::Odp => "OpenDocument presentation",
            Self::Csv => "CSV file",
            Self::Txt => "plain text",
            Self::Png => "PNG picture",
            Self::Jpeg => "JPEG picture",
        }
    }

    /// Some kinds in words, such as `PDF or Word document`; none stands for all.
    pub fn in_words(kinds: &[Self]) -> String {
        match kinds {
            [] => Self::TAKEN.into(),
            [only] => only.title().into(),
            [others @ .., last] => {
                let others: Vec<&str> = others.iter().map(|kind| kind.title()).collect();
                format!("{} or {}", others.join(", "), last.title())
            }
        }
    }

    /// The same as the `accept` attribute of a field.
    pub fn accept(kinds: &[Self]) -> String {
        if kinds.is_empty() {
            return Self::ACCEPT.into();
        }
        let ending = |kind: &Self| if *kind == Self::Jpeg { ".jpg,.jpeg".into() } else { format!(".{kind}") };
        kinds.iter().map(ending).collect::<Vec<_>>().join(",")
    }
}

/// So many bytes as people say it.
pub fn in_words(bytes: i64) -> String {
    let tenths = |unit: i64| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
    };
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{}KB", bytes / 1_000),
        _ => format!("{}MB", tenths(1_000_000)),
    }
}

/// What a file is called here, whatever its sender's machine calls it: the last part of a path, in any script, without what
/// controls a terminal or turns the direction of reading round, and no longer than a file system takes. Empty where nothing is
/// left.
pub fn clean_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|letter| !letter.is_control() && !turns_reading_round(*letter)).collect();
    let name = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches([' ', '.']);
    let (stem, ending) = name.rsplit_once('.').map_or((name, String::new()), |(stem, end)| (stem, format!(".{end}")));
    let room = LONGEST_NAME.saturating_sub(ending.chars().count());
    let stem: String = stem.trim_end_matches([' ', '.']).chars().take(room).collect();
    let device = stem.split('.').next().is_some_and(|first| DEVICES.contains(&first.to_lowercase().as_str()));
    format!("{stem}{}{ending}", if device { "_" } else { "" })
}

/// The same name with a mark before its ending, such as `plan (TEST-0002).pdf`: for a file whose name another has already.
pub fn marked_name(name: &str, mark: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').map_or((name, String::new()), |(stem, end)| (stem, format!(".{end}")));
    let mark = format!(" ({mark})");
    let room = LONGEST_NAME.saturating_sub(ending.chars().count()).saturating_sub(mark.chars().count());
    let stem: String = stem.chars().take(room).collect();
    format!("{}{mark}{ending}", stem.trim_end())
}

/// With these `cod.exe` reads as `exe.doc`.
const fn turns_reading_round(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_a_path_and_shows_what_it_is() {
        let names = [
            ("Plan.pdf", "Plan.pdf"),
            ("../../etc/passwd.txt", "passwd.txt"),
            (r"C:\Users\kim\Cynllun ŵyl.docx", "Cynllun ŵyl.docx"),
            ("a\0b\r\nX-Evil: 1.pdf", "abX-Evil: 1.pdf"),
            ("annual\u{202e}fdp.exe", "annualfdp.exe"),
            ("say \"plan\"; it.pdf", "say \"plan\"; it.pdf"),
            ("  two   words .pdf ", "two words.pdf"),
            ("plan.pdf. .", "plan.pdf"),
            ("CON.pdf", "CON_.pdf"),
            ("nul.tar.txt", "nul.tar_.txt"),
            ("计划 🎉.pdf", "计划 🎉.pdf"),
            ("...", ""),
            ("a/", ""),
        ];
        for (sent, name) in names {
            assert_eq!(clean_name(sent), name, "{sent:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_and_keeps_its_ending() {
        let name = clean_name(&format!("{}.pdf", "🎉".repeat(300)));
        assert_eq!((name.chars().count(), name.ends_with("🎉.pdf")), (LONGEST_NAME, true));
        assert!(name.len() <= 330, "{}", name.len());
    }

    #[test]
    fn the_ending_says_the_kind_in_either_case() {
        assert_eq!(FileKind::of_name("a.PDF"), Some(FileKind::Pdf));
        assert_eq!(FileKind::of_name("a.pdf.exe"), None);
        assert_eq!([FileKind::of_name("pdf"), FileKind::of_name(".pdf"), FileKind::of_name("")], [None, None, None]);
        assert_eq!(
            FileKind::ACCEPT.split(',').filter(|ending| FileKind::of_name(&format!("a{ending}")).is_none()).count(),
            0
        );
    }

    #[test]
    fn some_kinds_are_named_as_people_name_them_and_no_choice_names_all() {
        assert_eq!(FileKind::in_words(&[FileKind::Pdf]), "PDF");
        assert_eq!(FileKind::in_words(&[FileKind::Pdf, FileKind::Csv, FileKind::Png]), "PDF, CSV file or PNG picture");
        assert_eq!(FileKind::accept(&[FileKind::Docx, FileKind::Jpeg]), ".docx,.jpg,.jpeg");
        assert_eq!(
            (FileKind::in_words(&[]).as_str(), FileKind::accept(&[]).as_str()),
            (FileKind::TAKEN, FileKind::ACCEPT)
        );
        let all = FileKind::accept(FileKind::ALL);
        assert_eq!(all, FileKind::ACCEPT, "every kind is called by its ending");
    }

    #[test]
    fn a_marked_name_keeps_its_ending_and_is_no_longer_than_a_name_may_be() {
        assert_eq!(marked_name("plan.v2.pdf", "TEST-0002"), "plan.v2 (TEST-0002).pdf");
        assert_eq!(marked_name("plan", "TEST-0002"), "plan (TEST-0002)");
        let long = marked_name(&clean_name(&format!("{}.pdf", "ŵ".repeat(300))), "TEST-0002");
        assert_eq!((long.chars().count(), long.ends_with("ŵ (TEST-0002).pdf")), (LONGEST_NAME, true));
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        let said = [0, 999, 1_000, 999_999, 1_000_000, 1_260_000, 10_485_760].map(in_words);
        assert_eq!(said, ["0 bytes", "999 bytes", "1KB", "999KB", "1MB", "1.3MB", "10.5MB"]);
    }
}
