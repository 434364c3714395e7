//! Reading the costs of a bid.

use serde::{Deserialize, Serialize};

use super::model::CostTable;
use crate::{
    bids::{model::CostLine, service},
    error::Result,
    http::{App, Call},
};

/// The costs of a bid as somebody may see them who may see it at all.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CostsOfBid {
    /// The lines, in order.
    pub costs: Vec<CostLine>,
    /// The same as a table with its totals; none where the bid says nothing of money yet.
    pub table: Option<CostTable>,
}

/// The costs of a bid, with the bid's version: of the live draft for its own councils, of the version that stands for everybody
/// else.
///
/// # Errors
/// `NotFound` when one may not know of the bid.
pub async fn costs(app: &App, call: &Call, reference: String) -> Result<(i32, CostsOfBid)> {
    let (view, round) = service::bid(app, call, reference).await?;
    let table = CostTable::of(&view.content, &round.rulebook.cost_kinds);
    Ok((view.version, CostsOfBid { costs: view.content.costs, table }))
}
