//! One bid as a document has it. Read by hand, because a name that stands twice would silently have its last value.

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, Visitor},
};

/// One bid.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Bid {
    /// Its reference.
    pub bid: String,
    /// What it is worth beside no award, which is worth 0; the ranking is by this, and the sum over the chosen is what is
    /// maximised. A bid of value 0 is chosen as long as money and rules leave room, down the ranking. A bid of a value below 0 is
    /// chosen only where a floor or a group asks for it: on a scale that goes below 0, measure values from its lowest.
    pub value: f64,
    /// What it asks for.
    pub amount: i64,
    /// What the rules tell bids apart by, such as lead, theme, region, service area or phase; each name once.
    #[serde(flatten)]
    pub is: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for Bid {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Bid;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a bid with bid, value and amount, and what it is told apart by")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Bid, A::Error> {
        let (mut bid, mut value, mut amount): (Option<String>, Option<f64>, Option<i64>) = (None, None, None);
        let (mut is, mut twice) = (BTreeMap::new(), None);
        while let Some(name) = fields.next_key::<String>()? {
            let before = match name.as_str() {
                "bid" => bid.replace(fields.next_value()?).is_some(),
                "value" => value.replace(fields.next_value()?).is_some(),
                "amount" => amount.replace(fields.next_value()?).is_some(),
                _ => is.insert(name.clone(), fields.next_value()?).is_some(),
            };
            if before {
                twice.get_or_insert(name);
            }
        }
        let bid = bid.ok_or_else(|| A::Error::missing_field("bid"))?;
        if let Some(name) = twice {
            return Err(A::Error::custom(format!("bid {bid} has {name:?} twice")));
        }
        Ok(Bid {
            value: value.ok_or_else(|| A::Error::custom(format!("bid {bid} has no value")))?,
            amount: amount.ok_or_else(|| A::Error::custom(format!("bid {bid} has no amount")))?,
            is,
            bid,
        })
    }
}
