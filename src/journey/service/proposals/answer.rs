//! Agreeing, refusing, taking back.

use serde::{Deserialize, Serialize};

use super::{
    case::Case,
    execute::execute,
    letters,
    look::{ProposalView, view},
    propose::{agreed, refuse as refuse_if, tell},
    sides::{Reader, known_bid, sides_of},
};
use crate::{
    db::Conn,
    error::{AppError, Fault, Result},
    http::{App, Call, Scene},
    ids::{Id, RowKey},
    journey::service::timers,
    partnerships::{
        model::reason_fault,
        proposals::{
            model::{Proposal, ProposalKind, ProposalState, Side},
            store,
        },
    },
};

/// What somebody says to a proposal.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgreementToPartnershipChange)]
pub struct Answering {
    /// The hash of the terms that were read, in hexadecimal digits: what is agreed to.
    pub seen: String,
}

/// Agrees for one's own side. With the last agreement it is done, in the same transaction.
///
/// # Errors
/// As policy says; `Changed` when it would come to other terms by now; `Conflict` when it is another's turn (`not_your_turn`),
/// when it is over (`not_open`), or with `cannot_be_done` and every reason.
pub async fn agree(
    app: &App,
    call: &Call,
    (reference, id): (String, Id<RowKey>),
    said: Answering,
) -> Result<ProposalView> {
    call.write(app, move |conn, scene| {
        let proposal = open(conn, scene, &reference, id)?;
        let own = sides_of(conn, scene, &proposal)?;
        if own.is_empty() {
            return Err(not_theirs());
        }
        scene.person_or("A person agrees for a council or the fund, never a program.")?;
        let case = Case::of(conn, scene, proposal)?;
        let awaited = case.awaited();
        let Some(side) = awaited.iter().copied().find(|side| own.contains(side)) else {
            if !case.has_stale_consent() {
                return Err(not_their_turn());
            }
            // The terms have changed under an earlier agreement, and whoever gave it has not heard yet that they are asked again.
            touch(conn, &case.proposal)?;
            go_on(conn, scene, &case)?;
            return shown(conn, scene, &case.proposal);
        };
        if said.seen.trim() != case.terms {
            return Err(AppError::Changed);
        }
        refuse_if(case.against(conn, scene)?)?;
        touch(conn, &case.proposal)?;
        agreed(conn, scene, &case, side)?;
        tell(conn, scene, &case, "partnership.agreed")?;
        let proposal = one(conn, &case.proposal)?;
        let now = Case::of(conn, scene, proposal)?;
        go_on(conn, scene, &now)?;
        shown(conn, scene, &case.proposal)
    })
    .await
}

fn not_theirs() -> AppError {
    let message =
        "Only people of the councils that are asked, and the fund's managers where they are, can answer this.";
    AppError::forbidden("not_allowed", message)
}

fn not_their_turn() -> AppError {
    let message = "You have agreed already, or others have to agree first. You are told when it is your turn.";
    AppError::conflict("not_your_turn", message)
}

/// Does it once nobody is waited for; otherwise asks those whose turn it is now and who were not asked. Whoever has agreed to
/// terms that are others now is among them.
pub(super) fn go_on(conn: &mut Conn, scene: &Scene, case: &Case) -> Result<()> {
    let awaited = case.awaited();
    if awaited.is_empty() {
        return execute(conn, scene, case);
    }
    for side in awaited {
        let before = case.consent(side);
        if before.is_some_and(|consent| consent.agreed_at.is_none()) {
            continue;
        }
        ask(conn, scene, case, (side, before.is_some()))?;
    }
    Ok(())
}

/// Asks a side for its agreement, or again.
pub(super) fn ask(conn: &mut Conn, scene: &Scene, case: &Case, (side, again): (Side, bool)) -> Result<()> {
    store::put_consent(conn, case.proposal.id, &case.asked(side, scene.now))?;
    letters::wanted(conn, scene, case, (side, again))
}

/// Says no, and why. Nothing of the bid has changed, and nobody is asked any more.
///
/// # Errors
/// As policy says; `Invalid` without a reason; `Conflict` for whoever proposed it, who takes it back, and when it is over.
pub async fn refuse(
    app: &App,
    call: &Call,
    (reference, id): (String, Id<RowKey>),
    reason: String,
) -> Result<ProposalView> {
    call.write(app, move |conn, scene| {
        let proposal = open(conn, scene, &reference, id)?;
        let own = sides_of(conn, scene, &proposal)?;
        let case = Case::of(conn, scene, proposal)?;
        let answers = |side: &Side| may_refuse(&case, *side);
        if !own.iter().any(answers) {
            return Err(not_theirs());
        }
        let missing = "Say why not. Whoever proposed it reads this.";
        AppError::unless_empty(reason_fault("reason", &reason, missing).into_iter().collect::<Vec<Fault>>())?;
        ends(conn, scene, &case, (ProposalState::Refused, Some(reason.trim())), "partnership.refused")
    })
    .await
}

