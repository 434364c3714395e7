//! A bid is reopened for named questions: two managers stand behind it, nothing else can be changed, nothing that was
//! written is lost or slips in, and the version that stands is the one that was submitted last.

use diesel::{insert_into, prelude::*};
use roundtable::{
    bids::store::id_of,
    db::{
        Conn,
        schema::{assignments, conflicts},
    },
    events::Chain,
    ids::{BidKey, Id, PersonKey, RowKey},
};
use serde_json::{Value, json};

use super::{holds::hold, with_borchester};
use crate::{
    account::{
        happened,
        kept_forms::{confirm as confirm_with_code, send_it_now},
    },
    awards::{SIFT, decide, outcome, submitted},
    bids::written,
    harness::{
        app::{Answer, Client, TestApp, Who},
        databases::on_each_database,
    },
    pages::story::Story,
    partnerships::leads,
};

const CLOSED: &str = "2026-10-01T09:00:00Z";
const UNTIL: &str = "2026-10-02T16:00:00Z";
const TOO_LATE: &str = "2026-10-02T16:00:00.000001Z";
const REASON: &str = "The figures of two councils are mixed up.";
const OURS: &str = "Words of our own.";

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/milestones/changes")
}

fn propose(client: &Client, reference: &str, (milestone, at): (&str, &str), questions: &[&str]) -> Answer {
    let new =
        json!({ "milestone": milestone, "at": at, "ground": "reopening", "reason": REASON, "questions": questions });
    client.post(&path(reference), new)
}

fn confirm(app: &TestApp, reference: &str, number: usize) -> Answer {
    app.client_of(app.colleague()).post(&format!("{}/{number}/confirm", path(reference)), json!({}))
}

/// Reopens an expression of interest for its first question.
fn reopen(app: &TestApp, reference: &str) {
    propose(&app.client(Who::Manager), reference, ("eoi_closes", UNTIL), &["problem"]).expect(201);
    confirm(app, reference, 1).expect(200);
}

fn answer(app: &TestApp, reference: &str, question: &str, words: &str) -> Answer {
    let officer = app.client(Who::Officer);
    let bid = officer.get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    let version = bid["answer_versions"][question].as_i64().unwrap_or(0);
    let body = json!({ "value": words, "complete": true });
    officer.put(&format!("/api/v1/bids/{reference}/answers/{question}"), version, body)
}

fn patch(app: &TestApp, reference: &str, change: Value) -> Answer {
    let officer = app.client(Who::Officer);
    let version = officer.get(&format!("/api/v1/bids/{reference}")).expect(200).json()["version"].as_i64().unwrap();
    officer.patch(&format!("/api/v1/bids/{reference}"), version, change)
}

fn resubmit(app: &TestApp, reference: &str) -> Answer {
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/resubmit_eoi"), json!({}))
}

/// What somebody reads of a bid: its councils what they write, everybody else the version that stands.
fn content(app: &TestApp, who: Who, reference: &str) -> Value {
    app.client(who).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["content"].clone()
}

fn hashes(app: &TestApp, reference: &str) -> Vec<String> {
    let versions = app.client(Who::Manager).get(&format!("/api/v1/bids/{reference}/versions")).expect(200).json();
    versions.as_array().unwrap().iter().map(|version| version["hash"].as_str().unwrap().to_owned()).collect()
}

fn events(app: &TestApp, reference: &str) -> Vec<(String, Value)> {
    let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    let id: Id<BidKey> = bid["id"].as_str().unwrap().parse().unwrap();
    happened(app, Chain::Bid(id))
}

/// Who got a message, and what it says.
fn told(app: &TestApp, template: &str) -> Vec<(String, String)> {
    app.work();
    let letters = app.letters().into_iter().filter(|letter| letter.template == template);
    letters.map(|letter| (letter.recipient, letter.text)).collect()
}

