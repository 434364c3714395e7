//! Whatever three councils do with two bids in whatever order, merging them, joining them, changing who leads and what everybody
//! gets, signing, submitting, and being put on hold: each bid has one lead, its shares add up, every signature that stands is of the
//! terms as they are, every version that was submitted adds up and was signed by everybody who had to, and nothing that stood in
//! either is lost.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use roundtable::bids::{
    content::{Content, Sealed},
    model::{CostLine, asked_in},
    terms::councils,
};
use serde_json::{Value, json};

use super::{
    any_order::kept,
    councils_sign::ask_every_council,
    merging::{act, two},
};
use crate::harness::{
    app::{Answer, Client, START, TestApp, Who, moment},
    databases::on_each_database,
};
use crate::journey::holds::{hold, lift};

const SEQUENCES: u64 = 12;
const STEPS: usize = 50;
/// What the two bids say their problem is. Nobody writes another answer, so that none may ever say anything else.
const WORDS: [&str; 2] = ["Repairs take too long.", "Nobody finds the leaks."];

/// A council: its code, who writes for it, and who signs for it, if it has somebody.
struct Council {
    code: &'static str,
    writes: Client,
    signs: Option<Client>,
}

/// Two bids and the councils around them.
struct World<'a> {
    app: &'a TestApp,
    councils: Vec<Council>,
    bids: [String; 2],
    /// The bids that another became part of since their lead last wrote their costs: both costs together may not be what is
    /// asked for, which its lead is told.
    merged: BTreeSet<String>,
}

/// What a bid is at one moment, as its lead reads it.
#[derive(Debug, Clone, PartialEq)]
struct Standing {
    state: String,
    content: Content,
}

impl Standing {
    fn is_written(&self) -> bool {
        ["full_draft", "full_submitted"].contains(&self.state.as_str())
    }

    /// Everybody of the bid, the lead included.
    fn councils(&self) -> BTreeSet<String> {
        let partners = self.content.partners.iter().map(|partner| partner.organisation.code.clone());
        partners.chain([self.content.lead.code.clone()]).collect()
    }

    fn costs(&self) -> i64 {
        self.content.costs.iter().map(|line| line.pence.0).sum()
    }
}

impl<'a> World<'a> {
    fn new(app: &'a TestApp) -> Self {
        app.clock.set(moment(START));
        let (ours, theirs) = two(app);
        let people = [
            ("AMB", Who::Officer, Some(Who::Signatory)),
            ("BOR", Who::Partner, Some(Who::PartnerSignatory)),
            ("CAS", Who::Stranger, None),
        ];
        let council = |(code, writes, signs): (&'static str, Who, Option<Who>)| Council {
            code,
            writes: app.client(writes),
            signs: signs.map(|who| app.client(who)),
        };
        let mut world =
            Self { app, councils: people.into_iter().map(council).collect(), bids: [ours, theirs], merged: [].into() };
        for (reference, words) in world.bids.clone().iter().zip(WORDS) {
            let body = json!({ "value": words, "complete": true });
            let (lead, path) = (world.lead(reference).0, format!("/api/v1/bids/{reference}"));
            lead.put(&format!("{path}/answers/problem"), 0, body.clone()).expect(200);
            lead.put(&format!("{path}/answers/plan"), 0, body).expect(200);
            let promise = json!({ "measure": "Days to a repair", "unit": "days", "target": 5.0 });
            let version = lead.get(&path).expect(200).json()["version"].as_i64().unwrap();
            lead.put(&format!("{path}/promises"), version, json!({ "promises": [promise] })).expect(200);
            world.balance(reference);
        }
        world
    }

    /// The client of whoever leads a bid, and what it reads there.
    fn lead(&self, reference: &str) -> (&Client, Value) {
        let path = format!("/api/v1/bids/{reference}");
        let reads = self.councils.iter().find_map(|council| {
            let answer = council.writes.get(&path);
            (answer.status == 200 && answer.json()["content"]["lead"]["code"] == council.code)
                .then(|| (&council.writes, answer.json()))
        });
        reads.expect("a bid has one lead, which reads it")
    }

    fn now(&self, reference: &str) -> Standing {
        let bid = self.lead(reference).1;
        let content = serde_json::from_value(bid["content"].clone()).unwrap();
        Standing { state: bid["state"].as_str().unwrap().into(), content }
    }

