//! Where a bid stands as its councils write and read it: its round and the stage that is shown of it.

use super::look::newest_stage;
use crate::{
    bids::{
        model::{Bid, open_stage},
        store,
    },
    db::Conn,
    error::{AppError, Result},
    funds::{self, form::Question, model::RoundInFull, rulebook::Stage},
    identity::policy::Granted,
    ids::BidKey,
    workflow::Definition,
};

/// Where a bid stands.
#[derive(Debug, Clone)]
pub struct Place {
    /// The bid.
    pub bid: Bid,
    /// Its round, with the timetable that the bid goes by.
    pub round: RoundInFull,
    /// Its workflow.
    pub definition: Definition,
    /// The stage whose form is open, otherwise the last that was submitted, otherwise the first.
    pub stage: Stage,
    /// Whether the form of that stage is open.
    pub open: bool,
}

impl Place {
    /// Where a bid stands now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<Self> {
        let bid = store::load(conn, granted)?;
        let round = funds::store::round_by_id(conn, bid.round_id)?;
        let round = funds::store::in_full_for(conn, round, bid.id)?;
        let definition = funds::store::workflow(conn, bid.workflow_id)?;
        let open = open_stage(&definition, &bid.state);
        let stage = open.map_or_else(|| newest_stage(conn, granted, &round), Ok)?;
        Ok(Self { bid, round, definition, stage, open: open.is_some() })
    }

    /// A question of the stage's form.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn question(&self, id: &str) -> Result<&Question> {
        self.round.rulebook.form(self.stage).question(id).ok_or(AppError::NotFound)
    }

    /// Nothing where a form is open.
    ///
    /// # Errors
    /// `Conflict`.
    pub fn require_open(&self) -> Result<()> {
        if self.open {
            return Ok(());
        }
        Err(AppError::conflict("nothing_to_write", "The bid has no form to fill in where it stands now."))
    }
}
