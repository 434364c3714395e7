//! What becomes of proposals when a bid moves on: those that can never be done any more end, and everybody is told why.

use super::{against::over, case::Case, letters, propose::tell};
use crate::{
    db::Conn,
    error::Result,
    http::Scene,
    ids::{BidKey, Id},
    partnerships::proposals::{
        model::{Proposal, ProposalKind, ProposalState},
        store,
    },
};

/// Ends the proposals about a bid that can never be done where it stands now.
pub(in crate::journey) fn lapse_after(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>) -> Result<()> {
    lapse_where(conn, scene, bid, |scene, case| case.places().find_map(|place| over(scene, &case.proposal, place)))
}

/// Ends every open proposal about a bid but requests to join it, because it is led by another council or ends.
pub(super) fn lapse_all(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>, why: &str) -> Result<()> {
    lapse_where(conn, scene, bid, |_, case| (case.proposal.kind != ProposalKind::Join).then(|| why.to_owned()))
}

fn lapse_where(
    conn: &mut Conn,
    scene: &Scene,
    bid: Id<BidKey>,
    why: impl Fn(&Scene, &Case) -> Option<String>,
) -> Result<()> {
    let open: Vec<Proposal> = store::of_bid(conn, bid)?.into_iter().filter(Proposal::is_open).collect();
    let service = scene.by_itself();
    for proposal in open {
        let case = Case::of(conn, scene, proposal)?;
        let Some(why) = why(scene, &case) else { continue };
        if store::end(conn, case.proposal.id, (ProposalState::Lapsed, Some(&why)), scene.now)? {
            tell(conn, &service, &case, "partnership.lapsed")?;
            letters::ended(conn, scene, &case, (ProposalState::Lapsed, &why))?;
        }
    }
    Ok(())
}