    /// The lead writes the costs that go with the shares, and asks for all of them.
    fn balance(&mut self, reference: &str) {
        let (lead, path) = (self.lead(reference).0, format!("/api/v1/bids/{reference}"));
        let partners = lead.get(&format!("{path}/partners")).expect(200).json()["partners"].clone();
        let stands = |partner: &&Value| ["invited", "confirmed"].contains(&partner["state"].as_str().unwrap());
        let shares = |partner: &&Value| partner["share_pence"] != 0;
        let line = |partner: &Value| {
            let (whose, pence) = (&partner["organisation_id"], &partner["share_pence"]);
            json!({ "category": "partner", "organisation_id": whose, "description": "Tests", "pence": pence })
        };
        let mut lines =
            vec![json!({ "category": "lead", "organisation_id": null, "description": "Research", "pence": 10_000 })];
        lines.extend(partners.as_array().unwrap().iter().filter(stands).filter(shares).map(line));
        let asked: i64 = lines.iter().map(|line| line["pence"].as_i64().unwrap()).sum();
        let version = || lead.get(&path).expect(200).json()["version"].as_i64().unwrap();
        lead.patch(&path, version(), json!({ "ask_pence": asked })).expect(200);
        lead.put(&format!("{path}/costs"), version(), json!({ "costs": lines })).expect(200);
        self.merged.remove(reference);
    }

    /// One thing that somebody of the councils does. Much of it is refused where the bids stand, which is as good.
    fn step(&mut self, rng: &mut ChaCha8Rng) -> (String, Answer) {
        let (which, whose, kind) = (rng.random_range(0..2), rng.random_range(0..3), rng.random_range(0..32));
        let (reference, other) = (self.bids[which].clone(), self.bids[1 - which].clone());
        let path = format!("/api/v1/bids/{reference}");
        let council = &self.councils[whose];
        let client = &council.writes;
        let changes = client.get(&format!("{path}/partnership-changes"));
        let open = (changes.status == 200).then(|| changes.json());
        let open = open.and_then(|all| all.as_array().unwrap().iter().find(|one| one["state"] == "open").cloned());
        let at = open.as_ref().map(|one| format!("{path}/partnership-changes/{}", one["id"].as_str().unwrap()));
        let propose = |body: Value| client.post(&format!("{path}/partnership-changes"), body);
        let words = "It is one problem.";
        let mut balances = false;
        let answer = match (kind, at) {
            (0..=2, _) => {
                let stays = rng.random_bool(0.5);
                propose(json!({ "kind": "merge", "other_bid": other, "other_stays": stays, "words": words }))
            }
            (3..=5, _) => {
                // A share that nobody has written the costs of would not add up before its lead has.
                let terms = json!({ "share_pence": 0, "role": "Research" });
                propose(json!({ "kind": "join", "organisation": council.code, "words": words, "terms": terms }))
            }
            (6..=8, _) => {
                let terms = json!({ "leaves": rng.random_bool(0.2) });
                let new = self.councils[rng.random_range(0..3)].code;
                propose(json!({ "kind": "lead", "organisation": new, "words": words, "terms": terms }))
            }
            (9..=16, Some(at)) => {
                // The fund agrees to what changes a bid that lies with it.
                let waits_for_fund = open.as_ref().unwrap()["awaited"] == json!(["the fund"]);
                let manager = self.app.client(Who::Manager);
                let by = if waits_for_fund { &manager } else { client };
                let seen = by.get(&at).json()["seen"].as_str().unwrap_or_default().to_owned();
                by.post(&format!("{at}/agree"), json!({ "seen": seen }))
            }
            (17, Some(at)) => client.post(&format!("{at}/take-back"), json!({})),
            (18, Some(at)) => client.post(&format!("{at}/refuse"), json!({ "reason": "Not now." })),
            (19 | 20, _) => {
                client.post(&format!("{path}/partners/{}/confirm", self.part(council, &reference)), json!({}))
            }
            (21, _) => {
                balances = true;
                let leave = format!("{path}/partners/{}/leave", self.part(council, &reference));
                client.post(&leave, json!({ "reason": "We have no people for it." }))
            }
            (22, _) => {
                balances = true;
                client.get(&path)
            }
            (23, _) => client.post(&format!("{path}/sign-off"), json!({})),
            (24 | 25, _) => self.to_the_end(&reference),
            (26, _) => {
                balances = true;
                let part = format!("{path}/partners/{}", self.part(council, &reference));
                let version = client.get(&part).json()["version"].as_i64().unwrap_or(1);
                let pence = rng.random_range(0..4_i64) * 10_000;
                self.lead(&reference).0.patch(&part, version, json!({ "share_pence": pence }))
            }
            (27, _) => {
                let manager = self.app.client(Who::Manager);
                let held = lift(&manager, &reference);
                if held.status == 204 { held } else { hold(&manager, &reference) }
            }
            (28, _) if rng.random_bool(0.3) => act(client, &reference, "withdraw"),
            _ => {
                let signs = council.signs.as_ref().unwrap_or(client);
                let hash = signs.get(&format!("{path}/sign-off")).json()["hash"].clone();
                signs.post(&format!("{path}/sign-off/sign"), json!({ "hash": hash.as_str().unwrap_or_default() }))
            }
        };
        let said = format!("{kind} {} {reference} {} {}", council.code, answer.status, answer.problem().1);
        assert!([200, 201, 204, 403, 404, 409, 412, 422, 428].contains(&answer.status), "{said}: {}", answer.text());
        if balances && answer.status == 200 && self.now(&reference).is_written() {
            self.balance(&reference);
        }
        self.app.work();
        (said, answer)
    }

