//! The people of an organisation: who adds them, who may not, and what follows at once.

use std::time::Duration;

use roundtable::events::Chain;
use serde_json::{Value, json};

use super::{
    happened,
    kept_forms::{confirm, send_it_now},
};
use crate::{
    bids::journey::written,
    harness::{
        app::{Answer, Client, TestApp, Who},
        browser::Browser,
        databases::on_each_database,
    },
};

const JO: &str = "jo@ambridge.gov.uk";
const NOBODY: &str = "0197a000-0000-7000-8000-000000000000";

fn members(app: &TestApp) -> String {
    format!("/api/v1/organisations/{}/members", app.organisation("AMB"))
}

fn page(app: &TestApp) -> String {
    format!("/organisations/{}/members", app.organisation("AMB"))
}

fn jo(role: &str) -> Value {
    json!({ "email": JO, "name": "Jo Bloggs", "role": role })
}

fn take(client: &Client, app: &TestApp, who: Who, role: &str) -> Answer {
    client.delete(&format!("{}/{}/{role}", members(app), app.person(who)))
}

/// The addresses and roles of Ambridge's people, by name.
fn listed(app: &TestApp) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = app.client(Who::Admin).get(&members(app)).expect(200).json();
    list.as_array().unwrap().iter().map(|member| (text(&member["email"]), text(&member["role"]))).collect()
}

/// Imports councils: their codes, their names and the domains of their people's addresses.
fn import(app: &TestApp, councils: &[(&str, &str, &str)]) {
    let lines = councils.iter().map(|(code, name, domain)| format!("{code},{name},district,england,{domain}\n"));
    let file = format!("code,name,kind,nation,mail_domain\n{}", lines.collect::<String>());
    let headers = [("Content-Type", "text/csv")];
    app.client(Who::Admin).raw("POST", "/api/v1/organisations/import", &headers, Some(file.into_bytes())).expect(200);
}

/// From now on Ambridge's people are known to have addresses of its own.
fn name_the_domain(app: &TestApp) {
    import(app, &[("AMB", "Ambridge Borough Council", "ambridge.gov.uk")]);
}

/// The pointers and codes of all faults.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.problem(), (422, "invalid".into()), "{}", answer.text());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let faults = answer.json()["errors"].as_array().unwrap().clone();
    faults.iter().map(|fault| (text(&fault["pointer"]), text(&fault["code"]))).collect()
}

