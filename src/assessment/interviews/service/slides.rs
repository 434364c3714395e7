//! The slides of an interview: the bid's councils bring and take out until it begins; they, the fund's staff and the panel read them.

use actix_web::web::Bytes;

use super::choose::knows;
use crate::{
    assessment::{
        interviews::{
            model::{InterviewSlides, SlotRow},
            store,
        },
        service::{Asked, ask, look},
    },
    bids::documents::{
        model::{DocumentView, NewDocument, fault_of_kind},
        receiving,
        service::bytes_of,
        slides::{self, model::KINDS},
    },
    db::Conn,
    error::{AppError, Result},
    files,
    http::{App, Call, Scene},
    identity::policy::Action,
    ids::{Id, RowKey},
};

/// The slides of a bid's interview, as whoever may read them does. There is nothing before the councils know of the invitation.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid, and until its councils know of an invitation; `Forbidden` for whoever neither is
/// of its councils nor of the fund's staff, and does not sit on its panel.
pub async fn shown(app: &App, call: &Call, reference: String) -> Result<InterviewSlides> {
    call.read(app, move |conn, scene| {
        let asked = readable(conn, scene, &reference)?;
        let slot = store::of_bid(conn, &asked.granted)?;
        of_bid(conn, scene, &asked, slot.as_ref())
    })
    .await
}

pub(super) fn readable(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Asked> {
    let asked = look(conn, scene, Action::ReadSlides, reference)?;
    if knows(conn, &asked)? { Ok(asked) } else { Err(AppError::NotFound) }
}

/// The same of a bid whose time is this, for whoever may read that.
pub(super) fn of_bid(conn: &mut Conn, scene: &Scene, asked: &Asked, slot: Option<&SlotRow>) -> Result<InterviewSlides> {
    let to_come = slot.filter(|slot| !slot.has_begun(scene.now));
    Ok(InterviewSlides {
        current: slides::service::current(conn, &asked.granted)?,
        earlier: slides::service::earlier(conn, &asked.granted)?,
        until: slot.map(|slot| slot.starts_at),
        may_change: to_come.is_some() && asked.granted.standing().may(Action::AddSlides),
    })
}

/// What slides hold.
///
/// # Errors
/// As [`shown`]; `NotFound`; `Conflict` while they are being checked.
pub async fn download(app: &App, call: &Call, reference: String, id: Id<RowKey>) -> Result<(DocumentView, Bytes)> {
    let found = call.read(app, move |conn, scene| {
        let asked = readable(conn, scene, &reference)?;
        let current = slides::service::current(conn, &asked.granted)?;
        current.into_iter().find(|slides| slides.id == id).ok_or(AppError::NotFound)
    });
    let slides = found.await?;
    let bytes = bytes_of(app, &slides.hash, slides.state).await?;
    Ok((slides, bytes))
}

/// The bid, whose interview has a time that has not begun.
fn changeable(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Asked> {
    let asked = ask(conn, scene, Action::AddSlides, reference)?;
    if !knows(conn, &asked)? {
        return Err(AppError::NotFound);
    }
    let slot = store::of_bid(conn, &asked.granted)?.ok_or_else(|| {
        let message = "Slides are for an interview that has a time. Somebody of the lead authority chooses one first.";
        AppError::conflict("no_time", message)
    })?;
    if slot.has_begun(scene.now) {
        let begun = slot.starts_at.in_words();
        let message = format!("The interview began at {begun}. Slides could be changed until then.");
        return Err(AppError::conflict("begun", message));
    }
    Ok(asked)
}

/// Brings slides to the interview of a bid, beside those that are there or in the place of some.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid, and until its councils know of an invitation; `Forbidden` for whoever is not of
/// its councils; `Conflict` while no time is chosen, and from when the interview begins; `Invalid` with what is wrong with the file.
pub async fn add_slides(
    app: &App,
    call: &Call,
    reference: String,
    (new, replaces): (NewDocument, Option<Id<RowKey>>),
) -> Result<DocumentView> {
    refuse_early(app, call, reference.clone(), files::clean_name(&new.name)).await?;
    let said = replaces.map_or_else(|| new.name.clone(), |replaced| format!("{replaced} {}", new.name));
    let call = receiving::keyed(call, &said);
    let file = receiving::receive(app, &call, new).await?;
    let limits = (app.config.files.most, app.files.scans());
    call.write(app, move |conn, scene| {
        let asked = changeable(conn, scene, &reference)?;
        slides::service::put(conn, scene, &asked.granted, (&file, replaces), limits)
    })
    .await
}

/// Nothing is stored for somebody who may not bring slides, or not now, nor of a kind that slides are not. Of a request that is
/// repeated under its key only whether they may read slides is asked: its first answer may be that of a time at which they could.
async fn refuse_early(app: &App, call: &Call, reference: String, name: String) -> Result<()> {
    let repeated = call.key.is_some();
    let allowed = call.read(app, move |conn, scene| {
        let asked = if repeated { readable(conn, scene, &reference) } else { changeable(conn, scene, &reference) };
        asked.map(drop)
    });
    allowed.await?;
    // Of a name of which nothing is left another thing is said.
    let fault = if name.is_empty() { None } else { fault_of_kind(&name, &KINDS) };
    AppError::unless_empty(fault.into_iter().collect())
}

/// Takes slides out.
///
/// # Errors
/// As [`add_slides`]; `NotFound` where they are not there.
pub async fn take_out_slides(app: &App, call: &Call, reference: String, id: Id<RowKey>) -> Result<()> {
    call.write(app, move |conn, scene| {
        let asked = changeable(conn, scene, &reference)?;
        slides::service::take_out(conn, scene, &asked.granted, id)
    })
    .await
}
