//! The replay as a process: what it comes to, what changes it, and what a second run and `kill -9` do to it.

use std::{collections::BTreeSet, fs, path::Path};

use diesel::{dsl::count_star, prelude::*};
use roundtable::{
    db::{
        Conn,
        schema::{bid_versions, bids, checkpoints, decisions},
    },
    demo::scenario::Scenario,
    mail::outbox::State,
};
use serde_json::{Value, json};

use super::{
    counting,
    faults::copy_of_small,
    place::{Place, Service, program},
};
use crate::harness::{app::TestApp, databases::on_each_database, letters};

const ROUND: &str = "neighbouring-councils-fund-2025";

/// What the small scenario comes to; the number of events is left to the service.
fn small_figures(figures: &Value) -> Value {
    json!({
        "eoi": 12,
        "late_refused": 1,
        "organisations": 9,
        "invited": 6,
        "full": 4,
        "shortlisted": 3,
        "funded": 2,
        "awarded_pence": 4_380_000,
        "councils_funded": 5,
        "events": figures["events"],
        "verified": true,
    })
}

on_each_database! {
    fn the_small_scenario_comes_to_its_figures_and_the_public_counts_the_same(place: &Place) {
        let figures = place.replay("small", &[]);
        assert_eq!(figures, small_figures(&figures));
        every_letter_can_be_read(place);
        let service = place.serve();
        awards_add_up(&service);
        expressions_of_interest_add_up(&service);
        projects_add_up(&service);
    }

    fn who_wins_follows_from_the_scores_and_not_from_the_scenario(place: &Place) {
        place.replay("small", &[]);
        let small = Scenario::embedded("small").unwrap();
        assert_eq!(winners(place), titles(&small, &["eoi-01", "eoi-07"]));
        let folder = copy_of_small();
        let path = folder.path().join("small");
        raise_scores(&path.join("scores.csv"), "eoi-09");
        let figures = place.replay(path.to_str().unwrap(), &["--replace"]);
        assert_eq!(winners(place), titles(&small, &["eoi-07", "eoi-09"]));
        let edited = Scenario::from_folder(&path).unwrap();
        assert_eq!(figures["awarded_pence"], counting::awarded_pence(&edited));
        assert_eq!(figures["verified"], true);
        let taken: i64 = checkpoints::table.select(count_star()).first(&mut place.view()).unwrap();
        assert_eq!(taken, 1, "--replace leaves nothing of the run before");
    }

    fn a_replay_that_is_finished_is_not_replayed_again(place: &Place) {
        let (figures, versions) = (place.replay("small", &[]), place.versions());
        for _ in 0..2 {
            assert_eq!(place.replay("small", &[]), figures, "the events are counted in it");
            assert_eq!(place.versions(), versions);
        }
    }

    fn somebody_elses_rounds_are_left_alone_even_when_told_to_replace(app: &TestApp) {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys.json");
        roundtable::identity::keys::Keys::load_or_create(&keys, true, &app.app.ids).unwrap();
        for more in [&[][..], &["--replace"][..]] {
            let arguments = [&["demo", "--once", "--json", "--scenario", "small"][..], more].concat();
            let output = program(app.database_url(), &keys, &arguments).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains("DATABASE_URL") && said.contains("choose an empty one"), "{said}");
            assert!(output.stdout.is_empty());
        }
        app.public().get("/api/v1/rounds/test-round").expect(200);
    }

    fn a_replay_that_is_killed_goes_on_and_loses_and_repeats_nothing(place: &Place) {
        type Seen = fn(&mut Conn) -> bool;
        let moments: [Seen; 3] = [|view| submitted(view) > 0, |view| submitted(view) > 12, |view| awards(view) > 0];
        for seen in moments {
            let before = place.versions();
            place.replay_until("small", seen);
            let left = place.versions();
            assert!(before.iter().all(|version| left.contains(version)), "a version was lost or changed");
        }
        let before = place.versions();
        assert!(before.len() > 12);
        let figures = place.replay("small", &[]);
        assert_eq!(figures, small_figures(&figures));
        let after = place.versions();
        assert!(before.iter().all(|version| after.contains(version)), "a version was lost or changed");
        let places: BTreeSet<_> = after.iter().map(|(bid, stage, number, _)| (bid, stage, number)).collect();
        assert_eq!((places.len(), after.len()), (16, 16), "twelve expressions of interest and four applications, each once");
    }

    fn two_replays_make_the_same_ids_and_hashes_but_not_the_same_keys(place: &Place) {
        let other = Place::start(crate::harness::databases::Engine::Sqlite);
        assert_eq!(place.replay("small", &[]), other.replay("small", &[]));
        assert_eq!(place.bids(), other.bids());
        assert_eq!(place.versions(), other.versions());
        assert_ne!(fs::read(place.keys()).unwrap(), fs::read(other.keys()).unwrap());
    }
}

