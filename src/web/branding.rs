//! The name and colour under which an instance shows itself, and whether it is a demonstration. Never GOV.UK's: its fonts, crown and blue are not ours.

use std::{fmt, str::FromStr};

/// What sets one deployment apart from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branding {
    /// The service's name, in the header and in every page's title.
    pub name: String,
    /// The colour of the header, panels and banners.
    pub colour: Colour,
    /// Whether every page says that this is a demonstration, whose data is partly illustrative.
    pub demo: bool,
}

impl Default for Branding {
    fn default() -> Self {
        Self { name: "Roundtable".into(), colour: Colour { red: 0x0b, green: 0x53, blue: 0x45 }, demo: false }
    }
}

/// A colour on which white text can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// Why a text is no colour for the header.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableColour {
    /// Not six hexadecimal digits after `#`.
    #[error("{0:?} is not a colour: write # and six hexadecimal digits, like #0b5345")]
    Malformed(String),
    /// White text on it would fail WCAG 2.2 success criterion 1.4.3.
    #[error("{0} is too light for white text: choose a colour with a contrast of at least 4.5 to 1")]
    TooLight(String),
}

impl Colour {
    /// The six hexadecimal digits, without `#`.
    pub fn digits(self) -> String {
        format!("{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// Reads six hexadecimal digits, without `#`.
    fn from_digits(digits: &str) -> Option<Self> {
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self { red, green, blue })
    }

    /// Contrast with white as WCAG 2.2 defines it, from 1 to 21.
    fn contrast_with_white(self) -> f64 {
        let light = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * light(self.red) + 0.7152 * light(self.green) + 0.0722 * light(self.blue);
        1.05 / (luminance + 0.05)
    }
}

impl FromStr for Colour {
    type Err = UnusableColour;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let colour = text
            .strip_prefix('#')
            .and_then(Self::from_digits)
            .ok_or_else(|| UnusableColour::Malformed(text.to_owned()))?;
        if colour.contrast_with_white() < 4.5 {
            return Err(UnusableColour::TooLight(text.to_owned()));
        }
        Ok(colour)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.digits())
    }
}
