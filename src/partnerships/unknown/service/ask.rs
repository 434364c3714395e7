//! What the lead authority does: wants an organisation as a partner that is not in the list, and takes that back.

use serde_json::json;

use crate::{
    bids,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{self, model::Fund},
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::organisations,
    },
    ids::{FundKey, Id, PersonKey, RowKey},
    partnerships::{
        service::{granted, granted_to_its_councils, refuse_when_closed},
        unknown::{
            letters,
            model::{NewOrganisation, RequestState, Said, Unchecked, UnknownInvitation},
            store,
        },
    },
};

/// Asks the fund to check an organisation, so that it can be a partner of the bid. Where another bid waits for the same address,
/// both wait for one check: each reads what it said itself, and the fund's managers read both. Whoever reads mail there and the
/// fund's managers are told.
///
/// # Errors
/// Policy's; `Invalid` with every fault, and for a name that is in the list; `Conflict` when this bid waits for it already, or
/// nobody joins any more.
pub async fn ask(app: &App, call: &Call, reference: String, wish: UnknownInvitation) -> Result<Unchecked> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ManagePartners)?;
        AppError::unless_empty(wish.faults())?;
        refuse_when_closed(conn, scene, &bid)?;
        let wanted = wish.organisation.tidy();
        refuse_known(conn, &wanted)?;
        let heading = bids::store::load(conn, &bid)?;
        let by = scene.actor.person().unwrap_or(heading.created_by);
        let round = funds::store::round_by_id(conn, heading.round_id)?;
        let fund = funds::store::in_full(conn, round)?.fund;
        let known = store::waiting_for(conn, fund.id, &wanted.contact_email)?;
        let request = match known {
            Some(request) => request,
            None => put_in(conn, scene, &fund, (&wanted, by))?,
        };
        if store::unchecked_of(conn, &bid)?.iter().any(|unchecked| unchecked.id == request) {
            let message = format!("The fund team has been asked to check {} already.", wanted.contact_email);
            return Err(AppError::conflict("asked_already", message));
        }
        store::insert_bid(conn, &bid, request, (&wish.terms, &Said::from(&wanted)), (by, scene.now))?;
        letters::wanted(conn, scene, (&heading, &fund), (request, &wanted))?;
        scene.tell(conn, Chain::Bid(bid.id()), "partner.unknown_wanted", json!({ "request": request }))?;
        let all = store::unchecked_of(conn, &bid)?;
        all.into_iter().find(|unchecked| unchecked.id == request).ok_or(AppError::NotFound)
    })
    .await
}

/// What is in the list is invited from there, so that its own people answer.
fn refuse_known(conn: &mut Conn, wanted: &NewOrganisation) -> Result<()> {
    let Some(known) = organisations::find(conn, &wanted.name)? else { return Ok(()) };
    let message = format!("{} ({}) is in the list. Invite it from there.", known.name, known.code);
    Err(AppError::invalid("organisation/name", "known_organisation", message))
}

fn put_in(
    conn: &mut Conn,
    scene: &Scene,
    fund: &Fund,
    (wanted, by): (&NewOrganisation, Id<PersonKey>),
) -> Result<Id<RowKey>> {
    let id = scene.fresh();
    store::insert(conn, (id, fund.id), wanted, (by, scene.now))?;
    letters::to_check(conn, scene, fund, (id, wanted))?;
    scene.tell(conn, Chain::Fund(fund.id), "organisation_request.made", json!({ "request": id }))?;
    Ok(id)
}

/// Lets the bid wait for it no longer. Where no other bid waits, nobody checks it any more.
///
/// # Errors
/// Policy's; `NotFound` when the bid does not wait for it.
pub async fn take_back(app: &App, call: &Call, reference: String, request: Id<RowKey>) -> Result<Unchecked> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ManagePartners)?;
        let waiting = store::unchecked_of(conn, &bid)?.into_iter().find(|unchecked| unchecked.id == request);
        let gone = waiting.ok_or(AppError::NotFound)?;
        store::remove_bid(conn, &bid, request)?;
        if !store::is_wanted(conn, request)? {
            store::answer(conn, request, (RequestState::TakenBack, scene.now), (None, None))?;
        }
        scene.tell(conn, Chain::Bid(bid.id()), "partner.unknown_taken_back", json!({ "request": request }))?;
        Ok(gone)
    })
    .await
}

/// What a bid waits for, for its own councils; nothing for everybody else who may read it.
///
/// # Errors
/// Policy's.
pub async fn unchecked(app: &App, call: &Call, reference: String) -> Result<Vec<Unchecked>> {
    call.read(app, move |conn, scene| match granted_to_its_councils(conn, scene, &reference) {
        Ok(bid) => store::unchecked_of(conn, &bid),
        Err(AppError::NotFound) => granted(conn, scene, &reference, Action::ReadBid).map(|_seen| Vec::new()),
        Err(other) => Err(other),
    })
    .await
}

/// Policy's yes to check the organisations of a fund, and the fund; an unknown one answers as a hidden one does.
pub(super) fn may_check(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<FundKey>, Fund)> {
    let fund = funds::store::fund_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    Ok((policy::fund(conn, &scene.actor, Action::CheckOrganisation, fund.id)?, fund))
}