/// Gives a bid to an assessor. When that may be done is tested elsewhere.
fn give(app: &TestApp, reference: &str, who: Who) {
    let (reference, person, by) = (reference.to_owned(), app.person(who), app.person(Who::Manager));
    let now = app.clock.now();
    app.block_on(|app| async move {
        let give = move |conn: &mut Conn| {
            let (id, bid): (Id<RowKey>, _) = (app.ids.fresh(now), id_of(conn, &reference)?);
            let row = (assignments::id.eq(id), assignments::bid_id.eq(bid), assignments::person_id.eq(person));
            let given = (assignments::assigned_by.eq(by), assignments::assigned_at.eq(now), assignments::version.eq(1));
            insert_into(assignments::table).values((row, given)).execute(conn)?;
            Ok(())
        };
        app.db.write(give).await.unwrap();
    });
}

/// Notes a conflict of interest. Who may declare one, and when, is tested elsewhere.
fn conflict(app: &TestApp, reference: &str, person: Id<PersonKey>) {
    let (reference, now) = (reference.to_owned(), app.clock.now());
    app.block_on(|app| async move {
        let note = move |conn: &mut Conn| {
            let (id, bid): (Id<RowKey>, _) = (app.ids.fresh(now), id_of(conn, &reference)?);
            let of = (conflicts::id.eq(id), conflicts::bid_id.eq(Some(bid)), conflicts::person_id.eq(person));
            let made = (conflicts::created_by.eq(person), conflicts::created_at.eq(now));
            let why = (conflicts::origin.eq("declared"), conflicts::reason.eq("My own council."));
            insert_into(conflicts::table).values((of, made, why)).execute(conn)?;
            Ok(())
        };
        app.db.write(note).await.unwrap();
    });
}

