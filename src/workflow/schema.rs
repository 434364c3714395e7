//! The JSON Schema (draft 2020-12) of a definition, made from the types, so that it can never say something else than what is read.
//! Only rules have an own parser, so their part is written here.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde_json::{Value, json};

use super::model::Definition;
use super::rules::{Rule, Vocabulary};

/// The schema. What it refuses is refused when it is read. What it lets through has the right form but for what a schema does
/// not count: how deep and how large a guard is, blank texts, numbers beyond 64 bits. Whether it is sound is for the check.
pub fn schema() -> Value {
    schema_for!(Definition).to_value()
}

impl JsonSchema for Rule {
    fn schema_name() -> Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let rule = generator.subschema_for::<Self>();
        let (bid, partner) = (Vocabulary::bids().fields(), Vocabulary::bids().partner_fields());
        let names: Vec<&str> = bid.iter().chain(partner).map(|field| field.name).collect();
        let text = json!({ "type": "string", "minLength": 1, "maxLength": Self::MAX_TEXT });
        let constant = json!({ "anyOf": [{ "type": "boolean" }, { "type": "integer" }, text] });
        let field = operator("var", &json!({ "enum": names }));
        let partners = operator("var", &json!({ "const": "partners" }));
        let term = json!({ "anyOf": [field, constant] });
        let values = json!({ "type": "array", "items": constant, "minItems": 1, "maxItems": Self::MAX_LIST });
        let rules = json!({ "type": "array", "items": rule, "minItems": 1 });
        let mut shapes = vec![
            field.clone(),
            operator(
                "!",
                &json!({ "anyOf": [rule, { "type": "array", "items": rule, "minItems": 1, "maxItems": 1 }] }),
            ),
            operator("in", &pair(&field, &values)),
            json!({
                "type": "object", "properties": { "rule": rule, "say": text }, "required": ["rule", "say"],
                "additionalProperties": false
            }),
        ];
        shapes.extend(["and", "or"].map(|sign| operator(sign, &rules)));
        shapes.extend(["==", "!=", "<", "<=", ">", ">="].map(|sign| operator(sign, &pair(&term, &term))));
        shapes.extend(["some", "all"].map(|sign| operator(sign, &pair(&partners, &json!(rule)))));
        json_schema!({ "description": "What must hold, in JsonLogic notation.", "anyOf": shapes })
    }
}

/// An object with one operator and its argument.
fn operator(sign: &str, argument: &Value) -> Value {
    json!({ "type": "object", "properties": { sign: argument }, "required": [sign], "additionalProperties": false })
}

/// A list of exactly two arguments.
fn pair(first: &Value, second: &Value) -> Value {
    json!({ "type": "array", "prefixItems": [first, second], "minItems": 2, "maxItems": 2 })
}
