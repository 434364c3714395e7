//! What a bid's own page shows of its time: what still counts, what is proposed, and what a reopening has set aside.

use super::{
    ChangeView, Depth,
    bid::{asked, told},
    views,
};
use crate::{
    bids,
    db::Conn,
    error::Result,
    funds::{
        change::{Change, ChangeStanding},
        reopening::SetAside,
        store,
    },
    http::{App, Call, Scene},
    identity::policy::{Action, Capacity, Granted},
    ids::{BidKey, Id, RowKey},
};

/// The people of the lead authority.
const LEAD: [Capacity; 3] = [Capacity::LeadMember, Capacity::LeadSignatory, Capacity::LeadAdministrator];

/// What a bid's own page shows of its time.
#[derive(Debug, Clone, Default)]
pub struct TimesShown {
    /// The changes that still count.
    pub in_force: Vec<ChangeView>,
    /// What waits for a second manager, for managers.
    pub proposed: Vec<ChangeView>,
    /// What was written and not submitted when the bid was reopened, for those who write it, the newest first.
    pub set_aside: Vec<SetAside>,
    /// Whether it is reopened now.
    pub reopened: bool,
    /// Whether whoever looks can give the bid time.
    pub gives: bool,
}

/// The changes of a bid's time for its own page, but for those that are over: none where whoever reads it may not know of
/// them.
///
/// # Errors
/// `NotFound` when one may not know of the bid.
pub async fn times_shown(app: &App, call: &Call, reference: String) -> Result<TimesShown> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::ReadBid, &reference)?;
        let gives = granted.standing().may(Action::GiveTime);
        if !granted.standing().may(Action::ReadTime) {
            return Ok(TimesShown { gives, ..TimesShown::default() });
        }
        let own = store::changes_of_bid(conn, granted.id())?;
        // Whoever works for the lead finds what was set aside also where the bid is past writing.
        let leads = LEAD.iter().any(|capacity| granted.standing().is(*capacity));
        let writes = leads || granted.standing().may(Action::WriteAnswers);
        let aside = own.iter().rev().filter_map(|change| change.reopening.as_ref()?.set_aside.as_ref());
        let set_aside = aside.filter(|_| writes).flat_map(|written| written.0.clone()).collect();
        let waits = |change: &&Change| change.standing() == ChangeStanding::Proposed && scene.now <= change.to_at;
        let proposals: Vec<Change> = own.iter().filter(|change| gives && waits(change)).cloned().collect();
        let reopened = reopened(conn, scene, &granted)?;
        let counts = |change: &Change| scene.now <= change.to_at && (!change.reopens() || Some(change.id) == reopened);
        let counting: Vec<Change> = own.into_iter().filter(counts).collect();
        Ok(TimesShown {
            in_force: views(conn, scene, &counting, told(&granted))?,
            proposed: views(conn, scene, &proposals, Depth::Managers)?,
            set_aside,
            reopened: reopened.is_some(),
            gives,
        })
    })
    .await
}

/// The reopening by which alone the bid can be written now: none where it has moved to where there is nothing to write, or
/// its round is cancelled.
fn reopened(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<Option<Id<RowKey>>> {
    let bid = bids::store::load(conn, granted)?;
    let definition = store::workflow(conn, bid.workflow_id)?;
    let Some(stage) = bids::model::open_stage(&definition, &bid.state) else { return Ok(None) };
    if store::round_by_id(conn, bid.round_id)?.cancelled_at.is_some() {
        return Ok(None);
    }
    let change = store::reopening_of(conn, (bid.round_id, bid.id), stage, scene.now)?;
    Ok(change.map(|change| change.id))
}
