//! Reading what was carried over. Both sides are what the reader may read: the expression of interest as it was submitted, and
//! the full application as it is shown to them.

use std::collections::BTreeMap;

use super::model::{CarriedView, carried};
use crate::{
    bids::{
        content::{self, Content},
        service,
    },
    db::Conn,
    error::Result,
    funds::rulebook::{Rulebook, Stage},
    http::{App, Call},
    identity::policy::Granted,
    ids::BidKey,
};

/// What the answers of a full application said in its expression of interest; nothing for a bid that is not there yet.
///
/// # Errors
/// `NotFound` when one may not know of the bid.
pub async fn list(app: &App, call: &Call, reference: String) -> Result<Vec<CarriedView>> {
    call.read(app, move |conn, scene| {
        let (granted, seen) = service::granted_view(conn, scene, &reference)?;
        views(conn, &granted, &seen.view.content, &seen.round.rulebook)
    })
    .await
}

/// The same by question, for whoever holds the bid in a transaction and has what it says. What is different in the words is for
/// the page to work out, of what it shows and outside of the transaction.
///
/// # Errors
/// When the database fails.
pub fn since_interest(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    content: &Content,
    rules: &Rulebook,
) -> Result<BTreeMap<String, CarriedView>> {
    let views = views(conn, granted, content, rules)?;
    Ok(views.into_iter().map(|view| (view.question.clone(), view)).collect())
}

fn views(conn: &mut Conn, granted: &Granted<BidKey>, content: &Content, rules: &Rulebook) -> Result<Vec<CarriedView>> {
    let eoi = if content.stage == Stage::Full { content::standing(conn, granted, Stage::Eoi)? } else { None };
    let blind = granted.standing().reads_without_names();
    let eoi = eoi.map(|eoi| if blind { eoi.without_names(&rules.eoi) } else { eoi });
    Ok(eoi.map(|eoi| carried(&eoi, content, rules)).unwrap_or_default())
}
