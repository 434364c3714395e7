//! Markdown to the two parts of a message. Accepts only what GOV.UK Notify has, so that raw HTML, images and emphasis
//! are errors and not surprises in someone's inbox.

use pulldown_cmark::{Event, Parser, Tag, TagEnd, html::push_html};

/// On a page of ours the outline is the page's own, so that headings of a message look like some and are none.
const ON_A_PAGE: [(&str, &str); 10] = [
    ("<h1>", "<p class=\"govuk-heading-l\">"),
    ("</h1>", "</p>"),
    ("<h2>", "<p class=\"govuk-heading-m\">"),
    ("</h2>", "</p>"),
    ("<p>", "<p class=\"govuk-body\">"),
    ("<ul>", "<ul class=\"govuk-list govuk-list--bullet\">"),
    ("<ol>", "<ol class=\"govuk-list govuk-list--number\">"),
    ("<a ", "<a class=\"govuk-link\" "),
    ("<hr />", "<hr class=\"govuk-section-break govuk-section-break--m govuk-section-break--visible\">"),
    ("<blockquote>", "<blockquote class=\"govuk-inset-text\">"),
];

/// Styles stand in the elements, since mail readers drop style sheets.
const STYLES: [(&str, &str); 9] = [
    ("<h1>", "<h1 style=\"font-size:27px;line-height:1.3;margin:0 0 20px\">"),
    ("<h2>", "<h2 style=\"font-size:22px;line-height:1.3;margin:25px 0 10px\">"),
    ("<p>", "<p style=\"font-size:19px;line-height:1.4;margin:0 0 20px\">"),
    ("<ul>", "<ul style=\"margin:0 0 20px;padding-left:20px\">"),
    ("<ol>", "<ol style=\"margin:0 0 20px;padding-left:20px\">"),
    ("<li>", "<li style=\"font-size:19px;line-height:1.4;margin:0 0 5px\">"),
    ("<a ", "<a style=\"color:#1a65a6;overflow-wrap:anywhere\" "),
    ("<hr />", "<hr style=\"border:0;border-top:1px solid #b1b4b6;margin:30px 0\">"),
    ("<blockquote>", "<blockquote style=\"border-left:10px solid #b1b4b6;margin:0 0 20px;padding:15px 0 1px 15px\">"),
];

/// The body as HTML with inline styles; the name of an element that Notify does not have is an error.
pub fn html(markdown: &str) -> Result<String, String> {
    styled(markdown, &STYLES)
}

/// The same for a page of ours, which shows what a message looks like.
pub fn html_on_a_page(markdown: &str) -> Result<String, String> {
    styled(markdown, &ON_A_PAGE)
}

fn styled(markdown: &str, styles: &[(&str, &str)]) -> Result<String, String> {
    let mut out = String::new();
    push_html(&mut out, events(&inset(markdown))?.into_iter());
    // Values are escaped, so that these tags can only be the parser's own.
    Ok(styles.iter().fold(out, |html, (bare, styled)| html.replace(bare, styled)))
}

/// The addresses to which the links of a body lead.
pub fn links(markdown: &str) -> Vec<String> {
    let inset = inset(markdown);
    let links = Parser::new(&inset).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

/// The body as plain text: bullets as `*`, links as `text: address`.
pub fn text(markdown: &str) -> Result<String, String> {
    let mut writer = TextWriter::default();
    for event in events(&inset(markdown))? {
        writer.write(event);
    }
    Ok(format!("{}\n", writer.out.trim()))
}

/// Notify marks an inset with `^`, Markdown a quotation with `>`.
fn inset(markdown: &str) -> String {
    let lines = markdown.lines().map(|line| match line.strip_prefix('^') {
        Some(rest) => format!("> {}", rest.trim_start()),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn events(markdown: &str) -> Result<Vec<Event<'_>>, String> {
    Parser::new(markdown).map(supported).collect()
}

fn supported(event: Event<'_>) -> Result<Event<'_>, String> {
    let known = match &event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Paragraph | Tag::Heading { .. } | Tag::List(_) | Tag::Item | Tag::Link { .. } | Tag::BlockQuote(_)
        ),
        Event::End(_) | Event::Text(_) | Event::SoftBreak | Event::HardBreak | Event::Rule => true,
        _ => false,
    };
    if known { Ok(event) } else { Err(name_of(&event)) }
}

/// What people call an element.
fn name_of(event: &Event<'_>) -> String {
    let name = match event {
        Event::Start(Tag::Emphasis | Tag::Strong) => "emphasis (* or _ around words)",
        Event::Start(Tag::CodeBlock(_)) => "a code block (four blanks before a line, or ```)",
        Event::Code(_) => "code (` around words)",
        Event::Start(Tag::Image { .. }) => "an image",
        Event::Start(Tag::HtmlBlock) | Event::Html(_) | Event::InlineHtml(_) => "HTML",
        other => return format!("{other:?}"),
    };
    name.to_owned()
}

/// Writes events as text, one after the other.
#[derive(Default)]
struct TextWriter {
    out: String,
    /// The link that is open: its address, and its text so far.
    link: Option<(String, String)>,
    /// The numbers of the open lists; `None` for bullets.
    lists: Vec<Option<u64>>,
}

impl TextWriter {
    fn write(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) => self.push(&text),
            Event::SoftBreak | Event::HardBreak => self.push("\n"),
            Event::Rule => self.push("---\n\n"),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        match &mut self.link {
            Some((_, inside)) => inside.push_str(text),
            None => self.out.push_str(text),
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Link { dest_url, .. } => self.link = Some((dest_url.into_string(), String::new())),
            Tag::List(first) => self.lists.push(first),
            Tag::Item => self.open_item(),
            _ => {}
        }
    }

    fn open_item(&mut self) {
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "* ".to_owned(),
        };
        self.push(&mark);
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link => self.close_link(),
            TagEnd::Item => self.end_line(),
            TagEnd::List(_) => {
                self.lists.pop();
                self.push("\n");
            }
            TagEnd::Paragraph if !self.lists.is_empty() => self.end_line(),
            TagEnd::Paragraph | TagEnd::Heading(_) => self.push("\n\n"),
            _ => {}
        }
    }

    fn close_link(&mut self) {
        match self.link.take() {
            Some((address, text)) if address == text => self.push(&address),
            Some((address, text)) => self.push(&format!("{text}: {address}")),
            None => {}
        }
    }

    fn end_line(&mut self) {
        if !self.out.ends_with('\n') {
            self.push("\n");
        }
    }
}
