//! Asking about a round, answering to everybody, and saying why something is not answered.

use std::cmp::Reverse;

use serde::Serialize;
use serde_json::json;

use super::{
    letters,
    model::{
        self, AnswerRow, AskedQuestion, MOST_OPEN, NewAnswer, NewQuestion, PublishedQuestion, QuestionRefusal,
        QuestionRow, QuestionState,
    },
    store,
};
use crate::{
    actor::Actor,
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        model::RoundInFull,
        service::visible_round,
        store::{in_full, round_by_slug},
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted, Sight},
    ids::{Id, OrganisationKey, RoundKey, RowKey},
};

/// What is published of a round's questions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Answers {
    /// The questions with their answers, the newest answer first.
    pub published: Vec<PublishedQuestion>,
    /// Whether a question can be asked now.
    pub open: bool,
    /// Until when.
    pub closes: Option<Moment>,
}

/// What is published of a round's questions, for everybody.
///
/// # Errors
/// `NotFound`.
pub async fn answers(app: &App, call: &Call, slug: String) -> Result<Answers> {
    call.read(app, move |conn, scene| {
        let round = visible_round(conn, scene, &slug)?;
        let mut published: Vec<_> = store::published(conn, round.round.id)?.into_values().collect();
        published.sort_by_key(|question| Reverse((question.answered_at, question.number)));
        let open = model::refuse_unless_asked_in_time(&round, scene.now).is_ok();
        Ok(Answers { published, open, closes: model::closes(&round) })
    })
    .await
}

/// What somebody needs who asks.
#[derive(Debug, Clone)]
pub struct ToAsk {
    /// The round.
    pub round: RoundInFull,
    /// For whom they can ask, by name.
    pub organisations: Vec<(Id<OrganisationKey>, String)>,
    /// What they and their colleagues have asked, newest first.
    pub own: Vec<AskedQuestion>,
    /// Why nothing can be asked now; none while it can.
    pub refusal: Option<String>,
}

/// The page of somebody who asks.
///
/// # Errors
/// `Unauthenticated`; `NotFound`.
pub async fn to_ask(app: &App, call: &Call, slug: String) -> Result<ToAsk> {
    call.read(app, move |conn, scene| {
        let sight = signed_in(conn, scene)?;
        let round = visible_round(conn, scene, &slug)?;
        let refusal = match model::refuse_unless_asked_in_time(&round, scene.now) {
            Err(AppError::Conflict { message, .. }) => Some(message),
            other => other.map(|()| None)?,
        };
        let own = own(conn, &sight, round.round.id)?;
        Ok(ToAsk { organisations: store::organisations_of(conn, &sight)?, round, own, refusal })
    })
    .await
}

fn signed_in(conn: &mut Conn, scene: &Scene) -> Result<Sight> {
    if scene.actor == Actor::Public { Err(AppError::Unauthenticated) } else { policy::sight(conn, &scene.actor) }
}

fn own(conn: &mut Conn, sight: &Sight, round: Id<RoundKey>) -> Result<Vec<AskedQuestion>> {
    let rows = store::own(conn, sight, round)?;
    let mut published = store::published(conn, round)?;
    Ok(rows.into_iter().rev().map(|row| view(published.remove(&row.number), row, None)).collect())
}

fn view(published: Option<PublishedQuestion>, row: QuestionRow, organisation: Option<String>) -> AskedQuestion {
    AskedQuestion {
        number: row.number,
        asked: row.asked,
        asked_at: row.asked_at,
        organisation,
        state: row.state,
        refused_because: row.refused_because,
        published,
        version: row.version,
    }
}

/// The questions of a round as they were asked: all of them for the fund's staff, those that wait for an answer first, and
/// for everybody else those of their own organisations.
///
/// # Errors
/// `Unauthenticated`; `NotFound`.
pub async fn asked(app: &App, call: &Call, slug: String) -> Result<Vec<AskedQuestion>> {
    call.read(app, move |conn, scene| {
        let sight = signed_in(conn, scene)?;
        let round = visible_round(conn, scene, &slug)?.round.id;
        match policy::round(conn, &scene.actor, Action::ListBids, round) {
            Ok(granted) => all(conn, &granted),
            Err(AppError::NotFound | AppError::Forbidden { .. }) => own(conn, &sight, round),
            Err(other) => Err(other),
        }
    })
    .await
}

