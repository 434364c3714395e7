//! A round whose assessors read without names: conflicts are declared with organisations, and councils are told what they left in.

use diesel::prelude::*;
use roundtable::db::schema::{bids, organisations};
use serde_json::{Value, json};

use super::{find_eligible, full_application, give, given_bid};
use crate::{
    awards::lists::assessing,
    bids::written,
    harness::{
        app::{ROUND, START, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::with_borchester,
};

/// Casterbridge leads the bid, and the people of the test world have addresses at Ambridge's domain.
fn of_casterbridge(app: &TestApp, reference: &str) {
    let (reference, casterbridge) = (reference.to_owned(), app.organisation("CAS"));
    app.block_on(|app| async move {
        let write = app.db.write(move |conn| {
            diesel::update(bids::table.filter(bids::reference.eq(&reference)))
                .set(bids::lead_id.eq(casterbridge))
                .execute(conn)?;
            Ok(())
        });
        write.await.unwrap();
    });
}

fn domain_of_ambridge(app: &TestApp) {
    app.block_on(|app| async move {
        let write = app.db.write(move |conn| {
            let ambridge = organisations::table.filter(organisations::code.eq("AMB"));
            diesel::update(ambridge).set(organisations::mail_domain.eq(Some("test.example"))).execute(conn)?;
            Ok(())
        });
        write.await.unwrap();
    });
}

on_each_database! {
    fn a_conflict_is_declared_with_an_organisation_and_tells_nobody_which_bids_are_its(app: &TestApp) {
        assessing(app, json!({ "anonymous": true }));
        let first = given_bid(app);
        app.clock.set(moment(START));
        let second = full_application(app, "Shared savings");
        of_casterbridge(app, &second);
        find_eligible(app, &second);
        let (assessor, page) = (app.client(Who::Assessor), format!("/rounds/{ROUND}/declarations"));
        let told = assessor.get(&format!("/api/v1{page}")).expect(200);
        let names = ["Ambridge Borough Council", "Casterbridge District Council"];
        let listed: Vec<Value> = told.json()["organisations"].as_array().unwrap().iter().map(|of| of["name"].clone()).collect();
        assert_eq!(listed, names);
        assert_eq!((&told.json()["items"], &told.json()["without_names"]), (&json!([]), &json!(true)));
        assert!(!told.text().contains(&first) && !told.text().contains("Shared"), "{}", told.text());
        let of_staff = app.client(Who::Moderator).get(&format!("/api/v1{page}")).expect(200).json();
        assert_eq!((of_staff["items"].as_array().unwrap().len(), &of_staff["without_names"]), (2, &json!(false)), "they know");
        for bid in [&first, &second] {
            let conflict = json!({ "bid": bid, "reason": "I know them." });
            assert_eq!(assessor.post("/api/v1/conflicts", conflict).status, 404, "not with a bid");
            assert_eq!(assessor.get(&format!("/bids/{bid}/conflict")).status, 404);
        }

        let mut browser = app.browser(Who::Assessor);
        browser.open(&page).press("Declare the conflict").sees("Choose the organisation that the conflict of interest is with.")
            .sees("Say what the conflict of interest is.");
        browser.choose(names[1]).fill("What is the conflict of interest?", "I advise it.").press("Declare the conflict");
        browser.sees("Your conflict of interest is declared.").sees(&format!("Every bid that {} leads or joins", names[1]));
        let after = assessor.get(&format!("/api/v1{page}")).expect(200).json();
        assert_eq!(after["organisations"], told.json()["organisations"], "what were missing would tell who bids with whom");
        assert_eq!(after["withheld"].as_array().unwrap().len(), 1);
        let mine = assessor.get("/assess").expect(200).text();
        assert!(mine.contains(&first) && !mine.contains(&second) && mine.contains(&format!("/bids/{first}/recuse")), "{mine}");
        assert_eq!(give(app, &second, Who::Assessor).status, 409, "a wall stands before every bid of it");
        give(app, &second, Who::SecondAssessor).expect(200);
        assert_eq!(assessor.get(&format!("/bids/{second}/score")).status, 404);

        // What the program suggests keeps a bid from being given, and is answered by those who know the names.
        domain_of_ambridge(app);
        assert_eq!(give(app, &first, Who::SecondAssessor).problem(), (409, "possible_conflict".into()));
        let own = app.person(Who::SecondAssessor);
        let possible = format!("/bids/{first}/possible-conflicts/{own}");
        assert_eq!(app.client(Who::SecondAssessor).get(&possible).status, 404);
        assert!(!app.client(Who::SecondAssessor).get(&page).expect(200).text().contains(&first));
        app.client(Who::Moderator).get(&possible).expect(200);
        let aside = json!({ "verdict": "set_aside", "reason": "It is the mail of a former employer." });
        app.client(Who::Moderator).post(&format!("/api/v1{possible}"), aside).expect(200);
        give(app, &first, Who::SecondAssessor).expect(200);
        browser.open(&format!("/bids/{first}/recuse")).sees("“I think I know whose bid this is” is a reason.");
        browser.fill("What is the conflict of interest?", "I think I know whose bid this is.").press("Stop reading this bid");
        assert_eq!(assessor.get(&format!("/bids/{first}/score")).status, 404);

        // A conflict of interest tells whose bid it is: whoever had one reads it no more, although it is lifted.
        let recuse = format!("/api/v1/bids/{first}/recuse");
        let conflict = app.client(Who::SecondAssessor).post(&recuse, json!({ "reason": "Close" })).expect(200).json();
        let lift = format!("/api/v1/conflicts/{}/lift", conflict["id"].as_str().unwrap());
        app.client(Who::Manager).post(&lift, json!({ "reason": "Another person" })).expect(200);
        assert_eq!(give(app, &first, Who::SecondAssessor).problem(), (409, "read_before".into()));
    }

    fn councils_are_told_to_leave_names_out_and_where_they_left_some_and_can_submit_all_the_same(app: &TestApp) {
        assessing(app, json!({ "anonymous": true }));
        let (officer, reference) = written(app, "Repairs in Ambridge");
        with_borchester(app, &reference, true);
        let words = json!({ "value": "Tenants of borchester wait, and so do those of Ambridge Borough Council.", "complete": true });
        officer.put(&format!("/api/v1/bids/{reference}/answers/problem"), 1, words).expect(200);
        let left = format!("/api/v1/bids/{reference}/names-left");
        let names = officer.get(&left).expect(200).json();
        let fields: Vec<&Value> = names.as_array().unwrap().iter().map(|part| &part["field"]).collect();
        assert_eq!(fields, ["title", "answers/problem"]);
        assert_eq!(names[1]["names"], json!(["Ambridge Borough Council", "Borchester City Council"]));
        assert_eq!(app.client(Who::Partner).get(&left).expect(200).json(), names);
        assert_eq!((app.client(Who::Manager).get(&left).status, app.client(Who::Stranger).get(&left).status), (404, 404));
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/questions/problem")).sees("Assessors of this round are not told who bids.");
        browser.open(&format!("/bids/{reference}/documents")).sees("not by file name");
        browser.open(&format!("/bids/{reference}/check")).sees("These names stand in your bid.").sees("Title: Ambridge Borough Council");
        officer.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("Assessors read without knowing whose bid it is")
            .sees("expressions of interest are published with the names of their councils");
        assessing(app, json!({}));
        assert_eq!(officer.get(&left).expect(200).json(), json!([]));
        assert!(!app.browser(Who::Officer).open(&format!("/bids/{reference}/documents")).has("not told who bids"));
    }
}
