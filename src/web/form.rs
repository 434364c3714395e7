//! Bodies of HTML forms (`application/x-www-form-urlencoded`), read strictly and within limits.
//!
//! Says what was sent, never whether it is allowed: rooms check their own fields.

/// The most fields that a form may carry; the longest form of ours has well under a tenth of it.
const MOST_FIELDS: usize = 1_000;

/// Fields by name, in the order in which they were sent; a name may come more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<(String, String)>,
}

/// Why a body is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Not UTF-8 once decoded.
    #[error("The form holds text that is not UTF-8")]
    NotUtf8,
    /// A NUL, which PostgreSQL cannot store.
    #[error("The form holds a NUL character, which cannot be stored: remove it")]
    Nul,
    /// More fields than any form of ours has.
    #[error("The form has more than {MOST_FIELDS} fields")]
    TooManyFields,
}

impl Form {
    /// Reads a body.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        let mut fields = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if fields.len() == MOST_FIELDS {
                return Err(FormError::TooManyFields);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
            fields.push((decode(name)?, decode(value)?));
        }
        Ok(Self { fields })
    }

    /// Fields that came in another way than in a form's own body.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        Self { fields }
    }

    /// The first value of a field without the blanks around it, its line ends as `\n`; empty when it was not sent.
    pub fn text(&self, name: &str) -> String {
        self.first(name).map(tidy).unwrap_or_default()
    }

    /// As [`Form::text`], but `None` when the field was not sent or is blank.
    pub fn filled(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Every value of a field, each as [`Form::text`] gives it.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| tidy(value)).collect()
    }

    /// Whether a field was sent, as a pressed button's is.
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// The version that the form was opened at, if it says one.
    pub fn version_said(&self) -> Option<i32> {
        self.text("version").parse().ok()
    }

    /// The same; what says none stands for no version of ours, so that it overwrites nothing.
    pub fn version(&self) -> i32 {
        self.version_said().unwrap_or(-1)
    }

    /// The token that shows that the form came from our page.
    pub fn csrf(&self) -> Option<&str> {
        self.first("csrf")
    }

    /// Names and values as they were sent, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The form as it is sent, without a field.
    pub fn encoded_without(&self, name: &str) -> String {
        let others = self.fields().filter(|(field, _)| *field != name);
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish()
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.fields().find(|(field, _)| *field == name).map(|(_, value)| value)
    }
}

fn tidy(value: &str) -> String {
    value.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// Undoes the encoding of one name or value; a `%` that encodes nothing stands for itself, as browsers have it.
fn decode(encoded: &[u8]) -> Result<String, FormError> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((first, after)) = rest.split_first() {
        let (byte, after) = match (first, after) {
            (b'+', _) => (b' ', after),
            (b'%', [high, low, beyond @ ..]) => escaped(*high, *low).map_or((b'%', after), |byte| (byte, beyond)),
            _ => (*first, after),
        };
        bytes.push(byte);
        rest = after;
    }
    if bytes.contains(&0) {
        return Err(FormError::Nul);
    }
    String::from_utf8(bytes).or(Err(FormError::NotUtf8))
}

fn escaped(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
