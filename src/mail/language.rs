//! The languages in which mail is written.

use crate::words;

words! {
    /// A language of mail.
    #[derive(Default)]
    pub enum Language {
        /// English, in which every message is there.
        #[default]
        English = "en",
        /// Welsh, in which a message is there where a round has words for it.
        Welsh = "cy",
    }
}

impl Language {
    /// What its readers call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Welsh => "Cymraeg (Welsh)",
        }
    }

    /// The tag that programs read a text aloud by.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Welsh => "cy",
        }
    }
}
