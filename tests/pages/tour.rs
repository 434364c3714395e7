//! A walk through the service's pages with a real browser. It collects what is wrong with any of them, and at the end it
//! names the pages that nobody came to.

use std::collections::BTreeSet;

use actix_web::http::Method;
use roundtable::server::routes::PAGES;

use crate::harness::{
    app::{TestApp, Who},
    browser::Browser,
    chromium::{Visit, Window},
};

/// Where the walk has been and what it found.
pub struct Tour<'a> {
    app: &'a TestApp,
    window: Option<Window>,
    seen: BTreeSet<&'static str>,
    faults: Vec<String>,
}

impl<'a> Tour<'a> {
    pub fn of(app: &'a TestApp) -> Self {
        Self { app, window: Window::open(&app.base), seen: BTreeSet::new(), faults: Vec::new() }
    }

    /// Looks at pages as they stand now, each group with whoever may see them; `moment` tells their pictures apart.
    pub fn look(&mut self, moment: &str, groups: &[(Who, &[&str])]) {
        let mut visits = Vec::new();
        for (who, paths) in groups {
            let cookies = self.app.browser(*who).cookies();
            let name = format!("{moment}-{who:?}").to_lowercase();
            visits.extend(paths.iter().map(|path| Visit::signed_in(path, &cookies, &name)));
        }
        self.visit(&visits);
    }

    /// Looks at pages as the public sees them.
    pub fn look_from_outside(&mut self, moment: &str, paths: &[&str]) {
        let visits: Vec<_> = paths.iter().map(|path| Visit::signed_in(path, "", &format!("{moment}-public"))).collect();
        self.visit(&visits);
    }

    /// Looks at the page on which a browser stands, without JavaScript until then.
    pub fn look_over_the_shoulder(&mut self, moment: &str, browser: &Browser) {
        self.visit(&[Visit::signed_in(&browser.path(), &browser.cookies(), moment)]);
    }

    /// Looks at these pages.
    pub fn visit(&mut self, visits: &[Visit]) {
        self.seen.extend(visits.iter().filter_map(|visit| route_of(&visit.path)));
        if let Some(window) = &mut self.window {
            self.faults.extend(window.faults_of(visits));
        }
    }

    /// Stops when any page was at fault, or when there is a page that was not looked at.
    pub fn end(self) {
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
        let left: Vec<_> = pages().filter(|path| !self.seen.contains(path)).collect();
        assert!(left.is_empty(), "bring the story to these pages too: {left:?}");
    }
}

/// The paths of all pages; a download is none.
fn pages() -> impl Iterator<Item = &'static str> {
    let shown = PAGES.iter().filter(|route| {
        route.method == Method::GET
            && ![".csv", ".pdf", ".docx", ".zip", ".txt", ".ics", "/file"].iter().any(|file| route.path.ends_with(file))
    });
    shown.map(|route| route.path)
}

/// The page that stands at an address.
fn route_of(address: &str) -> Option<&'static str> {
    let path = address.split('?').next().unwrap_or_default();
    pages().filter(|pattern| fits(pattern, path)).max_by_key(|pattern| pattern.split('/').filter(is_word).count())
}

fn fits(pattern: &str, path: &str) -> bool {
    let same = |(wanted, found): (&str, &str)| !is_word(&wanted) || wanted == found;
    pattern.split('/').count() == path.split('/').count() && pattern.split('/').zip(path.split('/')).all(same)
}

fn is_word(part: &&str) -> bool {
    !part.starts_with('{')
}