    /// Everything that a submission needs, as far as it is granted: every partner confirms, every officer signs, and the lead submits
    /// it or a newer version.
    fn to_the_end(&self, reference: &str) -> Answer {
        let path = format!("/api/v1/bids/{reference}");
        for council in &self.councils {
            let part = self.part(council, reference);
            council.writes.post(&format!("{path}/partners/{part}/confirm"), json!({}));
        }
        let lead = self.lead(reference).0;
        lead.post(&format!("{path}/sign-off"), json!({}));
        for signs in self.councils.iter().filter_map(|council| council.signs.as_ref()) {
            let hash = signs.get(&format!("{path}/sign-off")).json()["hash"].clone();
            signs.post(&format!("{path}/sign-off/sign"), json!({ "hash": hash.as_str().unwrap_or_default() }));
        }
        match self.now(reference).state.as_str() {
            "full_submitted" => act(lead, reference, "resubmit_full"),
            _ => act(lead, reference, "submit_full"),
        }
    }

    /// Every version of the full application adds up, and everybody who had to had signed for exactly its terms; gives how many
    /// there are.
    fn versions_hold(&self, reference: &str, done: &[String]) -> usize {
        let (lead, path) = (self.lead(reference).0, format!("/api/v1/bids/{reference}/versions"));
        let versions = lead.get(&path).expect(200).json();
        let numbers = versions.as_array().unwrap().iter().filter(|version| version["stage"] == "full");
        let numbers: Vec<i64> = numbers.map(|version| version["number"].as_i64().unwrap()).collect();
        let signatures = kept(self.app, reference);
        for number in &numbers {
            let version = lead.get(&format!("{path}/full/{number}")).expect(200).json();
            let content: Content = serde_json::from_value(version["content"].clone()).unwrap();
            assert_eq!(content.ask_pence, Some(asked_in(&content.costs)), "the costs are the ask: {done:?}");
            for partner in &content.partners {
                let of_partner = |line: &&CostLine| line.is_of_partner(partner.organisation.id);
                let lines: Vec<CostLine> = content.costs.iter().filter(of_partner).cloned().collect();
                assert_eq!(asked_in(&lines), partner.share_pence, "each share is its costs: {done:?}");
            }
            let terms = Sealed::of(content.clone()).unwrap().terms;
            for party in councils(&content) {
                let signed = signatures.iter().any(|(council, _, of, text)| {
                    *council == party.id && of.as_ref() == Some(&terms) && text.is_some()
                });
                assert!(signed, "{} signed for what was submitted: {done:?}", party.name);
            }
        }
        numbers.len()
    }

    /// The id of the part that a council has or had in a bid.
    fn part(&self, council: &Council, reference: &str) -> String {
        let partners = self.lead(reference).0.get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
        let own = partners["partners"].as_array().unwrap().iter().find(|partner| partner["code"] == council.code);
        own.map_or_else(|| "none".into(), |partner| partner["id"].as_str().unwrap().to_owned())
    }

    /// What must hold of a bid after every step; gives how many signatures stand.
    fn holds(&self, reference: &str, done: &[String]) -> usize {
        let now = self.now(reference);
        let partners: BTreeSet<&str> =
            now.content.partners.iter().map(|partner| partner.organisation.code.as_str()).collect();
        assert_eq!(partners.len(), now.content.partners.len(), "a council takes part once: {done:?}");
        assert!(!partners.contains(now.content.lead.code.as_str()), "the lead is no partner: {done:?}");
        let words = WORDS[usize::from(reference != self.bids[0])];
        assert_eq!(now.content.answers["problem"], words, "no answer is lost: {done:?}");
        if now.is_written() {
            self.shares_add_up(reference, done);
        }
        let terms = Sealed::of(now.content.clone()).unwrap().terms;
        let signing: BTreeSet<_> =
            now.content.partners.iter().map(|partner| partner.organisation.id).chain([now.content.lead.id]).collect();
        let (mut open, mut signed) = (BTreeSet::new(), 0);
        for (organisation, state, of, _) in kept(self.app, reference) {
            if state == "requested" || state == "signed" {
                assert!(now.is_written() || state == "signed", "nobody is asked to sign what has ended: {done:?}");
                assert!(open.insert(organisation), "one for each council: {done:?}");
                assert!(signing.contains(&organisation) || !now.is_written(), "it takes part: {done:?}");
            }
            if state == "signed" {
                signed += 1;
                assert_eq!(of.as_ref(), Some(&terms), "a signature stands for the terms that stand: {done:?}");
            }
        }
        signed
    }

