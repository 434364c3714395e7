//! Looking at what is to be signed, who has signed it, and what has changed since.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    super::{
        model::{SignOff, SignOffState},
        store,
    },
    answer::in_time,
    rules_of,
};
use crate::{
    account::deputies::seat_of,
    bids::{
        self,
        content::{self, Content, Party, Sealed},
        model::open_stage,
        reading::{self, Difference},
        terms::must_sign,
    },
    clock::Moment,
    db::{Conn, schema::people},
    error::Result,
    funds::{
        self,
        rulebook::{Rulebook, Stage},
    },
    http::{App, Call, Scene},
    identity::{
        policy::{Action, Granted},
        store::organisations,
    },
    ids::{BidKey, Id, PersonKey, RowKey},
    partnerships::service::{granted, granted_to_its_councils, is_of_its_councils},
};

/// What is signed, and where the signatures stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignOffView {
    /// What the full application says now.
    pub content: Content,
    /// The phase bid for, as the round names it.
    pub phase: Option<String>,
    /// The hash of what it says, in hexadecimal digits: the caller signs this.
    pub hash: String,
    /// The hash of the terms in it: as long as they stand, a signature does.
    pub terms: String,
    /// The signatures that the round asks for, the lead's first.
    pub signatures: Vec<Signature>,
    /// Whether every one of them stands.
    pub current: bool,
    /// Whether the caller may ask for signatures.
    pub may_request: bool,
    /// Whether the caller may read and print what was signed.
    #[serde(default)]
    pub may_print: bool,
}

/// Where a council's signature stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Signature {
    /// The council.
    pub organisation: Party,
    /// What the officer is called who signs for it.
    pub officer: String,
    /// The request or signature that counts.
    pub sign_off: Option<SignOff>,
    /// Whether the terms that stand now are signed.
    pub stands: bool,
    /// Who has answered.
    pub answered_by: Option<String>,
    /// In whose place, if it was a deputy.
    pub in_place_of: Option<String>,
    /// What has changed since it was signed and lets it stand.
    pub changed: Vec<Difference>,
    /// Whether the caller is asked to sign.
    pub may_sign: bool,
}

impl SignOffView {
    /// The signatures that do not stand.
    pub fn waiting(&self) -> impl Iterator<Item = &Signature> {
        self.signatures.iter().filter(|signature| !signature.stands)
    }
}

impl Signature {
    /// Whether the council's signatories have been asked and have not answered.
    pub fn is_asked(&self) -> bool {
        self.sign_off.as_ref().is_some_and(|sign_off| sign_off.state == SignOffState::Requested)
    }
}

/// What is to be signed and where the signatures stand, for the councils of the bid.
///
/// # Errors
/// Policy's.
pub async fn sign_off(app: &App, call: &Call, reference: String) -> Result<SignOffView> {
    call.read(app, move |conn, scene| {
        let bid = granted_to_its_councils(conn, scene, &reference)?;
        view(conn, scene, &bid)
    })
    .await
}

pub(super) fn view(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<SignOffView> {
    let now = content::sealed(conn, bid, Stage::Full)?;
    let rules = rules_of(conn, bid)?;
    let signatures = signatures_of_now(conn, scene, bid, (&now, &rules))?;
    let to_ask = signatures.iter().any(|signature| !signature.stands && !signature.is_asked());
    let to_ask = to_ask && in_time(conn, scene, bid, None)?.is_ok();
    let phase = now.content.phase.as_deref().and_then(|phase| rules.phase(phase));
    Ok(SignOffView {
        phase: phase.map(|phase| phase.name.clone()),
        hash: hex::encode(&now.hash),
        terms: hex::encode(&now.terms),
        current: signatures.iter().all(|signature| signature.stands),
        signatures,
        may_request: to_ask && bid.standing().may(Action::EditBid),
        may_print: is_of_its_councils(bid) && bid.standing().may(Action::ReadHistory),
        content: now.content,
    })
}

/// Who has signed and who has not: for what the full application says while its councils write it, otherwise for the version
/// that stands, until it was submitted. Its councils read it, and staff once it is submitted.
///
/// # Errors
/// Policy's.
pub async fn signatures(app: &App, call: &Call, reference: String) -> Result<Vec<Signature>> {
    call.read(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ReadHistory)?;
        let rules = rules_of(conn, &bid)?;
        if is_being_written(conn, &bid)? && is_of_its_councils(&bid) {
            let now = content::sealed(conn, &bid, Stage::Full)?;
            return signatures_of_now(conn, scene, &bid, (&now, &rules));
        }
        let Some(stood) = content::standing(conn, &bid, Stage::Full)? else { return Ok(Vec::new()) };
        let (submitted_at, _) = bids::store::submitted(conn, &bid, Stage::Full)?;
        signatures_beside(conn, &bid, (&Sealed::of(stood)?, &rules), Some(submitted_at))
    })
    .await
}

/// The signatures of a text that is kept, as they were given of its terms, whatever became of them since; for papers. Of a version
/// those alone that were given until it was submitted.
///
/// # Errors
/// When the database fails.
pub(in crate::partnerships) fn signatures_beside(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (says, rules): (&Sealed, &Rulebook),
    until: Option<Moment>,
) -> Result<Vec<Signature>> {
    let mut all = store::all_of_bid(conn, bid)?;
    all.retain(|sign_off| until.is_none_or(|until| sign_off.answered_at.is_some_and(|at| at <= until)));
    let mut signatures = Vec::new();
    for party in must_sign(&says.content, rules) {
        let signed = once_signed(&all, party, says)?;
        let stands = signed.is_some();
        signatures.push(signature(conn, bid, (party, signed, stands), (says, rules))?);
    }
    Ok(signatures)
}