/// Whether a side says no to a proposal rather than taking it back: everybody who is or was asked, but for whoever made it.
pub(super) fn may_refuse(case: &Case, side: Side) -> bool {
    case.proposer() != Some(side) && case.consent(side).is_some()
}

/// Whether somebody takes a proposal back who works for these organisations: whoever made it.
pub(super) fn may_take_back(case: &Case, own: &std::collections::BTreeSet<Side>, reader: Reader) -> bool {
    match case.proposal.kind {
        ProposalKind::Join => reader.asks,
        _ => case.proposer().is_some_and(|side| own.contains(&side)),
    }
}

/// Takes back: the proposal, where one's own side made it; otherwise that one's side has agreed, so that it is asked again.
///
/// # Errors
/// As policy says; `Conflict` when there is nothing to take back, and when it is over.
pub async fn take_back(app: &App, call: &Call, (reference, id): (String, Id<RowKey>)) -> Result<ProposalView> {
    call.write(app, move |conn, scene| {
        let proposal = open(conn, scene, &reference, id)?;
        let own = sides_of(conn, scene, &proposal)?;
        let reader = Reader::of(conn, scene, &proposal)?;
        let case = Case::of(conn, scene, proposal)?;
        if may_take_back(&case, &own, reader) {
            return ends(conn, scene, &case, (ProposalState::TakenBack, None), "partnership.taken_back");
        }
        if own.is_empty() {
            return Err(not_theirs());
        }
        let given = |side: &&Side| case.consent(**side).is_some_and(|consent| consent.agreed_at.is_some());
        let Some(side) = own.iter().find(given).copied() else {
            let message = "You have not agreed to this, so there is nothing to take back.";
            return Err(AppError::conflict("not_agreed", message));
        };
        touch(conn, &case.proposal)?;
        store::put_consent(conn, case.proposal.id, &case.asked(side, scene.now))?;
        tell(conn, scene, &case, "partnership.agreement_taken_back")?;
        letters::agreement_taken_back(conn, scene, &case, side)?;
        shown(conn, scene, &case.proposal)
    })
    .await
}

fn ends(
    conn: &mut Conn,
    scene: &Scene,
    case: &Case,
    (state, why): (ProposalState, Option<&str>),
    event: &'static str,
) -> Result<ProposalView> {
    if !store::end(conn, case.proposal.id, (state, why), scene.now)? {
        return Err(AppError::Stale { current: case.proposal.version });
    }
    tell(conn, scene, case, event)?;
    letters::ended(conn, scene, case, (state, why.unwrap_or_default()))?;
    shown(conn, scene, &case.proposal)
}

/// An open proposal that the actor may know of. Whatever became due meanwhile is recorded first, so that nobody agrees to
/// something that is over.
fn open(conn: &mut Conn, scene: &Scene, reference: &str, id: Id<RowKey>) -> Result<Proposal> {
    let bid = known_bid(conn, scene, reference)?;
    let proposal = store::one(conn, bid, id)?;
    view(conn, scene, proposal.clone())?.ok_or(AppError::NotFound)?;
    for bid in std::iter::once(proposal.bid_id).chain(proposal.other_bid_id) {
        timers::catch_up(conn, scene, bid)?;
    }
    let proposal = one(conn, &proposal)?;
    if proposal.is_open() {
        return Ok(proposal);
    }
    let message = match proposal.state {
        ProposalState::Done => "Everybody has agreed already, and it is done.",
        ProposalState::Refused => "It was refused, so that nobody is asked any more.",
        ProposalState::TakenBack => "It was taken back, so that nobody is asked any more.",
        _ => "It cannot be done any more, so that nobody is asked.",
    };
    Err(AppError::conflict("not_open", message))
}

fn one(conn: &mut Conn, proposal: &Proposal) -> Result<Proposal> {
    store::one(conn, proposal.bid_id, proposal.id)
}

fn touch(conn: &mut Conn, proposal: &Proposal) -> Result<()> {
    if store::touch(conn, proposal)? { Ok(()) } else { Err(AppError::Stale { current: proposal.version }) }
}

/// What stands now. Whoever took part in it until now may still read how it ended.
fn shown(conn: &mut Conn, scene: &Scene, proposal: &Proposal) -> Result<ProposalView> {
    let proposal = one(conn, proposal)?;
    if proposal.is_open() {
        return view(conn, scene, proposal)?.ok_or(AppError::NotFound);
    }
    super::look::as_it_is(conn, proposal)
}
