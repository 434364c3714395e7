//! Who hears of a question about a round: the fund's managers that it was asked, and whoever asked what became of it.

use serde_json::{Value, json};

use super::{
    model::{AnswerRow, QuestionRow},
    store,
};
use crate::{
    db::Conn,
    error::Result,
    funds::model::RoundInFull,
    http::Scene,
    identity::{
        model::Person,
        policy::Granted,
        store::{people, readers},
    },
    ids::{Id, RoundKey, RowKey},
    mail::outbox::{Notice, extend},
};

/// Tells the fund's managers that something was asked. Who asked stands on their own page, not in mail.
pub(super) fn to_managers(conn: &mut Conn, scene: &Scene, round: &RoundInFull, question: &QuestionRow) -> Result<()> {
    let data = json!({
        "question": question.asked,
        "link": format!("/rounds/{}/questions/{}", round.round.slug, question.number),
    });
    let told = about(round, "question-asked", data);
    for manager in readers::managers(conn, round.fund.id)? {
        scene.write_to(conn, &manager, &told, &format!("{} {}", question.id, manager.id))?;
    }
    Ok(())
}

/// Tells whoever asked that it is answered, or that the answer was corrected.
pub(super) fn of_answer(
    conn: &mut Conn,
    scene: &Scene,
    (granted, round): (&Granted<RoundKey>, &RoundInFull),
    (number, answer): (i32, &AnswerRow),
) -> Result<()> {
    let asker = asker(conn, granted, answer.question_id)?;
    let data = json!({
        "corrected": answer.number > 1,
        "question": answer.question,
        "answer": answer.answer,
        "link": format!("/rounds/{}#question-{number}", round.round.slug),
    });
    let occasion = format!("{} {}", answer.question_id, answer.number);
    scene.write_to(conn, &asker, &about(round, "question-answered", data), &occasion)
}

/// Tells whoever asked why it is not published.
pub(super) fn of_refusal(
    conn: &mut Conn,
    scene: &Scene,
    (granted, round): (&Granted<RoundKey>, &RoundInFull),
    (id, question, reason): (Id<RowKey>, &str, &str),
) -> Result<()> {
    let asker = asker(conn, granted, id)?;
    let link = format!("/rounds/{}/ask", round.round.slug);
    let data = json!({ "question": question, "reason": reason, "link": link });
    scene.write_to(conn, &asker, &about(round, "question-refused", data), &id.to_string())
}

fn asker(conn: &mut Conn, granted: &Granted<RoundKey>, id: Id<RowKey>) -> Result<Person> {
    let asker = store::asker(conn, granted, id)?;
    people::person(conn, asker)
}

fn about(round: &RoundInFull, template: &'static str, mut data: Value) -> Notice {
    extend(&mut data, json!({ "round": round.round.title, "fund": round.fund.name }));
    Notice { template, bid: None, round: Some(round.round.id), data }
}
