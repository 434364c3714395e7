//! A browser without JavaScript: it opens pages, fills fields by their label, presses buttons by their words, keeps
//! cookies and follows redirects. Each page that it opens is checked (see `check`), so every journey tests the HTML too.
//! It never reaches for a class or a path where a person would use words.

mod check;
mod dom;
mod form;
mod reading;
mod wire;

use std::collections::BTreeMap;

use url::Url;

use dom::{At, Dom};
use form::{Submission, form_of, kind};
use wire::Page;

/// One person's browser. Each action leads to the next page, or panics and says what the page offers instead.
#[derive(Debug)]
pub struct Browser {
    agent: ureq::Agent,
    url: Url,
    cookies: BTreeMap<String, String>,
    page: Page,
}

impl Browser {
    /// A fresh browser, as yet on no page, for the service at `base`.
    pub fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(std::time::Duration::from_secs(60)));
        Self {
            agent: config.build().new_agent(),
            url: Url::parse(base).expect("the service's address"),
            cookies: BTreeMap::new(),
            page: Page::default(),
        }
    }

    /// Opens a path, or a whole address such as a link in a mail.
    pub fn open(&mut self, path: &str) -> &mut Self {
        let url = self.join(path);
        self.go(url, None, "none")
    }

    /// Follows the link of these words.
    pub fn follow(&mut self, words: &str) -> &mut Self {
        let link = self.only("a", words, |dom, at| dom.is(at, "href"));
        let href = self.page.dom.attr(link, "href").unwrap_or_default().to_owned();
        let url = self.join(&href);
        self.go(url, None, "same-origin")
    }

    /// Presses the button of these words and so sends its form.
    pub fn press(&mut self, words: &str) -> &mut Self {
        let dom = &self.page.dom;
        let buttons = dom.elements().filter(|&at| is_submit(dom, at) && button_words(dom, at) == words).collect();
        let button = self.one(buttons, "button", words);
        let form =
            form_of(&self.page.dom, button).unwrap_or_else(|| self.stop(&format!("{words:?} stands in no form")));
        let submission = Submission::of(&self.page.dom, form, button);
        let url = submission.address(&self.url);
        let body = submission.post.then(|| submission.encoded());
        self.go(url, body, "same-origin")
    }

    /// Writes into the field of this label.
    pub fn fill(&mut self, label: &str, value: &str) -> &mut Self {
        let field = self.field(None, label);
        self.write(field, value)
    }

    /// Writes into the field of this label within the group (fieldset) of this legend: a day within a date.
    pub fn fill_in(&mut self, group: &str, label: &str, value: &str) -> &mut Self {
        let field = self.field(Some(group), label);
        self.write(field, value)
    }

    /// Ticks the radio or the checkbox of this label.
    pub fn choose(&mut self, label: &str) -> &mut Self {
        let field = self.field(None, label);
        self.tick(field)
    }

    /// Ticks the radio or the checkbox of this label within the group of this legend.
    pub fn choose_in(&mut self, group: &str, label: &str) -> &mut Self {
        let field = self.field(Some(group), label);
        self.tick(field)
    }

    /// Takes the tick from a checkbox.
    pub fn untick(&mut self, label: &str) -> &mut Self {
        let field = self.field(None, label);
        self.page.dom.unset(field, "checked");
        self
    }

    /// Picks an option from the list of this label.
    pub fn select(&mut self, label: &str, option: &str) -> &mut Self {
        let list = self.field(None, label);
        self.pick(list, option)
    }

    /// Picks an option from the list of this label within the group of this legend.
    pub fn select_in(&mut self, group: &str, label: &str, option: &str) -> &mut Self {
        let list = self.field(Some(group), label);
        self.pick(list, option)
    }

    fn pick(&mut self, list: At, option: &str) -> &mut Self {
        let dom = &self.page.dom;
        let found = dom.within(list, "option").into_iter().filter(|&at| dom.text(at) == option).collect();
        let chosen = self.one(found, "option", option);
        let dom = &mut self.page.dom;
        if !dom.is(list, "multiple") {
            dom.within(list, "option").into_iter().for_each(|other| dom.unset(other, "selected"));
        }
        dom.set(chosen, "selected", "");
        self
    }

    fn join(&self, path: &str) -> Url {
        self.url.join(path).unwrap_or_else(|_| self.stop(&format!("{path:?} is no address")))
    }

    fn go(&mut self, mut url: Url, mut body: Option<String>, site: &str) -> &mut Self {
        for _ in 0..10 {
            assert_eq!(url.origin(), self.url.origin(), "{url} leads away from the service");
            self.page = self.fetch(&url, body.as_deref(), site);
            self.keep_cookies();
            self.url = url;
            if !matches!(self.status(), 301 | 302 | 303 | 307 | 308) {
                return self.checked();
            }
            if self.status() < 307 {
                body = None;
            }
            url = self.join(self.header("location").unwrap_or_else(|| self.stop("a redirect leads nowhere")));
        }
        self.stop("more than ten redirects")
    }

    fn checked(&mut self) -> &mut Self {
        let html = self.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        if html {
            let faults = check::faults(&self.page.dom);
            if !faults.is_empty() {
                self.stop(&faults.join("; "));
            }
        }
        self
    }

    fn field(&self, group: Option<&str>, label: &str) -> At {
        let dom = &self.page.dom;
        let in_group = |at: At| group.is_none_or(|legend| legend_around(dom, at).as_deref() == Some(legend));
        let labelled = |&at: &At| check::visible_field(dom, at) && check::label_of(dom, at).as_deref() == Some(label);
        let found = dom.elements().filter(labelled).filter(|&at| in_group(at)).collect();
        self.one(found, "field", label)
    }

    fn write(&mut self, field: At, value: &str) -> &mut Self {
        let dom = &self.page.dom;
        if dom.tag(field) == "select" || matches!(kind(dom, field), "radio" | "checkbox" | "file") {
            self.stop("that field is not one to write in: use choose or select");
        }
        self.page.dom.set(field, "value", value);
        self
    }

    fn tick(&mut self, field: At) -> &mut Self {
        let dom = &mut self.page.dom;
        if kind(dom, field) == "radio" {
            let name = dom.attr(field, "name").map(str::to_owned);
            let form = form_of(dom, field);
            for other in dom.all("input") {
                if kind(dom, other) == "radio"
                    && dom.attr(other, "name") == name.as_deref()
                    && form_of(dom, other) == form
                {
                    dom.unset(other, "checked");
                }
            }
        }
        dom.set(field, "checked", "");
        self
    }

    fn only(&self, tag: &str, words: &str, wanted: impl Fn(&Dom, At) -> bool) -> At {
        let dom = &self.page.dom;
        let found = dom.all(tag).into_iter().filter(|&at| wanted(dom, at) && dom.text(at) == words).collect();
        self.one(found, "link", words)
    }

    /// One thing of these words. Several are as bad as none: a person could not tell them apart either, unless all of
    /// them are links to one place.
    fn one(&self, found: Vec<At>, what: &str, words: &str) -> At {
        let same_place = |at: &At| {
            self.page.dom.is(*at, "href") && self.page.dom.attr(*at, "href") == self.page.dom.attr(found[0], "href")
        };
        match found.as_slice() {
            [one] => *one,
            [] => self.stop(&format!("no {what} {words:?}; links {:?}, buttons {:?}", self.links(), self.buttons())),
            [first, ..] if found.iter().all(same_place) => *first,
            several => self.stop(&format!("{} times the {what} {words:?}", several.len())),
        }
    }

    fn stop(&self, why: &str) -> ! {
        let text: String = self.text().chars().take(1500).collect();
        panic!("{} ({}): {why}\n  on the page {:?}: {text}", self.url, self.status(), self.title())
    }
}

fn is_submit(dom: &Dom, at: At) -> bool {
    match dom.tag(at) {
        "button" => matches!(dom.attr(at, "type").unwrap_or("submit"), "submit"),
        "input" => kind(dom, at) == "submit",
        _ => false,
    }
}

fn button_words(dom: &Dom, at: At) -> String {
    if dom.tag(at) == "input" { dom.attr(at, "value").unwrap_or("Submit").to_owned() } else { dom.text(at) }
}

fn legend_around(dom: &Dom, at: At) -> Option<String> {
    let fieldset = dom.around(at, "fieldset")?;
    dom.within(fieldset, "legend").first().map(|&legend| dom.text(legend))
}
