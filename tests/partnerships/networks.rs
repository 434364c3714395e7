//! Declarations and networks: who records that a council belongs to one, and the rules of rounds that ask for it.

use roundtable::{command, identity::policy::BidKind};
use serde_json::{Value, json};

use super::rules::{ASKING, ask, confirm, invite, put, reasons, start};
use crate::{
    awards::{DECIDING, award, bring_to, decide, release_in},
    harness::{
        app::{Answer, TestApp, Who},
        databases::on_each_database,
    },
};

const MEMBERS: &str = "/api/v1/networks/local-digital-declaration/members";

fn record(app: &TestApp, who: Who, code: &str, body: Value) -> Answer {
    app.client(who).send("PUT", &format!("{MEMBERS}/{}", app.organisation(code)), &[], Some(&body))
}

fn import(app: &TestApp, file: &str) -> Answer {
    let csv = [("Content-Type", "text/csv")];
    app.client(Who::Manager).raw("POST", &format!("{MEMBERS}/import"), &csv, Some(file.as_bytes().to_vec()))
}

/// Codes and states of the declaration, by name of the organisation.
fn members(app: &TestApp) -> Vec<(String, String)> {
    let list = app.client(Who::Officer).get(MEMBERS).expect(200).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(|member| (text(&member["code"]), text(&member["state"]))).collect()
}

fn signed(app: &TestApp, code: &str) -> bool {
    let list = app.public().get("/api/v1/organisations").expect(200).json();
    let found = list["items"].as_array().unwrap().iter().find(|one| one["code"] == code).unwrap();
    found["signed_declaration"] == true
}

