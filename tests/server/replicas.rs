//! Two replicas on PostgreSQL, of which either may be killed at any time: what happens by itself at a closing time happens
//! to every bid exactly once.

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use diesel::prelude::*;
use roundtable::{
    bids::service::{StartBid, start},
    clock::{Clock, Moment},
    db::{
        Conn,
        conn::{Opener, Use},
        schema::{bids, events, jobs, milestone_changes, outbox},
    },
    funds::{
        self,
        change::Ground,
        model::Milestone,
        service::{MILESTONE_JOB, NewMilestone},
    },
    identity::keys::Keys,
    ids::{BidKey, Id, IdSource},
    journey::service::dates::{self, DEADLINE_JOB, NewTime},
};
use tempfile::TempDir;

use crate::{
    demo::place::program,
    harness::{
        app::{TestApp, Who, new_round},
        databases::Engine,
    },
};

const ROUND: &str = "rush";
const DRAFTS: usize = 300;
/// So many of them have more time of their own, whose job comes to the same bids beside the round's.
const WITH_MORE_TIME: usize = 20;
const HOUR: Duration = Duration::from_secs(3_600);
/// How long the replicas may take before the test gives up: they work for seconds, and wait for two leases.
const PATIENCE: Duration = Duration::from_secs(120);

/// A replica, which does not outlive its test.
struct Replica(Child);

impl Replica {
    fn start(app: &TestApp, keys: &TempDir) -> Self {
        let mut command: Command = program(app.database_url(), &keys.path().join("keys.json"), &["serve"]);
        Self(command.env("BIND", "127.0.0.1:0").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// As `kill -9` does.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A round that closed an hour ago, with drafts whose timers have not run.
fn rush(app: &TestApp, now: Moment) {
    app.clock.set(now.minus(HOUR * 24));
    let mut round = new_round();
    (round.slug, round.prefix) = (ROUND.into(), "RUSH".into());
    let hours_from_now = |milestone: &NewMilestone| match milestone.name {
        Milestone::EoiOpens => now.minus(HOUR * 48),
        Milestone::EoiCloses => now.minus(HOUR),
        later => now.plus(HOUR * 100 * (1 + later as u32)),
    };
    for milestone in &mut round.milestones {
        milestone.at = hours_from_now(milestone);
    }
    let (manager, stranger) = (app.call(Who::Manager), app.call(Who::Stranger));
    let lead = app.organisation("CAS");
    app.block_on(|app| async move {
        let made = funds::service::create_round(&app, &manager, "test-fund".into(), round).await.unwrap();
        funds::service::publish(&app, &manager, ROUND.into(), made.round.version).await.unwrap();
        for number in 0..DRAFTS {
            let draft = StartBid {
                round: ROUND.into(),
                lead,
                title: format!("Bid {number}"),
                copy_from: None,
                known: Default::default(),
            };
            let reference = start(&app, &stranger, draft).await.unwrap();
            if number < WITH_MORE_TIME {
                let time = NewTime {
                    milestone: Milestone::EoiCloses,
                    at: now.minus(HOUR / 2),
                    ground: Ground::Outage,
                    reason: "Nobody could save.".into(),
                    questions: Vec::new(),
                };
                dates::give_time(&app, &manager, reference, time).await.unwrap();
            }
        }
    });
}

/// How often each bid has lapsed.
fn lapses(view: &mut Conn) -> BTreeMap<Id<BidKey>, i64> {
    let moved: Vec<Id<roundtable::events::ChainKey>> =
        events::table.filter(events::kind.eq("bid.moved")).select(events::chain).load(view).unwrap();
    let mut lapses = BTreeMap::new();
    for chain in moved {
        *lapses.entry(chain.cast()).or_default() += 1;
    }
    lapses
}

fn open_jobs(view: &mut Conn) -> i64 {
    let open = jobs::table.filter(jobs::kind.eq_any([MILESTONE_JOB, DEADLINE_JOB])).filter(jobs::state.ne("done"));
    let due = open.filter(jobs::run_at.le(Clock::System.now()));
    due.count().get_result(view).unwrap()
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what} did not come about");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn replicas_that_are_killed_while_drafts_lapse_leave_each_lapsed_exactly_once() {
    if !Engine::Postgres.available() {
        return;
    }
    let app = TestApp::start(Engine::Postgres);
    rush(&app, Clock::System.now());
    let keys = tempfile::tempdir().unwrap();
    Keys::load_or_create(&keys.path().join("keys.json"), true, &IdSource::system()).unwrap();
    let mut view = Opener { url: app.database_url().into(), purpose: Use::Read }.open().unwrap();
    let (first, second) = (Replica::start(&app, &keys), Replica::start(&app, &keys));
    wait_until("the first drafts' lapse", || lapses(&mut view).len() > DRAFTS / 10);
    first.kill();
    let _third = Replica::start(&app, &keys);
    wait_until("half the drafts' lapse", || lapses(&mut view).len() > DRAFTS / 2);
    assert!(lapses(&mut view).len() < DRAFTS, "the second is killed while drafts lapse");
    second.kill();
    wait_until("the end of the work", || lapses(&mut view).len() == DRAFTS && open_jobs(&mut view) == 0);
    let lapses = lapses(&mut view);
    assert!(lapses.values().all(|times| *times == 1), "{lapses:?}");
    let lapsed: i64 = bids::table.filter(bids::state.eq("eoi_lapsed")).count().get_result(&mut view).unwrap();
    let written: i64 = outbox::table.filter(outbox::template.eq("lapsed")).count().get_result(&mut view).unwrap();
    let passed = events::table.filter(events::kind.eq("round.milestone_passed"));
    let passed: Vec<(Id<roundtable::events::ChainKey>, String)> =
        passed.select((events::chain, events::data)).load(&mut view).unwrap();
    let of_closing = passed.iter().filter(|(_, data)| data.contains("eoi_closes")).count();
    let given: i64 = milestone_changes::table.count().get_result(&mut view).unwrap();
    let all = i64::try_from(DRAFTS).unwrap();
    assert_eq!((lapsed, written), (all, all), "one state and one message for each");
    // The test world's own round may have closed by now as well.
    assert!((1..=2).contains(&of_closing), "{passed:?}");
    assert_eq!(given, i64::try_from(WITH_MORE_TIME).unwrap());
}
