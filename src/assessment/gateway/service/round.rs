//! The bids of a round at the gateway, without those with which the reader has a conflict of interest: in no list and in no count.

use super::standing::{Standings, of_round};
use crate::{
    assessment::{
        gateway::model::{GatewayLine, GatewayState, MarkRow, RoundGateway, newest, state_of},
        model::BidRow,
        service::{ask_round, for_assessment},
        store as assessment,
    },
    db::Conn,
    error::Result,
    funds::{assessing::Check, model::RoundInFull},
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action},
        store::people,
    },
};

/// The bids of a round at the gateway.
///
/// # Errors
/// `Forbidden` for assessors; `NotFound` for others who are not of the fund's staff.
pub async fn round(app: &App, call: &Call, slug: String) -> Result<RoundGateway> {
    call.read(app, move |conn, scene| {
        let Read { round, standings, bids } = read(conn, scene, &slug)?;
        let checks = round.rulebook.assessment.gateway;
        let line = |bid: BidRow| {
            let (marks, version) = (standings.marks_of(bid.id), standings.version_of(bid.id));
            let states = checks.iter().map(|check| state_of(newest(marks, &check.id), version)).collect();
            Some(GatewayLine { state: standings.on(bid.id)?.state, checks: states, bid: bid.into() })
        };
        let bids: Vec<GatewayLine> = bids.into_iter().filter_map(line).collect();
        let count = |state: GatewayState| bids.iter().filter(|line| line.state == state).count();
        Ok(RoundGateway {
            passed: count(GatewayState::Passed),
            failed: count(GatewayState::Failed),
            open: count(GatewayState::Open),
            checks,
            bids,
        })
    })
    .await
}

struct Read {
    round: RoundInFull,
    standings: Standings,
    bids: Vec<BidRow>,
}

/// The bids that are for assessment, and those that were marked and are not any more.
fn read(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Read> {
    let (granted, round) = ask_round(conn, scene, Action::ReadScores, slug)?;
    let sight = policy::sight(conn, &scene.actor)?;
    let standings = of_round(conn, &granted, &round.rulebook.assessment.gateway)?;
    let open = for_assessment(conn, &granted, &sight)?;
    let mut bids = assessment::bids_of(conn, &granted, &sight)?;
    bids.retain(|bid| open.iter().any(|known| known.id == bid.id) || !standings.marks_of(bid.id).is_empty());
    Ok(Read { round, standings, bids })
}

/// Every mark of a round, a line each; a check that nobody has marked has a line without one.
///
/// # Errors
/// As [`round`].
pub async fn table(app: &App, call: &Call, slug: String) -> Result<Vec<[String; 10]>> {
    call.read(app, move |conn, scene| {
        let Read { round, standings, bids } = read(conn, scene, &slug)?;
        let mut lines = Vec::new();
        for bid in &bids {
            let (marks, version) = (standings.marks_of(bid.id), standings.version_of(bid.id));
            let names = people::names_of(conn, marks.iter().map(|mark| mark.person_id))?;
            for check in &round.rulebook.assessment.gateway {
                let by = |mark: &MarkRow| names.get(&mark.person_id).cloned().unwrap_or_default();
                let of_check: Vec<&MarkRow> = marks.iter().filter(|mark| mark.item == check.id).collect();
                if of_check.is_empty() {
                    lines.push(line((bid, check), version, marks, None));
                }
                lines.extend(
                    of_check.into_iter().map(|mark| line((bid, check), version, marks, Some((mark, by(mark))))),
                );
            }
        }
        Ok(lines)
    })
    .await
}

fn line(
    (bid, check): (&BidRow, &Check),
    version: i32,
    marks: &[MarkRow],
    given: Option<(&MarkRow, String)>,
) -> [String; 10] {
    let [number, mark, reason, about, at, by] = given.map_or_else(Default::default, |(mark, by)| {
        let about = mark.about.to_string();
        [mark.number.to_string(), mark.mark.to_string(), mark.reason.clone(), about, mark.created_at.to_string(), by]
    });
    let state = state_of(newest(marks, &check.id), version).to_string();
    [bid.reference.clone(), bid.title.clone(), check.title.clone(), state, number, mark, reason, about, at, by]
}
