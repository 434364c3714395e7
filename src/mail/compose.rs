//! Makes the message that travels: one recipient, plain text and HTML, headers written by lettre alone.

use std::time::{Duration, SystemTime};

use lettre::message::{Mailbox, MultiPart, header};

use super::{Address, render::Rendered};
use crate::{
    clock::Moment,
    ids::{Id, RowKey},
};

/// Says that a program wrote the message, so that no holiday reply comes back (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

/// Puts a rendered message into its envelope. Its Message-ID follows from its row, so that a message that was sent twice
/// after an ambiguous end is recognised as one.
pub(super) fn compose(
    from: &Mailbox,
    to: &Address,
    (id, now): (Id<RowKey>, Moment),
    rendered: Rendered,
) -> Result<lettre::Message, String> {
    let recipient = to.as_str().parse::<lettre::Address>().map_err(|fault| fault.to_string())?;
    lettre::Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, recipient))
        .date(system_time(now))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .header(AutoSubmitted)
        .subject(rendered.subject)
        .multipart(MultiPart::alternative_plain_html(rendered.text, rendered.html))
        .map_err(|fault| fault.to_string())
}

fn system_time(at: Moment) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.micros()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::IdSource;

    fn sample(subject: &str) -> (Id<RowKey>, String) {
        let now = Moment::from_micros(1_538_758_800_000_000);
        let id = IdSource::seeded(1).fresh(now);
        let from = "Roundtable <no-reply@roundtable.example>".parse().expect("a mailbox");
        let to = "jo@ambridge.gov.uk".parse().expect("an address");
        let rendered = Rendered { subject: subject.into(), text: "Text".into(), html: "<p>Text</p>".into() };
        let message = compose(&from, &to, (id, now), rendered).expect("a message");
        (id, String::from_utf8(message.formatted()).expect("ASCII"))
    }

    #[test]
    fn a_message_has_one_recipient_and_an_id_that_follows_from_its_row() {
        let (id, message) = sample("Your code");
        assert!(message.contains(&format!("Message-ID: <{id}@roundtable.example>\r\n")), "{message}");
        assert!(message.contains("To: jo@ambridge.gov.uk\r\n"), "{message}");
        assert!(message.contains("Auto-Submitted: auto-generated\r\n"), "{message}");
        assert!(message.contains("Date: Fri, 05 Oct 2018 17:00:00 +0000\r\n"), "{message}");
        assert!(message.contains("multipart/alternative"), "{message}");
    }

    #[test]
    fn a_subject_cannot_become_a_second_header() {
        let (_, message) = sample("Hello\r\nBcc: everyone@example.org");
        assert!(!message.contains("\nBcc:"), "{message}");
    }
}
