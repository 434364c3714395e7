//! The use cases of partnerships: inviting, answering, leaving, and letting another come in a partner's place.

mod answer;
mod invite;
mod leave;
pub(in crate::partnerships) mod letters;
mod look;
pub mod profile;
mod replace;

pub use answer::{confirm, decline};
pub(in crate::partnerships) use invite::bring_in;
pub use invite::{change, invite, withdraw};
pub use leave::leave;
pub use look::{InvitationView, Known, PartnersView, invitable, invitation, partners, share_faults};
pub use replace::{Replacement, replace};

use crate::{
    bids::{self, model::open_stage},
    db::Conn,
    error::{AppError, Result},
    funds::{self, reopening::Part, rulebook::Stage},
    http::Scene,
    identity::policy::{self, Action, Capacity, Granted},
    ids::BidKey,
};

/// The bid of a reference, if policy allows the action; an unknown reference answers as a hidden one does.
pub(in crate::partnerships) fn granted(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    action: Action,
) -> Result<Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, action, id)
}

/// The same for reading what the councils of a bid are still writing: nobody else may see that.
pub(in crate::partnerships) fn granted_to_its_councils(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
) -> Result<Granted<BidKey>> {
    let bid = granted(conn, scene, reference, Action::ReadBid)?;
    if is_of_its_councils(&bid) { Ok(bid) } else { Err(policy::hidden_from(&scene.actor)) }
}

/// Whether one of the councils of a bid looks.
pub(in crate::partnerships) fn is_of_its_councils(bid: &Granted<BidKey>) -> bool {
    use Capacity::{
        InvitedMember, LeadAdministrator, LeadMember, LeadSignatory, PartnerMember, PartnerSignatory, System,
    };
    const COUNCILS: [Capacity; 7] =
        [LeadMember, LeadSignatory, LeadAdministrator, InvitedMember, PartnerMember, PartnerSignatory, System];
    COUNCILS.iter().any(|capacity| bid.standing().is(*capacity))
}

/// Who takes part stands from the closing time of full applications on, and while the bid is reopened for something else.
pub(in crate::partnerships) fn refuse_when_closed(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<()> {
    let row = bids::store::load(conn, bid)?;
    let round = funds::store::round_by_id(conn, row.round_id)?;
    let round = funds::store::in_full_for(conn, round, row.id)?;
    let definition = funds::store::workflow(conn, row.workflow_id)?;
    if let Some(stage) = open_stage(&definition, &row.state)
        && let Some(reopening) = bids::service::reopening_of(conn, scene, (row.id, &round), stage)?
    {
        reopening.require(Part::Other)?;
    }
    match round.timetable.closes(Stage::Full) {
        Some(closed) if scene.now > closed => {
            let message =
                format!("Full applications closed at {}. The partnership stands as it is.", closed.in_words());
            Err(AppError::conflict("deadline_passed", message))
        }
        _ => Ok(()),
    }
}
