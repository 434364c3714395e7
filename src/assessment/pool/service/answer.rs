//! Answering an invitation, and changing what one has said until every bid has its readers.

use serde_json::json;

use super::{Own, look, must_be_running, role, terms_of};
use crate::{
    assessment::pool::{
        letters::Answer,
        model::{Acceptance, MyPlace, PlaceState, Said, Terms, TurningDown, areas_of},
        store,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
};

/// Accepts to assess, or changes what one has said since; the fund's managers are told.
///
/// # Errors
/// `NotFound` for whoever was not invited; `Invalid` with every fault; `Conflict` when it is too late, when the terms are other ones
/// by now, or once what was said stays; `Stale` when the place is not at `version`.
pub async fn accept(app: &App, call: &Call, slug: String, version: i32, new: Acceptance) -> Result<MyPlace> {
    call.write(app, move |conn, scene| {
        let own = Own::find(conn, scene, &slug)?;
        must_be_open(conn, scene, &own)?;
        let terms = terms_of(conn, &own.round, &own.pool)?;
        let (given, _) = own.load(conn, scene.now)?;
        AppError::unless_empty(new.faults(&areas_of(&own.round, &own.pool), terms.is_some(), given))?;
        must_have_read(new.terms.as_deref(), terms.as_ref())?;
        own.must_be_at(version)?;
        let changes = own.place().state == PlaceState::Accepted;
        // Whom the fund has taken the role from does not get it back by saying something else.
        let gave_role =
            if changes { own.place().gave_role } else { role::give(conn, scene, own.round.fund.id, own.person)? };
        if let Some(terms) = &terms {
            store::keep_terms(conn, own.round.round.id, terms, scene.now)?;
        }
        let said = said(scene, new.clone(), terms.as_ref());
        let which = (own.place().id, version);
        if !store::settle(conn, which, (PlaceState::Accepted, said), gave_role, scene.now)? {
            return Err(AppError::Stale { current: own.place().version });
        }
        let (kind, answer) =
            if changes { ("pool.answer_changed", Answer::Changed) } else { ("pool.accepted", Answer::Accepted) };
        let detail = json!({ "place": own.place().id, "terms": terms.map(|terms| terms.sha256) });
        scene.tell(conn, Chain::Round(own.round.round.id), kind, detail)?;
        look::own(conn, scene, &slug, Some(answer))
    })
    .await
}

fn said(scene: &Scene, new: Acceptance, terms: Option<&Terms>) -> Said {
    Said {
        expertise: new.expertise,
        least: Some(new.least),
        most: Some(new.most),
        from: Some(new.from),
        until: Some(new.until),
        away: new.away,
        terms: terms.map(|terms| terms.number),
        agreed_at: terms.map(|_| scene.now),
        ..Said::default()
    }
}

/// While an invitation waits for an answer, or what was said can be changed.
fn must_be_open(conn: &mut Conn, scene: &Scene, own: &Own) -> Result<()> {
    must_be_running(&own.round, scene.now)?;
    match own.place().state {
        PlaceState::Invited => must_be_in_time(scene, own),
        PlaceState::Accepted if own.has_been_assigned(conn, scene.now)? => {
            let message = "Every bid has its readers by now. Ask the fund if you can read fewer, or say that you stop.";
            Err(AppError::conflict("assigned_already", message))
        }
        PlaceState::Accepted => Ok(()),
        PlaceState::Declined | PlaceState::Withdrawn | PlaceState::Ended => Err(not_invited()),
    }
}

fn must_be_in_time(scene: &Scene, own: &Own) -> Result<()> {
    if own.place().awaits_answer(scene.now) {
        return Ok(());
    }
    let until = own.place().answer_by.in_words();
    let message = format!("You could answer until {until}. Ask the fund to invite you again.");
    Err(AppError::conflict("deadline_passed", message))
}

fn not_invited() -> AppError {
    AppError::conflict("not_invited", "This was answered or ended already. Ask the fund to invite you again.")
}

/// Whoever agrees has read the terms as they are now, which they name by their fingerprint.
pub(super) fn must_have_read(read: Option<&str>, terms: Option<&Terms>) -> Result<()> {
    let Some(terms) = terms else { return Ok(()) };
    if read == Some(terms.sha256.as_str()) {
        return Ok(());
    }
    let message = "The terms have changed since you read them. Read them again before you agree.";
    Err(AppError::conflict("terms_changed", message))
}

/// Declines an invitation; the fund's managers are told.
///
/// # Errors
/// `NotFound` for whoever was not invited; `Invalid`; `Conflict` when it is too late or answered already; `Stale`.
pub async fn decline(app: &App, call: &Call, slug: String, version: i32, new: TurningDown) -> Result<MyPlace> {
    call.write(app, move |conn, scene| {
        let own = Own::find(conn, scene, &slug)?;
        must_be_running(&own.round, scene.now)?;
        if own.place().state != PlaceState::Invited {
            return Err(not_invited());
        }
        must_be_in_time(scene, &own)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        own.must_be_at(version)?;
        let said = Said { reason: Some(new.reason), words: new.words.trim().to_owned(), ..Said::default() };
        let which = (own.place().id, version);
        if !store::settle(conn, which, (PlaceState::Declined, said), false, scene.now)? {
            return Err(AppError::Stale { current: own.place().version });
        }
        let detail = json!({ "place": own.place().id });
        scene.tell(conn, Chain::Round(own.round.round.id), "pool.declined", detail)?;
        look::own(conn, scene, &slug, Some(Answer::Declined))
    })
    .await
}
