//! Who hears of a question about a round: the fund's managers that it was asked, and whoever asked what became of it.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{
    model::{AnswerRow, QuestionRow},
    store,
};
use crate::{
    db::{
        Conn,
        schema::{fund_roles, people},
    },
    error::Result,
    funds::model::RoundInFull,
    http::Scene,
    identity::{
        model::{FundRole, Person},
        policy::Granted,
        store::people as persons,
    },
    ids::{Id, RoundKey, RowKey},
    mail::outbox::{self, Letter},
};

/// Tells the fund's managers that something was asked. Who asked stands on their own page, not in mail.
pub(super) fn to_managers(conn: &mut Conn, scene: &Scene, round: &RoundInFull, question: &QuestionRow) -> Result<()> {
    let managers: Vec<Person> = fund_roles::table
        .inner_join(people::table)
        .filter(fund_roles::fund_id.eq(round.fund.id))
        .filter(fund_roles::role.eq(FundRole::FundManager))
        .filter(fund_roles::ended_at.is_null())
        .order(people::id)
        .select(people::all_columns)
        .load(conn)?;
    for manager in managers {
        let data = json!({
            "question": question.asked,
            "link": format!("/rounds/{}/questions/{}", round.round.slug, question.number),
        });
        let key = format!("question-asked {} {}", question.id, manager.id);
        write_to(conn, scene, round, manager, ("question-asked", data, key))?;
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
    let key = format!("question-answered {} {}", answer.question_id, answer.number);
    write_to(conn, scene, round, asker, ("question-answered", data, key))
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
    write_to(conn, scene, round, asker, ("question-refused", data, format!("question-refused {id}")))
}

fn asker(conn: &mut Conn, granted: &Granted<RoundKey>, id: Id<RowKey>) -> Result<Person> {
    let asker = store::asker(conn, granted, id)?;
    persons::person(conn, asker)
}

fn write_to(
    conn: &mut Conn,
    scene: &Scene,
    round: &RoundInFull,
    person: Person,
    (template, mut data, unique_key): (&'static str, Value, String),
) -> Result<()> {
    if let Value::Object(data) = &mut data {
        data.insert("name".into(), json!(person.name));
        data.insert("round".into(), json!(round.round.title));
        data.insert("fund".into(), json!(round.fund.name));
    }
    let letter = Letter {
        id: scene.fresh(),
        template,
        recipient: person.email,
        person: Some(person.id),
        bid: None,
        round: Some(round.round.id),
        data,
        unique_key,
    };
    outbox::post(conn, letter, scene.now)
}
