//! A page as a flat list of elements in the order of the source: what comes within an element follows it directly. It holds
//! what a form would send too, as a browser does: filling a field changes its element.

use std::collections::BTreeMap;

use html5ever::{parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// An element's place in the page.
pub type At = usize;

/// Elements that stand within a line: text runs on across their edges.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "small", "span", "strong", "sub",
    "sup", "time", "u", "wbr",
];

/// A parsed page.
#[derive(Debug, Default)]
pub struct Dom {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    /// The element's name; empty for text.
    tag: String,
    attrs: BTreeMap<String, String>,
    text: String,
    parent: Option<At>,
    /// The place after the last one within.
    end: At,
}

impl Dom {
    pub fn parse(html: &str) -> Self {
        let parsed = parse_document(RcDom::default(), Default::default()).one(html);
        let mut dom = Self::default();
        dom.take(&parsed.document, None);
        dom
    }

    fn take(&mut self, handle: &Handle, parent: Option<At>) {
        let at = self.nodes.len();
        let mut node = Node { parent, ..Node::default() };
        let mut content = None;
        match &handle.data {
            NodeData::Text { contents } => node.text = contents.borrow().to_string(),
            NodeData::Element { name, attrs, template_contents, .. } => {
                node.tag = name.local.to_string();
                node.attrs =
                    attrs.borrow().iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string())).collect();
                content = template_contents.borrow().clone();
            }
            _ => {}
        }
        self.nodes.push(node);
        for child in handle.children.borrow().iter().chain(content.iter()) {
            self.take(child, Some(at));
        }
        self.nodes[at].end = self.nodes.len();
    }

    /// Every element of that name.
    pub fn all(&self, tag: &str) -> Vec<At> {
        self.elements().filter(|&at| self.tag(at) == tag).collect()
    }

    /// Every element of that name within another.
    pub fn within(&self, outer: At, tag: &str) -> Vec<At> {
        (outer + 1..self.nodes[outer].end).filter(|&at| self.tag(at) == tag).collect()
    }

    pub fn elements(&self) -> impl Iterator<Item = At> + '_ {
        (0..self.nodes.len()).filter(|&at| !self.tag(at).is_empty())
    }

    pub fn by_id(&self, id: &str) -> Option<At> {
        self.elements().find(|&at| self.attr(at, "id") == Some(id))
    }

    pub fn tag(&self, at: At) -> &str {
        &self.nodes[at].tag
    }

    pub fn attr(&self, at: At, name: &str) -> Option<&str> {
        self.nodes[at].attrs.get(name).map(String::as_str)
    }

    pub fn attrs(&self, at: At) -> impl Iterator<Item = (&str, &str)> {
        self.nodes[at].attrs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn is(&self, at: At, name: &str) -> bool {
        self.attr(at, name).is_some()
    }

    pub fn set(&mut self, at: At, name: &str, value: &str) {
        self.nodes[at].attrs.insert(name.into(), value.into());
    }

    pub fn unset(&mut self, at: At, name: &str) {
        self.nodes[at].attrs.remove(name);
    }

    /// The nearest element of that name around this one.
    pub fn around(&self, at: At, tag: &str) -> Option<At> {
        let parent = self.nodes[at].parent?;
        if self.tag(parent) == tag { Some(parent) } else { self.around(parent, tag) }
    }

    /// The text as a person reads it: without scripts, white space as single spaces.
    pub fn text(&self, at: At) -> String {
        let mut out = String::new();
        self.read(at, &mut out);
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn read(&self, at: At, out: &mut String) {
        let node = &self.nodes[at];
        if matches!(node.tag.as_str(), "script" | "style" | "template" | "head") {
            return;
        }
        out.push_str(&node.text);
        let gap = !node.tag.is_empty() && !INLINE.contains(&node.tag.as_str());
        if gap {
            out.push(' ');
        }
        let mut next = at + 1;
        while next < node.end {
            self.read(next, out);
            next = self.nodes[next].end;
        }
        if gap {
            out.push(' ');
        }
    }

    /// The text exactly as it stands in the source.
    pub fn raw_text(&self, at: At) -> String {
        self.nodes[at..self.nodes[at].end].iter().map(|node| node.text.as_str()).collect()
    }
}