on_each_database! {
    fn an_administrator_adds_somebody_who_hears_of_it_and_works_for_the_council_at_once(app: &TestApp) {
        let added = app.client(Who::Administrator).post(&members(app), jo("member")).expect(201).json();
        assert_eq!((&added["name"], &added["role"]), (&json!("Jo Bloggs"), &json!("member")));
        assert!(listed(app).contains(&(JO.into(), "member".into())));
        let letters = app.letters();
        let [letter] = letters.as_slice() else { panic!("one letter: {letters:?}") };
        assert_eq!((letter.template.as_str(), letter.recipient.as_str()), ("member-added", JO));
        assert_eq!(letter.subject, "Administrator Person added you to Ambridge Borough Council on Roundtable");
        assert!(letter.text.contains("With it you can write and submit bids"), "{}", letter.text);
        assert!(letter.text.contains("https://roundtable.example/sign-in"), "{}", letter.text);
        let start = json!({ "round": "test-round", "lead": app.organisation("AMB"), "title": "Jo's own" });
        app.client_of(app.person_at(JO)).post("/api/v1/bids", start).expect(201);
    }

    fn whoever_loses_their_last_role_loses_its_sight_at_once_and_nothing_else(app: &TestApp) {
        let (officer, reference) = written(app, "Shared repairs");
        let administrator = app.client(Who::Administrator);
        let bid = format!("/api/v1/bids/{reference}");
        administrator.post(&members(app), json!({ "email": Who::Officer.email(), "name": "x", "role": "signatory" })).expect(201);
        take(&administrator, app, Who::Officer, "member").expect(204);
        officer.get(&bid).expect(200);
        take(&administrator, app, Who::Officer, "signatory").expect(204);
        assert_eq!(officer.get(&bid).problem(), (404, "not_found".into()));
        assert_eq!(officer.post(&format!("{bid}/actions/submit_eoi"), json!({})).problem(), (404, "not_found".into()));
        let me = officer.get("/api/v1/me").expect(200).json();
        assert_eq!((&me["person"]["name"], &me["memberships"]), (&json!("Officer Person"), &json!([])), "still signed in");
        administrator.get(&bid).expect(200);
    }

    fn the_last_administrator_is_only_taken_away_from_above(app: &TestApp) {
        let administrator = app.client(Who::Administrator);
        let refused = take(&administrator, app, Who::Administrator, "administrator");
        assert_eq!(refused.problem(), (409, "last_administrator".into()));
        administrator.post(&members(app), jo("administrator")).expect(201);
        take(&administrator, app, Who::Administrator, "administrator").expect(204);
        administrator.get(&members(app)).expect(404);
        let last = format!("{}/{}/administrator", members(app), app.person_at(JO));
        app.client_of(app.person_at(JO)).delete(&last).expect(409);
        app.client(Who::Admin).delete(&last).expect(204);
        assert!(!listed(app).iter().any(|(_, role)| role == "administrator"));
    }

    fn two_administrators_who_take_each_other_away_at_once_leave_one(app: &TestApp) {
        let first = app.client(Who::Administrator);
        first.post(&members(app), jo("administrator")).expect(201);
        let second = app.client_of(app.person_at(JO));
        let others = format!("{}/{}/administrator", members(app), app.person_at(JO));
        let firsts = format!("{}/{}/administrator", members(app), app.person(Who::Administrator));
        let answers = std::thread::scope(|scope| {
            let running = [scope.spawn(|| first.delete(&others).status), scope.spawn(|| second.delete(&firsts).status)];
            running.map(|thread| thread.join().unwrap())
        });
        assert_eq!(answers.iter().filter(|status| **status == 204).count(), 1, "{answers:?}");
        assert_eq!(listed(app).iter().filter(|(_, role)| role == "administrator").count(), 1);
    }

    fn a_role_is_not_given_twice_but_again_after_it_was_taken(app: &TestApp) {
        let administrator = app.client(Who::Administrator);
        administrator.post(&members(app), jo("member")).expect(201);
        assert_eq!(administrator.post(&members(app), jo("member")).problem(), (409, "role_held_already".into()));
        administrator.post(&members(app), jo("administrator")).expect(201);
        let jos = app.person_at(JO);
        administrator.delete(&format!("{}/{jos}/member", members(app))).expect(204);
        administrator.delete(&format!("{}/{jos}/member", members(app))).expect(404);
        administrator.post(&members(app), jo("member")).expect(201);
        assert_eq!(app.letters().len(), 3);
        let told = |kind: &str, role: &str| (kind.to_owned(), json!({ "person": jos, "role": role }));
        let expected = [
            told("organisation.role_given", "member"),
            told("organisation.role_given", "administrator"),
            told("organisation.role_taken", "member"),
            told("organisation.role_given", "member"),
        ];
        assert_eq!(happened(app, Chain::Organisation(app.organisation("AMB"))), expected, "ids and words alone");
    }

    fn an_address_elsewhere_is_for_those_who_run_the_service_to_add(app: &TestApp) {
        name_the_domain(app);
        let administrator = app.client(Who::Administrator);
        for email in ["jo@borchester.gov.uk", "jo@ambridge.gov.uk.example", "jo@notambridge.gov.uk"] {
            let new = json!({ "email": email, "name": "Jo Bloggs", "role": "member" });
            let refused = administrator.post(&members(app), new.clone());
            assert_eq!(faults(&refused), [("/email".into(), "address_elsewhere".into())]);
            let detail = refused.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains("@ambridge.gov.uk") && detail.contains("Admin Person (admin@test.example)"), "{detail}");
            app.client(Who::Admin).post(&members(app), new).expect(201);
        }
        let new = json!({ "email": "JO@Ambridge.GOV.uk", "name": "Jo Bloggs", "role": "member" });
        assert_eq!(administrator.post(&members(app), new).expect(201).json()["email"], JO);
    }

    fn making_a_signatory_wants_a_fresh_code(app: &TestApp) {
        let administrator = app.client(Who::Administrator);
        app.later(Duration::from_secs(31 * 60));
        let before = listed(app);
        let refused = administrator.post(&members(app), jo("signatory"));
        assert_eq!(refused.problem(), (403, "fresh_code_needed".into()));
        assert_eq!((listed(app), app.letters().len()), (before, 0));
        administrator.post(&members(app), jo("member")).expect(201);
        app.client(Who::Administrator).post(&members(app), jo("signatory")).expect(201);
    }

    fn everything_wrong_with_a_new_member_is_said_at_once_and_nothing_is_written(app: &TestApp) {
        let administrator = app.client(Who::Administrator);
        let before = listed(app);
        let all = administrator.post(&members(app), json!({ "email": "jo at", "name": " \n ", "role": "mayor" }));
        let expected = [("/email", "wrong_email"), ("/name", "missing"), ("/role", "unknown_role")];
        assert_eq!(faults(&all), expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        assert!(all.json()["errors"][2]["message"].as_str().unwrap().contains("member, signatory or administrator"));
        let mut long = jo("member");
        long["name"] = json!("x".repeat(101));
        assert_eq!(faults(&administrator.post(&members(app), long)), [("/name".into(), "too_long".into())]);
        for (field, value) in [("name", json!("a\u{0}b")), ("name", json!(7)), ("role", Value::Null), ("admin", json!(true))] {
            let mut odd = jo("member");
            odd[field] = value;
            administrator.post(&members(app), odd).expect(422);
        }
        assert_eq!((listed(app), app.letters().len()), (before, 0));
        let mut lines = jo("member");
        lines["name"] = json!(" Jo \r\n Bloggs\u{7} ");
        assert_eq!(administrator.post(&members(app), lines).expect(201).json()["name"], "Jo Bloggs");
    }

    fn whoever_is_known_keeps_their_name(app: &TestApp) {
        let new = json!({ "email": Who::Nobody.email(), "name": "Another Name", "role": "member" });
        let added = app.client(Who::Administrator).post(&members(app), new).expect(201).json();
        assert_eq!((&added["name"], &added["person"]), (&json!("Nobody Person"), &json!(app.person(Who::Nobody))));
    }

    fn nobody_else_knows_or_changes_who_belongs_to_a_council(app: &TestApp) {
        for who in [Who::Officer, Who::Signatory] {
            let client = app.client(who);
            client.get(&members(app)).expect(403);
            assert_eq!(client.post(&members(app), jo("member")).problem(), (403, "not_allowed".into()), "{who:?}");
            take(&client, app, Who::Administrator, "administrator").expect(403);
        }
        for who in [Who::Stranger, Who::Partner, Who::Manager, Who::Nobody] {
            app.client(who).get(&members(app)).expect(404);
            app.client(who).post(&members(app), jo("member")).expect(404);
            take(&app.client(who), app, Who::Officer, "member").expect(404);
        }
        app.public().post(&members(app), jo("member")).expect(401);
        let admin = app.client(Who::Admin);
        for path in [
            format!("/api/v1/organisations/{NOBODY}/members"),
            "/api/v1/organisations/none/members".into(),
            format!("{}/{NOBODY}/member", members(app)),
            format!("{}/none/member", members(app)),
            format!("{}/{}/mayor", members(app), app.person(Who::Officer)),
            format!("{}/{}/signatory", members(app), app.person(Who::Officer)),
        ] {
            let answer = if path.ends_with("/members") { admin.get(&path) } else { admin.delete(&path) };
            assert_eq!(answer.problem(), (404, "not_found".into()), "{path}");
        }
        assert_eq!(listed(app).len(), 4);
    }

    fn adding_again_with_the_same_key_changes_nothing_and_writes_no_second_letter(app: &TestApp) {
        let administrator = app.client(Who::Administrator);
        let add = || administrator.send("POST", &members(app), &[("Idempotency-Key", "one")], Some(&jo("member")));
        let first = add().expect(201).json();
        assert_eq!(add().expect(201).json(), first);
        assert_eq!((listed(app).len(), app.letters().len()), (5, 1));
    }

    fn an_administrator_adds_and_removes_people_on_a_page_that_says_what_happened(app: &TestApp) {
        name_the_domain(app);
        let mut browser = app.browser(Who::Administrator);
        browser.open("/account").follow("People of Ambridge Borough Council");
        assert_eq!(browser.h1(), "People");
        browser.sees("Officer Person").fill("Email address", "jo@borchester.gov.uk").fill("Full name", "Jo Bloggs").press("Add");
        assert_eq!(browser.status(), 422);
        assert_eq!(browser.errors().iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["#role"]);
        browser.choose("Member").press("Add").sees("To add somebody with another address, ask Admin Person");
        assert_eq!((browser.value("Full name").as_str(), browser.is_chosen("Member")), ("Jo Bloggs", true));
        browser.fill("Email address", JO).press("Add").sees("Jo Bloggs is added, and gets an email that says so.");
        browser.sees("Role of member given to Jo Bloggs").sees("Administrator Person, ");
        browser.fill("Email address", JO).fill("Full name", "Jo").choose("Member").press("Add");
        assert_eq!(browser.errors(), [("#email".to_owned(), "Jo Bloggs has this role already.".to_owned())]);
        browser.press("Remove Jo Bloggs as member").sees("Jo Bloggs no longer has the role of member.");
        browser.sees("Role of member taken from Jo Bloggs");
        assert!(!browser.buttons().iter().any(|button| button.contains("Jo Bloggs")));
        browser.press("Remove Administrator Person as administrator");
        assert!(browser.errors()[0].1.contains("the only administrator"), "{:?}", browser.errors());
    }

    fn making_a_signatory_on_the_page_leads_over_a_fresh_code_and_back(app: &TestApp) {
        let mut browser = app.browser(Who::Administrator);
        app.later(Duration::from_secs(31 * 60));
        browser.open(&page(app)).fill("Email address", JO).fill("Full name", "Jo Bloggs").choose("Signatory").press("Add");
        confirm(app, &mut browser, Who::Administrator);
        send_it_now(browser.sees(JO)).sees("Jo Bloggs is added, and gets an email that says so.");
        assert!(listed(app).contains(&(JO.to_owned(), "signatory".to_owned())));
        app.later(Duration::from_secs(31 * 60));
        browser.open(&page(app)).sees("To add a signatory you need a fresh code.").follow("Get the code first");
        assert_eq!(browser.h1(), "Confirm that it is you");
        assert!(browser.source().contains(&format!("value=\"{}\"", page(app))), "it leads back");
    }

    fn whoever_takes_their_own_role_is_led_to_their_account(app: &TestApp) {
        app.client(Who::Administrator).post(&members(app), jo("administrator")).expect(201);
        let mut browser = app.browser(Who::Administrator);
        browser.open(&page(app)).press("Remove Administrator Person as administrator");
        assert_eq!(browser.h1(), "Your account");
        browser.sees("Administrator Person no longer has the role of administrator.").open(&page(app));
        assert_eq!(browser.status(), 404);
    }

    fn whoever_runs_the_service_finds_an_organisation_by_words_and_reaches_its_people(app: &TestApp) {
        import(app, &[("BOR", "Borchester City Council", ""), ("CAS", "Casterbridge District Council", "")]);
        let mut browser = app.browser(Who::Admin);
        browser.open("/").follow("Organisations").fill("Find an organisation", "city of borchester").press("Find");
        browser.sees("No organisation has this in a name.");
        browser.fill("Find an organisation", "borchester CITY").press("Find").follow("People of Borchester City Council");
        browser.sees("PartnerSignatory Person").follow("Organisations").sees("Casterbridge District Council");
        for who in [Who::Administrator, Who::Manager, Who::Nobody] {
            let mut other = app.browser(who);
            assert!(!other.open("/account").links().contains(&"Organisations".to_owned()), "{who:?}");
            assert_eq!(other.open("/organisations").status(), 404, "{who:?}");
        }
        assert_eq!(Browser::new(&app.base).open("/organisations").status(), 401);
    }

    fn organisations_are_pasted_in_or_refused_line_by_line(app: &TestApp) {
        let mut browser = app.browser(Who::Admin);
        let wrong = "code,name,kind,nation\nDUL,Dulverton,parish,england\nEXE,,district,england";
        browser.open("/organisations").fill("Headings and lines", wrong).press("Add or change");
        assert_eq!(browser.status(), 422);
        assert!(browser.errors().iter().all(|(field, _)| field == "#lines"), "{:?}", browser.errors());
        assert!(browser.errors()[0].1.starts_with("Line 2, kind: "), "{:?}", browser.errors());
        assert_eq!(browser.value("Headings and lines").replace("\r\n", "\n"), wrong);
        let right = wrong.replace("parish", "district").replace("EXE,,", "EXE,Exebridge,");
        browser.fill("Headings and lines", &right).press("Add or change");
        browser.sees("Organisations added: 2, changed: 0, as before: 0.").sees("Exebridge");
    }
}