/// The questions about a round before its staff.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The round.
    pub round: RoundInFull,
    /// All of them, those that wait for an answer first.
    pub questions: Vec<AskedQuestion>,
    /// Whether the reader answers them.
    pub answers: bool,
}

/// The same for the staff's page.
///
/// # Errors
/// As policy says.
pub async fn desk(app: &App, call: &Call, slug: String) -> Result<Desk> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask(conn, scene, Action::ListBids, &slug)?;
        let answers = granted.standing().may(Action::AnswerQuestions);
        Ok(Desk { round, questions: all(conn, &granted)?, answers })
    })
    .await
}

fn all(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<AskedQuestion>> {
    let rows = store::of_round(conn, round)?;
    let mut published = store::published(conn, round.id())?;
    let mut all: Vec<_> =
        rows.into_iter().map(|(row, name)| view(published.remove(&row.number), row, Some(name))).collect();
    // What has waited longest comes first, and of the rest what came last.
    all.sort_by_key(|question| match question.state {
        QuestionState::Open => (0, question.number),
        QuestionState::Answered | QuestionState::Refused => (1, -question.number),
    });
    Ok(all)
}

fn ask(conn: &mut Conn, scene: &Scene, action: Action, slug: &str) -> Result<(Granted<RoundKey>, RoundInFull)> {
    let round = round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::round(conn, &scene.actor, action, round.id)?;
    Ok((granted, in_full(conn, round)?))
}

/// One question, for the fund's staff and for the organisation that asked it.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn one(app: &App, call: &Call, slug: String, number: i32) -> Result<AskedQuestion> {
    call.read(app, move |conn, scene| {
        let sight = signed_in(conn, scene)?;
        let round = visible_round(conn, scene, &slug)?.round.id;
        if let Some(own) = own(conn, &sight, round)?.into_iter().find(|own| own.number == number) {
            return Ok(own);
        }
        let granted = policy::round(conn, &scene.actor, Action::ListBids, round)?;
        numbered(conn, &granted, number)
    })
    .await
}

fn numbered(conn: &mut Conn, round: &Granted<RoundKey>, number: i32) -> Result<AskedQuestion> {
    let (row, name) = store::numbered(conn, round, number)?.ok_or(AppError::NotFound)?;
    let published = store::published(conn, round.id())?.remove(&number);
    Ok(view(published, row, Some(name)))
}

/// One question for whoever answers it, with its round.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn to_answer(app: &App, call: &Call, slug: String, number: i32) -> Result<(RoundInFull, AskedQuestion)> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask(conn, scene, Action::AnswerQuestions, &slug)?;
        Ok((round, numbered(conn, &granted, number)?))
    })
    .await
}

/// Asks a question about a round; the fund's managers are told.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for whoever belongs to no organisation; `Invalid`; `Conflict` when questions cannot be
/// asked any more, or too many wait.
pub async fn put_question(app: &App, call: &Call, slug: String, new: NewQuestion) -> Result<AskedQuestion> {
    call.write(app, move |conn, scene| {
        let person = scene.person()?;
        let round = visible_round(conn, scene, &slug)?;
        let granted = for_organisation(conn, scene, new.organisation)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        model::refuse_unless_asked_in_time(&round, scene.now)?;
        refuse_too_many(store::open_of(conn, &granted, round.round.id)?)?;
        let question = QuestionRow {
            id: scene.fresh(),
            round_id: round.round.id,
            organisation_id: granted.id(),
            number: store::next_number(conn, round.round.id)?,
            asked: new.question.trim().into(),
            asked_by: person,
            asked_at: scene.now,
            state: QuestionState::Open,
            refused_because: None,
            version: 1,
        };
        store::insert(conn, &granted, &question)?;
        scene.tell(conn, Chain::Round(question.round_id), "question.asked", json!({ "question": question.id }))?;
        letters::to_managers(conn, scene, &round, &question)?;
        Ok(view(None, question, None))
    })
    .await
}

