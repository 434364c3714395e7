//! Asking for signatures.

use chrono::NaiveDate;
use serde_json::json;

use super::{
    super::{
        letters,
        model::{SignOff, SignOffState},
        store,
    },
    answer::in_time,
    look::{SignOffView, view},
    void_if_changed,
};
use crate::{
    account::deputies::seats,
    bids::{
        self,
        content::{self, Content, Party, Sealed},
        terms::must_sign,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{reopening::Part, rulebook::Stage},
    http::{App, Call, Scene},
    identity::policy::{Action, Granted},
    ids::{BidKey, Id, OrganisationKey, PersonKey},
    partnerships::service::granted,
};

/// Asks the signatories of every council that must sign and has not to sign what the full application says now.
///
/// # Errors
/// Policy's; `Conflict` when they are asked or have signed already, when there is no full application, or nobody to sign.
pub async fn request(app: &App, call: &Call, reference: String) -> Result<SignOffView> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::EditBid)?;
        let (heading, round, stage) = bids::service::writable_stage(conn, scene, &bid, Part::Nothing)?;
        if stage != Stage::Full {
            let message = "Only a full application is signed. This bid is an expression of interest.";
            return Err(AppError::conflict("not_to_be_signed", message));
        }
        in_time(conn, scene, &bid, None)??;
        void_if_changed(conn, scene, &bid)?;
        let says = content::sealed(conn, &bid, Stage::Full)?;
        let must = must_sign(&says.content, &round.rulebook);
        let to_ask = to_ask(conn, &bid, &must)?;
        let able = able(conn, &says.content, &to_ask, scene.now.london_date())?;
        let asker = scene.actor.person().unwrap_or(heading.created_by);
        for party in able {
            let asked = ask(conn, scene, &bid, &says, (party.id, asker))?;
            letters::to_signatories(conn, scene, &heading, &asked, ("sign-off-wanted", &[]))?;
        }
        view(conn, scene, &bid)
    })
    .await
}

/// The councils that have neither signed nor been asked.
fn to_ask<'a>(conn: &mut Conn, bid: &Granted<BidKey>, must: &[&'a Party]) -> Result<Vec<&'a Party>> {
    let kept = store::of_bid(conn, bid)?;
    let is_in = |party: &Party, state| {
        kept.iter().any(|sign_off| sign_off.organisation_id == party.id && sign_off.state == state)
    };
    let answered = |party: &&&Party| is_in(party, SignOffState::Requested) || is_in(party, SignOffState::Signed);
    let to_ask: Vec<&Party> = must.iter().filter(|party| !answered(party)).copied().collect();
    if !to_ask.is_empty() {
        return Ok(to_ask);
    }
    if must.iter().any(|party| is_in(party, SignOffState::Requested)) {
        let message = "The signatory has been asked already. The request holds for what the application says now.";
        return Err(AppError::conflict("requested_already", message));
    }
    let message = "What is signed for has not changed since it was signed. There is nothing to ask for.";
    Err(AppError::conflict("signed_already", message))
}

/// Those of them that take part and have a signatory here.
fn able<'a>(conn: &mut Conn, content: &Content, to_ask: &[&'a Party], today: NaiveDate) -> Result<Vec<&'a Party>> {
    let undecided =
        |party: &Party| content.partners.iter().any(|partner| partner.organisation == *party && !partner.confirmed);
    let (undecided, confirmed): (Vec<&Party>, Vec<&Party>) = to_ask.iter().copied().partition(|party| undecided(party));
    let mut able = Vec::new();
    for party in &confirmed {
        if !seats(conn, party.id, today)?.is_empty() {
            able.push(*party);
        }
    }
    match (able.is_empty(), confirmed.is_empty()) {
        (false, _) => Ok(able),
        (true, false) => {
            let message = format!(
                "Nobody here can sign for {}. Its administrator can name the officer who does.",
                names(&confirmed)
            );
            Err(AppError::conflict("no_signatory", message))
        }
        (true, true) => {
            let message =
                format!("{} must confirm first that it takes part. Then its officer can sign.", names(&undecided));
            Err(AppError::conflict("not_confirmed", message))
        }
    }
}

fn names(parties: &[&Party]) -> String {
    parties.iter().map(|party| party.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Puts a request in for what is said.
pub(super) fn ask(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    says: &Sealed,
    (organisation, asker): (Id<OrganisationKey>, Id<PersonKey>),
) -> Result<SignOff> {
    let id = scene.fresh();
    store::request(conn, bid, (id, organisation), says, (asker, scene.now))?;
    let (hash, terms) = (hex::encode(&says.hash), hex::encode(&says.terms));
    let detail = json!({ "sign_off": id, "organisation": organisation, "hash": hash, "terms": terms });
    scene.tell(conn, Chain::Bid(bid.id()), "sign_off.requested", detail)?;
    Ok(SignOff {
        id,
        organisation_id: organisation,
        hash,
        terms: Some(terms),
        state: SignOffState::Requested,
        requested_by: asker,
        requested_at: scene.now,
        person_id: None,
        signed_for: None,
        answered_at: None,
        words: None,
    })
}
