//! What is read beside a form: the version of a bid that stands, with the rules it is read by.

use std::collections::{BTreeMap, BTreeSet};

use super::{Asked, look, result_of, scores, sift::outdated};
use crate::{
    assessment::{
        model::{BidLine, MyScores, SiftResult},
        moderation::{self, model::Others},
    },
    bids::{
        carried::{model::CarriedView, service::since_interest},
        clarifications::{self, model::ClarificationView},
        content::{self, Content},
    },
    clock::Moment,
    db::Conn,
    error::Result,
    funds::{model::RoundInFull, rulebook::Stage},
    http::{App, Call},
    identity::policy::{Action, Granted},
    ids::BidKey,
};

/// A full application as its assessor reads it, with their own scores.
pub struct ToScore {
    /// The assessor's own scores.
    pub scores: MyScores,
    /// What the others gave, once moderation is open and the own assessment submitted.
    pub others: Option<Others>,
    /// Whether moderation is open.
    pub moderated: bool,
    /// The round with its criteria.
    pub round: RoundInFull,
    /// What the fund asked the bid's councils.
    pub clarifications: Vec<ClarificationView>,
    /// What the version that stands says.
    pub content: Option<Content>,
    /// What its answers said in the expression of interest, by question.
    pub carried: BTreeMap<String, CarriedView>,
    /// Whether the assessor is not to learn whose it is.
    pub blind: bool,
}

/// A full application to be scored.
///
/// # Errors
/// `NotFound` for whoever was not given the bid or has a conflict with it.
pub async fn to_score(app: &App, call: &Call, reference: String) -> Result<ToScore> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ScoreBid, &reference)?;
        let others = moderation::service::beside(conn, scene, &asked)?;
        let moderated = moderation::service::opened_in(conn, &asked.granted, asked.bid.round_id)?.is_some();
        let Asked { granted, round, .. } = asked;
        let content = to_read(conn, &granted, &round)?;
        let clarifications = clarifications::service::beside(conn, scene, &granted)?;
        let carried = match &content {
            Some(content) => since_interest(conn, &granted, content, &round.rulebook)?,
            None => BTreeMap::new(),
        };
        let scores = scores::own(conn, scene, &reference)?;
        let blind = granted.standing().reads_without_names();
        Ok(ToScore { scores, others, moderated, round, clarifications, content, carried, blind })
    })
    .await
}

/// The full application that stands, as its assessor may read it: without names where the round's rules say so.
pub(in crate::assessment) fn to_read(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    round: &RoundInFull,
) -> Result<Option<Content>> {
    let content = content::standing(conn, granted, Stage::Full)?;
    let blind = granted.standing().reads_without_names();
    Ok(content.map(|content| if blind { content.without_names(&round.rulebook.full) } else { content }))
}

/// An expression of interest as a fund manager reads it, with the marks that count.
pub struct ToSift {
    /// The bid.
    pub bid: BidLine,
    /// The round with its form and rule.
    pub round: RoundInFull,
    /// Whether its answers can still be marked by the reader: not once the round was called off.
    pub open: bool,
    /// Where the sift of the bid stands.
    pub result: SiftResult,
    /// The questions that it has answered.
    pub answered: BTreeSet<String>,
    /// What the fund asked the bid's councils.
    pub clarifications: Vec<ClarificationView>,
    /// What the version that stands says.
    pub content: Option<Content>,
    /// When that was submitted, where marks that count are older and so about the version before it.
    pub newer_since: Option<Moment>,
}

/// An expression of interest to be marked.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid.
pub async fn to_sift(app: &App, call: &Call, reference: String) -> Result<ToSift> {
    call.read(app, move |conn, scene| {
        let Asked { granted, bid, round } = look(conn, scene, Action::SiftBid, &reference)?;
        let content = content::standing(conn, &granted, Stage::Eoi)?;
        let answered = content.as_ref().map(Content::answered).unwrap_or_default();
        let result = result_of(conn, &granted, &round.rulebook, &answered)?;
        let clarifications = clarifications::service::beside(conn, scene, &granted)?;
        let open = granted.standing().may(Action::SiftBid);
        let outdated = outdated(conn, &granted)?;
        let newer_since = outdated.filter(|(_, questions)| !questions.is_empty()).map(|(since, _)| since);
        Ok(ToSift { bid: bid.into(), open, result, answered, clarifications, round, content, newer_since })
    })
    .await
}
