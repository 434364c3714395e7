//! A rule as a demand in words: what must hold, for whoever reads the rules of a round before there is a bid to judge.
//!
//! Says what the rule says and no more; why a given bid does not meet it is for `words`.

use super::{
    Comparison, Constant, Quantifier, Rule, Term, Vocabulary,
    vocabulary::{Field, Kind},
    words,
};

impl Rule {
    /// What must hold, as a clause without a full stop: "at least 2 partners have confirmed".
    pub fn in_words(&self) -> String {
        demand(self, Vocabulary::bids().fields())
    }
}

fn demand(rule: &Rule, fields: &[Field]) -> String {
    match rule {
        Rule::Every(rules) => joined(rules, " and ", fields),
        Rule::Either(rules) => format!("either {}", joined(rules, " or ", fields)),
        Rule::Not(inner) => opposite(inner, fields),
        Rule::Is(field) => yes_or_no(field, true, fields),
        Rule::Compare(needed, Term::Field(field), other) => comparison(*needed, field, other, fields),
        Rule::Compare(needed, other, Term::Field(field)) => comparison(needed.mirrored(), field, other, fields),
        Rule::Compare(..) => "the rule compares two values that never change".into(),
        Rule::OneOf(field, list) => membership(field, list, fields),
        Rule::Partners(Quantifier::All, inner) => {
            format!("for every partner, {}", demand(inner, Vocabulary::bids().partner_fields()))
        }
        Rule::Partners(Quantifier::Some, inner) => {
            format!("for at least one partner, {}", demand(inner, Vocabulary::bids().partner_fields()))
        }
        Rule::Said(inner, _) => demand(inner, fields),
    }
}

fn joined(rules: &[Rule], with: &str, fields: &[Field]) -> String {
    rules.iter().map(|rule| demand(rule, fields)).collect::<Vec<_>>().join(with)
}

fn opposite(rule: &Rule, fields: &[Field]) -> String {
    match rule {
        Rule::Is(field) => yes_or_no(field, false, fields),
        other => format!("it is not so that {}", demand(other, fields)),
    }
}

fn yes_or_no(field: &str, wanted: bool, fields: &[Field]) -> String {
    match kind(field, fields) {
        Some(Kind::YesNo { yes, no }) => plain(if wanted { yes } else { no }),
        _ => noun(field, fields),
    }
}

fn membership(field: &str, list: &[Constant], fields: &[Field]) -> String {
    let allowed: Vec<String> = list.iter().map(|constant| words::value(kind(field, fields), constant)).collect();
    match allowed.as_slice() {
        [one] => format!("{} is {one}", noun(field, fields)),
        several => format!("{} is one of these: {}", noun(field, fields), several.join(", ")),
    }
}

fn comparison(needed: Comparison, field: &str, other: &Term, fields: &[Field]) -> String {
    let of = kind(field, fields);
    match (other, of) {
        (Term::Constant(Constant::YesNo(wanted)), _) => {
            yes_or_no(field, *wanted == (needed == Comparison::Equal), fields)
        }
        (Term::Constant(constant), Some(Kind::Count { one, many, .. })) => {
            let what = if *constant == Constant::Number(1) { one } else { many };
            format!("{} {} {what}", bound(needed), words::value(of, constant))
        }
        (Term::Constant(constant), _) => {
            let is =
                if matches!(constant, Constant::Text(_)) && needed == Comparison::Equal { "" } else { bound(needed) };
            format!("{} is {is} {}", noun(field, fields), words::value(of, constant)).replace("  ", " ")
        }
        (Term::Field(limit), _) => format!("{} is {} {}", noun(field, fields), bound(needed), noun(limit, fields)),
    }
}

const fn bound(needed: Comparison) -> &'static str {
    match needed {
        Comparison::Equal => "exactly",
        Comparison::Different => "not",
        Comparison::Less => "less than",
        Comparison::AtMost => "at most",
        Comparison::More => "more than",
        Comparison::AtLeast => "at least",
    }
}

fn noun(field: &str, fields: &[Field]) -> String {
    match kind(field, fields) {
        Some(Kind::Count { noun, .. } | Kind::Money { noun } | Kind::Text { noun, .. }) => plain(noun),
        _ => field.replace(['.', '_'], " "),
    }
}

fn kind<'a>(name: &str, fields: &'a [Field]) -> Option<&'a Kind> {
    fields.iter().find(|field| field.name == name).map(|field| &field.kind)
}

/// Without a bid nothing has a name yet.
fn plain(words: &str) -> String {
    words.replace("{a phase}", "the phase").replace("{name}", "the partner")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_read_as_demands_before_there_is_a_bid() {
        let cases = [
            (json!({">=": [{"var": "partners.confirmed"}, 1]}), "at least 1 partner has confirmed"),
            (json!({"<=": [2, {"var": "partners.confirmed"}]}), "at least 2 partners have confirmed"),
            (
                json!({"<=": [{"var": "ask_pence"}, {"var": "limit_pence"}]}),
                "your ask is at most the limit for the phase",
            ),
            (json!({"<=": [{"var": "ask_pence"}, 8_000_000]}), "your ask is at most £80,000"),
            (json!({"==": [{"var": "lead.nation"}, "england"]}), "the lead authority’s nation is England"),
            (
                json!({"in": [{"var": "lead.kind"}, ["unitary", "london_borough"]]}),
                "the lead authority’s type is one of these: unitary, london borough",
            ),
            (json!({"!": {"var": "lead.signed_declaration"}}), "the lead authority has not signed the declaration"),
            (
                json!({"all": [{"var": "partners"}, {"var": "signed_declaration"}]}),
                "for every partner, the partner has signed the declaration",
            ),
        ];
        for (rule, words) in cases {
            let rule = Rule::parse(&rule).expect("a sound rule");
            assert_eq!(rule.in_words(), words);
        }
    }
}