on_each_database! {
    fn a_reopening_is_in_force_only_when_a_second_manager_has_confirmed_it_and_its_councils_read_why(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        with_borchester(app, &reference, true);
        resubmit(app, &reference).expect(200);
        app.at(CLOSED);
        let manager = app.client(Who::Manager);
        let proposed = propose(&manager, &reference, ("eoi_closes", UNTIL), &["problem", "problem"]).expect(201).json();
        assert_eq!(proposed["staff"]["standing"], "proposed", "however little time it is");
        assert_eq!(proposed["questions"], json!([{ "id": "problem", "title": "What is the common problem?" }]));
        assert_eq!(answer(app, &reference, "problem", "Newer words.").problem(), (409, "deadline_passed".into()));
        app.browser(Who::Manager).open(&format!("/bids/{reference}")).sees("proposes to reopen this bid until 5pm on 2 October 2026");
        assert!(!app.browser(Who::Officer).open(&format!("/bids/{reference}")).has("reopen"), "it is not in force");
        let own = manager.post(&format!("{}/1/confirm", path(&reference)), json!({}));
        assert_eq!(own.problem(), (403, "own_change".into()));
        confirm(app, &reference, 1).expect(200);
        answer(app, &reference, "problem", "Newer words.").expect(200);
        let (kind, detail) = events(app, &reference).pop().unwrap();
        assert_eq!((kind.as_str(), &detail["questions"]), ("bid.reopened", &json!(["problem"])));
        assert!(!detail.to_string().contains(REASON), "{detail}");
        let letters = told(app, "reopened");
        let to: Vec<&str> = letters.iter().map(|(to, _)| to.as_str()).collect();
        for who in [Who::Officer, Who::Signatory, Who::Partner] {
            assert!(to.contains(&who.email().as_str()), "{who:?} of {to:?}");
        }
        assert!(!to.contains(&Who::Stranger.email().as_str()));
        for words in ["5pm on 2 October 2026", "What is the common problem?", REASON] {
            assert!(letters.iter().all(|(_, text)| text.contains(words)), "{words}");
        }
        app.browser(Who::Officer).open(&format!("/bids/{reference}/history")).sees("Reopened for some of its questions, until 5pm");
        app.browser(Who::Partner).open(&format!("/bids/{reference}")).sees(REASON);
    }

    fn only_what_is_named_can_be_changed_while_a_bid_is_reopened(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        reopen(app, &reference);
        let refused = answer(app, &reference, "assets", "Slipped in.");
        assert_eq!(refused.problem(), (409, "not_reopened".into()));
        let words = "Reopened until 5pm on 2 October 2026 for “What is the common problem?”. Nothing else can be changed.";
        assert_eq!(refused.json()["detail"], words);
        let not_reopened = (409, "not_reopened".to_owned());
        assert_eq!(patch(app, &reference, json!({ "title": "Slipped in" })).problem(), not_reopened);
        let officer = app.client(Who::Officer);
        let partner = json!({ "organisation": "BOR", "share_pence": 1 });
        assert_eq!(officer.post(&format!("/api/v1/bids/{reference}/partners"), partner).problem(), not_reopened);
        let costs = officer.put(&format!("/api/v1/bids/{reference}/costs"), 1, json!({ "costs": [] }));
        assert_eq!(costs.problem(), not_reopened);
        let mut page = app.browser(Who::Officer);
        page.open(&format!("/bids/{reference}")).sees("Cannot be changed").sees("This bid is reopened until 5pm on 2 October 2026");
        assert!(page.links().iter().any(|link| link.contains("What is the common problem?")));
        assert!(!page.links().iter().any(|link| link.contains("What will others be able to use again?")));
        assert_eq!(officer.get(&format!("/bids/{reference}/questions/assets")).status, 409);
        answer(app, &reference, "problem", "Newer words.").expect(200);
        resubmit(app, &reference).expect(200);
        let stands = content(app, Who::Manager, &reference);
        assert_eq!((&stands["answers"]["problem"], &stands["answers"]["assets"]), (&json!("Newer words."), &json!(OURS)));
    }

    fn what_was_written_after_submitting_goes_back_and_is_shown_to_those_who_wrote_it(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let stood = content(app, Who::Officer, &reference);
        answer(app, &reference, "assets", "Written and not submitted.").expect(200);
        answer(app, &reference, "problem", "Half a sentence").expect(200);
        patch(app, &reference, json!({ "title": "Another title", "phase": "alpha", "ask_pence": 5 })).expect(200);
        app.at(CLOSED);
        reopen(app, &reference);
        let live = content(app, Who::Officer, &reference);
        assert_eq!(live["answers"]["problem"], "Half a sentence", "it is named, and stays to be finished");
        assert_eq!(live["answers"]["assets"], OURS);
        for part in ["title", "phase", "ask_pence"] {
            assert_eq!(live[part], stood[part], "{part}");
        }
        let mut page = app.browser(Who::Officer);
        page.open(&format!("/bids/{reference}")).sees("What you had written and not submitted");
        page.sees("Written and not submitted.").sees("Another title").sees("£0.05");
        let mut manager = app.browser(Who::Manager);
        assert!(!manager.open(&format!("/bids/{reference}")).has("Another title"), "a draft is its councils' own");
        let seen = app.client(Who::Manager).get(&path(&reference)).expect(200).text();
        assert!(!seen.contains("Another title"), "{seen}");
    }

    fn its_very_instant_is_in_time_and_the_newer_version_ends_it(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        reopen(app, &reference);
        app.at(UNTIL);
        answer(app, &reference, "problem", "Newer words.").expect(200);
        resubmit(app, &reference).expect(200);
        assert_eq!(hashes(app, &reference).len(), 2);
        assert_eq!(answer(app, &reference, "problem", "Once more.").problem(), (409, "deadline_passed".into()));
        assert_eq!(resubmit(app, &reference).problem(), (409, "deadline_passed".into()));
        assert!(!app.browser(Who::Officer).open(&format!("/bids/{reference}")).has("This bid is reopened"), "it is over");
        let later = ("eoi_closes", "2026-10-03T16:00:00Z");
        propose(&app.client(Who::Manager), &reference, later, &["assets"]).expect(201);
        confirm(app, &reference, 2).expect(200);
        answer(app, &reference, "assets", "Reopened anew.").expect(200);
        assert_eq!(answer(app, &reference, "problem", "Once more.").problem(), (409, "not_reopened".into()));
    }

    fn a_microsecond_later_it_is_over_and_the_version_that_was_submitted_stands(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        let before = hashes(app, &reference);
        app.at(CLOSED);
        reopen(app, &reference);
        answer(app, &reference, "problem", "Newer words.").expect(200);
        app.at(TOO_LATE);
        assert_eq!(resubmit(app, &reference).problem(), (409, "deadline_passed".into()));
        assert_eq!(answer(app, &reference, "problem", "Newest words.").problem(), (409, "deadline_passed".into()));
        assert_eq!(content(app, Who::Officer, &reference)["answers"]["problem"], "Newer words.", "it is kept");
        assert_eq!(hashes(app, &reference), before);
        assert_eq!(content(app, Who::Manager, &reference)["answers"]["problem"], OURS);
    }

    fn more_time_never_opens_the_rest_of_a_reopened_bid_and_two_managers_reopen_it_for_longer_and_for_more(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        let manager = app.client(Who::Manager);
        let more = json!({ "milestone": "eoi_closes", "at": "2026-10-04T16:00:00Z", "ground": "outage", "reason": "x" });
        let waiting = manager.post(&path(&reference), more.clone()).expect(201).json();
        assert_eq!(waiting["staff"]["standing"], "proposed");
        propose(&manager, &reference, ("eoi_closes", UNTIL), &["problem"]).expect(201);
        confirm(app, &reference, 2).expect(200);
        assert_eq!(manager.post(&path(&reference), more).problem(), (409, "reopened".into()));
        assert_eq!(confirm(app, &reference, 1).problem(), (409, "overtaken".into()), "what was proposed before falls too");
        answer(app, &reference, "problem", "Half a sentence").expect(200);
        propose(&manager, &reference, ("eoi_closes", "2026-10-05T16:00:00Z"), &["problem", "about"]).expect(201);
        confirm(app, &reference, 3).expect(200);
        app.at("2026-10-05T15:00:00Z");
        assert_eq!(content(app, Who::Officer, &reference)["answers"]["problem"], "Half a sentence");
        patch(app, &reference, json!({ "title": "A better title" })).expect(200);
        assert_eq!(answer(app, &reference, "assets", "Slipped in.").problem(), (409, "not_reopened".into()));
        resubmit(app, &reference).expect(200);
        assert_eq!(content(app, Who::Manager, &reference)["title"], "A better title");
    }

    fn who_has_confirmed_after_the_closing_does_not_slip_into_the_newer_version(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        with_borchester(app, &reference, false);
        resubmit(app, &reference).expect(200);
        app.at(CLOSED);
        let partners = app.client(Who::Partner).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
        let id = partners["partners"][0]["id"].as_str().unwrap().to_owned();
        app.client(Who::Partner).post(&format!("/api/v1/bids/{reference}/partners/{id}/confirm"), json!({})).expect(200);
        reopen(app, &reference);
        answer(app, &reference, "problem", "Newer words.").expect(200);
        resubmit(app, &reference).expect(200);
        let stands = content(app, Who::Manager, &reference);
        assert_eq!((&stands["answers"]["problem"], &stands["partners"][0]["confirmed"]), (&json!("Newer words."), &json!(false)));
    }

    fn a_confirmation_that_is_gone_is_named_before_it_could_leave_the_bid_stuck(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        with_borchester(app, &reference, true);
        resubmit(app, &reference).expect(200);
        app.at(CLOSED);
        let officer = app.client(Who::Officer);
        let partners = format!("/api/v1/bids/{reference}/partners");
        let partner = officer.get(&partners).expect(200).json()["partners"][0].clone();
        let one = format!("{partners}/{}", partner["id"].as_str().unwrap());
        for share in [30_000, 20_000] {
            let version = officer.get(&partners).expect(200).json()["partners"][0]["version"].as_i64().unwrap();
            officer.patch(&one, version, json!({ "share_pence": share })).expect(200);
        }
        propose(&app.client(Who::Manager), &reference, ("eoi_closes", UNTIL), &["problem"]).expect(201);
        assert_eq!(confirm(app, &reference, 1).problem(), (409, "partners_changed".into()));
        app.client(Who::Partner).post(&format!("{one}/confirm"), json!({})).expect(200);
        confirm(app, &reference, 1).expect(200);
    }

    fn the_receipt_managers_and_the_public_hear_of_the_newer_version(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        app.work();
        let list = "/api/v1/open/rounds/test-round/eois.json";
        let before = app.public().get(list).expect(200);
        let since = before.header("last-modified").unwrap().to_owned();
        reopen(app, &reference);
        answer(app, &reference, "problem", "Words of another kind entirely.").expect(200);
        resubmit(app, &reference).expect(200);
        let receipts = told(app, "submitted-eoi");
        let newest = &receipts.last().unwrap().1;
        assert!(!newest.contains("newer version before"), "nothing more can be submitted: {newest}");
        let managers: Vec<String> = told(app, "new-version").into_iter().map(|(to, _)| to).collect();
        assert!(managers.contains(&Who::Manager.email()), "{managers:?}");
        let again = app.public().raw("GET", list, &[("If-Modified-Since", since.as_str())], None);
        assert_eq!(again.status, 200);
        assert!(again.text().contains("Words of another kind entirely."));
    }

    fn a_bid_that_is_decided_on_hold_open_or_a_draft_is_not_reopened(app: &TestApp) {
        let (reference, held) = (submitted(app, "Decided"), submitted(app, "Held"));
        let (_, draft) = written(app, "Draft");
        let ask = |reference: &str| {
            propose(&app.client(Who::Manager), reference, ("eoi_closes", "2026-10-05T09:00:00Z"), &["problem"])
        };
        assert_eq!(ask(&reference).problem(), (409, "still_open".into()));
        app.at(SIFT);
        assert_eq!(ask(&draft).problem(), (409, "nothing_stands".into()));
        ask(&reference).expect(201);
        decide(&app.client(Who::Manager), &reference, "sift", outcome("invite")).expect(201);
        assert_eq!(ask(&reference).problem(), (409, "decided".into()));
        assert_eq!(confirm(app, &reference, 1).problem(), (409, "decided".into()));
        app.browser(Who::Manager).open(&format!("/bids/{reference}/reopen")).sees("A decision on this bid is recorded.");
        ask(&held).expect(201);
        hold(&app.client(Who::Manager), &held).expect(201);
        assert_eq!(ask(&held).problem(), (409, "on_hold".into()));
        assert_eq!(confirm(app, &held, 1).problem(), (409, "on_hold".into()));
        assert_eq!(answer(app, &held, "problem", "Newer words.").problem(), (409, "deadline_passed".into()));
    }

    fn what_is_named_must_be_of_the_form(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        let manager = app.client(Who::Manager);
        let fault = |answer: Answer| {
            assert_eq!(answer.problem(), (422, "invalid".into()));
            answer.json()["errors"][0].clone()
        };
        let ask = |questions: &[&str]| propose(&manager, &reference, ("eoi_closes", UNTIL), questions);
        assert_eq!(fault(ask(&[]))["code"], "missing");
        let unknown = fault(ask(&["problem", "nothing"]));
        assert_eq!(unknown["message"], "The form has no “nothing”. Name any of: about, problem, assets, training, documents.", "{unknown}");
        assert_eq!(fault(ask(&["costs"]))["code"], "unknown_question", "an expression of interest has none");
        let outage = json!({ "milestone": "eoi_closes", "at": UNTIL, "ground": "outage", "reason": "x", "questions": ["problem"] });
        assert_eq!(fault(manager.post(&path(&reference), outage))["code"], "not_reopening");
        let full = propose(&manager, &reference, ("full_closes", "2026-11-16T17:00:00Z"), &["plan"]);
        assert_eq!(full.problem(), (409, "nothing_closes".into()));
        assert_eq!(fault(propose(&manager, &reference, ("eoi_closes", "2026-09-30T17:00:00Z"), &["problem"]))["code"], "out_of_range");
    }

    fn a_partnership_that_has_changed_since_is_named_until_its_lead_puts_it_back(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        propose(&app.client(Who::Manager), &reference, ("eoi_closes", UNTIL), &["problem"]).expect(201);
        let partners = format!("/api/v1/bids/{reference}/partners");
        let officer = app.client(Who::Officer);
        let invited = officer.post(&partners, json!({ "organisation": "BOR", "share_pence": 5 })).expect(201).json();
        let refused = confirm(app, &reference, 1);
        assert_eq!(refused.problem(), (409, "partners_changed".into()));
        assert!(refused.json()["detail"].as_str().unwrap().contains("Borchester"), "{}", refused.text());
        assert_eq!(answer(app, &reference, "problem", "Newer words.").problem(), (409, "deadline_passed".into()));
        officer.delete_at(&format!("{partners}/{}", invited["id"].as_str().unwrap()), 1).expect(200);
        confirm(app, &reference, 1).expect(200);
    }

    fn under_another_lead_a_bid_is_given_more_time_and_not_reopened(app: &TestApp) {
        let (officer, reference) = written(app, "Repairs");
        with_borchester(app, &reference, true);
        officer.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        app.at(CLOSED);
        leads::propose(app, Who::Officer, &reference, &json!({})).expect(201);
        let change = leads::newest(app, Who::Officer, &reference);
        leads::agree(app, Who::Partner, &change).expect(200);
        leads::agree(app, Who::Manager, &change).expect(200);
        propose(&app.client(Who::Manager), &reference, ("eoi_closes", UNTIL), &["problem"]).expect(201);
        let refused = confirm(app, &reference, 1);
        assert_eq!(refused.problem(), (409, "partners_changed".into()));
        assert!(refused.text().contains("Borchester City Council leads the bid by now"), "{}", refused.text());
        assert!(refused.text().contains("give the bid more time instead"), "{}", refused.text());
    }

    fn a_manager_with_a_conflict_finds_nothing_to_reopen(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        let colleague = app.client_of(app.colleague());
        propose(&app.client(Who::Manager), &reference, ("eoi_closes", UNTIL), &["problem"]).expect(201);
        conflict(app, &reference, app.colleague());
        assert_eq!(colleague.post(&format!("{}/1/confirm", path(&reference)), json!({})).status, 404);
        for page in ["reopen", "more-time"] {
            assert_eq!(colleague.get(&format!("/bids/{reference}/{page}")).status, 404, "{page}");
        }
    }

    fn a_full_application_is_signed_and_submitted_anew_and_its_assessors_are_told(app: &TestApp) {
        let story = Story::submitted_in_full(app);
        let reference = story.reference.clone();
        let promise = json!({ "measure": "Calls", "unit": "calls", "baseline": 3.0, "target": 1.0, "due_on": "2028-02-29" });
        let version = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["version"].as_i64().unwrap();
        let drifted = json!({ "promises": [promise] });
        app.client(Who::Officer).put(&format!("/api/v1/bids/{reference}/promises"), version, drifted).expect(200);
        app.at("2026-11-16T09:00:00Z");
        give(app, &reference, Who::Assessor);
        give(app, &reference, Who::ConflictedAssessor);
        let until = ("full_closes", "2026-11-17T09:00:00Z");
        propose(&app.client(Who::Manager), &reference, until, &["costs", "plan"]).expect(201);
        confirm(app, &reference, 1).expect(200);
        let live = content(app, Who::Officer, &reference);
        assert_eq!(live["promises"], content(app, Who::Manager, &reference)["promises"]);
        app.browser(Who::Officer).open(&format!("/bids/{reference}")).sees("from 3 to 1 calls");
        let mut lines = live["costs"].clone();
        lines[0]["description"] = json!("User researcher for eleven weeks");
        let version = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["version"].as_i64().unwrap();
        let costs = format!("/api/v1/bids/{reference}/costs");
        app.client(Who::Officer).put(&costs, version, json!({ "costs": lines })).expect(200);
        assert_eq!(answer(app, &reference, "problem", "Slipped in.").problem(), (409, "not_reopened".into()));
        let again = format!("/api/v1/bids/{reference}/actions/resubmit_full");
        app.work();
        assert_eq!(app.client(Who::Officer).post(&again, json!({})).problem(), (409, "not_yet".into()), "it is not signed");
        story.sign();
        app.client(Who::Officer).post(&again, json!({})).expect(200);
        let stands = content(app, Who::Manager, &reference);
        assert_eq!(stands["costs"][0]["description"], "User researcher for eleven weeks");
        let letters = told(app, "new-version");
        let to: Vec<&str> = letters.iter().map(|(to, _)| to.as_str()).collect();
        assert!(to.contains(&Who::Assessor.email().as_str()) && to.contains(&Who::Manager.email().as_str()), "{to:?}");
        assert!(!to.contains(&Who::ConflictedAssessor.email().as_str()), "{to:?}");
        assert!(letters[0].1.contains("What will you do?"), "{}", letters[0].1);
    }

    fn marks_of_the_version_before_are_named_until_they_are_saved_again(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        let mut manager = app.browser(Who::Manager);
        let sift = format!("/bids/{reference}/sift");
        manager.open(&sift);
        for question in ["What is the common problem?", "What will others be able to use again?"] {
            manager.choose_in(question, "Pass");
        }
        manager.press("Save").sees("The marks are saved.");
        reopen(app, &reference);
        answer(app, &reference, "problem", "Newer words.").expect(200);
        app.later(std::time::Duration::from_secs(60));
        resubmit(app, &reference).expect(200);
        manager.open(&sift).sees("A newer version was submitted at").press("Save");
        assert!(!manager.open(&sift).has("A newer version was submitted at"), "they are about it now");
    }

    fn everything_that_is_wrong_on_the_page_is_named_at_once(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{reference}/reopen")).press("Propose to reopen this bid");
        manager.sees("Choose what may be changed.").sees("Enter a real date").sees("Say why");
    }

    fn two_managers_reopen_a_bid_on_pages(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(CLOSED);
        let (bid, mut manager) = (format!("/bids/{reference}"), app.browser(Who::Manager));
        manager.open(&bid).follow("Reopen this bid").sees("a second manager has to confirm it");
        manager.press("Propose to reopen this bid").sees("There is a problem");
        manager.fill("Day", "2").fill("Month", "10").fill("Year", "2026").fill("At what time?", "17:00");
        manager.fill("Why is it reopened?", REASON).press("Propose to reopen this bid").sees("Choose what may be changed.");
        manager.sees(REASON).choose("What is the common problem?");
        app.later(std::time::Duration::from_secs(31 * 60));
        confirm_with_code(app, manager.press("Propose to reopen this bid"), Who::Manager);
        send_it_now(&mut manager).sees("You proposed 5pm on 2 October 2026.");
        let mut second = app.browser_of(app.colleague());
        second.open(&bid).follow("Read the proposal").sees("What is the common problem?").sees(REASON);
        second.press("Confirm change 1").sees("The change is confirmed.");
        let mut officer = app.browser(Who::Officer);
        officer.open(&bid).sees("these can be changed").follow("What is the common problem?");
        officer.fill("What is the common problem?", "Newer words.").choose("Yes").press("Save and continue");
        officer.open(&format!("{bid}/check")).sees("Newer words.").press("Submit a newer version");
        assert_eq!(content(app, Who::Manager, &reference)["answers"]["problem"], "Newer words.");
    }
}