/// What was signed once, whatever became of it since, with its text: a request and a wish for changes are signatures of nothing.
///
/// # Errors
/// When the database fails.
pub(in crate::partnerships) fn signed(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
) -> Result<Option<(SignOff, String)>> {
    let Some(sign_off) = store::all_of_bid(conn, bid)?.into_iter().find(|one| one.id == id) else { return Ok(None) };
    Ok(store::signed_text(conn, bid, id)?.map(|text| (sign_off, text)))
}

/// One signature of a text that is kept.
///
/// # Errors
/// When the database fails.
pub(in crate::partnerships) fn of_sign_off(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    sign_off: &SignOff,
    (says, rules): (&Sealed, &Rulebook),
) -> Result<Signature> {
    let party = content::party(conn, sign_off.organisation_id)?;
    let stands = sign_off.is_of(says)?;
    signature(conn, bid, (&party, Some(sign_off.clone()), stands), (says, rules))
}

/// A council's signature of these terms, whatever became of it since.
fn once_signed(all: &[SignOff], party: &Party, says: &Sealed) -> Result<Option<SignOff>> {
    for sign_off in all.iter().filter(|sign_off| sign_off.organisation_id == party.id && sign_off.answered_at.is_some())
    {
        if sign_off.is_of(says)? {
            return Ok(Some(sign_off.clone()));
        }
    }
    Ok(None)
}

/// Whether a signature still holds: of what is said now while the full application is written, otherwise of what was submitted.
///
/// # Errors
/// When the database fails.
pub(in crate::partnerships) fn holds(conn: &mut Conn, bid: &Granted<BidKey>, sign_off: &SignOff) -> Result<bool> {
    if is_being_written(conn, bid)? {
        return sign_off.covers(&content::sealed(conn, bid, Stage::Full)?);
    }
    Ok(sign_off.state == SignOffState::Signed)
}

fn is_being_written(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<bool> {
    let heading = bids::store::load(conn, bid)?;
    let definition = funds::store::workflow(conn, heading.workflow_id)?;
    Ok(open_stage(&definition, &heading.state) == Some(Stage::Full))
}

/// Where the signatures stand that the round asks for under what is said now.
pub(in crate::partnerships) fn signatures_of_now(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    (now, rules): (&Sealed, &Rulebook),
) -> Result<Vec<Signature>> {
    let kept = store::of_bid(conn, bid)?;
    let mut signatures = Vec::new();
    for party in must_sign(&now.content, rules) {
        let sign_off = kept.iter().find(|sign_off| sign_off.organisation_id == party.id).cloned();
        let stands = sign_off.as_ref().map(|sign_off| sign_off.covers(now)).transpose()?.unwrap_or(false);
        let mut signature = signature(conn, bid, (party, sign_off, stands), (now, rules))?;
        let confirmed = !now.content.partners.iter().any(|one| one.organisation == *party && !one.confirmed);
        signature.may_sign = confirmed
            && signature.is_asked()
            && bid.standing().may(Action::SignOff)
            && seat_of(conn, party.id, scene.actor.person(), scene.now.london_date())?.is_some()
            && in_time(conn, scene, bid, signature.sign_off.as_ref().map(|asked| asked.requested_at))?.is_ok();
        signatures.push(signature);
    }
    Ok(signatures)
}

fn signature(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (party, sign_off, stands): (&Party, Option<SignOff>, bool),
    (says, rules): (&Sealed, &Rulebook),
) -> Result<Signature> {
    Ok(Signature {
        organisation: party.clone(),
        officer: organisations::by_id(conn, party.id)?.kind.finance_officer().into(),
        answered_by: name_of(conn, sign_off.as_ref().and_then(|sign_off| sign_off.person_id))?,
        in_place_of: name_of(conn, sign_off.as_ref().and_then(|sign_off| sign_off.signed_for))?,
        changed: if stands { changed(conn, bid, sign_off.as_ref(), (says, rules))? } else { Vec::new() },
        sign_off,
        stands,
        may_sign: false,
    })
}

fn name_of(conn: &mut Conn, person: Option<Id<PersonKey>>) -> Result<Option<String>> {
    let Some(person) = person else { return Ok(None) };
    Ok(people::table.find(person).select(people::name).first(conn).optional()?)
}

/// What has changed since something was signed.
fn changed(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    signed: Option<&SignOff>,
    (now, rules): (&Sealed, &Rulebook),
) -> Result<Vec<Difference>> {
    let text = signed.map(|signed| store::signed_text(conn, bid, signed.id)).transpose()?.flatten();
    let Some(text) = text.filter(|text| *text != now.text) else { return Ok(Vec::new()) };
    Ok(reading::differences(&serde_json::from_str(&text)?, &now.content, rules))
}

/// Whether every signature stands that the round asks for, for rooms that hold the bid in a transaction.
///
/// # Errors
/// When the database fails.
pub fn all_signed(conn: &mut Conn, bid: &Granted<BidKey>, rules: &Rulebook, now: &Sealed) -> Result<bool> {
    Ok(unsigned(conn, bid, rules, now)?.is_empty())
}

/// The councils that have not signed what is said now and must, whether or not they are asked, for rooms that hold the bid in a
/// transaction.
///
/// # Errors
/// When the database fails.
pub fn unsigned(conn: &mut Conn, bid: &Granted<BidKey>, rules: &Rulebook, now: &Sealed) -> Result<Vec<Party>> {
    let kept = store::of_bid(conn, bid)?;
    let mut unsigned = Vec::new();
    for party in must_sign(&now.content, rules) {
        let signed = kept.iter().find(|sign_off| sign_off.organisation_id == party.id);
        if !signed.map(|sign_off| sign_off.covers(now)).transpose()?.unwrap_or(false) {
            unsigned.push(party.clone());
        }
    }
    Ok(unsigned)
}
