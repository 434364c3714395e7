//! How messages leave: over SMTP, one command at a time, so that the phase in which it failed is known.
//!
//! Before DATA a failure means that nothing was sent; after it only the server's own words say so. lettre's plain `send`
//! hides the difference.

use std::{sync::Arc, time::Duration};

use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{SmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use url::Url;

use super::outbox::Fate;

const TIMEOUT: Duration = Duration::from_secs(15);

/// Where messages go.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To a mail server.
    Smtp(Arc<Smtp>),
    /// Nowhere: they stay in the outbox, where staff can read them.
    Hold,
}

impl Transport {
    /// The transport for a setting `SMTP_URL`.
    ///
    /// # Errors
    /// In words that say what to change.
    pub fn of(url: Option<&Url>, hello: &str) -> Result<Self, String> {
        url.map_or(Ok(Self::Hold), |url| Smtp::of(url, hello).map(|smtp| Self::Smtp(Arc::new(smtp))))
    }

    /// Hands a message over. Blocks: call it on a blocking thread.
    pub fn send(&self, message: &Message) -> Fate {
        match self {
            Self::Smtp(smtp) => smtp.send(message),
            Self::Hold => Fate::Held,
        }
    }
}

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    /// `smtp://`: if the server offers it.
    Opportunistic,
    /// `smtp+starttls://`: or nothing is sent.
    StartTls,
    /// `smtps://`: from the first byte.
    Wrapped,
}

/// A mail server.
#[derive(Debug)]
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    hello: ClientId,
}

impl Smtp {
    /// Reads `smtp://`, `smtps://` or `smtp+starttls://`, with `user:password@` where the server wants it.
    ///
    /// # Errors
    /// In words that say what to change.
    pub fn of(url: &Url, hello: &str) -> Result<Self, String> {
        let (security, port) = match url.scheme() {
            "smtp" => (Security::Opportunistic, 25),
            "smtp+starttls" => (Security::StartTls, 587),
            "smtps" => (Security::Wrapped, 465),
            other => {
                return Err(format!(
                    "{other}:// is no scheme of a mail server: use smtp://, smtps:// or smtp+starttls://"
                ));
            }
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("name the mail server in the address")?;
        let credentials = credentials_in(url)?;
        if credentials.is_some() && security == Security::Opportunistic {
            return Err("a password needs an encrypted connection: use smtps:// or smtp+starttls://".into());
        }
        Ok(Self {
            host: host.trim_matches(['[', ']']).into(),
            port: url.port().unwrap_or(port),
            security,
            credentials,
            hello: ClientId::Domain(hello.into()),
        })
    }

    fn send(&self, message: &Message) -> Fate {
        let mut conn = match self.greet() {
            Ok(conn) => conn,
            // Whatever goes wrong before the envelope is not the message's fault.
            Err(fault) => return Fate::Later(format!("greeting: {fault}")),
        };
        let fate = hand_over(&mut conn, message);
        if conn.has_broken() {
            conn.abort()
        } else {
            drop(conn.quit())
        }
        fate
    }

    fn greet(&self) -> Result<SmtpConnection, Error> {
        let server = (self.host.as_str(), self.port);
        let wrapped =
            (self.security == Security::Wrapped).then(|| TlsParameters::new(self.host.clone())).transpose()?;
        let mut conn = SmtpConnection::connect(server, Some(TIMEOUT), &self.hello, wrapped.as_ref(), None)?;
        match self.security {
            Security::StartTls => conn.starttls(&TlsParameters::new(self.host.clone())?, &self.hello)?,
            Security::Opportunistic if conn.can_starttls() => conn.starttls(&self.any_certificate()?, &self.hello)?,
            Security::Opportunistic | Security::Wrapped => {}
        }
        if let Some(credentials) = &self.credentials {
            conn.auth(DEFAULT_MECHANISMS, credentials)?;
        }
        Ok(conn)
    }

    /// Where plain text would do as well, a certificate that nobody vouches for is better than none (RFC 7435).
    fn any_certificate(&self) -> Result<TlsParameters, Error> {
        TlsParameters::builder(self.host.clone())
            .dangerous_accept_invalid_certs(true)
            .dangerous_accept_invalid_hostnames(true)
            .build()
    }
}

fn credentials_in(url: &Url) -> Result<Option<Credentials>, String> {
    let Some(password) = url.password() else { return Ok(None) };
    let decoded = |text: &str| -> Result<String, String> {
        let form =
            url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes()).next().map(|(key, _)| key.into_owned());
        form.ok_or_else(|| "the user name or password in the address cannot be read".into())
    };
    Ok(Some(Credentials::new(decoded(url.username())?, decoded(password)?)))
}

fn hand_over(conn: &mut SmtpConnection, message: &Message) -> Fate {
    if let Err(fault) = announce(conn, message) {
        return before_data(&fault);
    }
    match conn.message(&message.formatted()) {
        Ok(_) => Fate::Sent(None),
        Err(fault) => after_data(&fault),
    }
}

/// The envelope and the DATA command: nothing is sent until these have passed.
fn announce(conn: &mut SmtpConnection, message: &Message) -> Result<(), Error> {
    let envelope = message.envelope();
    conn.command(Mail::new(envelope.from().cloned(), Vec::new()))?;
    for recipient in envelope.to() {
        conn.command(Rcpt::new(recipient.clone(), Vec::new()))?;
    }
    conn.command(Data)?;
    Ok(())
}

fn before_data(fault: &Error) -> Fate {
    if fault.is_permanent() { Fate::Never(fault.to_string()) } else { Fate::Later(fault.to_string()) }
}

/// Only a reply with a code says what became of a message whose text was sent.
fn after_data(fault: &Error) -> Fate {
    if fault.is_permanent() {
        Fate::Never(fault.to_string())
    } else if fault.is_transient() {
        Fate::Later(fault.to_string())
    } else {
        Fate::Unknown(format!("the connection was lost after the message was handed over: {fault}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(url: &str) -> Result<Smtp, String> {
        Smtp::of(&Url::parse(url).expect("a URL"), "roundtable.example")
    }

    #[test]
    fn the_scheme_says_how_the_connection_is_encrypted_and_which_port_is_meant() {
        let cases = [
            ("smtp://mail.example", Security::Opportunistic, 25),
            ("smtps://mail.example", Security::Wrapped, 465),
            ("smtp+starttls://mail.example", Security::StartTls, 587),
            ("smtp://mail.example:1025", Security::Opportunistic, 1025),
        ];
        for (url, security, port) in cases {
            let smtp = smtp(url).expect(url);
            assert_eq!((smtp.security, smtp.port), (security, port), "{url}");
        }
    }

    #[test]
    fn a_password_is_never_sent_in_plain_text() {
        let words = smtp("smtp://jo:secret@mail.example").expect_err("refused");
        assert!(words.contains("smtps://"), "{words}");
        let kept = smtp("smtps://jo:p%40ss+word@mail.example").expect("encrypted").credentials;
        assert_eq!(kept, Some(Credentials::new("jo".into(), "p@ss+word".into())));
    }
}
