//! Money as whole pence. Never a float, never a decimal of the database.

use std::{fmt, iter::Sum, ops::Add};

use diesel::{deserialize::FromSqlRow, expression::AsExpression};
use serde::{Deserialize, Serialize};

use crate::db::columns::sql;

/// An amount in whole pence. Arithmetic that overflows saturates, and saturated sums fail every check against a limit.
#[derive(
    AsExpression,
    FromSqlRow,
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[diesel(sql_type = sql::BigInt)]
#[serde(transparent)]
pub struct Pence(pub i64);

impl Pence {
    /// The largest amount that a form or a request may carry: £10 billion.
    pub const MOST: Self = Self(1_000_000_000_000);

    /// Reads what a person types: `80,000`, `£80000`, `80000.50`. `None` when it is not an amount in pounds.
    pub fn from_pounds(text: &str) -> Option<Self> {
        let bare: String = text.trim().trim_start_matches('£').chars().filter(|c| !matches!(c, ',' | ' ')).collect();
        let (pounds, pence) = bare.split_once('.').unwrap_or((&bare, "00"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(pounds) || !digits(pence) || pence.len() != 2 {
            return None;
        }
        let total = pounds.parse::<i64>().ok()?.checked_mul(100)?.checked_add(pence.parse().ok()?)?;
        Some(Self(total))
    }
}

impl Add for Pence {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
impl Sum for Pence {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), Add::add)
    }
}

/// `£1,251,492`, with pence only where there are any.
impl fmt::Display for Pence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pounds, pence) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let digits = pounds.to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        if pence == 0 { write!(f, "{sign}£{grouped}") } else { write!(f, "{sign}£{grouped}.{pence:02}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_read_them() {
        let cases = [(0, "£0"), (8_000_000, "£80,000"), (125_149_200, "£1,251,492"), (150, "£1.50"), (-5, "-£0.05")];
        for (pence, text) in cases {
            assert_eq!(Pence(pence).to_string(), text);
        }
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        let cases = [
            ("80,000", Some(8_000_000)),
            ("£80000.50", Some(8_000_050)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("ten", None),
            ("99999999999999999999", None),
        ];
        for (text, pence) in cases {
            assert_eq!(Pence::from_pounds(text), pence.map(Pence), "{text}");
        }
    }
}
