//! A partner that is not in the list: the fund's managers check it before it counts.

use diesel::prelude::*;
use roundtable::db::schema::{events, organisation_requests};
use serde_json::{Value, json};

use super::{
    bid, events as events_of, full_application, letters,
    rules::{ASKING, ask as ask_of_partnerships, put, reasons, start},
};
use crate::harness::{
    app::{Answer, START, TestApp, Who, moment},
    chromium::{Visit, look_at},
    databases::{Engine, on_each_database},
};

const DESK: &str = "/api/v1/funds/test-fund/organisation-requests";
const EMAIL: &str = "alex@repairs.example";
const ROUNDS: usize = 8;

fn wish(email: &str) -> Value {
    json!({
        "organisation": {
            "name": "Repairs Together", "kind": "other", "nation": "england", "about": "A charity of tenants.",
            "contact_name": "Alex Tenant", "contact_email": email, "website": "https://repairs.example",
        },
        "terms": { "role": "Tests", "share_pence": 20_000, "part": { "cash_pence": 500 } },
    })
}

pub fn want(app: &TestApp, reference: &str, email: &str) -> Answer {
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/unknown-partners"), wish(email))
}

fn want_in_other_words(app: &TestApp, reference: &str, email: &str) -> Answer {
    let mut wish = wish(email);
    wish["organisation"]["name"] = json!("Tenants’ Repairs");
    wish["organisation"]["about"] = json!("They mend what tenants cannot.");
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/unknown-partners"), wish)
}

fn desk(app: &TestApp) -> Vec<Value> {
    app.client(Who::Manager).get(DESK).expect(200).json().as_array().unwrap().clone()
}

fn answer(app: &TestApp, request: &Value, how: &str, body: Value) -> Answer {
    app.client(Who::Manager).post(&format!("{DESK}/{}/{how}", request["id"].as_str().unwrap()), body)
}

fn partners(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json()
}

fn text_of_last(app: &TestApp, template: &str) -> String {
    app.letters().into_iter().rfind(|letter| letter.template == template).unwrap().text
}

