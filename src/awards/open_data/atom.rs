//! Published rounds, and the answers to questions about them, as an Atom feed (RFC 4287).

use super::rounds::{OpenRound, changed};
use crate::{
    funds::questions::model::PublishedQuestion,
    ids::{Id, RowKey},
};

/// Writes the feed.
pub fn feed(rounds: &[OpenRound], base_url: &str) -> String {
    let mut out = Xml::default();
    out.raw(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n",
    );
    out.element("title", "Funding rounds");
    out.element("id", &format!("{base_url}/rounds.atom"));
    out.element("updated", &changed(rounds).to_string());
    out.link("self", &format!("{base_url}/rounds.atom"));
    out.link("alternate", &format!("{base_url}/rounds"));
    for round in rounds {
        entry(&mut out, round, base_url);
        for answer in &round.answers {
            answer_entry(&mut out, round, answer, base_url);
        }
    }
    out.raw("</feed>\n");
    out.0
}

fn entry(out: &mut Xml, round: &OpenRound, base_url: &str) {
    out.raw("<entry>\n");
    let cancelled = if round.cancelled.is_some() { "Cancelled: " } else { "" };
    out.element("title", &format!("{cancelled}{}", round.title));
    out.element("id", &format!("urn:uuid:{}", round.id));
    out.element("published", &round.published_at.to_string());
    out.element("updated", &round.changed_at.to_string());
    out.raw("<author>");
    out.element("name", &round.funder);
    out.raw("</author>\n");
    out.link("alternate", &format!("{base_url}/rounds/{}", round.slug));
    out.element("summary", &summary(round));
    out.raw("</entry>\n");
}

fn answer_entry(out: &mut Xml, round: &OpenRound, (id, question): &(Id<RowKey>, PublishedQuestion), base_url: &str) {
    let first = question.earlier.last().map_or(question.answered_at, |first| first.answered_at);
    out.raw("<entry>\n");
    out.element("title", &format!("{}: question {} is answered", round.title, question.number));
    out.element("id", &format!("urn:uuid:{id}"));
    out.element("published", &first.to_string());
    out.element("updated", &question.answered_at.to_string());
    out.raw("<author>");
    out.element("name", &round.funder);
    out.raw("</author>\n");
    out.link("alternate", &format!("{base_url}/rounds/{}#question-{}", round.slug, question.number));
    out.element("summary", &format!("{}\n\n{}", question.question, question.answer));
    out.raw("</entry>\n");
}

fn summary(round: &OpenRound) -> String {
    let dates = round.milestones.iter().map(|(milestone, at)| format!("{}: {}.", milestone.title(), at.in_words()));
    let dates = dates.collect::<Vec<_>>().join(" ");
    format!("{} {} can be awarded. {dates}", round.description(), round.budget)
}

/// Text between tags of ours; every value is escaped on its way in.
#[derive(Default)]
struct Xml(String);

impl Xml {
    /// Markup of ours.
    fn raw(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    fn element(&mut self, name: &'static str, text: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
        self.escaped(text);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push_str(">\n");
    }

    fn link(&mut self, relation: &'static str, href: &str) {
        self.0.push_str("<link rel=\"");
        self.0.push_str(relation);
        self.0.push_str("\" href=\"");
        self.escaped(href);
        self.0.push_str("\"/>\n");
    }

    /// Characters that XML 1.0 cannot carry at all become spaces.
    fn escaped(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' | '\t' => self.0.push(letter),
                control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => self.0.push(' '),
                _ => self.0.push(letter),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_text_whatever_is_in_it() {
        let mut out = Xml::default();
        out.element("title", "<b>\"A\" & 'B'</b>\u{0}\u{b}]]>");
        assert_eq!(out.0, "<title>&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;  ]]&gt;</title>\n");
    }
}