fn every_letter_can_be_read(place: &Place) {
    let letters = letters::rendered(letters::rows(&mut place.view()));
    let written = |template: &str| letters.iter().filter(|letter| letter.template == template).count();
    assert!(letters.iter().all(|letter| letter.state == State::Held), "nothing is sent from a replay");
    let partners = letters.iter().filter(|letter| letter.template == "submitted-full" && letter.data["leads"] == false);
    assert!(written("submitted-eoi") >= 12 && written("outcome-funded") > 2 && partners.count() > 0);
}

fn awards_add_up(service: &Service) {
    let package = service.get(&format!("/api/v1/open/rounds/{ROUND}/awards.json"));
    let grants = package["grants"].as_array().unwrap();
    assert_eq!(grants.len(), 2);
    let pounds: f64 = grants.iter().map(|grant| grant["amountAwarded"].as_f64().unwrap()).sum();
    assert!((pounds - 43_800.0).abs() < 0.005, "{pounds}");
    let named = |grant: &Value, field: &str| grant[field].as_array().unwrap().clone();
    let councils =
        grants.iter().flat_map(|grant| [named(grant, "recipientOrganization"), named(grant, "partners")].concat());
    let names: BTreeSet<String> = councils.map(|council| council["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.len(), 5, "{names:?}");
}

fn expressions_of_interest_add_up(service: &Service) {
    let list = service.get(&format!("/api/v1/open/rounds/{ROUND}/eois.json"));
    let bids = list["bids"].as_array().unwrap();
    assert_eq!(bids.len(), 12);
    let leads: BTreeSet<&str> = bids.iter().map(|bid| bid["lead"]["name"].as_str().unwrap()).collect();
    assert_eq!(leads.len(), 9);
    let outcome = |bid: &&Value, gate: &str, states: &[&str]| {
        let outcomes = bid["outcomes"].as_array().unwrap().iter();
        outcomes
            .filter(|outcome| outcome["gate"] == gate)
            .any(|outcome| states.contains(&outcome["state"].as_str().unwrap()))
    };
    assert_eq!(bids.iter().filter(|bid| outcome(bid, "sift", &["invited", "invited_to_merge"])).count(), 6);
    assert_eq!(bids.iter().filter(|bid| outcome(bid, "award", &["funded"])).count(), 2);
}

fn projects_add_up(service: &Service) {
    let projects = service.get("/api/v1/projects");
    let items = projects["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items.iter().map(|project| project["award_pence"].as_i64().unwrap()).sum::<i64>(), 4_380_000);
    assert!(items.iter().all(|project| project["round"] == ROUND && project["illustrative"] == true));
}

/// The titles of the bids that are funded.
fn winners(place: &Place) -> BTreeSet<String> {
    let funded: Vec<String> = decisions::table
        .inner_join(bids::table)
        .filter(decisions::transition.eq("fund"))
        .filter(decisions::recorded_at.is_not_null())
        .select(bids::title)
        .load(&mut place.view())
        .unwrap();
    funded.into_iter().collect()
}

fn titles(scenario: &Scenario, ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| scenario.bid(id).unwrap().title.clone()).collect()
}

fn submitted(view: &mut Conn) -> i64 {
    bid_versions::table.select(count_star()).first(view).unwrap()
}

fn awards(view: &mut Conn) -> i64 {
    decisions::table.filter(decisions::transition.eq("fund")).select(count_star()).first(view).unwrap()
}

/// All assessors give one bid the highest score for everything.
fn raise_scores(file: &Path, bid: &str) {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = |column: &str| headers.iter().position(|name| name == column).unwrap();
    let (of, score) = (at("bid"), at("score"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut writer = csv::Writer::from_path(file).unwrap();
    writer.write_record(&headers).unwrap();
    for row in rows {
        let full_marks = |(column, cell)| if column == score && row[of] == *bid { "5" } else { cell };
        writer.write_record(row.iter().enumerate().map(full_marks)).unwrap();
    }
    writer.flush().unwrap();
}
