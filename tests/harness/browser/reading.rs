//! What a journey reads from the page it is on.

use ureq::http::HeaderMap;

use super::{Browser, button_words, check, form, is_submit};

impl Browser {
    /// What the field of this label holds at present.
    pub fn value(&self, label: &str) -> String {
        let dom = &self.page.dom;
        let field = self.field(None, label);
        match dom.tag(field) {
            "textarea" => form::textarea_value(dom, field),
            "select" => {
                form::chosen_options(dom, field).iter().map(|&option| dom.text(option)).collect::<Vec<_>>().join(", ")
            }
            _ => dom.attr(field, "value").unwrap_or_default().to_owned(),
        }
    }

    /// Whether the radio or checkbox of this label is ticked.
    pub fn is_chosen(&self, label: &str) -> bool {
        self.page.dom.is(self.field(None, label), "checked")
    }

    pub fn status(&self) -> u16 {
        self.page.status
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.page.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.page.headers
    }

    /// The path of the page, with its query.
    pub fn path(&self) -> String {
        self.url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
    }

    pub fn title(&self) -> String {
        check::page_title(&self.page.dom)
    }

    pub fn h1(&self) -> String {
        self.page.dom.all("h1").first().map(|&at| self.page.dom.text(at)).unwrap_or_default()
    }

    /// The words of the page, white space as single spaces.
    pub fn text(&self) -> String {
        self.page.dom.all("body").first().map_or_else(|| self.source(), |&body| self.page.dom.text(body))
    }

    /// Whether the words stand on the page.
    pub fn has(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Stops unless the words stand on the page.
    pub fn sees(&mut self, words: &str) -> &mut Self {
        if !self.has(words) {
            self.stop(&format!("the words {words:?} are not on the page"));
        }
        self
    }

    /// The words of all links.
    pub fn links(&self) -> Vec<String> {
        let dom = &self.page.dom;
        dom.all("a").into_iter().map(|at| dom.text(at)).collect()
    }

    /// The words of all buttons.
    pub fn buttons(&self) -> Vec<String> {
        let dom = &self.page.dom;
        dom.elements().filter(|&at| is_submit(dom, at)).map(|at| button_words(dom, at)).collect()
    }

    /// The error summary: where each error leads, and its words.
    pub fn errors(&self) -> Vec<(String, String)> {
        let dom = &self.page.dom;
        let links = check::error_summary(dom).map(|summary| dom.within(summary, "a")).unwrap_or_default();
        links.into_iter().map(|at| (dom.attr(at, "href").unwrap_or_default().to_owned(), dom.text(at))).collect()
    }

    /// What was received, as text.
    pub fn source(&self) -> String {
        String::from_utf8_lossy(&self.page.body).into_owned()
    }

    pub fn body(&self) -> &[u8] {
        &self.page.body
    }

    /// The cookies held, as a browser sends them.
    pub fn cookies(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) -> &mut Self {
        self.cookies.insert(name.into(), value.into());
        self
    }
}
