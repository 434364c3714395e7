//! Making the list of record: from the rules in force, changed by hand where these allow it, with a reason for whatever departs.

use std::collections::BTreeSet;

use serde_json::json;

use super::{WHAT, ask, compute, gather};
use crate::{
    awards::{
        draws::follow::words,
        lists::{
            basis::Basis,
            model::{Choice, Made, NewList, WhatIf},
            rules::Awarded,
            shown::across,
            store,
        },
        service::refuse_barred,
    },
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    funds::assessing::most_in_words,
    http::{App, Call, Scene},
    identity::policy::{Action, Granted},
    ids::RoundKey,
};

/// The most characters of a reason: the same as of a decision's, which takes it over.
const LONGEST_REASON: usize = 2_000;

/// What somebody hears who would adopt another list than the one that they have read.
pub const ANOTHER_LIST: &str = "The list came out differently this time: other bids are on it or in reserve than on the one that \
                                you read. Nothing was kept. Read the list again before you make it the list of record.";

/// Makes the list of record of a round. Where nothing has changed since the newest, that one stands.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `Conflict` where the round has no
/// rules of the list or no ranking of record, where no list keeps its rules, when something changed meanwhile, when another list
/// came out than was seen, and for whoever reads a bid of the round blind; `Invalid` with every departure that has no reason, and
/// for changes by hand that the rules do not allow.
pub async fn make(app: &App, call: &Call, slug: String, new: NewList) -> Result<Made> {
    if let Some(made) = call.answered(app).await? {
        return Ok(made);
    }
    let of = slug.clone();
    let basis = call.read(app, move |conn, scene| Ok(to_choose_from(conn, scene, &of)?.1)).await?;
    if new.seen.is_some() && new.seen != Some(basis.sealed()?.1) {
        return Err(changed());
    }
    let best = compute(basis.clone(), WhatIf::default()).await?;
    if let Some(why) = &best.trouble {
        return Err(AppError::conflict("no_list", why.clone()));
    }
    if new.seen_list.is_some() && new.seen_list != best.list_sha256 {
        return Err(AppError::conflict("list_differs", ANOTHER_LIST));
    }
    let list = adopted(&basis, best, &new).map_err(AppError::Invalid)?;
    call.write(app, move |conn, scene| {
        let (round, now) = to_choose_from(conn, scene, &slug)?;
        if now != basis {
            return Err(changed());
        }
        keep(conn, scene, &round, &basis, &list)
    })
    .await
}

fn changed() -> AppError {
    let message = "Bids, ranking or rules changed meanwhile, so that nothing was kept. Look at the list again.";
    AppError::conflict("inputs_changed", message)
}

/// What a list would be chosen from now, for whoever may make one.
fn to_choose_from(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<RoundKey>, Basis)> {
    let (granted, full) = ask(conn, scene, Action::DecideBid, slug)?;
    scene.person_or("Only a person can do this. An access token stands for a program.")?;
    full.round.require_running()?;
    refuse_barred(conn, scene, &granted, WHAT)?;
    if !full.rulebook.assessment.rules_the_list() {
        let message = "This round has no rules of the list: money is awarded down the ranking.";
        return Err(AppError::conflict("no_rules", message));
    }
    let basis = gather::basis(conn, &granted, &full)?.ok_or_else(|| {
        AppError::conflict("no_ranking", "The list follows the ranking of record. Have the bids ranked first.")
    })?;
    Ok((granted, basis))
}

fn keep(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>, basis: &Basis, list: &Choice) -> Result<Made> {
    let newest = store::find(conn, round, None)?;
    let ((text, inputs), result) = (basis.sealed()?, serde_json::to_string(list)?);
    if let Some(standing) = newest.as_ref().filter(|newest| newest.basis == text && newest.result == result) {
        return Ok(Made { number: standing.number, new: false });
    }
    let number = newest.map_or(0, |newest| newest.number) + 1;
    let (salt, hash) = scene.salted(result.as_bytes());
    let new = store::New { id: scene.fresh(), number, basis: &text, salt: &salt, result: &result };
    let person = scene.person_or("Only a person can do this. An access token stands for a program.")?;
    if !store::insert(conn, round, &new, (person, scene.now))? {
        return Err(changed());
    }
    let detail = json!({
        "number": number, "ranking": basis.ranking, "rules": basis.rules_hash, "inputs": inputs, "list": hash,
    });
    scene.tell(conn, Chain::Round(round.id()), "list.made", detail)?;
    Ok(Made { number, new: true })
}

