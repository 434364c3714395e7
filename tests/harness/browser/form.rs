//! What a form sends, by the rules of HTML: names, present values, ticked boxes, chosen options, the button pressed.

use url::Url;

use super::dom::{At, Dom};

/// A form about to be sent.
#[derive(Debug)]
pub struct Submission {
    pub post: bool,
    /// Where to, relative to the page.
    pub action: String,
    pub entries: Vec<(String, String)>,
}

impl Submission {
    /// The form as this button sends it.
    pub fn of(dom: &Dom, form: At, button: At) -> Self {
        let said = |on_button: &str, on_form: &str| dom.attr(button, on_button).or(dom.attr(form, on_form));
        Self {
            post: said("formmethod", "method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
            action: said("formaction", "action").unwrap_or_default().to_owned(),
            entries: controls(dom, form).into_iter().flat_map(|control| entries(dom, control, button)).collect(),
        }
    }

    /// The body of a POST, or the query of a GET.
    pub fn encoded(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.entries).finish()
    }

    /// The address of a GET: its entries replace the query.
    pub fn address(&self, page: &Url) -> Url {
        let mut address = page.join(&self.action).expect("the form's action is an address");
        if !self.post {
            address.set_query(Some(&self.encoded()));
        }
        address
    }
}

/// The form that a control belongs to.
pub fn form_of(dom: &Dom, control: At) -> Option<At> {
    match dom.attr(control, "form") {
        Some(id) => dom.by_id(id),
        None => dom.around(control, "form"),
    }
}

fn controls(dom: &Dom, form: At) -> Vec<At> {
    dom.elements()
        .filter(|&at| matches!(dom.tag(at), "input" | "select" | "textarea" | "button"))
        .filter(|&at| form_of(dom, at) == Some(form) && !disabled(dom, at))
        .collect()
}

fn disabled(dom: &Dom, control: At) -> bool {
    dom.is(control, "disabled") || dom.around(control, "fieldset").is_some_and(|fieldset| dom.is(fieldset, "disabled"))
}

fn entries(dom: &Dom, control: At, pressed: At) -> Vec<(String, String)> {
    let Some(name) = dom.attr(control, "name").filter(|name| !name.is_empty()) else {
        return Vec::new();
    };
    values(dom, control, pressed).into_iter().map(|value| (name.to_owned(), value)).collect()
}

fn values(dom: &Dom, control: At, pressed: At) -> Vec<String> {
    let value = || dom.attr(control, "value").unwrap_or_default().to_owned();
    match (dom.tag(control), kind(dom, control)) {
        ("select", _) => chosen_options(dom, control).into_iter().map(|option| option_value(dom, option)).collect(),
        ("textarea", _) => vec![textarea_value(dom, control)],
        ("button", _) | (_, "submit") if control == pressed => vec![value()],
        ("button", _) | (_, "submit" | "button" | "reset" | "image" | "file") => Vec::new(),
        (_, "checkbox" | "radio") if !dom.is(control, "checked") => Vec::new(),
        (_, "checkbox" | "radio") => vec![dom.attr(control, "value").unwrap_or("on").to_owned()],
        _ => vec![value()],
    }
}

/// An input's type, in lower case.
pub fn kind(dom: &Dom, control: At) -> &str {
    dom.attr(control, "type").unwrap_or("text")
}

/// What a text area holds, with the line ends that a browser sends.
pub fn textarea_value(dom: &Dom, control: At) -> String {
    let held = dom.attr(control, "value").map_or_else(|| dom.raw_text(control), str::to_owned);
    held.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// An option's value: what it says where it names none.
pub fn option_value(dom: &Dom, option: At) -> String {
    dom.attr(option, "value").map_or_else(|| dom.text(option), str::to_owned)
}

/// The selected options; a list that takes one and has none selected takes its first.
pub fn chosen_options(dom: &Dom, select: At) -> Vec<At> {
    let options: Vec<At> =
        dom.within(select, "option").into_iter().filter(|&option| !dom.is(option, "disabled")).collect();
    let selected: Vec<At> = options.iter().copied().filter(|&option| dom.is(option, "selected")).collect();
    if dom.is(select, "multiple") {
        selected
    } else {
        selected.last().or(options.first()).copied().into_iter().collect()
    }
}
