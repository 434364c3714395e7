//! In a round whose assessors read without names, nothing that reaches an assessor as such tells whose bid it is, until the awards are
//! announced.

use std::io::{Cursor, Read};

use serde_json::{Value, json};
use zip::ZipArchive;

use super::wall::paths;
use crate::{
    assessment::gateway,
    awards::{ANNOUNCED, lists::assessing},
    bids::documents::{PDF, ask_for_letters, give, upload},
    harness::{
        app::{Answer, ROUND, TestApp, Who},
        databases::on_each_database,
        pdf,
    },
    pages::story::Story,
};

/// A mark of one of the round's gateway checks, whose reason says whose bid it is.
fn marked(app: &TestApp, reference: &str, version: i64, (check, mark): (&str, &str)) {
    let marks = json!([{ "check": check, "mark": mark, "reason": "Borchester says so in its letter." }]);
    gateway::mark(&app.client(Who::Manager), reference, version, json!({ "about": 1, "marks": marks })).expect(200);
}

/// A question of the fund about the bid; gives its address in REST.
fn asked(app: &TestApp, story: &Story<'_>, question: &str) -> String {
    let asked = json!({ "question": question, "until": "2026-11-25T09:00:00Z" });
    let path = format!("/api/v1{}", story.page("/clarifications"));
    let asked = app.client(Who::Manager).post(&path, asked).expect(201).json();
    format!("{path}/{}", asked["id"].as_str().unwrap())
}

/// A bid of Ambridge with Borchester, with documents, costs of both, a letter of support, gateway checks that it has passed and two
/// questions of the fund, of which the second is answered. Both assessors have scored it, and moderation is open.
pub fn read_by_two(app: &TestApp) -> Story<'_> {
    let check = |id: &str, title: &str| json!({ "id": id, "title": title, "guidance": "" });
    let checks = [check("need", "The need is shared"), check("users", "Users were asked")];
    assessing(app, json!({ "anonymous": true, "gateway": checks }));
    ask_for_letters(app, false);
    let story = Story::begin(app);
    let officer = app.client(Who::Officer);
    give(&officer, &story.reference, "Ambridge in short.pdf", PDF).expect(201);
    story.submit_interest();
    app.at("2026-10-01T09:00:00Z");
    story.sift();
    story.decide("sift", "invite", None);
    story.release("eoi_outcome");
    app.at("2026-10-12T09:00:00Z");
    let invitation = story.write_application();
    let officer = app.client(Who::Officer);
    upload(&officer, &story.reference, "Ambridge plan.pdf", &[PDF, b"%"].concat()).expect(201);
    give(&officer, &story.reference, "Letter of Borchester.pdf", &[PDF, b"%%"].concat()).expect(201);
    story.ask_to_sign();
    story.submit_application(&invitation);
    app.at("2026-11-16T09:00:00Z");
    story.decide("eligibility", "find_eligible", None);
    story.give_to_assessors();
    marked(app, &story.reference, 0, ("need", "pass"));
    marked(app, &story.reference, 1, ("users", "pass"));
    asked(app, &story, "How many tenants?");
    let answered = asked(app, &story, "How many wait for repairs?");
    let answer = json!({ "answer": "Four hundred wait.", "submit": true });
    app.client(Who::Officer).put(&format!("{answered}/answer"), 1, answer).expect(200);
    story.score(Who::Assessor);
    story.score(Who::SecondAssessor);
    let opened = format!("/api/v1/rounds/{ROUND}/moderation");
    app.client(Who::Moderator).post(&opened, json!({ "reason": "All of them are read." })).expect(200);
    app.work();
    story
}

/// What tells whose the bid is: names of organisations and people, and ids.
fn secrets(app: &TestApp) -> Vec<String> {
    let ids = ["AMB", "BOR"].map(|code| app.organisation(code).to_string());
    let people = [Who::Officer, Who::Signatory, Who::Partner]
        .into_iter()
        .flat_map(|who| [format!("{who:?} Person"), who.email()]);
    ["Ambridge", "Borchester", "\"AMB\"", "\"BOR\"", "Director of Housing"]
        .map(str::to_owned)
        .into_iter()
        .chain(ids)
        .chain(people)
        .collect()
}

/// Everything that an answer says: its headers, its text, and what is in it if it is an archive or a PDF.
fn said(answer: Answer) -> String {
    let mut said: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    if answer.body.starts_with(b"PK") {
        let mut archive = ZipArchive::new(Cursor::new(answer.body)).unwrap();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            said.push_str(file.name());
            // The documents of the test world hold nothing.
            let paper = bytes.starts_with(b"%PDF") && bytes.len() > 200;
            said.push_str(&if paper { pdf::words_of(&bytes) } else { String::from_utf8_lossy(&bytes).into_owned() });
        }
    } else {
        said.push_str(&String::from_utf8_lossy(&answer.body));
    }
    said
}

