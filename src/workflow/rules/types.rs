//! Proves that a rule fits its vocabulary: every field known, every comparison between values of one kind.

use super::vocabulary::{Field, Kind, Occasion};
use super::words;
use super::{Comparison, Constant, Rule, Term, Vocabulary};
use crate::workflow::fault::{Fault, Pointer};

impl Rule {
    /// What does not fit the vocabulary; pointers lead into the rule's own JSON.
    pub fn faults(&self, vocabulary: &Vocabulary) -> Vec<Fault> {
        let mut checker = Checker { vocabulary, fields: vocabulary.fields(), occasion: None, faults: Vec::new() };
        checker.rule(self, &Pointer::root());
        checker.faults
    }

    /// Where it asks for what is never known at such a time, so that it could only refuse; nothing if it does not fit the
    /// vocabulary at all.
    pub fn unknown_at(&self, vocabulary: &Vocabulary, occasion: Occasion) -> Vec<Fault> {
        if !self.faults(vocabulary).is_empty() {
            return Vec::new();
        }
        let occasion = Some(occasion);
        let mut checker = Checker { vocabulary, fields: vocabulary.fields(), occasion, faults: Vec::new() };
        checker.rule(self, &Pointer::root());
        checker.faults
    }

    /// Whether the rule can only hold while the yes-or-no field is yes.
    pub fn requires(&self, field: &str) -> bool {
        match self {
            Self::Is(name) => name == field,
            Self::Every(rules) => rules.iter().any(|rule| rule.requires(field)),
            Self::Either(rules) => rules.iter().all(|rule| rule.requires(field)),
            Self::Said(rule, _) => rule.requires(field),
            Self::Compare(Comparison::Equal, Term::Field(name), Term::Constant(Constant::YesNo(true))) => name == field,
            _ => false,
        }
    }
}

/// What sort of value it is; only values of one sort can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    YesNo,
    Count,
    Money,
    Number,
    Text,
    Partners,
}

struct Checker<'v> {
    vocabulary: &'v Vocabulary,
    fields: &'v [Field],
    /// When the rule is judged, if that is asked.
    occasion: Option<Occasion>,
    faults: Vec<Fault>,
}

impl<'v> Checker<'v> {
    fn refuse(&mut self, at: &Pointer, reason: impl Into<String>, suggestion: impl Into<String>) {
        self.faults.push(Fault::at(at, reason, suggestion));
    }

    fn rule(&mut self, rule: &Rule, at: &Pointer) {
        match rule {
            Rule::Every(rules) => self.rules(rules, &at.key("and")),
            Rule::Either(rules) => self.rules(rules, &at.key("or")),
            Rule::Not(rule) => self.rule(rule, &at.key("!")),
            Rule::Is(name) => self.yes_or_no(name, &at.key("var")),
            Rule::Compare(comparison, left, right) => {
                self.compare(*comparison, left, right, &at.key(comparison.sign()));
            }
            Rule::OneOf(name, list) => self.one_of(name, list, &at.key("in")),
            Rule::Partners(of, rule) => self.partners(rule, &at.key(of.sign())),
            Rule::Said(rule, say) => {
                self.sentence(say, &at.key("say"));
                self.rule(rule, &at.key("rule"));
            }
        }
    }

    fn rules(&mut self, rules: &[Rule], at: &Pointer) {
        for (index, rule) in rules.iter().enumerate() {
            self.rule(rule, &at.item(index));
        }
    }

    fn partners(&mut self, rule: &Rule, at: &Pointer) {
        if self.field("partners", &at.item(0).key("var")).is_some() {
            let outside = std::mem::replace(&mut self.fields, self.vocabulary.partner_fields());
            // Whoever knows the partners knows what each is.
            let occasion = self.occasion.take();
            self.rule(rule, &at.item(1));
            self.fields = outside;
            self.occasion = occasion;
        }
    }

    fn yes_or_no(&mut self, name: &str, at: &Pointer) {
        if let Some(field) = self.field(name, at)
            && sort_of(&field.kind) != Sort::YesNo
        {
            let reason = format!("“{name}” is {}, not a yes or no", described(sort_of(&field.kind)));
            self.refuse(at, reason, "compare it with a value");
        }
    }

    fn compare(&mut self, comparison: Comparison, left: &Term, right: &Term, at: &Pointer) {
        if let (Term::Constant(_), Term::Constant(_)) = (left, right) {
            return self.refuse(at, "it compares two values that never change", "compare a field with a value");
        }
        let left_sort = self.term(left, &at.item(0));
        let right_sort = self.term(right, &at.item(1));
        let (Some(left_sort), Some(right_sort)) = (left_sort, right_sort) else {
            return;
        };
        if !comparable(left_sort, right_sort) {
            let reason = format!("it compares {} with {}", described(left_sort), described(right_sort));
            return self.refuse(at, reason, "compare values of one kind");
        }
        let ordered = matches!(left_sort, Sort::Count | Sort::Money | Sort::Number);
        if !ordered && !matches!(comparison, Comparison::Equal | Comparison::Different) {
            let reason = format!("{} has no order", described(left_sort));
            return self.refuse(at, reason, "use == or !=");
        }
        self.possible_pair(left, right, at);
    }

