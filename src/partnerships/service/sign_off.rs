//! The sign-off: the lead's section 151 officer signs exactly one version, known by its hash.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{granted, granted_to_its_councils, letters};
use crate::{
    actor::{Actor, SignedIn},
    bids::{
        self,
        content::{self, Content, Sealed},
        model::Bid,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{reopening::Part, rulebook::Stage},
    http::{App, Call, Scene},
    identity::{
        policy::{Action, Granted},
        sessions,
    },
    ids::{BidKey, Id, PersonKey},
    partnerships::{
        model::{SignOff, SignOffState, reason_fault},
        store::{self, Answer},
    },
};

/// What is signed, and where the signature stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignOffView {
    /// What the full application says now.
    pub content: Content,
    /// The hash of that, in hexadecimal digits: the caller signs this.
    pub hash: String,
    /// The request or signature that counts.
    pub sign_off: Option<SignOff>,
    /// Whether what stands now is signed.
    pub current: bool,
    /// Whether the caller may sign.
    pub may_sign: bool,
    /// Whether the caller may ask for a signature.
    pub may_request: bool,
}

/// What is to be signed and where the signature stands, for the councils of the bid.
///
/// # Errors
/// Policy's.
pub async fn sign_off(app: &App, call: &Call, reference: String) -> Result<SignOffView> {
    call.read(app, move |conn, scene| {
        let bid = granted_to_its_councils(conn, scene, &reference)?;
        view(conn, &bid)
    })
    .await
}

fn view(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<SignOffView> {
    let Sealed { content, hash, .. } = content::sealed(conn, bid, Stage::Full)?;
    Ok(SignOffView {
        content,
        sign_off: store::sign_off_of(conn, bid)?,
        current: current(conn, bid, &hash)?.is_some(),
        hash: hex::encode(hash),
        may_sign: bid.standing().may(Action::SignOff),
        may_request: bid.standing().may(Action::EditBid),
    })
}

/// The signature of the version with this hash, for rooms that hold the bid in a transaction.
///
/// # Errors
/// When the database fails.
pub fn current(conn: &mut Conn, bid: &Granted<BidKey>, hash: &[u8]) -> Result<Option<SignOff>> {
    let found = store::sign_off_of(conn, bid)?;
    Ok(found.filter(|sign_off| sign_off.state == SignOffState::Signed && sign_off.hash == hex::encode(hash)))
}

/// Asks the lead's signatories to sign what the full application says now.
///
/// # Errors
/// Policy's; `Conflict` when it is asked for or signed already, when there is no full application, or nobody to sign.
pub async fn request(app: &App, call: &Call, reference: String) -> Result<SignOffView> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::EditBid)?;
        let (heading, _, stage) = bids::service::writable_stage(conn, scene, &bid, Part::Nothing)?;
        if stage != Stage::Full {
            let message = "Only a full application is signed. This bid is an expression of interest.";
            return Err(AppError::conflict("not_to_be_signed", message));
        }
        void_if_changed(conn, scene, &bid)?;
        refuse_a_second_request(store::sign_off_of(conn, &bid)?)?;
        let asker = scene.actor.person().unwrap_or(heading.created_by);
        let asked = ask(conn, scene, &bid, &heading, asker)?;
        if letters::to_signatories(conn, scene, &heading, &asked, "sign-off-wanted")? == 0 {
            let message = "Your council has no signatory here. Its administrator can name the section 151 officer.";
            return Err(AppError::conflict("no_signatory", message));
        }
        view(conn, &bid)
    })
    .await
}

fn refuse_a_second_request(before: Option<SignOff>) -> Result<()> {
    match before.map(|before| before.state) {
        Some(SignOffState::Requested) => {
            let message = "The signatory has been asked already. The request holds for what the application says now.";
            Err(AppError::conflict("requested_already", message))
        }
        Some(SignOffState::Signed) => {
            Err(AppError::conflict("signed_already", "This version is signed already. There is nothing to ask for."))
        }
        Some(SignOffState::ChangesWanted | SignOffState::Void) | None => Ok(()),
    }
}

/// Puts a request in for what stands now.
fn ask(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, heading: &Bid, asker: Id<PersonKey>) -> Result<SignOff> {
    let hash = content::hash(conn, bid, Stage::Full)?;
    let id = scene.fresh();
    store::request(conn, bid, id, (heading.lead_id, &hash), (asker, scene.now))?;
    let hash = hex::encode(hash);
    scene.tell(conn, Chain::Bid(bid.id()), "sign_off.requested", json!({ "sign_off": id, "hash": hash }))?;
    Ok(SignOff {
        id,
        hash,
        state: SignOffState::Requested,
        requested_by: asker,
        requested_at: scene.now,
        person_id: None,
        answered_at: None,
        words: None,
    })
}

