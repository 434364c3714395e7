//! What decisions go by where a round has rules of the list: the list of record. Whoever decides otherwise says why, and what only
//! limits the awards limits them here too, whatever somebody says.

use std::collections::BTreeMap;

use super::{
    model::{Choice, ListedBid, OnList},
    rules::Awarded,
    service::{attributes, basis},
    store,
};
use crate::{
    actor::Actor,
    assessment::money_rule::Suggestion,
    awards::{
        model::{Decision, Gate, NewDecision, Terms, awarding},
        service::is_withheld,
        store as decisions,
    },
    db::Conn,
    error::{AppError, Result},
    funds::{self, assessing::most_in_words, model::RoundInFull},
    http::Scene,
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RoundKey},
};

/// The newest list of record of a round, as decisions are held against it. It is over all bids: nobody hears of it who has a
/// conflict of interest with one of them.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its number.
    pub number: i32,
    order: Vec<Id<BidKey>>,
    bids: BTreeMap<Id<BidKey>, (OnList, Option<String>)>,
}

impl Standing {
    fn of(number: i32, ids: &BTreeMap<String, Id<BidKey>>, list: Choice) -> Self {
        let of = |bid: ListedBid| {
            let id = ids.get(&bid.bid).copied()?;
            Some((id, (bid.list.unwrap_or(OnList::Decline), bid.reason)))
        };
        let bids: Vec<_> = list.bids.into_iter().filter_map(of).collect();
        Self { number, order: bids.iter().map(|(id, _)| *id).collect(), bids: bids.into_iter().collect() }
    }

    /// Where it has a bid. What came after it was made is not on it.
    pub fn on(&self, bid: Id<BidKey>) -> OnList {
        self.bids.get(&bid).map_or(OnList::Decline, |(on, _)| *on)
    }

    /// Why the bid does not stand there as the ranking says.
    pub fn reason(&self, bid: Id<BidKey>) -> Option<&str> {
        self.bids.get(&bid)?.1.as_deref()
    }

    /// What it suggests.
    pub fn suggestion(&self) -> Suggestion {
        let on = |wanted: OnList| self.order.iter().copied().filter(|bid| self.on(*bid) == wanted).collect();
        Suggestion { funded: on(OnList::Fund), reserve: on(OnList::Reserve), rest: on(OnList::Decline) }
    }

    /// Whether a decision is not what it says.
    fn is_against(&self, bid: Id<BidKey>, funded: bool) -> bool {
        (self.on(bid) == OnList::Fund) != funded
    }
}

