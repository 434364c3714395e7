//! Who hears of a draw before the awards: nobody outside where the rules say so, and nobody with a conflict of interest.

use super::{KNOWN, PATH, VALUE, commit, drawn, enter, new_draw, ranked, rules, seen_outside};
use crate::{
    assessment::rankings::pin,
    harness::{
        app::{ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

on_each_database! {
    fn where_the_rules_tell_nothing_before_nothing_outside_changes_until_the_awards(app: &TestApp) {
        let bids = ranked(app, rules(false));
        app.work();
        let before = seen_outside(app);
        commit(app, Who::Manager, new_draw()).expect(201);
        assert_eq!(seen_outside(app), before, "that there is a commitment");
        app.at(KNOWN);
        let before = seen_outside(app);
        drawn(app);
        assert_eq!(seen_outside(app), before, "that it is drawn");
        pin(app, Who::Manager, &bids[3]);
        let manager = app.client(Who::Manager);
        let barred = (403, "conflict_of_interest".to_owned());
        for path in ["draw", "draws", "draws/1"] {
            assert_eq!(manager.get(&format!("{PATH}/{path}")).problem(), barred, "{path}");
        }
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), barred);
        assert_eq!(enter(&manager, VALUE).problem(), barred);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/draw")).sees("colleagues make it and read it");
        assert!(bids.iter().all(|bid| !browser.has(bid)), "{}", browser.text());
        for page in ["ranking", "decisions"] {
            assert!(!browser.open(&format!("/rounds/{ROUND}/{page}")).has("by lot in draw"), "{page}");
        }
        assert!(!browser.open(&format!("/bids/{}/decision", bids[0])).has("by lot in draw"));
    }
}
