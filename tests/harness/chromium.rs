//! Pages in a real browser: `node --test` over the addresses that a test names, with whoever is signed in there.
//! What it checks of every page stands in web/e2e/visit.mjs.

use std::process::{Command, Output};

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
    let Some(output) = run(base, pages) else {
        return;
    };
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The outcome of looking at the pages, if there is a browser.
pub fn run(base: &str, pages: &[Visit]) -> Option<Output> {
    assert!(!pages.is_empty(), "name the pages to look at");
    node("pages.test.mjs", base, &[("PAGES", &serde_json::to_string(pages).unwrap())])
}

/// Plays a journey of web/e2e, to which `told` says what it must know; stops when it fails. Gives whether there was a browser.
pub fn play(base: &str, journey: &str, told: &[(&str, &str)]) -> bool {
    let Some(output) = node(journey, base, told) else {
        return false;
    };
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", said(&output.stdout), said(&output.stderr));
    true
}

/// The outcome of `node --test`, if there is a browser to run it with.
fn node(script: &str, base: &str, told: &[(&str, &str)]) -> Option<Output> {
    let Some(chromium) = chromium() else {
        leave_out("the pages in a real browser", "there is no Chromium, and CHROMIUM names none");
        return None;
    };
    let output = Command::new("node")
        .args(["--test", &format!("web/e2e/{script}")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("BASE_URL", base)
        .env("CHROMIUM", chromium)
        .envs(told.iter().copied())
        .env_remove("NODE_TEST_CONTEXT")
        .output();
    Some(output.expect("node runs: install Node.js 20 or later"))
}

fn chromium() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok().filter(|path| !path.is_empty());
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    named.or_else(|| usual.into_iter().find(|path| std::path::Path::new(path).exists()).map(str::to_owned))
}
