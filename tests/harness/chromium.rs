//! Pages in a real browser: the addresses that a test names, with whoever is signed in there, and journeys that it plays.
//! What it checks of every page stands in web/e2e/visit.mjs.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::Serialize;

use super::leave_out;

/// A page to look at.
#[derive(Debug, Clone, Serialize)]
pub struct Visit {
    pub path: String,
    /// The Cookie header of whoever looks; empty for the public.
    pub cookie: String,
    /// The status that the page is to answer.
    pub status: u16,
    /// The name of its pictures.
    pub name: String,
}

impl Visit {
    /// A page as the public sees it.
    pub fn public(path: &str) -> Self {
        Self::signed_in(path, "", "public")
    }

    /// A page as somebody sees it who holds these cookies (see `Browser::cookies`); `who` tells their pictures apart.
    pub fn signed_in(path: &str, cookies: &str, who: &str) -> Self {
        let name = format!("{who}{}", path.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"));
        Self { path: path.into(), cookie: cookies.into(), status: 200, name: name.trim_end_matches('-').into() }
    }

    /// A page that answers with this status, such as the one that says a page is not there.
    pub fn answering(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

/// Looks at the pages; stops when one of them fails. Pictures go to the folder in SCREENSHOTS, if that is set. Without
/// Chromium it is left out loudly, or fails with CI set.
pub fn look_at(base: &str, pages: &[Visit]) {
    let faults = Window::open(base).map(|mut window| window.faults_of(pages)).unwrap_or_default();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A real browser that stays open, for starting one takes longer than looking at a page.
pub struct Window {
    process: Child,
    /// Taken when the browser is to end.
    asks: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Window {
    /// Opens a browser on a service, if there is one.
    pub fn open(base: &str) -> Option<Self> {
        let mut process = node(base)?
            .arg("web/e2e/look.mjs")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs: install Node.js 20 or later");
        let (asks, answers) = (process.stdin.take(), process.stdout.take().unwrap());
        Some(Self { process, asks, answers: BufReader::new(answers).lines() })
    }

    /// What is wrong with these pages, each fault with its page.
    pub fn faults_of(&mut self, pages: &[Visit]) -> Vec<String> {
        assert!(!pages.is_empty(), "name the pages to look at");
        let asks = self.asks.as_mut().unwrap();
        writeln!(asks, "{}", serde_json::to_string(pages).unwrap()).unwrap();
        let answer = self.answers.next().expect("the browser answers; its last words are above").unwrap();
        serde_json::from_str(&answer).unwrap()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.asks.take();
        let _ = self.process.wait();
    }
}

/// Plays a journey of web/e2e, to which `told` says what it must know; stops when it fails. Gives whether there was a browser.
pub fn play(base: &str, journey: &str, told: &[(&str, &str)]) -> bool {
    let Some(mut node) = node(base) else {
        return false;
    };
    let journey = format!("web/e2e/{journey}");
    let output = node.args(["--test", &journey]).envs(told.iter().copied()).env_remove("NODE_TEST_CONTEXT").output();
    let output = output.expect("node runs: install Node.js 20 or later");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", said(&output.stdout), said(&output.stderr));
    true
}

/// Node.js before its script is named, if there is a browser that the script can open.
fn node(base: &str) -> Option<Command> {
    let Some(chromium) = chromium() else {
        leave_out("the pages in a real browser", "there is no Chromium, and CHROMIUM names none");
        return None;
    };
    let mut node = Command::new("node");
    node.current_dir(env!("CARGO_MANIFEST_DIR")).env("BASE_URL", base).env("CHROMIUM", chromium);
    Some(node)
}

fn chromium() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok().filter(|path| !path.is_empty());
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    named.or_else(|| usual.into_iter().find(|path| std::path::Path::new(path).exists()).map(str::to_owned))
}
