//! One bid at the gateway, and what is read beside the form.

use std::collections::BTreeMap;

use super::mark::refuse_unready;
use crate::{
    assessment::{
        gateway::{
            model::{BidGateway, CheckView, GatewayStanding, MarkRow, MarkView, newest, state_of},
            store,
        },
        queries::{self, model::QueryLine},
        service::{Asked, look},
    },
    bids::{
        clarifications::{self, model::ClarificationView},
        content::{self, Content},
    },
    db::Conn,
    error::Result,
    funds::{assessing::Check, model::RoundInFull, rulebook::Stage},
    http::{App, Call, Scene},
    identity::{policy::Action, store::people},
    ids::{Id, PersonKey},
};

/// The gateway checks of a bid, for the fund's staff.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it; `Forbidden` for its assessors and councils.
pub async fn bid(app: &App, call: &Call, reference: String) -> Result<BidGateway> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ReadScores, &reference)?;
        view(conn, scene, &asked)
    })
    .await
}

fn view(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<BidGateway> {
    let Asked { granted, bid, round } = asked;
    let checks = &round.rulebook.assessment.gateway;
    let (marks, about) = (store::of_bid(conn, granted)?, store::version_of(conn, granted)?);
    let names = people::names_of(conn, marks.iter().map(|mark| mark.person_id))?;
    let may = granted.standing().may(Action::CheckGateway);
    Ok(BidGateway {
        standing: GatewayStanding::of(checks, &marks, about),
        checks: checks.iter().map(|check| check_view(check, &marks, about, &names)).collect(),
        open: may && refuse_unready(conn, scene, asked).is_ok(),
        version: marks.last().map_or(0, |mark| mark.number),
        round: round.round.slug.clone(),
        bid: bid.clone().into(),
        about,
    })
}

fn check_view(check: &Check, marks: &[MarkRow], about: i32, names: &BTreeMap<Id<PersonKey>, String>) -> CheckView {
    let view = |mark: &MarkRow| MarkView {
        number: mark.number,
        mark: mark.mark,
        reason: mark.reason.clone(),
        about: mark.about,
        outdated: mark.about < about,
        at: mark.created_at,
        by: names.get(&mark.person_id).cloned().unwrap_or_default(),
    };
    CheckView {
        state: state_of(newest(marks, &check.id), about),
        marks: marks.iter().rev().filter(|mark| mark.item == check.id).map(view).collect(),
        check: check.clone(),
    }
}

/// A bid as whoever checks it reads it.
pub struct ToCheck {
    /// Its checks.
    pub gateway: BidGateway,
    /// The round with its form.
    pub round: RoundInFull,
    /// What assessors have flagged and asked, for those who answer it.
    pub flagged: Vec<QueryLine>,
    /// What the fund asked the bid's councils.
    pub clarifications: Vec<ClarificationView>,
    /// What the version that stands says; nothing before it can be read.
    pub content: Option<Content>,
}

/// A full application to be checked.
///
/// # Errors
/// As [`bid`].
pub async fn to_check(app: &App, call: &Call, reference: String) -> Result<ToCheck> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ReadScores, &reference)?;
        let gateway = view(conn, scene, &asked)?;
        let Asked { granted, round, .. } = asked;
        let content = match round.timetable.is_readable(Stage::Full, scene.now) {
            true => content::standing(conn, &granted, Stage::Full)?,
            false => None,
        };
        let clarifications = clarifications::service::beside(conn, scene, &granted)?;
        let flagged = queries::service::beside(conn, scene, &granted)?;
        Ok(ToCheck { gateway, round, flagged, clarifications, content })
    })
    .await
}
