//! Writes a rule back as JSON, and joins both ways to serde.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Value, json};

use super::{Comparison, Constant, Quantifier, Rule, Term};

impl Rule {
    /// The rule in JsonLogic notation; reading it again gives the same rule.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Every(rules) => json!({"and": values(rules)}),
            Self::Either(rules) => json!({"or": values(rules)}),
            Self::Not(rule) => json!({"!": rule.to_value()}),
            Self::Is(field) => json!({"var": field}),
            Self::Compare(comparison, left, right) => {
                json!({comparison.sign(): [left.to_value(), right.to_value()]})
            }
            Self::OneOf(field, list) => {
                let list: Vec<_> = list.iter().map(Constant::to_value).collect();
                json!({"in": [{"var": field}, list]})
            }
            Self::Partners(of, rule) => json!({of.sign(): [{"var": "partners"}, rule.to_value()]}),
            Self::Said(rule, say) => json!({"rule": rule.to_value(), "say": say}),
        }
    }
}

fn values(rules: &[Rule]) -> Vec<Value> {
    rules.iter().map(Rule::to_value).collect()
}

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Different => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl Quantifier {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Some => "some",
            Self::All => "all",
        }
    }
}

impl Term {
    fn to_value(&self) -> Value {
        match self {
            Self::Field(name) => json!({"var": name}),
            Self::Constant(constant) => constant.to_value(),
        }
    }
}

impl Constant {
    fn to_value(&self) -> Value {
        match self {
            Self::YesNo(yes) => json!(yes),
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer).map_err(ser::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::parse(&value).map_err(|faults| {
            let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
            de::Error::custom(told.join("; "))
        })
    }
}