/// The newest list of record.
///
/// # Errors
/// When the database fails.
pub fn standing(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Option<Standing>> {
    let Some(row) = store::find(conn, round, None)? else { return Ok(None) };
    let ids = row.basis()?.bids.into_iter().map(|bid| (bid.reference, bid.id)).collect();
    Ok(Some(Standing::of(row.number, &ids, row.choice()?)))
}

/// Whether ranking, rules, budget or bids are no longer those that the newest list of record was made of.
///
/// # Errors
/// When the database fails.
pub fn is_outdated(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<bool> {
    let Some(row) = store::find(conn, round, None)? else { return Ok(false) };
    let full = funds::store::round_by_id(conn, round.id())?;
    let full = funds::store::in_full(conn, full)?;
    Ok(basis(conn, round, &full)?.as_ref() != Some(&row.basis()?))
}

/// A round whose awards are chosen within rules.
struct Ruled {
    granted: Granted<RoundKey>,
    full: RoundInFull,
}

impl Ruled {
    fn of(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<Self>> {
        let full = funds::store::round_by_id(conn, round)?;
        let full = funds::store::in_full(conn, full)?;
        if !full.rulebook.assessment.rules_the_list() {
            return Ok(None);
        }
        let granted = policy::round(conn, &Actor::System, Action::ListBids, round)?;
        Ok(Some(Self { granted, full }))
    }
}

/// The decision with the reason that the list of record gives, where it follows that list and says none of its own. Who does not
/// see every bid of the round, or reads one blind, decides without the list, and a list that is outdated lends its reasons to
/// nobody.
///
/// # Errors
/// When the database fails.
pub fn explained(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, new: NewDecision) -> Result<NewDecision> {
    if new.gate != Gate::Award || new.terms.reason.is_some() {
        return Ok(new);
    }
    let round = decisions::stakes(conn, bid)?.round_id;
    let sight = policy::sight(conn, &scene.actor)?;
    let Some(ruled) = Ruled::of(conn, round)? else { return Ok(new) };
    if is_withheld(conn, round, &sight)? {
        return Ok(new);
    }
    let standing = standing(conn, &ruled.granted)?.filter(|list| !list.is_against(bid.id(), new.awards));
    let reason = standing.and_then(|list| list.reason(bid.id()).map(str::to_owned));
    // Few bids have one, and whether the list is outdated follows from every bid of the round: that is read for these few alone.
    if reason.is_none() || is_outdated(conn, &ruled.granted)? {
        return Ok(new);
    }
    Ok(NewDecision { terms: Terms { reason, ..new.terms.clone() }, ..new })
}

/// Refuses an award in a round with rules of the list to whoever does not see every bid of it: whether a rule allows it would tell
/// them what is decided on the others. So would the money that is left, which is asked for afterwards.
///
/// # Errors
/// `Conflict` for such a person, whatever is decided.
pub fn refuse_unseeing(conn: &mut Conn, round: Id<RoundKey>, new: &NewDecision, withheld: bool) -> Result<()> {
    if !withheld || !new.awards || Ruled::of(conn, round)?.is_none() {
        return Ok(());
    }
    let message = "You have a conflict of interest with a bid of this round, and its rules hold awards against each other. Ask a \
                   colleague to decide on this one.";
    Err(AppError::conflict("conflict_of_interest", message))
}

/// Holds a decision about money against the rules of the list and against the list of record. `others` are the decisions on the
/// other bids; `withheld` says that whoever decides does not see all of them or reads one blind, and hears of no list.
///
/// # Errors
/// `Conflict` where the awards would break what limits them; `Invalid` where the list says otherwise and no reason is given.
pub fn check(
    conn: &mut Conn,
    round: Id<RoundKey>,
    bid: Id<BidKey>,
    new: &NewDecision,
    (others, withheld): (&[Decision], bool),
) -> Result<()> {
    let Some(ruled) = Ruled::of(conn, round)? else { return Ok(()) };
    if new.awards {
        let broken = broken(conn, &ruled, (bid, new), others)?;
        refuse(&broken)?;
    }
    if withheld || new.gate != Gate::Award || new.terms.reason.is_some() {
        return Ok(());
    }
    match standing(conn, &ruled.granted)? {
        Some(list) if list.is_against(bid, new.awards) => {
            let message = format!(
                "The list of record {} says otherwise. Say why you depart from it: the reason is published.",
                list.number
            );
            Err(AppError::invalid("reason", "missing", message))
        }
        _ => Ok(()),
    }
}

fn refuse(broken: &[String]) -> Result<()> {
    if broken.is_empty() {
        return Ok(());
    }
    let message = format!("The rules of the round do not allow this award beside the others: {}.", broken.join("; "));
    Err(AppError::conflict("rules_broken", message))
}

/// What an award would break beside the others. What a list must have at least, or together, shows only once all is decided, and
/// is the list's to keep.
fn broken(
    conn: &mut Conn,
    ruled: &Ruled,
    (bid, new): (Id<BidKey>, &NewDecision),
    others: &[Decision],
) -> Result<Vec<String>> {
    let rules = &ruled.full.rulebook.assessment;
    let attributes = attributes(conn, &ruled.granted, &ruled.full.rulebook)?;
    let nothing = BTreeMap::new();
    let awards = awarding(others).into_iter().filter_map(|other| Some((other.bid_id, other.amount_pence?)));
    let awards = awards.chain(new.terms.amount_pence.map(|amount| (bid, amount)));
    let awarded: Vec<Awarded<'_>> =
        awards.map(|(bid, amount)| Awarded { is: attributes.get(&bid).unwrap_or(&nothing), amount }).collect();
    let count = u32::try_from(awarded.len()).unwrap_or(u32::MAX);
    let most = rules.most_awards.filter(|most| count > *most).map(most_in_words);
    let limits = rules.portfolio.iter().filter(|rule| rule.only_limits() && !rule.is_kept(&awarded, &[]));
    Ok(most.into_iter().chain(limits.map(|rule| rule.in_words())).collect())
}

/// Of these decisions about money, those that are against the list of record and have no reason, by bid. What is out already
/// stands as it is.
///
/// # Errors
/// When the database fails.
pub fn unexplained<'a>(
    conn: &mut Conn,
    round: Id<RoundKey>,
    made: impl Iterator<Item = &'a Decision>,
) -> Result<Vec<Id<BidKey>>> {
    let Some(ruled) = Ruled::of(conn, round)? else { return Ok(Vec::new()) };
    let Some(list) = standing(conn, &ruled.granted)? else { return Ok(Vec::new()) };
    let open = made.filter(|decision| decision.gate == Gate::Award && decision.recorded_at.is_none());
    let against =
        open.filter(|decision| decision.reason.is_none() && list.is_against(decision.bid_id, decision.is_award()));
    Ok(against.map(|decision| decision.bid_id).collect())
}
