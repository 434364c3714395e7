//! Signing, and asking for changes first.

use serde_json::json;

use super::{
    super::{
        letters,
        model::{ChangesWanted, SignOff, SignOffState, Signing},
        store::{self, Answer},
    },
    look::{SignOffView, view},
    rules_of,
};
use crate::{
    account::deputies::{Seat, seat_of},
    actor::Actor,
    bids::{
        self,
        content::{self, Party, Sealed},
        terms::must_sign,
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{self, rulebook::Stage},
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
        let (bid, seat, asked) = to_answer(conn, scene, &reference, signing.organisation)?;
        if seat.is(asked.requested_by) {
            let message = "You asked for this signature. A second person of your council must sign.";
            return Err(AppError::forbidden("second_person_needed", message));
        }
        in_time(conn, scene, &bid, Some(asked.requested_at))??;
        let says = standing_as_read(conn, &bid, &signing.hash)?;
        let answer = answer_of(&seat, SignOffState::Signed, (&says, None), scene.now);
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
        let (bid, seat, asked) = to_answer(conn, scene, &reference, wanted.organisation)?;
        let missing = "Say which changes you want before you sign.";
        AppError::unless_empty(reason_fault("words", &wanted.words, missing).into_iter().collect())?;
        let says = content::sealed(conn, &bid, Stage::Full)?;
        let answer = answer_of(&seat, SignOffState::ChangesWanted, (&says, Some(wanted.words.trim())), scene.now);
        answered(conn, scene, (&bid, &asked), &answer, ("sign_off.changes_wanted", "changes-wanted"))?;
        view(conn, scene, &bid)
    })
    .await
}

/// Once full applications have closed for a bid, nothing that was asked for before can be submitted any more. The request stays, for
/// the bid may still get more time. What is asked for later is a signature of whoever leads or joins what was submitted in time.
pub(super) fn in_time(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    asked_at: Option<Moment>,
) -> Result<Result<()>> {
    let known = bids::store::load(conn, bid)?;
    let timetable = funds::store::timetable_of(conn, known.round_id, bid.id())?;
    let closed = timetable.closes(Stage::Full).filter(|closes| scene.now > *closes);
    Ok(match closed {
        Some(closed) if asked_at.is_none_or(|asked| asked <= closed) => Err(AppError::conflict(
            "deadline_passed",
            format!(
                "Full applications closed at {}, so that what is signed could not be submitted. What was submitted in time stands.",
                closed.in_words()
            ),
        )),
        Some(_) | None => Ok(()),
    })
}

/// What somebody says who signs in their own place or in that of a signatory.
fn answer_of<'a>(
    seat: &Seat,
    state: SignOffState,
    (says, words): (&'a Sealed, Option<&'a str>),
    at: Moment,
) -> Answer<'a> {
    let in_place_of = seat.principal.as_ref().map(|principal| principal.id);
    Answer { state, says, words, by: seat.person.id, in_place_of, at }
}

/// What a signatory is asked to sign, for the council that is named or else for the first of theirs that is asked: only a
/// person who has just entered a code may answer.
fn to_answer(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    organisation: Option<Id<OrganisationKey>>,
) -> Result<(Granted<BidKey>, Seat, SignOff)> {
    let bid = granted(conn, scene, reference, Action::SignOff)?;
    let Actor::Person(signatory) = &scene.actor else {
        return Err(AppError::forbidden("person_needed", "A person signs, never a program."));
    };
    sessions::require_fresh(signatory, scene.now)?;
    let own = own(conn, scene, &bid, organisation)?;
    let kept = store::of_bid(conn, &bid)?;
    let found = |state| {
        kept.iter().filter(|sign_off| sign_off.state == state).find_map(|sign_off| {
            let (_, seat) = own.iter().find(|(council, _)| *council == sign_off.organisation_id)?;
            Some((seat.clone(), sign_off.clone()))
        })
    };
    if let Some((seat, asked)) = found(SignOffState::Requested) {
        return Ok((bid, seat, asked));
    }
    if found(SignOffState::Signed).is_some() {
        return Err(AppError::conflict("signed_already", "The application is signed already."));
    }
    let message = "No signature is asked for now. Ask the people who write the bid to request one.";
    Err(AppError::conflict("not_requested", message))
}

/// The councils for which somebody signs today of those that must sign; a partner confirms before it signs.
fn own(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    named: Option<Id<OrganisationKey>>,
) -> Result<Vec<(Id<OrganisationKey>, Seat)>> {
    let content = content::current(conn, bid, Stage::Full)?;
    let rules = rules_of(conn, bid)?;
    let undecided = |id| content.partners.iter().any(|partner| partner.organisation.id == id && !partner.confirmed);
    let meant = |party: &&Party| named.is_none_or(|named| named == party.id) && !undecided(party.id);
    let mut own = Vec::new();
    for party in must_sign(&content, &rules).into_iter().filter(meant) {
        let seat = seat_of(conn, party.id, scene.actor.person(), scene.now.london_date())?;
        own.extend(seat.map(|seat| (party.id, seat)));
    }
    if own.is_empty() {
        let message = "Only an officer of a council whose signature the round asks for can sign, and only for that council; a \
                       deputy can on the days for which they were named.";
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
    let detail = json!({
        "sign_off": asked.id, "organisation": asked.organisation_id, "hash": hash, "terms": terms,
        "in_place_of": answer.in_place_of,
    });
    let words = answer.words.map(str::to_owned);
    let answered = SignOff { hash, terms: Some(terms), state: answer.state, words, ..asked.clone() };
    letters::answered(conn, scene, &heading, &answered, template)?;
    scene.tell(conn, Chain::Bid(bid.id()), event, detail)
}
