//! What a bid's own page shows of its time: what still counts, what is proposed, and what a reopening has set aside.

use super::{
    ChangeView, Depth,
    bid::{asked, told},
    views,
};
use crate::{
    error::Result,
    funds::{
        change::{Change, ChangeStanding},
        reopening::SetAside,
        store,
    },
    http::{App, Call},
    identity::policy::Action,
};

/// What a bid's own page shows of its time.
#[derive(Debug, Clone, Default)]
pub struct TimesShown {
    /// The changes that still count.
    pub in_force: Vec<ChangeView>,
    /// What waits for a second manager, for managers.
    pub proposed: Vec<ChangeView>,
    /// What was written and not submitted when the bid was reopened, for those who write it, the newest first.
    pub set_aside: Vec<SetAside>,
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
        let writes = granted.standing().may(Action::WriteAnswers);
        let aside = own.iter().rev().filter_map(|change| change.reopening.as_ref()?.set_aside.as_ref());
        let set_aside = aside.filter(|_| writes).flat_map(|written| written.0.clone()).collect();
        let proposals = own.iter().filter(|change| gives && change.standing() == ChangeStanding::Proposed).cloned();
        let proposals: Vec<Change> = proposals.collect();
        let counting = own.into_iter().filter(|change| scene.now <= change.to_at && change.used_at().is_none());
        Ok(TimesShown {
            in_force: views(conn, scene, &counting.collect::<Vec<_>>(), told(&granted))?,
            proposed: views(conn, scene, &proposals, Depth::Managers)?,
            set_aside,
            gives,
        })
    })
    .await
}
