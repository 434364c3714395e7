//! What a paper says of the signatures: who signs for which council, what was signed and when, and whether that covers this text.

use crate::{
    bids::{
        paper::exactly,
        reading::{Card, Row},
    },
    partnerships::sign_offs::{
        model::{SignOff, SignOffState},
        service::Signature,
    },
};

/// The card of the signatures beside a text with this hash; none where nobody signs it.
pub(super) fn who_signs(signatures: &[Signature], hash: &str) -> Option<Card> {
    let row = |signature: &Signature| Row {
        field: "signatures".into(),
        key: format!("{}, {}", signature.organisation.name, signature.officer),
        value: said(signature, hash).join("\n"),
        change: String::new(),
    };
    let rows: Vec<Row> = signatures.iter().map(row).collect();
    (!rows.is_empty()).then(|| Card { title: "Who signs".into(), rows })
}

fn said(signature: &Signature, hash: &str) -> Vec<String> {
    let Some(sign_off) = &signature.sign_off else { return vec!["Not asked to sign yet.".into()] };
    let asked = format!("Asked at {}.", exactly(sign_off.requested_at));
    let mut lines = vec![asked];
    match (sign_off.state, sign_off.answered_at) {
        (SignOffState::Requested, _) => lines.push("Not signed yet.".into()),
        (SignOffState::ChangesWanted, _) => lines.push("Not signed: changes are wanted first.".into()),
        (SignOffState::Signed | SignOffState::Void, Some(at)) => {
            lines.push(format!("Signed by {} at {}.", by(signature), exactly(at)));
            lines.push(format!("What was signed (SHA-256): {}", sign_off.hash));
            lines.push(covers(signature, sign_off, hash).into());
        }
        (SignOffState::Signed | SignOffState::Void, None) => {
            lines.push("Not signed, and not asked any more.".into());
        }
    }
    lines
}

/// Who has signed, and in whose place.
pub(super) fn by(signature: &Signature) -> String {
    let name = signature.answered_by.clone().unwrap_or_else(|| "somebody whose name is erased".into());
    match &signature.in_place_of {
        Some(principal) => format!("{name} in the place of {principal}"),
        None => name,
    }
}

fn covers(signature: &Signature, sign_off: &SignOff, hash: &str) -> &'static str {
    match (sign_off.hash == hash, signature.stands) {
        (true, _) => "This is exactly the text that was signed.",
        (false, true) => "It covers this text: what was signed for is the same, and other words are different.",
        (false, false) => "It does not cover this text: what was signed for is different here.",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn signature(state: &str, hash: &str, stands: bool) -> Signature {
        let id = |number: u128| uuid::Uuid::from_u128(number).to_string();
        let answered = !matches!(state, "requested");
        serde_json::from_value(json!({
            "organisation": { "id": id(1), "code": "AMB", "name": "Ambridge" }, "officer": "section 151 officer",
            "sign_off": {
                "id": id(2), "organisation_id": id(1), "hash": hash, "terms": null, "state": state, "requested_by": id(3),
                "requested_at": "2026-11-02T09:00:00Z", "person_id": answered.then(|| id(4)), "signed_for": null,
                "answered_at": answered.then_some("2026-11-03T09:00:00Z"), "words": null,
            },
            "stands": stands, "answered_by": answered.then_some("Robin"), "in_place_of": "Kim", "changed": [], "may_sign": false,
        }))
        .expect("a signature")
    }

    #[test]
    fn each_signature_says_whose_it_is_when_it_was_given_and_what_it_covers() {
        let card = |signature: Signature| who_signs(&[signature], "aa").expect("a card").rows.remove(0).value;
        let exact = card(signature("signed", "aa", true));
        for words in [
            "Asked at 9am on 2 November 2026",
            "Signed by Robin in the place of Kim at 9am on 3 November",
            ": aa",
            "exactly",
        ] {
            assert!(exact.contains(words), "{words} is not in {exact}");
        }
        assert!(card(signature("signed", "bb", true)).contains("It covers this text"));
        assert!(card(signature("void", "bb", false)).contains("It does not cover this text"));
        assert!(card(signature("requested", "aa", false)).contains("Not signed yet."));
        assert!(card(signature("changes_wanted", "aa", false)).contains("changes are wanted"));
        let not_asked = Signature { sign_off: None, ..signature("requested", "aa", false) };
        assert_eq!(card(not_asked), "Not asked to sign yet.");
        assert_eq!(who_signs(&[], "aa"), None, "nobody signs an expression of interest");
    }
}
