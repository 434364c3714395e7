//! Signing, and asking for changes first.

use serde_json::json;

use super::{
    super::{
        letters,
        model::{ChangesWanted, SignOff, SignOffState, Signing, must_sign},
        store::{self, Answer},
    },
    look::{SignOffView, signs_for, view},
    rules_of,
};
use crate::{
    actor::{Actor, SignedIn},
    bids::{
        self,
        content::{self, Sealed},
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::rulebook::Stage,
    http::{App, Call, Scene},
    identity::{
        policy::{Action, Granted},
        sessions,
    },
    ids::{BidKey, Id, OrganisationKey},
    partnerships::{model::reason_fault, service::granted},
};

/// Signs the version with this hash, which must be what stands now.
///
/// # Errors
/// Policy's; `Forbidden` without a fresh code, or for whoever asked for the signature; `Conflict` when another version
/// stands (`version_changed`) or no signature is asked for (`not_requested`).
pub async fn sign(app: &App, call: &Call, reference: String, signing: Signing) -> Result<SignOffView> {
    call.write(app, move |conn, scene| {
        let (bid, signatory, asked) = to_answer(conn, scene, &reference, signing.organisation)?;
        if asked.requested_by == signatory.person {
            let message = "You asked for this signature. A second person of your council must sign.";
            return Err(AppError::forbidden("second_person_needed", message));
        }
        let says = standing_as_read(conn, &bid, &signing.hash)?;
        let answer =
            Answer { state: SignOffState::Signed, says: &says, words: None, by: signatory.person, at: scene.now };
        answered(conn, scene, (&bid, &asked), &answer, ("sign_off.signed", "signed"))?;
        view(conn, scene, &bid)
    })
    .await
}

/// Asks for changes, in words, before anything is signed.
///
/// # Errors
/// As [`sign`]; `Invalid` without words.
pub async fn ask_for_changes(app: &App, call: &Call, reference: String, wanted: ChangesWanted) -> Result<SignOffView> {
    call.write(app, move |conn, scene| {
        let (bid, signatory, asked) = to_answer(conn, scene, &reference, wanted.organisation)?;
        let missing = "Say which changes you want before you sign.";
        AppError::unless_empty(reason_fault("words", &wanted.words, missing).into_iter().collect())?;
        let says = content::sealed(conn, &bid, Stage::Full)?;
        let answer = Answer {
            state: SignOffState::ChangesWanted,
            says: &says,
            words: Some(wanted.words.trim()),
            by: signatory.person,
            at: scene.now,
        };
        answered(conn, scene, (&bid, &asked), &answer, ("sign_off.changes_wanted", "changes-wanted"))?;
        view(conn, scene, &bid)
    })
    .await
}

/// What a signatory is asked to sign, for the council that is named or else for the first of theirs that is asked: only a
/// person who has just entered a code may answer.
fn to_answer(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    organisation: Option<Id<OrganisationKey>>,
) -> Result<(Granted<BidKey>, SignedIn, SignOff)> {
    let bid = granted(conn, scene, reference, Action::SignOff)?;
    let Actor::Person(signatory) = &scene.actor else {
        return Err(AppError::forbidden("person_needed", "A person signs, never a program."));
    };
    sessions::require_fresh(signatory, scene.now)?;
    let own = own(conn, &bid, signatory, organisation)?;
    let kept = store::of_bid(conn, &bid)?;
    let of_own = || kept.iter().filter(|sign_off| own.contains(&sign_off.organisation_id));
    match of_own().find(|sign_off| sign_off.state == SignOffState::Requested) {
        Some(asked) => Ok((bid, signatory.clone(), asked.clone())),
        None if of_own().any(|sign_off| sign_off.state == SignOffState::Signed) => {
            Err(AppError::conflict("signed_already", "The application is signed already."))
        }
        None => {
            let message = "No signature is asked for now. Ask the people who write the bid to request one.";
            Err(AppError::conflict("not_requested", message))
        }
    }
}

/// The councils for which somebody signs of those that must sign.
fn own(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    signatory: &SignedIn,
    named: Option<Id<OrganisationKey>>,
) -> Result<Vec<Id<OrganisationKey>>> {
    let content = content::current(conn, bid, Stage::Full)?;
    let rules = rules_of(conn, bid)?;
    let mut own = Vec::new();
    for party in must_sign(&content, &rules) {
        if named.is_none_or(|named| named == party.id) && signs_for(conn, Some(signatory.person), party.id)? {
            own.push(party.id);
        }
    }
    if own.is_empty() {
        let message =
            "Only an officer of a council whose signature the round asks for can sign, and only for that council.";
        return Err(AppError::forbidden("not_allowed", message));
    }
    Ok(own)
}

/// What stands now, if it is what the signatory has read.
fn standing_as_read(conn: &mut Conn, bid: &Granted<BidKey>, read: &str) -> Result<Sealed> {
    let says = content::sealed(conn, bid, Stage::Full)?;
    let now = hex::encode(&says.hash);
    let read = read.trim().to_ascii_lowercase();
    if read.len() != now.len() || hex::decode(&read).is_err() {
        let message = "Send the hash of the version that you read: 64 hexadecimal digits.";
        return Err(AppError::invalid("hash", "wrong_hash", message));
    }
    if read == now {
        return Ok(says);
    }
    let message = format!(
        "The application was changed after you opened it. You read version {read}, the version now is {now}. Read it \
         again before you sign."
    );
    Err(AppError::conflict("version_changed", message))
}

fn answered(
    conn: &mut Conn,
    scene: &Scene,
    (bid, asked): (&Granted<BidKey>, &SignOff),
    answer: &Answer,
    (event, template): (&'static str, &'static str),
) -> Result<()> {
    if !store::answer(conn, bid, asked.id, answer)? {
        return Err(AppError::conflict("not_requested", "Somebody else has answered this request meanwhile."));
    }
    let heading = bids::store::load(conn, bid)?;
    let (hash, terms) = (hex::encode(&answer.says.hash), hex::encode(&answer.says.terms));
    let detail = json!({ "sign_off": asked.id, "organisation": asked.organisation_id, "hash": hash, "terms": terms });
    let words = answer.words.map(str::to_owned);
    let answered = SignOff { hash, terms: Some(terms), state: answer.state, words, ..asked.clone() };
    letters::answered(conn, scene, &heading, &answered, template)?;
    scene.tell(conn, Chain::Bid(bid.id()), event, detail)
}
