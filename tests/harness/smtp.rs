//! A mail server for tests: real sockets and the real conversation (RFC 5321), on a free port of this machine. It can be
//! told to refuse, to be busy, or to hang up at the worst moment. It never passes anything on.

mod message;

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

pub use message::Message;

/// How the server treats mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes everything.
    Accepts,
    /// Knows no such recipient: 550, for good.
    Refuses,
    /// Cannot just now: 451, try again later.
    Busy,
    /// Hangs up after the message without a word, so that the sender cannot know whether it was taken. It was.
    HangsUpAfterData,
    /// Hangs up before the message: it was surely not taken.
    HangsUpBeforeData,
}

/// A running server; it stops when dropped.
pub struct SmtpServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
}

struct State {
    mood: Mood,
    messages: Vec<Message>,
    conversations: usize,
    stopping: bool,
}

impl SmtpServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State { mood: Mood::Accepts, messages: Vec::new(), conversations: 0, stopping: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), arrived: Condvar::new() });
        let theirs = Arc::clone(&shared);
        let listener = std::thread::spawn(move || listen(&listener, &theirs));
        Self { address, shared, listener: Some(listener) }
    }

    /// The address as SMTP_URL takes it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How it treats mail from now on.
    pub fn be(&self, mood: Mood) {
        self.shared.lock().mood = mood;
    }

    /// Everything taken so far.
    pub fn messages(&self) -> Vec<Message> {
        self.shared.lock().messages.clone()
    }

    /// How often somebody called.
    pub fn conversations(&self) -> usize {
        self.shared.lock().conversations
    }

    /// Waits until there are this many messages; stops after ten seconds.
    pub fn wait_for(&self, count: usize) -> Vec<Message> {
        let state = self.shared.lock();
        let patience = Duration::from_secs(10);
        let (state, _) = self
            .shared
            .arrived
            .wait_timeout_while(state, patience, |state| state.messages.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(state.messages.len() >= count, "{} of {count} messages came within {patience:?}", state.messages.len());
        state.messages.clone()
    }

    /// The newest message to this address, of those taken so far.
    pub fn newest_to(&self, recipient: &str) -> Option<Message> {
        self.messages().into_iter().rev().find(|message| message.recipients.iter().any(|to| to == recipient))
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.shared.lock().stopping = true;
        // Wakes the listener, which then sees that it is to stop.
        let _ = TcpStream::connect(self.address);
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, message: Message) {
        self.lock().messages.push(message);
        self.arrived.notify_all();
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        {
            let mut state = shared.lock();
            if state.stopping {
                return;
            }
            state.conversations += 1;
        }
        let shared = Arc::clone(shared);
        // A sender that hangs up in the middle ends its own conversation, nothing else.
        std::thread::spawn(move || converse(stream, &shared));
    }
}

/// One conversation, until either side ends it.
fn converse(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let (mut sender, mut recipients) = (String::new(), Vec::new());
    stream.write_all(b"220 mail.test ESMTP\r\n")?;
    while let Some(line) = read_line(&mut lines)? {
        let mood = shared.lock().mood;
        let (verb, rest) = line.split_at(line.find(' ').unwrap_or(line.len()));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.test\r\n250 8BITMIME",
            "HELO" | "NOOP" => "250 OK",
            "RSET" => {
                recipients.clear();
                "250 OK"
            }
            "MAIL" => {
                (sender, recipients) = (in_brackets(rest), Vec::new());
                "250 OK"
            }
            "RCPT" if mood == Mood::Refuses => "550 5.1.1 No such recipient",
            "RCPT" if mood == Mood::Busy => "451 4.3.0 Try again later",
            "RCPT" => {
                recipients.push(in_brackets(rest));
                "250 OK"
            }
            "DATA" if mood == Mood::HangsUpBeforeData => return Ok(()),
            "DATA" if recipients.is_empty() => "503 5.5.1 No recipient",
            "DATA" => {
                stream.write_all(b"354 End with a dot\r\n")?;
                let Some(data) = read_data(&mut lines)? else {
                    return Ok(());
                };
                let recipients = std::mem::take(&mut recipients);
                shared.take(Message { sender: std::mem::take(&mut sender), recipients, data });
                if mood == Mood::HangsUpAfterData {
                    return Ok(());
                }
                "250 2.0.0 Taken"
            }
            "QUIT" => {
                stream.write_all(b"221 Goodbye\r\n")?;
                return Ok(());
            }
            _ => "502 5.5.2 Not known here",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

fn read_line(lines: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = lines.read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The message up to the line with a single dot; a dot that the sender doubled is one again. None when the sender hung up.
fn read_data(lines: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut data = String::new();
    while let Some(line) = read_line(lines)? {
        if line == "." {
            return Ok(Some(data));
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
        data.push_str("\r\n");
    }
    Ok(None)
}

fn in_brackets(text: &str) -> String {
    let inner = text.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