fn for_organisation(
    conn: &mut Conn,
    scene: &Scene,
    wanted: Option<Id<OrganisationKey>>,
) -> Result<Granted<OrganisationKey>> {
    let sight = policy::sight(conn, &scene.actor)?;
    let organisation = match (wanted, sight.organisations.as_slice()) {
        (Some(wanted), _) => wanted,
        (None, [only]) => *only,
        (None, []) => {
            let message =
                "Only people of a council or another registered organisation can ask. Its administrator adds you.";
            return Err(AppError::forbidden("no_organisation", message));
        }
        (None, _) => return Err(AppError::invalid("organisation", "missing", "Choose for whom you ask.")),
    };
    policy::organisation(conn, &scene.actor, Action::AskQuestion, organisation)
}

fn refuse_too_many(open: i64) -> Result<()> {
    if open < MOST_OPEN {
        return Ok(());
    }
    let message = format!(
        "{open} questions of your organisation in this round wait for an answer, which is the most. Ask again once the fund has answered one."
    );
    Err(AppError::conflict("too_many_questions", message))
}

/// Publishes an answer, or a correction of the one that stands; whoever asked is told.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Stale` when somebody else answered meanwhile; `Conflict` when the question
/// was refused.
pub async fn put_answer(
    app: &App,
    call: &Call,
    slug: String,
    (number, version): (i32, i32),
    new: NewAnswer,
) -> Result<AskedQuestion> {
    call.write(app, move |conn, scene| {
        let (granted, round) = ask(conn, scene, Action::AnswerQuestions, &slug)?;
        let person = scene.person()?;
        AppError::unless_empty(new.faults())?;
        let question = numbered(conn, &granted, number)?;
        if question.state == QuestionState::Refused {
            return Err(AppError::conflict("refused_already", "The question was refused, and whoever asked was told."));
        }
        let id = settle(conn, &granted, (number, version), (QuestionState::Answered, None))?;
        let before = question.published.map_or(0, |published| published.earlier.len() + 1);
        let answer = AnswerRow {
            question_id: id,
            number: i32::try_from(before + 1).map_err(AppError::internal)?,
            question: new.question.trim().into(),
            answer: new.answer.trim().into(),
            answered_by: person,
            answered_at: scene.now,
        };
        store::insert_answer(conn, &granted, &answer)?;
        let kind = if answer.number == 1 { "question.answered" } else { "question.corrected" };
        let detail = json!({ "question": id, "answer": answer.number });
        scene.tell(conn, Chain::Round(granted.id()), kind, detail)?;
        letters::of_answer(conn, scene, (&granted, &round), (number, &answer))?;
        numbered(conn, &granted, number)
    })
    .await
}

/// Says why a question is not published; whoever asked is told.
///
/// # Errors
/// As policy says; `Invalid`; `Stale` when somebody else answered meanwhile; `Conflict` when it is published already.
pub async fn refuse(
    app: &App,
    call: &Call,
    slug: String,
    (number, version): (i32, i32),
    refusal: QuestionRefusal,
) -> Result<AskedQuestion> {
    call.write(app, move |conn, scene| {
        let (granted, round) = ask(conn, scene, Action::AnswerQuestions, &slug)?;
        scene.person()?;
        AppError::unless_empty(refusal.fault().into_iter().collect())?;
        let reason = refusal.reason.trim();
        let question = numbered(conn, &granted, number)?;
        match question.state {
            QuestionState::Open => {}
            QuestionState::Answered => {
                let message = "The question is published already. Correct its answer instead.";
                return Err(AppError::conflict("answered_already", message));
            }
            QuestionState::Refused => {
                return Err(AppError::conflict("refused_already", "The question was refused already."));
            }
        }
        let id = settle(conn, &granted, (number, version), (QuestionState::Refused, Some(reason)))?;
        scene.tell(conn, Chain::Round(granted.id()), "question.refused", json!({ "question": id }))?;
        letters::of_refusal(conn, scene, (&granted, &round), (id, &question.asked, reason))?;
        numbered(conn, &granted, number)
    })
    .await
}

/// Says how a question stands from now on; gives its id.
fn settle(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    (number, version): (i32, i32),
    to: (QuestionState, Option<&str>),
) -> Result<Id<RowKey>> {
    let (row, _) = store::numbered(conn, round, number)?.ok_or(AppError::NotFound)?;
    if store::settle(conn, round, (row.id, version), to)? {
        Ok(row.id)
    } else {
        Err(AppError::Stale { current: row.version })
    }
}