on_each_database! {
    fn no_answer_and_no_mail_tells_an_assessor_whose_bid_they_read_until_the_awards_are_announced(app: &TestApp) {
        let story = read_by_two(app);
        let reference = story.reference.as_str();
        let (secrets, assessor, public) = (secrets(app), app.client(Who::Assessor), app.public());
        let mut all = paths(&[reference]);
        all.extend(paths(&[reference]).into_iter().map(|path| path.replace("/eoi/", "/full/")));
        let clarifications = format!("/api/v1/bids/{reference}/clarifications");
        let answered = app.client(Who::Manager).get(&clarifications).expect(200).json();
        let answered = answered.as_array().unwrap().iter().find(|one| one["number"] == 2).unwrap()["id"].clone();
        all.extend([format!("/bids/{reference}/clarifications/2"), format!("{clarifications}/{}", answered.as_str().unwrap())]);
        let told = all.last().unwrap().clone();
        all.extend([2, 3, 4].map(|number| format!("/bids/{reference}/score/documents/{number}/file")));
        let mut read = Vec::new();
        for path in &all {
            let answer = assessor.get(path);
            if answer.status == 200 {
                read.push(path.clone());
            }
            let text = said(answer);
            let Some(secret) = secrets.iter().find(|secret| text.contains(*secret)) else { continue };
            // Everybody may read a name elsewhere, and all of them stand together where conflicts are declared.
            let everybodys = said(public.get(path)).contains(secret) || path.ends_with("/declarations");
            assert!(everybodys, "GET {path} tells an assessor {secret}: {text}");
        }
        for path in [&told, &clarifications, &story.page("/clarifications/2")] {
            assert!(read.contains(path) && said(assessor.get(path)).contains("Four hundred wait."), "{path} is read with the answer");
        }
        for part in ["/score", "/score/fit", "/recuse", "/clarifications/1", "/score/documents/1/file", "/score/documents/2/file"] {
            assert!(read.contains(&story.page(part)), "{part} is read");
        }
        for path in ["/assess".to_owned(), format!("/api/v1/rounds/{ROUND}/reading-pack"), format!("/api/v1/bids/{reference}/scores/others")] {
            assert!(read.contains(&path), "{path} is read");
        }
        for part in ["", "/history", "/documents", "/versions/full/1", "/partners", "/conflict"] {
            assert_eq!(assessor.get(&story.page(part)).status, 404, "{part}");
        }
        for letter in app.letters().iter().filter(|letter| letter.recipient == Who::Assessor.email()) {
            let text = format!("{} {}", letter.subject, letter.text);
            assert!(!secrets.iter().any(|secret| text.contains(secret)), "{text}");
        }
        // Marks are for those who decide, and a fail is told to a reader without its reason.
        let of_marks = ["/gateway", "/gateway.csv"].map(|what| format!("/api/v1/rounds/{ROUND}{what}"));
        for path in of_marks.iter().chain(&[story.page("/gateway"), format!("/api/v1{}", story.page("/gateway"))]) {
            assert!([403, 404].contains(&assessor.get(path).status), "{path}");
            assert!(all.contains(path), "{path} is among what is looked at");
        }
        marked(app, reference, 2, ("users", "fail"));
        for path in [story.page("/score"), format!("/api/v1/bids/{reference}/scores/mine")] {
            let text = said(assessor.get(&path));
            assert!(text.contains("Users were asked") && !secrets.iter().any(|secret| text.contains(secret)), "{path}: {text}");
        }
        assert!(said(app.client(Who::Manager).get(&story.page("/gateway"))).contains("Borchester says so"));
        marked(app, reference, 3, ("users", "pass"));
        let page = said(assessor.get(&story.page("/score/fit")));
        assert!(page.contains("Lead authority, Partner A") && page.contains("“I think I know whose bid this is”"), "{page}");
        assert!(page.contains("Letters of support, document 1.pdf") && page.contains("Document 1.pdf"), "{page}");
        let pack = pdf::squeezed(&said(assessor.get(&format!("/api/v1/rounds/{ROUND}/reading-pack"))));
        for word in ["Lettersofsupport,document1.pdf", "Leadauthority", "PartnerA", "£60,000", "Howmanytenants?"] {
            assert!(pack.contains(word), "{word}: {pack}");
        }
        let download = assessor.get(&format!("/api/v1/bids/{reference}/scores/documents/3")).expect(200);
        assert_eq!(download.body, [PDF, b"%%"].concat(), "the letter of the expression of interest comes before it");
        assert_eq!(assessor.get(&format!("/api/v1/bids/{reference}/scores/documents/4")).status, 404);

        // Managers see names as always, and so does everybody who read once the awards are announced.
        assert!(said(app.client(Who::Manager).get(&story.page(""))).contains("Ambridge"));
        assert!(said(app.client(Who::Manager).get(&story.page("/scores"))).contains(reference));
        story.decide("assessment", "close_scoring", None);
        story.decide("shortlist", "shortlist", None);
        story.decide("award", "fund", Some(8_000_000));
        story.release("announcement");
        assert_eq!(app.client(Who::Assessor).get(&story.page("")).status, 404, "approved, and not out yet");
        app.at(ANNOUNCED);
        let after = app.client(Who::Assessor);
        assert!(said(after.get(&story.page("")).expect(200)).contains("Ambridge"));
        assert!(said(after.get(&story.page("/score/fit"))).contains("Ambridge Borough Council, Borchester City Council"));
        let mine: Value = after.get("/api/v1/assessments").expect(200).json();
        assert_eq!((&mine[0]["lead"], &mine[0]["without_names"]), (&json!("Ambridge Borough Council"), &json!(false)));
    }
}
