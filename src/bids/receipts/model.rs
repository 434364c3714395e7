//! What a receipt says, the text that is signed, and how it is found again in whatever it was pasted into.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::DateTime;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::{bids::model::VersionInfo, clock::Moment, funds::rulebook::Stage};

/// What stands before a receipt, by which it is found in a mail or a file.
const MARK: &str = "Roundtable receipt:";
/// What is signed begins with this, so that no other thing that the same key signs can pass for a receipt.
const SIGNED_AS: &str = "roundtable receipt, version 1";

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receipt {
    /// The bid's reference.
    pub reference: String,
    /// The stage.
    pub stage: Stage,
    /// The version's number, from 1.
    pub number: i32,
    /// When it was received.
    pub received_at: Moment,
    /// The hash of what was submitted, in hexadecimal digits.
    pub hash: String,
}

/// A receipt with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignedReceipt {
    /// What it says.
    #[serde(flatten)]
    pub receipt: Receipt,
    /// The Ed25519 signature, in base64.
    pub signature: String,
    /// All of it on one line, to be kept.
    pub text: String,
}

impl Receipt {
    /// The receipt of a version.
    pub fn of(reference: &str, version: &VersionInfo) -> Self {
        Self {
            reference: reference.into(),
            stage: version.stage,
            number: version.number,
            received_at: version.submitted_at,
            hash: version.hash.clone(),
        }
    }

    /// The receipt with a signature.
    #[must_use]
    pub fn signed(self, key: &SigningKey) -> SignedReceipt {
        let signature = STANDARD.encode(key.sign(self.message().as_bytes()).to_bytes());
        let text = format!("{MARK} {} {signature}", self.words().join(" "));
        SignedReceipt { receipt: self, signature, text }
    }

    /// What is signed, to the byte.
    fn message(&self) -> String {
        format!("{SIGNED_AS}\n{}\n", self.words().join("\n"))
    }

    fn words(&self) -> [String; 5] {
        let (stage, number) = (self.stage.to_string(), self.number.to_string());
        [self.reference.clone(), stage, number, self.received_at.to_string(), self.hash.clone()]
    }
}

impl SignedReceipt {
    /// The first receipt in a text, however its lines were broken or quoted on the way.
    pub fn find(text: &str) -> Option<Self> {
        let (_, behind) = text.split_once(MARK)?;
        let mut words = behind.split_whitespace().filter(|word| !word.chars().all(|letter| letter == '>'));
        let reference = words.next()?.to_owned();
        let stage = Stage::from_word(words.next()?)?;
        let number = words.next()?.parse().ok()?;
        let received_at = Moment::of(DateTime::parse_from_rfc3339(words.next()?).ok()?.to_utc());
        let hash = words.next()?.to_owned();
        let signature = words.next()?.to_owned();
        let receipt = Receipt { reference, stage, number, received_at, hash };
        let text = format!("{MARK} {} {signature}", receipt.words().join(" "));
        Some(Self { receipt, signature, text })
    }

    /// Whether `key` signed exactly this.
    pub fn is_genuine(&self, key: &VerifyingKey) -> bool {
        let bytes = STANDARD.decode(&self.signature).ok();
        let signature = bytes.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| key.verify(self.receipt.message().as_bytes(), &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> (SignedReceipt, SigningKey) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let receipt = Receipt {
            reference: "TEST-0001".into(),
            stage: Stage::Full,
            number: 2,
            received_at: Moment::from_micros(1_790_784_000_000_001),
            hash: "ab".repeat(32),
        };
        (receipt.signed(&key), key)
    }

    #[test]
    fn a_receipt_is_found_and_believed_in_a_mail_that_was_quoted_and_wrapped() {
        let (signed, key) = receipt();
        let wrapped = signed.text.replace(' ', "\r\n> > ").replace("Roundtable\r\n> > receipt:", MARK);
        for text in [signed.text.clone(), format!("> Hello\n> {}\n> Regards", signed.text), wrapped] {
            let found = SignedReceipt::find(&text).expect("a receipt");
            assert_eq!(found, signed);
            assert!(found.is_genuine(&key.verifying_key()));
        }
    }

    #[test]
    fn whatever_is_changed_is_not_believed() {
        let (signed, key) = receipt();
        let changes = [
            ("TEST-0001", "TEST-0002"),
            (" full ", " eoi "),
            (" 2 ", " 3 "),
            ("00.000001Z", "00.000002Z"),
            ("abab", "acab"),
        ];
        for (from, to) in changes {
            assert!(signed.text.contains(from), "{from} in {}", signed.text);
            let found = SignedReceipt::find(&signed.text.replacen(from, to, 1)).expect("it reads as a receipt");
            assert!(!found.is_genuine(&key.verifying_key()), "{from} became {to}");
        }
        let other = SigningKey::from_bytes(&[8; 32]);
        assert!(!signed.is_genuine(&other.verifying_key()));
        for text in ["", MARK, "Roundtable receipt: TEST-0001 full two", "receipt: TEST-0001 full 2"] {
            assert_eq!(SignedReceipt::find(text), None);
        }
    }
}