    fn possible_pair(&mut self, left: &Term, right: &Term, at: &Pointer) {
        match (left, right) {
            (Term::Field(name), Term::Constant(constant)) => self.possible(name, constant, &at.item(1)),
            (Term::Constant(constant), Term::Field(name)) => self.possible(name, constant, &at.item(0)),
            _ => {}
        }
    }

    fn one_of(&mut self, name: &str, list: &[Constant], at: &Pointer) {
        let Some(field) = self.field(name, &at.item(0).key("var")) else {
            return;
        };
        let sort = sort_of(&field.kind);
        for (index, constant) in list.iter().enumerate() {
            let place = at.item(1).item(index);
            if comparable(sort, sort_of_constant(constant)) {
                self.possible(name, constant, &place);
            } else {
                let found = described(sort_of_constant(constant));
                self.refuse(
                    &place,
                    format!("“{name}” is {}, this is {found}", described(sort)),
                    "list values of one kind",
                );
            }
        }
    }

    fn term(&mut self, term: &Term, at: &Pointer) -> Option<Sort> {
        match term {
            Term::Field(name) => self.field(name, &at.key("var")).map(|field| sort_of(&field.kind)),
            Term::Constant(constant) => Some(sort_of_constant(constant)),
        }
    }

    fn field(&mut self, name: &str, at: &Pointer) -> Option<&'v Field> {
        let field = self.fields.iter().find(|field| field.name == name);
        if field.is_none() {
            self.refuse(at, format!("there is no field “{name}” here"), self.known_fields());
        } else if let Some(occasion) = self.occasion.filter(|occasion| !occasion.knows(name)) {
            let reason = format!("“{name}” is never known {}, so that nobody could ever pass", occasion.words());
            self.refuse(at, reason, self.known_fields());
        }
        field
    }

    fn known_fields(&self) -> String {
        let is_known = |field: &&Field| self.occasion.is_none_or(|occasion| occasion.knows(field.name));
        let names: Vec<_> = self.fields.iter().filter(is_known).map(|field| field.name).collect();
        format!("use one of {}", names.join(", "))
    }

    /// A word that the field can never hold is a slip of the pen.
    fn possible(&mut self, name: &str, constant: &Constant, at: &Pointer) {
        let field = self.fields.iter().find(|field| field.name == name);
        let (Some(Kind::Text { values, .. }), Constant::Text(text)) = (field.map(|field| &field.kind), constant) else {
            return;
        };
        if !values.is_empty() && !values.iter().any(|(value, _)| value == text) {
            let known: Vec<_> = values.iter().map(|(value, _)| *value).collect();
            self.refuse(at, format!("“{name}” is never “{text}”"), format!("use one of {}", known.join(", ")));
        }
    }

    fn sentence(&mut self, say: &str, at: &Pointer) {
        let allowed = |name: &str| name == "name" || self.fields.iter().any(|field| field.name == name);
        let unknown: Vec<_> = words::placeholders(say).filter(|name| !allowed(name)).map(str::to_owned).collect();
        for name in unknown {
            self.refuse(at, format!("the sentence speaks of “{name}”, which is no field here"), self.known_fields());
        }
    }
}

fn sort_of(kind: &Kind) -> Sort {
    match kind {
        Kind::YesNo { .. } => Sort::YesNo,
        Kind::Count { .. } => Sort::Count,
        Kind::Money { .. } => Sort::Money,
        Kind::Text { .. } => Sort::Text,
        Kind::Partners => Sort::Partners,
    }
}

fn sort_of_constant(constant: &Constant) -> Sort {
    match constant {
        Constant::YesNo(_) => Sort::YesNo,
        Constant::Number(_) => Sort::Number,
        Constant::Text(_) => Sort::Text,
    }
}

fn comparable(left: Sort, right: Sort) -> bool {
    let number_fits = |a, b| a == Sort::Number && matches!(b, Sort::Count | Sort::Money);
    let same = left == right && left != Sort::Partners;
    same || number_fits(left, right) || number_fits(right, left)
}

fn described(sort: Sort) -> &'static str {
    match sort {
        Sort::YesNo => "a yes or no",
        Sort::Count => "a count",
        Sort::Money => "an amount of money",
        Sort::Number => "a number",
        Sort::Text => "a word",
        Sort::Partners => "the list of partners",
    }
}
