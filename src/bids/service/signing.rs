//! Whose signature a bid waits for, for a council's own list of bids. The room of partnerships keeps the signatures.

use diesel::prelude::*;

use crate::{
    account::deputies::seat_of,
    bids::{content, terms::must_sign},
    clock::Moment,
    db::{Conn, schema::sign_offs},
    error::{AppError, Result},
    funds::{self, model::Round, rulebook::Stage},
    http::Scene,
    identity::{
        policy::{self, Action, Granted},
        store::organisations,
    },
    ids::{BidKey, Id, OrganisationKey, RowKey},
};

/// Whether a signature is asked for that is the caller's to give. Where full applications have closed, only what was asked for
/// since.
pub(super) fn is_to_sign(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>, closed: Option<Moment>) -> Result<bool> {
    let Some(person) = scene.actor.person() else { return Ok(false) };
    let asked: Vec<(Id<OrganisationKey>, Moment)> = sign_offs::table
        .filter(sign_offs::bid_id.eq(bid))
        .filter(sign_offs::state.eq("requested"))
        .filter(sign_offs::requested_by.ne(person))
        .select((sign_offs::organisation_id, sign_offs::requested_at))
        .load(conn)?;
    let since = |at: Moment| closed.is_none_or(|closed| at > closed);
    let asked: Vec<Id<OrganisationKey>> =
        asked.into_iter().filter(|(_, at)| since(*at)).map(|(council, _)| council).collect();
    if asked.is_empty() || policy::bid(conn, &scene.actor, Action::SignOff, bid).is_err() {
        return Ok(false);
    }
    for organisation in asked {
        if seat_of(conn, organisation, Some(person), scene.now.london_date())?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a signature is given of what a bid says, which other figures would make void.
pub(super) fn is_signed(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<bool> {
    let given = sign_offs::table.filter(sign_offs::bid_id.eq(bid.id())).filter(sign_offs::state.eq("signed"));
    let first: Option<Id<RowKey>> = given.select(sign_offs::id).first(conn).optional()?;
    Ok(first.is_some())
}

/// Over what something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over {
    /// The version that was read.
    pub version: i32,
    /// Whether a form saves itself, which nobody who writes in it has asked for.
    pub by_itself: bool,
}

/// Whoever saves a version wants it saved.
impl From<i32> for Over {
    fn from(version: i32) -> Self {
        Self { version, by_itself: false }
    }
}

impl Over {
    /// A form that saves itself makes no signature void that was given while it was open.
    ///
    /// # Errors
    /// `Conflict` with `signed_meanwhile`.
    pub(super) fn require_unsigned(self, conn: &mut Conn, (bid, stage): (&Granted<BidKey>, Stage)) -> Result<()> {
        if !self.by_itself || stage != Stage::Full || !is_signed(conn, bid)? {
            return Ok(());
        }
        let message = "Somebody has signed meanwhile. Select save to change it all the same.";
        Err(AppError::conflict("signed_meanwhile", message))
    }
}

/// Who must sign what a full application says now and has not, each in words that follow "by".
pub(super) fn unsigned(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>, round: &Round) -> Result<Vec<String>> {
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, bid)?;
    let content = content::current(conn, &granted, Stage::Full)?;
    let rules = funds::store::in_full(conn, round.clone())?.rulebook;
    let states: Vec<(Id<OrganisationKey>, String)> = sign_offs::table
        .filter(sign_offs::bid_id.eq(bid))
        .order((sign_offs::requested_at.desc(), sign_offs::id.desc()))
        .select((sign_offs::organisation_id, sign_offs::state))
        .load(conn)?;
    let mut unsigned = Vec::new();
    for party in must_sign(&content, &rules) {
        let has = |state: &str| states.iter().any(|(council, other)| *council == party.id && other == state);
        let newest = states.iter().find(|(council, _)| *council == party.id).map(|(_, state)| state.as_str());
        let said = match newest {
            _ if has("signed") => continue,
            _ if has("requested") => "asked",
            Some("changes_wanted") => "wants changes first",
            _ => "not asked yet",
        };
        let officer = organisations::by_id(conn, party.id)?.kind.finance_officer();
        unsigned.push(format!("the {officer} of {} ({said})", party.name));
    }
    Ok(unsigned)
}
