//! Who is wanted in the place of readers that a bid has lost to a conflict of interest. That the conflict is lifted or expires brings
//! no reader back: the request stands until somebody is given the bid, or until it is closed.

use std::collections::BTreeMap;

use serde_json::json;

use super::{ask, person_of};
use crate::{
    assessment::{model::still_wanted, store},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call},
    identity::policy::{Action, Granted},
    ids::{BidKey, Id, RoundKey},
};

/// How many are wanted, by bid.
pub(super) fn wanted(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<BTreeMap<Id<BidKey>, u32>> {
    let mut lost: BTreeMap<Id<BidKey>, Vec<Moment>> = BTreeMap::new();
    for (bid, at) in store::lost::of_round(conn, round)? {
        lost.entry(bid).or_default().push(at);
    }
    let mut given: BTreeMap<Id<BidKey>, Vec<Moment>> = BTreeMap::new();
    for (bid, at) in store::assignments::given_at(conn, round)? {
        given.entry(bid).or_default().push(at);
    }
    let since = |bid: Id<BidKey>| given.get(&bid).map(Vec::as_slice).unwrap_or_default();
    Ok(lost.into_iter().map(|(bid, lost)| (bid, still_wanted(&lost, since(bid)))).collect())
}

/// How many are wanted of one bid.
fn wanted_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<u32> {
    let lost = store::lost::of_bid(conn, bid)?;
    let readers = store::assignments::of_bid(conn, bid)?;
    let given: Vec<Moment> = readers.into_iter().map(|reader| reader.assigned_at).collect();
    Ok(still_wanted(&lost, &given))
}

/// Says that nobody is wanted any more in the place of those whom a bid has lost.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it; `Conflict` where nobody is wanted,
/// be it that whoever was lost has been replaced already.
pub async fn close(app: &App, call: &Call, reference: String) -> Result<()> {
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::AssignAssessors, &reference)?;
        let by = person_of(scene)?;
        if wanted_of(conn, &asked.granted)? == 0 {
            let message = "Nobody is wanted in the place of a reader of this bid.";
            return Err(AppError::conflict("nobody_wanted", message));
        }
        store::lost::close(conn, &asked.granted, (by, scene.now))?;
        let detail = json!({ "bid": asked.bid.id });
        scene.tell(conn, Chain::Round(asked.bid.round_id), "assessor.not_replaced", detail)
    })
    .await
}