/// Signs the version with this hash, which must be what stands now.
///
/// # Errors
/// Policy's; `Forbidden` without a fresh code, or for whoever asked for the signature; `Conflict` when another version
/// stands (`version_changed`) or no signature is asked for (`not_requested`).
pub async fn sign(app: &App, call: &Call, reference: String, hash: String) -> Result<SignOffView> {
    call.write(app, move |conn, scene| {
        let (bid, signatory, asked) = to_answer(conn, scene, &reference)?;
        if asked.requested_by == signatory.person {
            let message = "You asked for this signature. A second person of your council must sign.";
            return Err(AppError::forbidden("second_person_needed", message));
        }
        let stands = standing_as_read(conn, &bid, &hash)?;
        let answer =
            Answer { state: SignOffState::Signed, hash: &stands, words: None, by: signatory.person, at: scene.now };
        answered(conn, scene, (&bid, &asked), &answer, ("sign_off.signed", "signed"))?;
        view(conn, &bid)
    })
    .await
}

/// Asks for changes, in words, before anything is signed.
///
/// # Errors
/// As [`sign`]; `Invalid` without words.
pub async fn ask_for_changes(app: &App, call: &Call, reference: String, words: String) -> Result<SignOffView> {
    call.write(app, move |conn, scene| {
        let (bid, signatory, asked) = to_answer(conn, scene, &reference)?;
        let missing = "Say which changes you want before you sign.";
        AppError::unless_empty(reason_fault("words", &words, missing).into_iter().collect())?;
        let stands = content::hash(conn, &bid, Stage::Full)?;
        let answer = Answer {
            state: SignOffState::ChangesWanted,
            hash: &stands,
            words: Some(words.trim()),
            by: signatory.person,
            at: scene.now,
        };
        answered(conn, scene, (&bid, &asked), &answer, ("sign_off.changes_wanted", "changes-wanted"))?;
        view(conn, &bid)
    })
    .await
}

/// What a signatory is asked to sign: only a person who has just entered a code may answer.
fn to_answer(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<(Granted<BidKey>, SignedIn, SignOff)> {
    let bid = granted(conn, scene, reference, Action::SignOff)?;
    let Actor::Person(signatory) = &scene.actor else {
        return Err(AppError::forbidden("person_needed", "A person signs, never a program."));
    };
    sessions::require_fresh(signatory, scene.now)?;
    match store::sign_off_of(conn, &bid)? {
        Some(asked) if asked.state == SignOffState::Requested => Ok((bid, signatory.clone(), asked)),
        Some(signed) if signed.state == SignOffState::Signed => {
            Err(AppError::conflict("signed_already", "The application is signed already."))
        }
        _ => {
            let message = "No signature is asked for now. Ask the people who write the bid to request one.";
            Err(AppError::conflict("not_requested", message))
        }
    }
}

/// The hash of what stands now, if it is the one that the signatory has read.
fn standing_as_read(conn: &mut Conn, bid: &Granted<BidKey>, read: &str) -> Result<Vec<u8>> {
    let stands = content::hash(conn, bid, Stage::Full)?;
    let now = hex::encode(&stands);
    let read = read.trim().to_ascii_lowercase();
    if read.len() != now.len() || hex::decode(&read).is_err() {
        let message = "Send the hash of the version that you read: 64 hexadecimal digits.";
        return Err(AppError::invalid("hash", "wrong_hash", message));
    }
    if read == now {
        return Ok(stands);
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
    if !store::answer_request(conn, bid, asked.id, answer)? {
        return Err(AppError::conflict("not_requested", "Somebody else has answered this request meanwhile."));
    }
    let heading = bids::store::load(conn, bid)?;
    let answered = SignOff {
        hash: hex::encode(answer.hash),
        state: answer.state,
        words: answer.words.map(str::to_owned),
        ..asked.clone()
    };
    letters::sign_off_answered(conn, scene, &heading, &answered, template)?;
    scene.tell(conn, Chain::Bid(bid.id()), event, json!({ "sign_off": asked.id, "hash": answered.hash }))
}

/// Makes a signature void when what was signed no longer stands: the signatories are told once and asked again. A request
/// that has no answer follows what stands. Says whether a signature became void.
///
/// # Errors
/// When the database fails.
pub fn void_if_changed(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<bool> {
    let Some(before) = store::sign_off_of(conn, bid)? else { return Ok(false) };
    let hash = content::hash(conn, bid, Stage::Full)?;
    let stands = hex::encode(&hash);
    match before.state {
        SignOffState::Requested if before.hash != stands => {
            store::request_for(conn, bid, before.id, &hash)?;
            Ok(false)
        }
        SignOffState::Signed if before.hash != stands => {
            store::make_void(conn, bid, before.id)?;
            let detail = json!({ "sign_off": before.id, "signed": before.hash, "stands": stands });
            scene.tell(conn, Chain::Bid(bid.id()), "sign_off.void", detail)?;
            ask_again(conn, scene, bid, &before)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

fn ask_again(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, before: &SignOff) -> Result<()> {
    let heading = bids::store::load(conn, bid)?;
    let asked = ask(conn, scene, bid, &heading, before.requested_by)?;
    letters::to_signatories(conn, scene, &heading, &asked, "sign-off-void").map(drop)
}

/// What a change of the partners brings: a signature becomes void at once, and whoever keeps approvals is told by a job.
///
/// # Errors
/// When the database fails.
pub(super) fn parts_changed(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<()> {
    void_if_changed(conn, scene, bid)?;
    bids::service::order_look(conn, scene, bid.id())
}
