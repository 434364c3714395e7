//! The words of a refusal: plain sentences that say what is and what is needed, so that whoever reads one knows what to do.

use super::facts::Scope;
use super::vocabulary::Kind;
use super::{Comparison, Constant, Term};
use crate::money::Pence;

/// Why a yes-or-no field is not as it has to be: the sentence that is true now.
pub(super) fn yes_or_no(field: &str, scope: Scope<'_>) -> String {
    let Some(Constant::YesNo(now)) = scope.value(field) else {
        return not_known(field, scope);
    };
    match scope.kind(field) {
        Some(Kind::YesNo { yes, no }) => fill(if *now { yes } else { no }, scope),
        _ => not_known(field, scope),
    }
}

/// Why a value is not in its list, or is in one where it must not be.
pub(super) fn membership(field: &str, list: &[Constant], scope: Scope<'_>, wanted: bool) -> String {
    let kind = scope.kind(field);
    let Some(now) = statement(field, scope) else {
        return not_known(field, scope);
    };
    if !wanted {
        return format!("{now}, which is not possible here");
    }
    let allowed: Vec<_> = list.iter().map(|constant| value(kind, constant)).collect();
    match allowed.as_slice() {
        [one] => format!("{now}, it must be {one}"),
        several => format!("{now}, it must be one of these: {}", several.join(", ")),
    }
}

/// Why a comparison does not hold.
pub(super) fn comparison(needed: Comparison, left: &Term, right: &Term, scope: Scope<'_>) -> String {
    match (left, right) {
        (Term::Field(field), other) => compared(needed, field, other, scope),
        (other, Term::Field(field)) => compared(needed.mirrored(), field, other, scope),
        (Term::Constant(_), Term::Constant(_)) => "the rule compares two values that never change".to_owned(),
    }
}

fn compared(needed: Comparison, field: &str, with: &Term, scope: Scope<'_>) -> String {
    if let Some(Kind::YesNo { .. }) = scope.kind(field) {
        return yes_or_no(field, scope);
    }
    let Some(now) = statement(field, scope) else {
        return not_known(field, scope);
    };
    match with {
        Term::Field(other) => match statement_as_limit(other, scope) {
            Some(limit) => format!("{now}, {limit}"),
            None => not_known(other, scope),
        },
        Term::Constant(constant) => {
            format!("{now}, {}", demand(needed, scope.kind(field), constant))
        }
    }
}

/// What is: "2 partners have confirmed", "your ask is £120,000".
fn statement(field: &str, scope: Scope<'_>) -> Option<String> {
    let said = scope.said(field)?;
    Some(match scope.kind(field)? {
        Kind::Count { one, .. } if said == "1" => format!("{said} {one}"),
        Kind::Count { many, .. } => format!("{said} {many}"),
        Kind::Money { noun } | Kind::Text { noun, .. } => {
            format!("{} is {said}", fill(noun, scope))
        }
        Kind::YesNo { .. } | Kind::Partners => return None,
    })
}

/// What another field allows: "the limit for a discovery is £80,000".
fn statement_as_limit(field: &str, scope: Scope<'_>) -> Option<String> {
    let said = scope.said(field)?;
    match scope.kind(field)? {
        Kind::Count { noun, .. } | Kind::Money { noun } | Kind::Text { noun, .. } => {
            Some(format!("{} is {said}", fill(noun, scope)))
        }
        Kind::YesNo { .. } | Kind::Partners => None,
    }
}

/// What is needed: "at least 3 are needed", "it must be England".
fn demand(needed: Comparison, kind: Option<&Kind>, constant: &Constant) -> String {
    let wanted = value(kind, constant);
    if let Constant::Text(_) | Constant::YesNo(_) = constant {
        return match needed {
            Comparison::Different => "which is not possible here".to_owned(),
            _ => format!("it must be {wanted}"),
        };
    }
    let is_one = matches!(kind, Some(Kind::Money { .. })) || *constant == Constant::Number(1);
    let are = if is_one { "is" } else { "are" };
    match needed {
        Comparison::Equal => format!("exactly {wanted} {are} needed"),
        Comparison::Different => format!("{wanted} {are} not possible here"),
        Comparison::Less => format!("less than {wanted} {are} allowed"),
        Comparison::AtMost => format!("at most {wanted} {are} allowed"),
        Comparison::More => format!("more than {wanted} {are} needed"),
        Comparison::AtLeast => format!("at least {wanted} {are} needed"),
    }
}

fn not_known(field: &str, scope: Scope<'_>) -> String {
    let what = match scope.kind(field) {
        Some(Kind::Text { noun, .. } | Kind::Money { noun } | Kind::Count { noun, .. }) => fill(noun, scope),
        Some(Kind::YesNo { yes, .. }) => {
            return format!("it is not known yet whether {}", fill(yes, scope));
        }
        Some(Kind::Partners) | None => format!("“{field}”"),
    };
    format!("{what} has not been given")
}

/// A value as people say it; `kind` tells money from counts and knows the words for words.
pub(super) fn value(kind: Option<&Kind>, constant: &Constant) -> String {
    match (constant, kind) {
        (Constant::YesNo(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
        (Constant::Number(pence), Some(Kind::Money { .. })) => Pence(*pence).to_string(),
        (Constant::Number(number), _) => number.to_string(),
        (Constant::Text(text), Some(Kind::Text { values, .. })) => spoken(text, values),
        (Constant::Text(text), _) => spoken(text, &[]),
    }
}

fn spoken(text: &str, values: &[(&str, &str)]) -> String {
    let known = values.iter().find(|(value, _)| *value == text);
    known.map_or_else(|| text.replace('_', " "), |(_, said)| (*said).to_owned())
}

/// Puts values in the place of `{field}`, and of `{a field}` with its article. A field without a value is called "this …".
pub(super) fn fill(template: &str, scope: Scope<'_>) -> String {
    let mut filled = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Plain(text) => filled.push_str(text),
            Piece::Place { field, article } => filled.push_str(&filling(field, article, scope)),
        }
    }
    filled
}

/// The fields of which a template speaks.
pub(super) fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Place { field, .. } => Some(field),
        Piece::Plain(_) => None,
    })
}

fn filling(field: &str, article: bool, scope: Scope<'_>) -> String {
    if let Some(name) = scope.name().filter(|_| field == "name") {
        return name.to_owned();
    }
    match scope.said(field) {
        Some(said) if article && said.starts_with(['a', 'e', 'i', 'o', 'u']) => {
            format!("an {said}")
        }
        Some(said) if article => format!("a {said}"),
        Some(said) => said,
        None => format!("this {}", field.replace(['.', '_'], " ")),
    }
}

enum Piece<'t> {
    Plain(&'t str),
    Place { field: &'t str, article: bool },
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, opened)) = rest.split_once('{') {
        let Some((inside, after)) = opened.split_once('}') else {
            break;
        };
        let (field, article) = inside.strip_prefix("a ").map_or((inside, false), |field| (field, true));
        pieces.extend([Piece::Plain(before), Piece::Place { field: field.trim(), article }]);
        rest = after;
    }
    pieces.push(Piece::Plain(rest));
    pieces
}