/// The best list as it is to be kept.
fn adopted(basis: &Basis, mut list: Choice, new: &NewList) -> Result<Choice, Vec<Fault>> {
    let best: BTreeSet<String> = list.chosen().into_iter().map(str::to_owned).collect();
    let mut faults = by_hand(basis, &best, new);
    let taken = |bid: &String| !new.take_out.contains(bid);
    let chosen: BTreeSet<String> = best.iter().filter(|bid| taken(bid)).chain(&new.put_in).cloned().collect();
    let chosen: BTreeSet<&str> = chosen.iter().map(String::as_str).collect();
    if faults.is_empty() {
        faults.extend(broken(basis, &chosen, new));
    }
    let outside = basis.next(&chosen).len();
    let reserves = new.reserves.map_or_else(|| basis.usual_reserves(&chosen), count);
    if reserves > outside {
        let message = format!("There are {outside} bids that are not on the list. Put so many in reserve at most.");
        faults.push(Fault::new("reserves", "out_of_range", message));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    list.put(basis, &chosen, reserves);
    // That was of the list as it was looked at.
    list.list_sha256 = None;
    faults.extend(new.reason.as_deref().and_then(|reason| Fault::too_long("reason", reason, LONGEST_REASON)));
    for (bid, reason) in &new.reasons {
        let field = format!("reasons/{bid}");
        faults.extend(Fault::too_long(&field, reason, LONGEST_REASON));
        if basis.bid(bid).is_none() {
            faults.push(unknown(&field, bid));
        }
    }
    let lowest = list.lowest();
    for bid in &mut list.bids {
        bid.by_hand = new.put_in.contains(&bid.bid) || new.take_out.contains(&bid.bid);
        let own = new.reasons.get(&bid.bid).map(|reason| reason.trim()).filter(|reason| !reason.is_empty());
        let all = new.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let on = chosen.contains(bid.bid.as_str());
        let against = bid.drawn.is_some_and(|drawn| drawn != on);
        let departs = bid.departs || bid.by_hand || against;
        // What follows from the lot needs no other reason.
        let lot = bid.drawn.zip(basis.draw).filter(|_| bid.departs && !against);
        let lot = lot.map(|(drawn, number)| words(number, drawn));
        bid.reason = own.map(str::to_owned).or(lot).or_else(|| all.filter(|_| departs).map(str::to_owned));
        if departs && bid.reason.is_none() {
            let what = if bid.by_hand {
                "is put in or taken out by hand"
            } else if against && on {
                "is on the list although it was not drawn by lot"
            } else if against {
                "is not on the list although it was drawn by lot"
            } else {
                across(on, bid.place, lowest)
            };
            let message = format!("{} {what}. Say why: it is published with the awards.", bid.bid);
            faults.push(Fault::new(format!("reasons/{}", bid.bid), "missing", message));
        }
    }
    if faults.is_empty() { Ok(list) } else { Err(faults) }
}

fn count(reserves: u32) -> usize {
    usize::try_from(reserves).unwrap_or(usize::MAX)
}

fn unknown(field: &str, bid: &str) -> Fault {
    Fault::new(
        field,
        "unknown_bid",
        format!("No bid {bid} can be on the list: it has no place in the ranking, or is decided."),
    )
}

/// What is wrong with the bids that are named.
fn by_hand(basis: &Basis, best: &BTreeSet<String>, new: &NewList) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (field, bids, on) in [("put_in", &new.put_in, false), ("take_out", &new.take_out, true)] {
        for bid in bids {
            if basis.bid(bid).is_none() {
                faults.push(unknown(field, bid));
            } else if best.contains(bid) != on {
                let message = if on { "is not on the list." } else { "is on the list already." };
                faults.push(Fault::new(field, "not_wanted", format!("{bid} {message}")));
            }
        }
    }
    faults
}

