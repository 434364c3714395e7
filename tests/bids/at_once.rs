//! People of two councils write the same answers at once, and nothing that was acknowledged is lost or overwritten unseen.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::rt::System;
use diesel::prelude::*;
use roundtable::{
    bids::service::{self, AnswerChange, Saved},
    db::schema::{answer_versions, answers},
    error::AppError,
    http::{App, Call},
};
use serde_json::{Value, json};

use super::together::shared;
use crate::harness::{
    app::{TestApp, Who},
    databases::on_each_database,
};

const QUESTIONS: [&str; 2] = ["problem", "assets"];
/// How often each writer tries; most meet somebody else's text.
const TRIES: usize = 200;
const WRITERS: [Who; 4] = [Who::Officer, Who::Administrator, Who::Partner, Who::PartnerSignatory];

/// A text that a save acknowledged: which question, at which version, what it says.
type Acknowledged = BTreeSet<(String, i32, String)>;

/// Writes now one answer, now another, each time over the version that was seen last.
fn write(app: App, call: Call, who: Who, reference: &str) -> Acknowledged {
    System::new().block_on(async move {
        let mut seen: BTreeMap<&str, i32> = QUESTIONS.into_iter().map(|question| (question, 1)).collect();
        let mut acknowledged = Acknowledged::new();
        for round in 0..TRIES {
            // Writers change over at different times, so that they keep meeting and parting.
            let question = QUESTIONS[(round / (1 + who as usize % 5)) % QUESTIONS.len()];
            let (text, from) = (format!("{who:?} {round}"), seen[question]);
            let change = AnswerChange { value: json!(text), complete: false };
            match service::put_answer(&app, &call, reference.to_owned(), question.into(), from, change).await {
                Ok(Saved { version, late }) => {
                    assert_eq!(late, None);
                    assert_eq!(version, from + 1, "it replaced what its writer had not seen");
                    seen.insert(question, version);
                    acknowledged.insert((question.into(), version, text));
                }
                Err(AppError::Stale { current }) => {
                    assert!(current > from, "{who:?} was refused although nobody had written");
                    seen.insert(question, current);
                }
                Err(AppError::Busy { .. }) => {}
                Err(other) => panic!("{who:?}: {other:?}"),
            }
        }
        acknowledged
    })
}

on_each_database! {
    fn every_acknowledged_text_is_among_the_versions_and_each_replaced_what_its_writer_had_seen(app: &TestApp) {
        let reference = shared(app);
        let written: Vec<Acknowledged> = std::thread::scope(|scope| {
            let running: Vec<_> = WRITERS
                .into_iter()
                .map(|who| {
                    let (house, call, reference) = (app.app.clone(), app.call(who), reference.as_str());
                    scope.spawn(move || write(house, call, who, reference))
                })
                .collect();
            running.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        assert!(written.iter().all(|one| !one.is_empty()), "somebody never came to write");
        let acknowledged: Acknowledged = written.into_iter().flatten().collect();
        type Row = (String, i32, roundtable::db::Doc<Value>);
        let (kept, standing) = app.block_on(|app| async move {
            app.db
                .read(|conn| {
                    let kept: Vec<Row> = answer_versions::table
                        .order((answer_versions::question, answer_versions::number))
                        .select((answer_versions::question, answer_versions::number, answer_versions::value))
                        .load(conn)?;
                    let standing: Vec<Row> =
                        answers::table.select((answers::question, answers::version, answers::value)).load(conn)?;
                    Ok((kept, standing))
                })
                .await
                .unwrap()
        });
        for question in QUESTIONS {
            let numbers: Vec<i32> = kept.iter().filter(|row| row.0 == question).map(|row| row.1).collect();
            assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>(), "{question}: a version for every number");
        }
        let text = |row: &Row| (row.0.clone(), row.1, row.2.0.as_str().unwrap().to_owned());
        let since: Acknowledged = kept.iter().filter(|row| row.1 > 1).map(text).collect();
        assert_eq!(since, acknowledged, "what is kept is what was acknowledged, no more and no less");
        for row in &standing {
            let last = kept.iter().rfind(|kept| kept.0 == row.0).unwrap();
            assert_eq!((row.1, &row.2.0), (last.1, &last.2.0), "the newest version stands");
        }
    }
}
