//! The register of earlier work: importing and searching it, what is like a bid, and what a bid names from it.

mod earlier_work;
mod import;
mod search;

use serde_json::{Value, json};

use crate::harness::app::{Answer, ROUND, TestApp, Who};

const HEADER: &str = "entry_key,title,summary,organisations,kind,status,url,source,started";

/// Four entries, two of them about the repair of homes.
const FILE: &str = "entry_key,title,summary,organisations,kind,status,url,source,started
repairs-1,Reporting housing repairs online,Tenants report a broken boiler or a leak by themselves,Lincoln and Greenwich,alpha,live,https://example.org/repairs,Pipeline,2019-03
repairs-2,Scheduling of repairs,Tenants choose when the plumber comes to mend a leak,Southwark,discovery,ended,,Pipeline,2018
bots-1,Chatbots for council services,What a virtual assistant can answer about bins and tax,Oxford,discovery,ended,,Pipeline,2019
income-1,Income management,Takes payments and reconciles the ledger,Barnsley,beta,live,,Pipeline,
";

/// Sends a file of entries.
fn import(app: &TestApp, who: Who, file: &str) -> Answer {
    let headers = [("Content-Type", "text/csv")];
    app.client(who).raw("POST", "/api/v1/register/import", &headers, Some(file.as_bytes().to_vec()))
}

/// Starts a bid of Ambridge with this title and problem; gives its reference.
fn bid(app: &TestApp, title: &str, problem: &str) -> String {
    let lead = app.client(Who::Officer);
    let start = json!({ "round": ROUND, "lead": council(app, "AMB"), "title": title });
    let reference = lead.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
    let answer = json!({ "value": problem, "complete": true });
    lead.put(&format!("/api/v1/bids/{reference}/answers/problem"), 0, answer).expect(200);
    reference
}

fn council(app: &TestApp, code: &'static str) -> Value {
    use roundtable::identity::store::organisations;
    let found = app.block_on(|app| async move { app.db.read(move |conn| organisations::find(conn, code)).await });
    json!(found.unwrap().unwrap().id)
}

fn titles(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}