/// What the changes by hand break: rules are locked, and nobody lifts them for a reason.
fn broken(basis: &Basis, chosen: &BTreeSet<&str>, new: &NewList) -> Option<Fault> {
    let mut broken = Vec::new();
    if basis.cost(chosen) > basis.budget {
        broken.push(format!("the budget of {} does not reach for {}", basis.budget, basis.cost(chosen)));
    }
    let most = basis.most_awards.filter(|most| chosen.len() > count(*most));
    broken.extend(most.map(most_in_words));
    let on = basis.bids.iter().filter(|bid| chosen.contains(bid.reference.as_str()));
    let awarded: Vec<Awarded<'_>> = on.map(|bid| Awarded { is: &bid.is, amount: bid.ask }).collect();
    let rules = basis.rules.iter().filter(|rule| !rule.is_kept(&awarded, &basis.bids));
    broken.extend(rules.map(|rule| rule.in_words()));
    let field = if new.put_in.is_empty() { "take_out" } else { "put_in" };
    let message =
        format!("The list would not keep what is fixed: {}. Change something else as well.", broken.join("; "));
    (!broken.is_empty()).then(|| Fault::new(field, "rules_broken", message))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::computed, *};
    use crate::awards::lists::{basis::tests::basis, model::OnList};

    /// Two of one theme above two others; each theme once, so that the second waits.
    fn ruled() -> Basis {
        let rules = json!([{ "rule": "each", "of": "theme", "awards": 1 }]);
        basis(&[(9, 40, "a"), (8, 40, "a"), (7, 40, "b"), (6, 20, "c")], rules)
    }

    fn make(new: NewList) -> Result<Choice, Vec<Fault>> {
        let of = ruled();
        adopted(&of, computed(&of, &WhatIf::default()).unwrap(), &new)
    }

    fn codes(new: NewList) -> Vec<(String, String)> {
        make(new).unwrap_err().into_iter().map(|fault| (fault.field, fault.code.to_string())).collect()
    }

    fn because(reason: &str) -> NewList {
        NewList { reason: Some(reason.into()), ..NewList::default() }
    }

    #[test]
    fn every_departure_needs_a_reason_of_its_own_or_the_common_one() {
        let missing = |bids: &[&str]| -> Vec<_> {
            bids.iter().map(|bid| (format!("reasons/{bid}"), "missing".to_owned())).collect()
        };
        assert_eq!(codes(NewList::default()), missing(&["B1", "B2", "B3"]));
        let own = NewList { reasons: [("B1".to_owned(), " One a theme. ".to_owned())].into(), ..because(" ") };
        assert_eq!(codes(own.clone()), missing(&["B2", "B3"]));
        let list = make(NewList { reason: Some("The rules.".into()), ..own }).unwrap();
        let told: Vec<_> = list.bids.iter().map(|bid| (bid.list.unwrap(), bid.reason.as_deref(), bid.next)).collect();
        assert_eq!(
            told,
            [
                (OnList::Fund, None, None),
                (OnList::Reserve, Some("One a theme."), Some(1)),
                (OnList::Fund, Some("The rules."), None),
                (OnList::Fund, Some("The rules."), None),
            ]
        );
        assert_eq!(list.bids[1].because, ["1"]);
    }

    #[test]
    fn a_list_has_another_hash_with_other_bids_on_it_or_in_reserve() {
        let of = ruled();
        let best = computed(&of, &WhatIf::default()).unwrap();
        let hash = |chosen: &[&str], reserves| {
            let mut list = best.clone();
            list.put(&of, &chosen.iter().copied().collect(), reserves);
            Some(list.sealed().unwrap())
        };
        assert_eq!(hash(&["B0", "B2", "B3"], 1), best.list_sha256);
        assert_ne!(hash(&["B0", "B2", "B3"], 0), best.list_sha256);
        assert_ne!(hash(&["B1", "B2", "B3"], 1), best.list_sha256);
        assert_eq!(make(because("The rules.")).unwrap().list_sha256, None);
    }

    #[test]
    fn by_hand_the_list_changes_within_what_is_fixed_and_not_beyond() {
        let hand = |put_in: &[&str], take_out: &[&str]| NewList {
            put_in: put_in.iter().map(ToString::to_string).collect(),
            take_out: take_out.iter().map(ToString::to_string).collect(),
            ..because("The panel says so.")
        };
        let list = make(hand(&["B1"], &["B0"])).unwrap();
        assert_eq!(list.chosen(), BTreeSet::from(["B1", "B2", "B3"]));
        assert!(list.bids[0].by_hand && list.bids[1].by_hand && !list.bids[2].by_hand);
        let field = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(codes(hand(&["B1"], &[])), [field("put_in", "rules_broken")]);
        assert_eq!(
            codes(hand(&["B0", "B9"], &["B1"])),
            [field("put_in", "not_wanted"), field("put_in", "unknown_bid"), field("take_out", "not_wanted")]
        );
        assert_eq!(codes(NewList { reserves: Some(2), ..because("x") }), [field("reserves", "out_of_range")]);
        assert_eq!(codes(NewList { put_in: vec!["B1".into()], take_out: vec!["B2".into()], ..because("x") }).len(), 1);
    }
}