    fn shares_add_up(&self, reference: &str, done: &[String]) {
        let partners = self.lead(reference).0.get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
        let faults = partners["share_faults"].as_array().unwrap();
        let known = |fault: &&Value| fault["field"] != "costs" || !self.merged.contains(reference);
        let wrong: Vec<&Value> = faults.iter().filter(known).collect();
        assert!(wrong.is_empty(), "{wrong:?} after {done:?}");
    }

    /// What two bids that have become one must keep of how they stood before.
    fn kept_everything(&mut self, merged: &Value, before: &[Standing], done: &[String]) {
        let stays = usize::from(merged["reference"] != self.bids[0].as_str());
        let (survivor, ended) = (self.bids[stays].clone(), self.bids[1 - stays].clone());
        let (now, gone) = (self.now(&survivor), self.now(&ended));
        assert!(now.is_written() && gone.state == "withdrawn", "{} {} {done:?}", now.state, gone.state);
        let councils = before.iter().flat_map(Standing::councils).collect();
        assert_eq!(now.councils(), councils, "every council of either takes part: {done:?}");
        assert_eq!(now.costs(), before.iter().map(Standing::costs).sum::<i64>(), "{done:?}");
        assert_eq!(now.content.answers, before[stays].content.answers, "{done:?}");
        assert_eq!(gone.content, before[1 - stays].content, "what ended reads as it did: {done:?}");
        let answers = self.lead(&survivor).0.get(&format!("/api/v1/bids/{survivor}/merged-answers")).expect(200).json();
        for (question, value) in &gone.content.answers {
            let beside = |one: &&Value| one["reference"] == ended.as_str() && one["question"] == question.as_str();
            let found = answers.as_array().unwrap().iter().find(beside);
            assert_eq!(found.map(|one| &one["value"]), Some(value), "{question}: {answers}");
        }
        self.merged.insert(survivor);
    }
}

on_each_database! {
    fn after_any_sequence_of_mergers_joins_and_changes_of_lead_nothing_is_lost_and_shares_add_up(app: &TestApp) {
        ask_every_council(app);
        let (mut merged, mut joined, mut led, mut signed, mut submitted, mut held) = (0, 0, 0, 0, 0, 0);
        for seed in 0..SEQUENCES {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut world = World::new(app);
            let mut done = Vec::new();
            for _ in 0..STEPS {
                let before = world.bids.clone().map(|reference| world.now(&reference));
                let (said, answer) = world.step(&mut rng);
                done.push(said);
                let answer = answer.json();
                match answer["kind"].as_str().filter(|_| answer["state"] == "done") {
                    Some("merge") => {
                        world.kept_everything(&answer, &before, &done);
                        merged += 1;
                    }
                    Some("join") => {
                        let which = usize::from(answer["reference"] != world.bids[0].as_str());
                        // Whoever was invited and joins with another share leaves its lead the costs to write.
                        if before[which].councils().contains(answer["organisation"]["code"].as_str().unwrap()) {
                            world.balance(&world.bids[which].clone());
                        }
                        joined += 1;
                    }
                    Some(_) => led += 1,
                    None => {}
                }
                // What was submitted stays as it is: it is read once, when it is new.
                if answer["hash"].is_string() {
                    submitted += world.bids.iter().map(|reference| world.versions_hold(reference, &done)).sum::<usize>();
                }
                held += usize::from(done.last().unwrap().starts_with("27 ") && done.last().unwrap().contains(" 20"));
                signed = world.bids.iter().map(|reference| world.holds(reference, &done)).chain([signed]).max().unwrap();
            }
        }
        let all = (merged, joined, led, signed, submitted, held);
        let some = merged >= 1 && joined >= 2 && led >= 1 && signed >= 1 && submitted >= 1 && held >= 1;
        assert!(some, "some sequences bring each of them: {all:?}");
    }
}
