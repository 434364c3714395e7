//! HTML in a normal form, for comparing what two renderers wrote: attributes sorted, blanks collapsed.

use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// One line per element or text, indented by depth.
pub fn normalised(html: &str) -> String {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), body, vec![], false).one(html);
    let mut out = String::new();
    for root in dom.document.children.borrow().iter() {
        for node in root.children.borrow().iter() {
            walk(node, 0, &mut out);
        }
    }
    out
}

fn walk(node: &Handle, depth: usize, out: &mut String) {
    match &node.data {
        NodeData::Text { contents } => push_line(out, depth, &collapsed(&contents.borrow())),
        NodeData::Element { name, attrs, .. } => {
            let mut attributes: Vec<_> = attrs
                .borrow()
                .iter()
                .map(|attribute| {
                    format!(" {}={:?}", attribute.name.local, value(&attribute.name.local, &attribute.value))
                })
                .collect();
            attributes.sort();
            push_line(out, depth, &format!("<{}{}>", name.local, attributes.concat()));
            for child in node.children.borrow().iter() {
                walk(child, depth + 1, out);
            }
        }
        _ => {}
    }
}

/// Lists of names do not depend on the blanks between them.
fn value(name: &str, value: &str) -> String {
    if matches!(name, "class" | "aria-describedby") { collapsed(value) } else { value.to_owned() }
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_line(out: &mut String, depth: usize, text: &str) {
    if !text.is_empty() {
        out.push_str(&"  ".repeat(depth));
        out.push_str(text);
        out.push('\n');
    }
}
