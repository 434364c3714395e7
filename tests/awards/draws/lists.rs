//! The list under a budget, which follows a draw.

use diesel::prelude::*;
use roundtable::db::schema::milestones;
use serde_json::{Value, json};

use super::{KNOWN, PATH, by_hand, commit, drawn, faults, new_draw, ranked, rules};
use crate::{
    awards::DECIDING,
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
    },
};

on_each_database! {
    fn the_list_under_a_budget_takes_over_the_draw_and_departs_from_it_with_a_reason_alone(app: &TestApp) {
        let mut assessment = rules(true);
        assessment["most_awards"] = json!(2);
        let bids = ranked(app, assessment);
        let make = |body: Value| app.client(Who::Manager).post(&format!("{PATH}/lists"), body);
        make(json!({})).expect(201);
        commit(app, Who::Manager, new_draw()).expect(201);
        app.at(KNOWN);
        drawn(app);
        let (chosen, left) = by_hand(&[&bids[1], &bids[2]]);
        let by_hand = json!({ "take_out": [chosen], "put_in": [left] });
        let missing: Vec<String> = faults(&make(by_hand.clone())).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(missing, [format!("/reasons/{chosen}"), format!("/reasons/{left}")]);
        make(json!({})).expect(201);
        let list = app.client(Who::Observer).get(&format!("{PATH}/lists/2")).expect(200).json();
        let lines = list["bids"].as_array().unwrap();
        let of = |bid: &str| lines.iter().find(|line| line["bid"] == *bid).unwrap();
        assert_eq!((&of(chosen)["list"], &of(chosen)["plain"], &of(chosen)["drawn"]), (&json!("fund"), &json!("fund"), &json!(true)));
        assert_eq!((&of(left)["list"], &of(left)["plain"], &of(left)["next"]), (&json!("reserve"), &json!("reserve"), &json!(1)));
        let expected = if chosen == bids[2] { json!("Drawn by lot in draw 1.") } else { Value::Null };
        assert_eq!(of(chosen)["reason"], expected);
        let mut explained = by_hand;
        explained["reason"] = json!("The councils of the first have merged.");
        make(explained).expect(201);
        app.at(DECIDING);
        app.block_on(|app| async move {
            let write = app.db.write(|conn| {
                let date = milestones::table.filter(milestones::name.eq("announcement"));
                diesel::delete(date).execute(conn)?;
                Ok(())
            });
            write.await.unwrap();
        });
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), (409, "no_announcement".into()));
    }
}
