//! A message as it arrived, and the parts that a person reads.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A message with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipients.
    pub recipients: Vec<String>,
    /// Headers and body, lines ended by CRLF.
    pub data: String,
}

impl Message {
    /// A header's value, unfolded; encoded words stay as they are.
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.data, name)
    }

    /// The plain text part, decoded, with plain line ends.
    pub fn text(&self) -> String {
        part(&self.data, "text/plain").expect("a plain text part")
    }

    /// The HTML part, decoded.
    pub fn html(&self) -> String {
        part(&self.data, "text/html").expect("an HTML part")
    }

    /// The first address in the text.
    pub fn link(&self) -> String {
        let text = self.text();
        let link = text.split_whitespace().find(|word| word.starts_with("http://") || word.starts_with("https://"));
        link.unwrap_or_else(|| panic!("no link in: {text}")).trim_end_matches(['.', ',', ')', '>']).to_owned()
    }

    /// The first number of six digits in the text: a code for signing in.
    pub fn code(&self) -> String {
        let text = self.text();
        let mut numbers = text.split(|letter: char| !letter.is_ascii_alphanumeric());
        let code = numbers.find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()));
        code.unwrap_or_else(|| panic!("no code in: {text}")).to_owned()
    }
}

fn header(entity: &str, name: &str) -> Option<String> {
    let (head, _) = entity.split_once("\r\n\r\n").unwrap_or((entity, ""));
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut fields = unfolded.split("\r\n").filter_map(|line| line.split_once(':'));
    fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
}

/// The first part of that media type, however deep it stands.
fn part(entity: &str, media: &str) -> Option<String> {
    let kind = header(entity, "content-type").unwrap_or_else(|| "text/plain".into());
    let (_, body) = entity.split_once("\r\n\r\n")?;
    if kind.to_ascii_lowercase().starts_with("multipart/") {
        let boundary = format!("--{}", parameter(&kind, "boundary")?);
        let parts = body.split(boundary.as_str()).skip(1).filter(|part| !part.starts_with("--"));
        return parts.filter_map(|inner| part(inner.trim_start_matches("\r\n"), media)).next();
    }
    kind.to_ascii_lowercase().starts_with(media).then(|| decode(entity, body))
}

fn parameter(kind: &str, name: &str) -> Option<String> {
    let (_, value) = kind
        .split(';')
        .filter_map(|part| part.trim().split_once('='))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(value.trim_matches('"').to_owned())
}

fn decode(entity: &str, body: &str) -> String {
    let encoding = header(entity, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
    let bytes = match encoding.as_str() {
        "quoted-printable" => quoted_printable(body),
        "base64" => STANDARD.decode(body.split_whitespace().collect::<String>()).expect("valid base64"),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).expect("a message in UTF-8").replace("\r\n", "\n").trim_end().to_owned()
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes().iter();
    while let Some(&byte) = rest.next() {
        if byte == b'=' {
            let digits: Vec<u8> = rest.by_ref().take(2).copied().collect();
            bytes.extend(hex::decode(digits).expect("two hexadecimal digits after ="));
        } else {
            bytes.push(byte);
        }
    }
    bytes
}