on_each_database! {
    fn a_rule_accepts_a_declaration_in_process_until_the_award(app: &TestApp) {
        let membership = json!({
            "network": "local-digital-declaration", "name": "The Declaration", "who": "everybody", "by": "award"
        });
        ask(app, json!({ "memberships": [membership] }));
        let rule = "The lead authority and all partners are in “The Declaration” before an award is announced";
        app.browser(Who::Nobody).open(&format!("/rounds/{ASKING}")).sees(rule);
        let reference = start(app, ASKING, "Shared repairs");
        put(app, &reference, "full_draft");
        let about = || reasons(app, &reference).into_iter().filter(|reason| reason.contains("Declaration")).collect::<Vec<_>>();
        let unknown = |who: &str| vec![format!("not in “The Declaration”, and not known to have begun to join: {who}")];
        assert_eq!(about(), unknown("Ambridge Borough Council"));
        record(app, Who::Manager, "AMB", json!({ "state": "member", "from": "2018-08-01" })).expect(200);
        assert_eq!(about(), [] as [&str; 0]);
        // An invited council is not asked before it takes part.
        let invitation = invite(app, &reference, "BOR");
        assert_eq!(about(), [] as [&str; 0]);
        confirm(app, Who::Partner, &invitation).expect(200);
        assert_eq!(about(), unknown("Borchester City Council"));
        record(app, Who::Manager, "BOR", json!({ "state": "in_process" })).expect(200);
        assert_eq!(about(), [] as [&str; 0]);
        let later = "Not in “The Declaration” yet, and needed there before an award is announced: Borchester City Council";
        app.browser(Who::Officer).open(&format!("/bids/{reference}/partners")).sees(later);
        put(app, &reference, "full_submitted");
        bring_to(app, &reference, ("shortlisted", BidKind::Review), 8_000_000);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &reference, "award", award(8_000_000, 1)).expect(201);
        let release = format!("/api/v1/rounds/{ASKING}/releases/announcement");
        assert_eq!(app.client(Who::Manager).get(&release).expect(200).json()["not_members"], json!([reference]));
        let refused = release_in(app, ASKING, "announcement");
        assert_eq!(refused.problem(), (422, "invalid".into()));
        assert!(refused.text().contains(&reference), "{}", refused.text());
        record(app, Who::Manager, "BOR", json!({ "state": "member" })).expect(200);
        assert_eq!(app.client(Who::Manager).get(&release).expect(200).json()["not_members"], json!([]));
        release_in(app, ASKING, "announcement").expect(200);
    }

    fn a_manager_records_who_belongs_to_a_network_and_nobody_else_does(app: &TestApp) {
        for who in [Who::Officer, Who::Administrator, Who::Assessor, Who::Nobody] {
            assert_eq!(record(app, who, "AMB", json!({ "state": "member" })).status, 404, "{who:?}");
        }
        assert_eq!(app.public().get(MEMBERS).status, 401);
        let early = record(app, Who::Manager, "AMB", json!({ "state": "member", "from": "2026-09-03" }));
        assert_eq!(early.problem(), (422, "invalid".into()));
        record(app, Who::Admin, "AMB", json!({ "state": "in_process" })).expect(200);
        assert!(!signed(app, "AMB"));
        record(app, Who::Manager, "AMB", json!({ "state": "member", "from": "2026-09-02" })).expect(200);
        assert_eq!(members(app), [("AMB".to_owned(), "member".to_owned())]);
        assert!(signed(app, "AMB"), "rules of eligibility go by the declaration");
        let path = format!("{MEMBERS}/{}", app.organisation("AMB"));
        app.client(Who::Manager).delete(&path).expect(204);
        assert_eq!(app.client(Who::Manager).delete(&path).status, 404);
        assert!(!signed(app, "AMB"));
        let people = format!("/organisations/{}/members", app.organisation("AMB"));
        app.browser(Who::Administrator).open(&people).sees("Taken out of Local Digital Declaration");
    }

    fn a_file_of_members_is_recorded_whole_or_not_at_all(app: &TestApp) {
        let faulty = import(app, "organisation,state,from\nAMB,member,2026-09-03\nNowhere,signed,soon\nAMB,,\n");
        assert_eq!(faulty.problem(), (422, "invalid".into()));
        let fields: Vec<String> =
            faulty.json()["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect();
        assert_eq!(fields, ["/lines/2/from", "/lines/3/organisation", "/lines/3/state", "/lines/3/from", "/lines/4/organisation"]);
        assert_eq!(members(app), []);
        assert_eq!(import(app, "name\nAMB\n").problem(), (422, "invalid".into()));
        let done = import(app, "organisation,state,from\nAMB,,2018-08-01\nbor,in_process,\n").expect(200).json();
        assert_eq!(done, json!({ "members": 1, "in_process": 1 }));
        let expected = [("AMB", "member"), ("BOR", "in_process")].map(|(code, state)| (code.to_owned(), state.to_owned()));
        assert_eq!(members(app), expected);
    }

    fn the_command_line_records_a_file_of_members_too(app: &TestApp) {
        let folder = tempfile::tempdir().unwrap();
        let run = |lines: &str| {
            let (file, mut printed) = (folder.path().join("members.csv"), Vec::new());
            std::fs::write(&file, lines).unwrap();
            let config = app.app.config.as_ref().clone();
            let code = command::network_members(config, "local-digital-declaration", &file, &mut printed).unwrap();
            (code == std::process::ExitCode::SUCCESS, String::from_utf8(printed).unwrap())
        };
        assert_eq!(run("organisation\nNowhere\n"), (false, "Line 2: there is no organisation “Nowhere”.\n".into()));
        assert_eq!(run("organisation\nCAS\n"), (true, "recorded as members: 1, as joining: 0\n".into()));
        assert_eq!(members(app), [("CAS".to_owned(), "member".to_owned())]);
    }

    fn a_manager_makes_a_network_and_records_councils_on_a_page(app: &TestApp) {
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow("Declarations and networks").sees("Local Digital Declaration");
        manager.fill("Name", "Key Towns").fill("Code", "Key Towns").press("Save").sees("Use 1 to 80 small letters");
        manager.fill("Code", "key-towns").press("Save").sees("“Key Towns” is saved.");
        manager.fill("Organisation", "Nowhere").choose("It has begun to join").press("Record").sees("There is no organisation");
        manager.fill("Organisation", "AMB").press("Record").sees("Ambridge Borough Council is recorded.");
        manager.sees("Joining").fill("Headings and lines of a CSV file", "organisation,state\nBOR,joined").press("Record these");
        manager.sees("Line 2: write member or in_process.");
        manager.fill("Headings and lines of a CSV file", "organisation,state\nBOR,member").press("Record these");
        manager.sees("Recorded as members: 1, as joining: 0.").press("Take out Ambridge Borough Council").sees("It is taken out.");
        assert!(!manager.has("Joining"));
        assert_eq!(app.browser(Who::Officer).open("/networks").status(), 404);
    }
}