on_each_database! {
    fn an_organisation_that_is_not_in_the_list_is_checked_and_then_invited_and_confirms(app: &TestApp) {
        let reference = full_application(app);
        let asked = want(app, &reference, EMAIL).expect(201).json();
        assert_eq!(asked["name"], "Repairs Together");
        let sent = letters(app);
        assert_eq!(sent, [("organisation-to-check".to_owned(), Who::Manager.email()), ("organisation-wanted".to_owned(), EMAIL.into())]);
        let told = text_of_last(app, "organisation-wanted");
        assert!(told.contains("Ambridge Borough Council") && told.contains("checks first") && !told.contains(&reference), "{told}");
        let view = partners(app, &reference);
        assert_eq!((&view["partners"], &view["unchecked"][0]["id"]), (&json!([]), &asked["id"]));
        let request = desk(app).remove(0);
        assert_eq!((&request["state"], &request["leads"]), (&"waiting".into(), &json!(["Ambridge Borough Council"])));
        assert!(!request.to_string().contains(&reference), "nobody of the fund learns which draft it is for: {request}");

        let accepted = answer(app, &request, "accept", json!({ "code": "rep-1" })).expect(200).json();
        assert_eq!((&accepted["state"], &accepted["organisation"]["contact_email"]), (&"accepted".into(), &"".into()));
        let partner = partners(app, &reference)["partners"][0].clone();
        assert_eq!(
            (&partner["code"], &partner["state"], &partner["kind"], &partner["share_pence"], &partner["part"]["cash_pence"]),
            (&"REP-1".into(), &"invited".into(), &"delivery_partner".into(), &20_000.into(), &500.into())
        );
        assert_eq!((&partner["people"]["contact_email"], &partner["invited_by"]), (&EMAIL.into(), &json!(app.person(Who::Officer))));
        let sent: Vec<_> = letters(app).split_off(2);
        let to = |template: &str, to: String| (template.to_owned(), to);
        for expected in [to("member-added", EMAIL.into()), to("invitation", EMAIL.into()), to("organisation-checked", Who::Officer.email())] {
            assert!(sent.contains(&expected), "{expected:?}: {sent:?}");
        }
        assert_eq!(events_of(app, &reference)[1..], ["partner.unknown_wanted", "partner.invited"]);
        let contact = app.client_of(app.person_at(EMAIL));
        let path = format!("/api/v1/bids/{reference}/partners/{}/confirm", partner["id"].as_str().unwrap());
        assert_eq!(contact.post(&path, json!({})).expect(200).json()["state"], "confirmed");
        let members = format!("/api/v1/organisations/{}/members", partner["organisation_id"].as_str().unwrap());
        assert_eq!(contact.get(&members).expect(200).json()[0]["role"], "administrator");
        let again = answer(app, &request, "refuse", json!({ "reason": "No." }));
        assert_eq!(again.problem(), (409, "answered_already".into()));
    }

    fn until_it_is_checked_it_counts_for_nothing_and_its_people_read_nothing(app: &TestApp) {
        ask_of_partnerships(app, json!({ "least_councils": { "count": 1, "kinds": ["district", "other"] } }));
        let reference = start(app, ASKING, "Shared repairs");
        put(app, &reference, "full_draft");
        let missing = "0 of 1 councils have confirmed beside the lead authority (only these kinds count: district, other)".to_owned();
        want(app, &reference, EMAIL).expect(201);
        assert!(reasons(app, &reference).contains(&missing));
        let content = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/sign-off")).expect(200).json()["content"].to_string();
        assert!(!content.contains("Repairs Together"), "{content}");
        let people: Vec<String> = app.block_on(|app| async move {
            use roundtable::db::schema::people;
            app.db.read(|conn| Ok(people::table.filter(people::email.eq(EMAIL)).select(people::name).load(conn)?)).await.unwrap()
        });
        assert_eq!(people, [] as [String; 0], "nobody can sign in as its contact");
        let words = "Repairs Together is not checked by the fund team yet. If you submit now, it is no partner of the bid.";
        app.browser(Who::Officer).open(&format!("/bids/{reference}/check")).sees(words);
        app.browser(Who::Officer).open(&format!("/bids/{reference}/partners")).sees("Repairs Together").sees("Not checked yet");
        let request = desk(app).remove(0);
        answer(app, &request, "accept", json!({ "code": "REP" })).expect(200);
        let contact = app.client_of(app.person_at(EMAIL));
        let partner = partners(app, &reference)["partners"][0]["id"].as_str().unwrap().to_owned();
        contact.post(&format!("/api/v1/bids/{reference}/partners/{partner}/confirm"), json!({})).expect(200);
        assert!(!reasons(app, &reference).contains(&missing), "the rule names its kind");
        assert!(!app.browser(Who::Officer).open(&format!("/bids/{reference}/check")).text().contains("not checked by the fund team"));
    }

    fn two_bids_that_want_the_same_address_wait_for_one_check(app: &TestApp) {
        let one = full_application(app);
        app.clock.set(moment(START));
        let other = full_application(app);
        want(app, &one, EMAIL).expect(201);
        assert_eq!(want(app, &one, EMAIL).problem(), (409, "asked_already".into()));
        let asked = want_in_other_words(app, &other, "Alex@Repairs.Example").expect(201).json();
        assert_eq!(asked["name"], "Tenants’ Repairs", "no bid reads what another says");
        assert_eq!(partners(app, &other)["unchecked"][0]["name"], "Tenants’ Repairs");
        assert_eq!(partners(app, &one)["unchecked"][0]["name"], "Repairs Together");
        let waiting = desk(app);
        assert_eq!((waiting.len(), &waiting[0]["organisation"]["name"]), (1, &json!("Repairs Together")));
        let also = waiting[0]["also_said"].as_array().unwrap();
        assert_eq!((also.len(), &also[0]["name"], &also[0]["lead"]), (1, &json!("Tenants’ Repairs"), &json!("Ambridge Borough Council")));
        let mut manager = app.browser(Who::Manager);
        manager.open("/funds/test-fund/organisation-requests").sees("Ambridge Borough Council says of it").sees("They mend what tenants cannot.");
        let sent = |template: &str| letters(app).iter().filter(|(sent, _)| sent == template).count();
        assert_eq!((sent("organisation-to-check"), sent("organisation-wanted")), (1, 2));
        answer(app, &desk(app)[0], "accept", json!({ "code": "REP" })).expect(200);
        for reference in [&one, &other] {
            assert_eq!(partners(app, reference)["partners"][0]["code"], "REP");
        }
        assert_eq!(sent("organisation-checked"), 2);
        let told = app.letters().into_iter().filter(|letter| letter.template == "organisation-checked");
        let wanted = |letter: &str| ["Repairs Together", "Tenants’ Repairs"].map(|name| letter.contains(&format!("You wanted {name}")));
        let mut names: Vec<[bool; 2]> = told.map(|letter| wanted(&letter.text)).collect();
        names.sort_unstable();
        assert_eq!(names, [[false, true], [true, false]], "each is told in its own words");
    }

    fn one_that_is_known_is_invited_itself_and_one_that_is_refused_is_not(app: &TestApp) {
        let reference = full_application(app);
        want(app, &reference, EMAIL).expect(201);
        want(app, &reference, "jo@other.example").expect(201);
        let of = |email: &str| desk(app).into_iter().find(|request| request["organisation"]["contact_email"] == email).unwrap();
        let (first, second) = (of(EMAIL), of("jo@other.example"));
        let pointer = |answer: Answer| answer.json()["errors"][0]["pointer"].clone();
        assert_eq!(pointer(answer(app, &first, "known", json!({ "organisation": "Atlantis" }))), "/organisation");
        assert_eq!(pointer(answer(app, &first, "accept", json!({ "code": "BOR" }))), "/code");
        assert_eq!(pointer(answer(app, &first, "accept", json!({ "code": "two words" }))), "/code");
        assert_eq!(pointer(answer(app, &first, "refuse", json!({ "reason": " " }))), "/reason");
        answer(app, &first, "known", json!({ "organisation": "BOR" })).expect(200);
        assert!(letters(app).contains(&("invitation".into(), Who::Partner.email())));
        assert!(text_of_last(app, "organisation-checked").contains("as Borchester City Council"));
        answer(app, &second, "refuse", json!({ "reason": "It is a supplier." })).expect(200);
        assert!(text_of_last(app, "organisation-checked").contains("It is a supplier."));
        let view = partners(app, &reference);
        let codes: Vec<_> = view["partners"].as_array().unwrap().iter().map(|partner| partner["code"].clone()).collect();
        assert_eq!((codes, &view["unchecked"]), (vec![json!("BOR")], &json!([])));
        let told = app.block_on(|app| async move {
            app.db.read(|conn| Ok(events::table.select(events::data).load::<String>(conn)?)).await.unwrap()
        });
        assert!(told.iter().all(|data| !data.contains("Alex") && !data.contains("repairs.example")), "no history names anybody");
        let kept: Vec<(String, String)> = app.block_on(|app| async move {
            let names = (organisation_requests::contact_name, organisation_requests::contact_email);
            app.db.read(move |conn| Ok(organisation_requests::table.select(names).load(conn)?)).await.unwrap()
        });
        assert!(kept.iter().all(|(name, email)| name.is_empty() && email.is_empty()), "{kept:?}");
    }

    fn a_wish_is_taken_back_and_one_that_comes_too_late_invites_nobody(app: &TestApp) {
        let reference = full_application(app);
        let path = format!("/api/v1/bids/{reference}/unknown-partners");
        let asked = want(app, &reference, EMAIL).expect(201).json();
        let at = format!("{path}/{}", asked["id"].as_str().unwrap());
        assert_eq!(app.client(Who::Stranger).delete(&at).status, 404);
        assert_eq!(app.client(Who::Officer).delete(&at).status, 204);
        assert_eq!(app.client(Who::Officer).delete(&at).status, 404);
        assert_eq!(desk(app)[0]["state"], "taken_back");
        assert_eq!(answer(app, &desk(app)[0], "accept", json!({ "code": "REP" })).problem(), (409, "answered_already".into()));
        want(app, &reference, EMAIL).expect(201);
        app.clock.set(moment("2026-11-15T17:00:00.001Z"));
        assert_eq!(want(app, &reference, "jo@other.example").problem(), (409, "deadline_passed".into()));
        let request = desk(app).into_iter().find(|request| request["state"] == "waiting").unwrap();
        answer(app, &request, "accept", json!({ "code": "REP" })).expect(200);
        assert_eq!(partners(app, &reference)["partners"], json!([]));
        assert!(text_of_last(app, "organisation-checked").contains("nobody can join this bid any more"));
    }

    fn only_leads_ask_and_only_managers_check(app: &TestApp) {
        let reference = bid(app);
        let path = format!("/api/v1/bids/{reference}/unknown-partners");
        for (who, status) in [(Who::Stranger, 404), (Who::Manager, 404), (Who::Nobody, 404)] {
            assert_eq!(app.client(who).post(&path, wish(EMAIL)).status, status, "{who:?}");
        }
        want(app, &reference, EMAIL).expect(201);
        let request = desk(app).remove(0);
        for (who, status) in [(Who::Officer, 404), (Who::Moderator, 403), (Who::Assessor, 403), (Who::Admin, 403)] {
            assert_eq!(app.client(who).get(DESK).status, status, "{who:?}");
            let accept = format!("{DESK}/{}/accept", request["id"].as_str().unwrap());
            assert_eq!(app.client(who).post(&accept, json!({ "code": "REP" })).status, status, "{who:?}");
        }
        let wrong = |change: fn(&mut Value)| {
            let mut body = wish("else@where.example");
            change(&mut body);
            app.client(Who::Officer).post(&path, body).json()["errors"][0].clone()
        };
        let named = wrong(|body| body["organisation"]["name"] = "BOR".into());
        assert_eq!((&named["pointer"], &named["code"]), (&"/organisation/name".into(), &"known_organisation".into()));
        let kind = wrong(|body| body["terms"]["kind"] = "partner_council".into());
        assert_eq!((&kind["pointer"], &kind["code"]), (&"/kind".into(), &"not_a_council".into()));
        assert_eq!(wrong(|body| body["organisation"]["contact_email"] = "alex".into())["code"], "wrong_email");
    }

    fn two_managers_who_accept_at_once_make_one_organisation(app: &TestApp) {
        let reference = full_application(app);
        for turn in 0..ROUNDS {
            let mut another = wish(&format!("alex{turn}@repairs.example"));
            another["organisation"]["name"] = format!("Repairs {turn}").into();
            let path = format!("/api/v1/bids/{reference}/unknown-partners");
            app.client(Who::Officer).post(&path, another).expect(201);
            let request = desk(app).into_iter().find(|request| request["state"] == "waiting").unwrap();
            let codes = [format!("ONE-{turn}"), format!("TWO-{turn}")];
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let both = codes.each_ref().map(|code| {
                    let request = &request;
                    scope.spawn(move || answer(app, request, "accept", json!({ "code": code })).status)
                });
                both.into_iter().map(|one| one.join().unwrap()).collect()
            });
            let mut sorted = statuses.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [200, 409], "{turn}");
            let invited = partners(app, &reference)["partners"].as_array().unwrap().len();
            assert_eq!(invited, turn + 1, "{statuses:?}");
            let found = codes.iter().filter(|code| {
                let list = app.public().get("/api/v1/organisations?q=Repairs").expect(200).json();
                list["items"].as_array().unwrap().iter().any(|one| one["code"] == code.as_str())
            });
            assert_eq!(found.count(), 1);
        }
    }

    fn one_body_that_two_leads_asked_for_under_two_addresses_becomes_one_organisation(app: &TestApp) {
        let one = full_application(app);
        app.clock.set(moment(START));
        let other = full_application(app);
        want(app, &one, EMAIL).expect(201);
        want(app, &other, "jo@other.example").expect(201);
        let of = |email: &str| desk(app).into_iter().find(|request| request["organisation"]["contact_email"] == email).unwrap();
        let (first, second) = (of(EMAIL), of("jo@other.example"));
        assert_eq!((&first["in_list"], &second["in_list"]), (&Value::Null, &Value::Null));
        answer(app, &first, "accept", json!({ "code": "REP" })).expect(200);
        for (code, pointer, why) in [("REP-2", "/organisation", "known_organisation"), ("REP", "/organisation", "known_organisation")] {
            let refused = answer(app, &second, "accept", json!({ "code": code })).expect(422).json();
            assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&pointer.into(), &why.into()));
            assert!(refused["detail"].as_str().unwrap().contains("Repairs Together (REP)"), "{refused}");
        }
        assert_eq!(of("jo@other.example")["in_list"]["code"], "REP");
        let mut manager = app.browser(Who::Manager);
        manager.open("/funds/test-fund/organisation-requests").sees("Repairs Together (REP) is in the list by now");
        manager.press("It is this one").sees("is checked. The organisation that you named is invited.");
        for reference in [&one, &other] {
            assert_eq!(partners(app, reference)["partners"][0]["code"], "REP");
        }
        let list = app.public().get("/api/v1/organisations?q=Repairs").expect(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }

    fn a_code_that_another_has_is_refused_with_whose_it_is(app: &TestApp) {
        let reference = full_application(app);
        want(app, &reference, EMAIL).expect(201);
        let refused = answer(app, &desk(app)[0], "accept", json!({ "code": "bor" })).expect(422).json();
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&"/code".into(), &"code_taken".into()));
        let words = "Borchester City Council has the code BOR. Give Repairs Together another code, or say that it is that organisation.";
        assert_eq!(refused["detail"], words);
    }

    fn two_requests_of_one_name_that_are_accepted_at_once_make_one_organisation(app: &TestApp) {
        let reference = full_application(app);
        for turn in 0..ROUNDS {
            let path = format!("/api/v1/bids/{reference}/unknown-partners");
            for who in ["alex", "jo"] {
                let mut another = wish(&format!("{who}{turn}@repairs.example"));
                another["organisation"]["name"] = format!("Repairs {turn}").into();
                app.client(Who::Officer).post(&path, another).expect(201);
            }
            let waiting: Vec<Value> = desk(app).into_iter().filter(|request| request["state"] == "waiting").collect();
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let both: Vec<_> = waiting.iter().zip(["ONE", "TWO"]).map(|(request, code)| {
                    let body = json!({ "code": format!("{code}-{turn}") });
                    scope.spawn(move || answer(app, request, "accept", body).status)
                }).collect();
                both.into_iter().map(|one| one.join().unwrap()).collect()
            });
            let mut sorted = statuses;
            sorted.sort_unstable();
            assert_eq!(sorted, [200, 422], "turn {turn}");
            let left = desk(app).into_iter().find(|request| request["state"] == "waiting").unwrap();
            answer(app, &left, "refuse", json!({ "reason": "It is in the list." })).expect(200);
        }
    }

    fn it_is_asked_for_and_checked_on_the_pages(app: &TestApp) {
        let reference = full_application(app);
        let mut lead = app.browser(Who::Officer);
        lead.open(&format!("/bids/{reference}/partners")).fill("Find a council", "repairs").press("Find");
        lead.follow("It is not in the list").press("Ask the fund team to check it");
        assert_eq!(lead.errors().into_iter().map(|error| error.0).collect::<Vec<_>>(), ["#organisation-kind", "#organisation-nation"]);
        lead.select("What kind of body it is", "Any other body, such as a charity or a housing association").select("Where it is", "England");
        lead.press("Ask the fund team to check it");
        assert_eq!(lead.errors().len(), 4);
        lead.fill("Its official name", "Repairs Together").fill("What it is and does", "A charity of tenants.");
        lead.fill("Whom to ask there", "Alex Tenant").fill("Their email address", EMAIL).press("Ask the fund team to check it");
        lead.sees("The fund team is asked to check Repairs Together.").sees("Not checked yet");
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow("Organisations to check of Test Fund").sees("A charity of tenants.").sees("Ambridge Borough Council");
        manager.press("Accept Repairs Together");
        assert_eq!(manager.errors().len(), 1);
        manager.fill("A code for Repairs Together", "REP").press("Accept Repairs Together");
        manager.sees("Repairs Together is in the list now, and invited to the bids that want it.").sees("Nothing waits for a check.");
        lead.open(&format!("/bids/{reference}/partners")).sees("Repairs Together").sees("Delivery partner").sees("Invited");
        lead.open(&format!("/bids/{reference}/history")).sees("Asked the fund to check an organisation");
    }
}

#[test]
fn the_pages_of_unknown_organisations_are_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let other = full_application(&app);
    app.clock.set(moment(START));
    let reference = full_application(&app);
    want(&app, &reference, EMAIL).expect(201);
    want_in_other_words(&app, &other, EMAIL).expect(201);
    want(&app, &reference, "jo@other.example").expect(201);
    let waiting = desk(&app).remove(0);
    answer(&app, &waiting, "refuse", json!({ "reason": "It is a supplier." })).expect(200);
    let (lead, manager) = (app.browser(Who::Officer).cookies(), app.browser(Who::Manager).cookies());
    let pages = [
        Visit::signed_in(&format!("/bids/{reference}/partners"), &lead, "unknown"),
        Visit::signed_in(&format!("/bids/{reference}/unknown-partner"), &lead, "unknown"),
        Visit::signed_in(&format!("/bids/{reference}/check"), &lead, "unknown"),
        Visit::signed_in("/funds/test-fund/organisation-requests", &manager, "unknown"),
    ];
    look_at(&app.base, &pages);
}
