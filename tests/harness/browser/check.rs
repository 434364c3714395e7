//! What every page that a journey opens must be: one heading, a title, labels for all fields, references that lead
//! somewhere, nothing inline that the content security policy would refuse.

use std::collections::BTreeSet;

use super::{
    dom::{At, Dom},
    form::kind,
};

/// Everything that is wrong with the page.
pub fn faults(dom: &Dom) -> Vec<String> {
    [heading(dom), title(dom), ids(dom), references(dom), labels(dom), inline(dom), groups(dom)].concat()
}

fn heading(dom: &Dom) -> Vec<String> {
    let headings = dom.all("h1");
    let one = headings.len() == 1 && !dom.text(headings[0]).is_empty();
    fault(!one, || format!("{} h1 elements; a page has one, with words in it", headings.len()))
}

fn title(dom: &Dom) -> Vec<String> {
    let title = page_title(dom);
    let summary = error_summary(dom).is_some();
    let mut faults = fault(title.is_empty(), || "no title".into());
    faults.extend(fault(summary != title.starts_with("Error: "), || {
        format!("the title {title:?} begins with \"Error: \" if and only if the page has an error summary")
    }));
    faults.extend(fault(!dom.all("html").iter().any(|&html| dom.is(html, "lang")), || "html has no lang".into()));
    faults
}

fn ids(dom: &Dom) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = dom.elements().filter_map(|at| dom.attr(at, "id"));
    all.filter(|id| !seen.insert(*id)).map(|id| format!("id {id:?} stands twice")).collect()
}

/// Links within the page, labels and descriptions point at something that is there.
fn references(dom: &Dom) -> Vec<String> {
    let ids: BTreeSet<&str> = dom.elements().filter_map(|at| dom.attr(at, "id")).collect();
    let mut faults = Vec::new();
    for at in dom.elements() {
        let link = dom.attr(at, "href").and_then(|href| href.strip_prefix('#')).filter(|id| !id.is_empty());
        let lists = ["for", "aria-describedby", "aria-labelledby", "aria-controls"]
            .into_iter()
            .filter_map(|name| dom.attr(at, name));
        let wanted = link.into_iter().chain(lists.flat_map(str::split_whitespace));
        faults.extend(
            wanted
                .filter(|id| !ids.contains(id))
                .map(|id| format!("{} points at {id:?}, which is not there", dom.tag(at))),
        );
    }
    faults
}

fn labels(dom: &Dom) -> Vec<String> {
    let fields = dom.elements().filter(|&at| visible_field(dom, at));
    let unlabelled = fields.filter(|&at| label_of(dom, at).is_none());
    unlabelled.map(|at| format!("the field {:?} has no label", dom.attr(at, "name").unwrap_or_default())).collect()
}

/// Radios and checkboxes that share a name stand in a fieldset with a legend.
fn groups(dom: &Dom) -> Vec<String> {
    let boxes: Vec<At> =
        dom.all("input").into_iter().filter(|&at| matches!(kind(dom, at), "radio" | "checkbox")).collect();
    let name = |at: At| (super::form::form_of(dom, at), dom.attr(at, "name"));
    let several = boxes.iter().filter(|&&at| boxes.iter().filter(|&&other| name(other) == name(at)).count() > 1);
    let bare = several
        .filter(|&&at| dom.around(at, "fieldset").is_none_or(|fieldset| dom.within(fieldset, "legend").is_empty()));
    bare.map(|&at| {
        format!("the choice {:?} stands in no fieldset with a legend", dom.attr(at, "name").unwrap_or_default())
    })
    .collect()
}

fn inline(dom: &Dom) -> Vec<String> {
    let mut faults = Vec::new();
    for at in dom.elements() {
        let tag = dom.tag(at);
        let refused = tag == "style" || (tag == "script" && !dom.is(at, "src"));
        faults.extend(fault(refused, || format!("an inline {tag} element")));
        for (name, value) in dom.attrs(at) {
            let refused = name == "style" || name.starts_with("on") || value.trim_start().starts_with("javascript:");
            faults.extend(fault(refused, || format!("{tag} has an inline {name}")));
        }
    }
    faults
}

fn fault(wrong: bool, say: impl FnOnce() -> String) -> Vec<String> {
    wrong.then(say).into_iter().collect()
}

/// The words of the page's title; a drawing's title is another thing.
pub fn page_title(dom: &Dom) -> String {
    let head = dom.all("head");
    let title = head.first().and_then(|&head| dom.within(head, "title").first().copied());
    title.map(|at| dom.text(at)).unwrap_or_default()
}

/// The list of what was entered wrongly, where the page shows one.
pub fn error_summary(dom: &Dom) -> Option<At> {
    dom.elements().find(|&at| has_class(dom, at, "govuk-error-summary"))
}

fn has_class(dom: &Dom, at: At, class: &str) -> bool {
    dom.attr(at, "class").is_some_and(|classes| classes.split_whitespace().any(|each| each == class))
}

/// A field that a person sees and fills in.
pub fn visible_field(dom: &Dom, at: At) -> bool {
    match dom.tag(at) {
        "select" | "textarea" => true,
        "input" => !matches!(kind(dom, at), "hidden" | "submit" | "button" | "reset" | "image"),
        _ => false,
    }
}

/// The words by which a person, or a screen reader, knows the field.
pub fn label_of(dom: &Dom, field: At) -> Option<String> {
    let pointing = |label: &At| dom.is(field, "id") && dom.attr(*label, "for") == dom.attr(field, "id");
    let label = dom.all("label").into_iter().find(pointing).or_else(|| dom.around(field, "label"));
    let named = || dom.attr(field, "aria-labelledby").and_then(|id| dom.by_id(id));
    let words = label.or_else(named).map(|at| dom.text(at));
    words.or_else(|| dom.attr(field, "aria-label").map(str::to_owned)).filter(|words| !words.is_empty())
}
