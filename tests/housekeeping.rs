//! What has served its purpose is forgotten when its time has come, and not before.

use std::{collections::BTreeMap, time::Duration};

use diesel::{dsl::count_star, insert_into, prelude::*, update};
use roundtable::{
    actor::Actor,
    db::{
        Conn, Doc,
        schema::{idempotency, jobs, kept_forms, outbox, rate_limits, sessions, sign_in_links},
    },
    http::Call,
    identity::{Browser, kept_forms as forms},
    server::housekeeping::sweep,
};
use serde_json::json;

use crate::{
    bids::written,
    harness::{
        app::{TestApp, Who},
        browser::Browser as Visitor,
        databases::on_each_database,
    },
};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
const MOMENT: Duration = Duration::from_micros(1);

/// One of everything that is forgotten some day.
fn leave_traces(app: &TestApp) {
    let mut visitor = Visitor::new(&app.base);
    visitor.open("/sign-in").fill("Email address", &Who::Officer.email()).press("Continue");
    app.work();
    let (client, reference) = written(app, "Shared repairs");
    let submit = format!("/api/v1/bids/{reference}/actions/submit_eoi");
    client.send("POST", &submit, &[("Idempotency-Key", "k-1")], Some(&json!({}))).expect(200);
    let (person, now) = (app.person(Who::Officer), app.clock.now());
    app.block_on(|app| async move {
        let ids = app.ids.clone();
        let keep = move |conn: &mut Conn| {
            forms::keep(conn, &ids, (person, &Browser::new(&ids)), ("/bids/X/about", "title=Words"), now)
        };
        app.db.write(keep).await.unwrap();
    });
    app.work();
}

fn counts(conn: &mut Conn) -> BTreeMap<&'static str, i64> {
    macro_rules! count {
        ($query:expr) => {
            $query.select(count_star()).first::<i64>(conn).unwrap()
        };
    }
    BTreeMap::from([
        ("links", count!(sign_in_links::table)),
        ("limits", count!(rate_limits::table)),
        ("jobs", count!(jobs::table.filter(jobs::state.eq("done")))),
        ("keys", count!(idempotency::table.filter(idempotency::key.eq("k-1")))),
        ("forms", count!(kept_forms::table)),
        ("sessions", count!(sessions::table)),
        ("codes", count!(outbox::table.filter(outbox::template.eq("sign-in")).filter(outbox::data.ne(Doc(json!({})))))),
    ])
}

fn seen(app: &TestApp) -> BTreeMap<&'static str, i64> {
    app.block_on(|app| async move { app.db.read(|conn| Ok(counts(conn))).await.unwrap() })
}

fn sweep_now(app: &TestApp) {
    app.block_on(|app| async move { sweep(&app).await.unwrap() });
}

on_each_database! {
    fn each_thing_is_kept_while_it_is_of_use_and_forgotten_when_its_time_has_come(app: &TestApp) {
        leave_traces(app);
        let (begun, before) = (app.clock.now(), seen(app));
        assert!(before.values().all(|count| *count > 0), "{before:?}");
        sweep_now(app);
        assert_eq!(seen(app), before, "everything is of use yet");
        // An asker's limit is full again after five minutes; a link is good for an hour and kept for a day after that.
        let ends: [(Duration, &[&str]); 6] = [
            (5 * MINUTE, &["limits"]),
            (HOUR, &["codes"]),
            (DAY, &["forms"]),
            (HOUR + DAY, &["links"]),
            (7 * DAY, &["jobs", "keys"]),
            (90 * DAY, &["sessions"]),
        ];
        for (time, things) in ends {
            app.clock.set(begun.plus(time));
            sweep_now(app);
            let kept = seen(app);
            app.clock.set(begun.plus(time).plus(MOMENT));
            sweep_now(app);
            let gone = seen(app);
            for what in things {
                assert!(kept[what] > 0 && gone[what] == 0, "{what}: {} at its end, {} after it", kept[what], gone[what]);
            }
        }
        assert_eq!(seen(app).values().sum::<i64>(), 0);
    }

    fn a_message_whose_code_was_forgotten_says_so_to_staff(app: &TestApp) {
        leave_traces(app);
        let mut admin = app.browser(Who::Admin);
        admin.open("/staff/outbox?state=held");
        let letter = admin.links().into_iter().find(|words| words.starts_with("Sign in")).unwrap();
        admin.follow(&letter).sees("Or enter this code");
        app.clock.set(app.clock.now().plus(HOUR).plus(MOMENT));
        sweep_now(app);
        admin.open("/staff/outbox?state=held").follow(&letter).sees("What it said was forgotten");
        assert!(!admin.has("Or enter this code"));
        let receipt = admin.open("/staff/outbox").links().into_iter().find(|words| words.starts_with("Submitted")).unwrap();
        admin.follow(&receipt).sees("Fingerprint");
    }

    fn what_failed_and_what_a_replay_has_done_is_never_forgotten(app: &TestApp) {
        leave_traces(app);
        let once = |app: &TestApp| {
            let call = Call::by(Actor::System, app.clock.now()).named("a work of our own");
            app.block_on(|app| async move { call.write(&app, |_, scene| Ok(scene.now)).await.unwrap() })
        };
        let first = once(app);
        app.block_on(|app| async move {
            let fail = |conn: &mut Conn| Ok(update(jobs::table).set(jobs::state.eq("failed")).execute(conn)?);
            app.db.write(fail).await.unwrap();
        });
        app.clock.set(app.clock.now().plus(365 * DAY));
        sweep_now(app);
        assert_eq!(once(app), first, "it is not done again");
        let failed = app.block_on(|app| async move {
            let count = |conn: &mut Conn| Ok(jobs::table.filter(jobs::state.eq("failed")).count().get_result::<i64>(conn)?);
            app.db.read(count).await.unwrap()
        });
        assert!(failed > 0);
    }

    fn thousands_are_forgotten_by_several_replicas_at_once(app: &TestApp) {
        let now = app.clock.now();
        app.block_on(|app| async move {
            let fill = move |conn: &mut Conn| {
                for number in 0..2_500 {
                    let row = (rate_limits::bucket.eq(format!("{number}")), rate_limits::arrival.eq(now));
                    insert_into(rate_limits::table).values(row).execute(conn)?;
                }
                Ok(())
            };
            app.db.write(fill).await.unwrap();
        });
        app.clock.set(now.plus(MOMENT));
        app.block_on(|app| async move {
            let (one, other) = tokio::join!(sweep(&app), sweep(&app));
            one.and(other).unwrap();
        });
        assert_eq!(seen(app)["limits"], 0);
    }
}
