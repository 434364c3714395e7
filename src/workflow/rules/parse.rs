//! Reads a rule from JSON in JsonLogic notation, and tells every fault of its form at once. Whether its fields exist and fit is for
//! `types.rs`.

use serde_json::Value;

use super::{Comparison, Constant, MAX_DEPTH, Quantifier, Rule, Term};
use crate::workflow::fault::{Fault, Pointer};

const OPERATORS: &str = "use one of and, or, !, ==, !=, <, <=, >, >=, in, some, all, var";

impl Rule {
    /// The most characters of a text in a rule.
    pub const MAX_TEXT: usize = 300;
    /// The most values that a field can be looked for among.
    pub const MAX_LIST: usize = 200;
    /// The most parts of a rule: it is judged part by part, in as many cases as it tells apart.
    pub const MAX_PARTS: usize = 500;

    /// Reads a rule.
    ///
    /// # Errors
    /// Every fault of its form, with pointers into `value`.
    pub fn parse(value: &Value) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::default();
        match reader.rule(value, &Pointer::root(), 1) {
            Some(_) if reader.parts > Self::MAX_PARTS => {
                let reason = format!("the rule has {} parts, at most {} are possible", reader.parts, Self::MAX_PARTS);
                Err(vec![Fault::at(&Pointer::root(), reason, "ask for less at once")])
            }
            Some(rule) if reader.faults.is_empty() => Ok(rule),
            _ => Err(reader.faults),
        }
    }
}

#[derive(Default)]
struct Reader {
    faults: Vec<Fault>,
    parts: usize,
}

impl Reader {
    fn refuse<T>(&mut self, at: &Pointer, reason: impl Into<String>, suggestion: &str) -> Option<T> {
        self.faults.push(Fault::at(at, reason, suggestion));
        None
    }

    fn rule(&mut self, value: &Value, at: &Pointer, depth: usize) -> Option<Rule> {
        self.parts += 1;
        if depth > MAX_DEPTH {
            let reason = format!("the rule is nested more than {MAX_DEPTH} deep");
            return self.refuse(at, reason, "flatten it: and and or take several rules");
        }
        if value.get("rule").is_some() || value.get("say").is_some() {
            return self.said(value, at, depth);
        }
        let (operator, arguments) = self.operation(value, at)?;
        let inside = at.key(operator);
        match operator {
            "and" => Some(Rule::Every(self.rules(arguments, &inside, depth)?)),
            "or" => Some(Rule::Either(self.rules(arguments, &inside, depth)?)),
            "!" => self.not(arguments, &inside, depth),
            "var" => Some(Rule::Is(self.field_name(arguments, &inside)?)),
            "in" => self.one_of(arguments, &inside),
            "some" => self.partners(Quantifier::Some, arguments, &inside, depth),
            "all" => self.partners(Quantifier::All, arguments, &inside, depth),
            other => self.compare(other, arguments, at),
        }
    }

