//! Flags and questions as they are read: by whoever reads the bid, and by the fund team.

use std::collections::BTreeMap;

use crate::{
    assessment::{
        model::BidLine,
        queries::{
            model::{
                FundQuery, QueryLine, QueryRow, QueryState, QueryStep, ReaderQuery, RoundQueries, StepRow,
                shared_with_readers, state_of, version_of,
            },
            store,
        },
        service::{Asked, ask_round, holds_bid, look, person_of},
        store as assessment,
    },
    db::Conn,
    error::{AppError, Result},
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::people,
    },
    ids::{BidKey, Id, PersonKey},
};

/// What somebody who reads a bid has flagged and asked, and what the fund team shares of others', without names.
///
/// # Errors
/// `NotFound` for whoever was not given the bid or has a conflict with it.
pub async fn mine(app: &App, call: &Call, reference: String) -> Result<Vec<ReaderQuery>> {
    to_ask(app, call, reference).await.map(|(_, queries, _)| queries)
}

/// The same with the bid, and whether the reader can ask now.
///
/// # Errors
/// As [`mine`].
pub async fn to_ask(app: &App, call: &Call, reference: String) -> Result<(BidLine, Vec<ReaderQuery>, bool)> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::AskFund, &reference)?;
        holds_bid(conn, scene, &asked)?;
        let Asked { granted, bid, .. } = asked;
        let queries = read_by(conn, scene, &granted)?;
        let standing = granted.standing();
        Ok((bid.as_read_by(standing).into(), queries, standing.may(Action::AskFund)))
    })
    .await
}

/// The same list for whoever reads the bid, in a transaction.
pub(in crate::assessment) fn read_by(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
) -> Result<Vec<ReaderQuery>> {
    let person = person_of(scene)?;
    let all = store::of_bid(conn, bid)?;
    Ok(all.into_iter().filter_map(|(row, steps)| for_reader(row, &steps, person)).collect())
}

/// Of one's own everything, of others' what is shared; nothing where nothing is.
fn for_reader(row: QueryRow, steps: &[StepRow], person: Id<PersonKey>) -> Option<ReaderQuery> {
    let mine = row.person_id == person;
    let shown: Vec<&StepRow> = if mine { steps.iter().collect() } else { shared_with_readers(steps) };
    (mine || !shown.is_empty()).then(|| ReaderQuery {
        number: row.number,
        kind: row.kind,
        words: row.words,
        at: row.created_at,
        mine,
        // Where another's stands says what was not shared.
        state: if mine { state_of(steps) } else { QueryState::Answered },
        version: if mine { version_of(steps) } else { 0 },
        steps: shown.into_iter().map(|step| view(step, None)).collect(),
    })
}

fn view(step: &StepRow, by: Option<String>) -> QueryStep {
    QueryStep {
        number: step.number,
        step: step.step,
        words: step.words.clone(),
        to: step.said_to,
        at: step.created_at,
        by,
    }
}

/// A flag or question, for the fund team.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it; `Forbidden` for others than fund managers.
pub async fn one(app: &App, call: &Call, reference: String, number: i32) -> Result<FundQuery> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::AnswerFundQuery, &reference)?;
        let (row, steps) = store::one(conn, &asked.granted, number)?;
        let people = steps.iter().map(|step| step.person_id).chain([row.person_id]);
        let names = people::names_of(conn, people)?;
        let name = |person: Id<PersonKey>| names.get(&person).cloned().unwrap_or_default();
        Ok(FundQuery {
            round: asked.round.round.slug,
            number,
            kind: row.kind,
            words: row.words,
            at: row.created_at,
            by: name(row.person_id),
            state: state_of(&steps),
            version: version_of(&steps),
            steps: steps.iter().map(|step| view(step, Some(name(step.person_id)))).collect(),
            bid: asked.bid.into(),
        })
    })
    .await
}

/// The flags and questions of a round, those that wait first; without the bids that a conflict hides, also in the count.
///
/// # Errors
/// `Forbidden` for others of the fund than its managers; `NotFound` for everybody else.
pub async fn waiting(app: &App, call: &Call, slug: String) -> Result<RoundQueries> {
    call.read(app, move |conn, scene| {
        let (granted, _) = ask_round(conn, scene, Action::AnswerFundQuery, &slug)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let bids: BTreeMap<Id<BidKey>, BidLine> =
            assessment::bids_of(conn, &granted, &sight)?.into_iter().map(|bid| (bid.id, bid.into())).collect();
        let all = store::of_round(conn, &granted, &sight)?;
        let names = people::names_of(conn, all.iter().map(|(row, _)| row.person_id))?;
        let line =
            |(row, steps): (QueryRow, Vec<StepRow>)| Some(line(bids.get(&row.bid_id)?.clone(), row, &steps, &names));
        let (mut queries, mut rest): (Vec<QueryLine>, Vec<QueryLine>) =
            all.into_iter().filter_map(line).partition(|line| line.state == QueryState::Open);
        let open = queries.len();
        rest.reverse();
        queries.extend(rest);
        Ok(RoundQueries { open, queries })
    })
    .await
}

fn line(bid: BidLine, row: QueryRow, steps: &[StepRow], names: &BTreeMap<Id<PersonKey>, String>) -> QueryLine {
    QueryLine {
        bid,
        number: row.number,
        kind: row.kind,
        by: names.get(&row.person_id).cloned().unwrap_or_default(),
        words: row.words,
        at: row.created_at,
        state: state_of(steps),
    }
}

/// The flags and questions of a bid beside other pages of it: none for whoever does not answer them.
///
/// # Errors
/// When the database fails.
pub fn beside(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<Vec<QueryLine>> {
    let id = bid.id();
    let granted = match policy::bid_to_read(conn, &scene.actor, Action::AnswerFundQuery, id) {
        Ok(granted) => granted,
        Err(AppError::NotFound | AppError::Forbidden { .. }) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let all = store::of_bid(conn, &granted)?;
    let names = people::names_of(conn, all.iter().map(|(row, _)| row.person_id))?;
    let bid: BidLine = assessment::bid(conn, &granted)?.into();
    Ok(all.into_iter().map(|(row, steps)| line(bid.clone(), row, &steps, &names)).collect())
}

/// The same for a page that reads nothing else of the bid.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid, or has a conflict with it.
pub async fn of_bid(app: &App, call: &Call, reference: String) -> Result<Vec<QueryLine>> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ReadBid, &reference)?;
        beside(conn, scene, &asked.granted)
    })
    .await
}