    fn operation<'v>(&mut self, value: &'v Value, at: &Pointer) -> Option<(&'v str, &'v Value)> {
        let members = value.as_object().filter(|object| object.len() == 1);
        match members.and_then(|object| object.iter().next()) {
            Some((operator, arguments)) => Some((operator, arguments)),
            None => self.refuse(at, "a rule is an object with exactly one operator", OPERATORS),
        }
    }

    fn said(&mut self, value: &Value, at: &Pointer, depth: usize) -> Option<Rule> {
        let members = value.as_object().map_or(0, serde_json::Map::len);
        let (Some(rule), Some(say), 2) = (value.get("rule"), value.get("say"), members) else {
            let reason = "a rule with its own sentence has exactly the fields “rule” and “say”";
            return self.refuse(at, reason, "add the one that is missing, take out every other");
        };
        let sentence = self.text(say, &at.key("say"));
        let rule = self.rule(rule, &at.key("rule"), depth + 1);
        Some(Rule::Said(Box::new(rule?), sentence?))
    }

    fn rules(&mut self, arguments: &Value, at: &Pointer, depth: usize) -> Option<Vec<Rule>> {
        let Some(items) = arguments.as_array().filter(|items| !items.is_empty()) else {
            return self.refuse(at, "it needs a list of at least one rule", "list the rules in square brackets");
        };
        let read: Vec<_> =
            items.iter().enumerate().map(|(index, item)| self.rule(item, &at.item(index), depth + 1)).collect();
        read.into_iter().collect()
    }

    fn not(&mut self, arguments: &Value, at: &Pointer, depth: usize) -> Option<Rule> {
        let denied = match arguments.as_array().map(Vec::as_slice) {
            None => self.rule(arguments, at, depth + 1),
            Some([one]) => self.rule(one, &at.item(0), depth + 1),
            Some(_) => self.refuse(at, "! takes exactly one rule", "put several into an and or an or"),
        };
        Some(Rule::Not(Box::new(denied?)))
    }

    fn compare(&mut self, operator: &str, arguments: &Value, at: &Pointer) -> Option<Rule> {
        let known = Comparison::ALL.into_iter().find(|(sign, _)| *sign == operator);
        let Some((_, comparison)) = known else {
            return self.refuse(at, format!("“{}” is not an operator of rules", shortened(operator)), OPERATORS);
        };
        let inside = at.key(operator);
        let [left, right] = self.pair(arguments, &inside)?;
        let left = self.term(left, &inside.item(0));
        let right = self.term(right, &inside.item(1));
        Some(Rule::Compare(comparison, left?, right?))
    }

    fn one_of(&mut self, arguments: &Value, at: &Pointer) -> Option<Rule> {
        let [field, list] = self.pair(arguments, at)?;
        let field = self.field(field, &at.item(0));
        let list = self.constants(list, &at.item(1));
        Some(Rule::OneOf(field?, list?))
    }

    fn constants(&mut self, list: &Value, at: &Pointer) -> Option<Vec<Constant>> {
        let Some(items) = list.as_array().filter(|items| !items.is_empty()) else {
            return self.refuse(at, "in needs a list of at least one value", "list the values in square brackets");
        };
        if items.len() > Rule::MAX_LIST {
            let reason = format!("there are {} values here, at most {} are possible", items.len(), Rule::MAX_LIST);
            return self.refuse(at, reason, "list fewer, or compare with a limit");
        }
        let read: Vec<_> = items.iter().enumerate().map(|(index, item)| self.constant(item, &at.item(index))).collect();
        read.into_iter().collect()
    }

    fn partners(&mut self, of: Quantifier, arguments: &Value, at: &Pointer, depth: usize) -> Option<Rule> {
        let [list, rule] = self.pair(arguments, at)?;
        if self.field(list, &at.item(0))? != "partners" {
            let reason = "some and all go over the partners only";
            return self.refuse(&at.item(0), reason, "write {\"var\": \"partners\"}");
        }
        let rule = self.rule(rule, &at.item(1), depth + 1)?;
        Some(Rule::Partners(of, Box::new(rule)))
    }

    fn pair<'v>(&mut self, arguments: &'v Value, at: &Pointer) -> Option<[&'v Value; 2]> {
        match arguments.as_array().map(Vec::as_slice) {
            Some([left, right]) => Some([left, right]),
            _ => self.refuse(at, "it takes exactly two arguments", "list the two in square brackets"),
        }
    }

    fn term(&mut self, value: &Value, at: &Pointer) -> Option<Term> {
        if value.is_object() {
            self.field(value, at).map(Term::Field)
        } else {
            self.constant(value, at).map(Term::Constant)
        }
    }

    fn field(&mut self, value: &Value, at: &Pointer) -> Option<String> {
        let members = value.as_object().filter(|object| object.len() == 1);
        match members.and_then(|object| object.get("var")) {
            Some(name) => self.field_name(name, &at.key("var")),
            None => self.refuse(at, "a field is expected here", "write {\"var\": \"the field's name\"}"),
        }
    }

    fn field_name(&mut self, value: &Value, at: &Pointer) -> Option<String> {
        self.text(value, at)
    }

    fn constant(&mut self, value: &Value, at: &Pointer) -> Option<Constant> {
        match value {
            Value::Bool(yes) => Some(Constant::YesNo(*yes)),
            Value::String(_) => self.text(value, at).map(Constant::Text),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Some(Constant::Number(whole)),
                None => {
                    self.refuse(at, format!("{number} is not a whole number in range"), "write money in whole pence")
                }
            },
            _ => self.refuse(at, "true, false, a whole number or a word is expected here", "write one of these"),
        }
    }

    fn text(&mut self, value: &Value, at: &Pointer) -> Option<String> {
        let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
        match text.filter(|text| text.chars().count() <= Rule::MAX_TEXT) {
            Some(text) => Some(text.to_owned()),
            None => self.refuse(
                at,
                format!("a text of 1 to {} characters is expected here", Rule::MAX_TEXT),
                "write one in quotation marks",
            ),
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
