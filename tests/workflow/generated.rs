//! Random sound definitions: the check lets them pass, and whatever is done to a bid in them, it never gets stuck.

use proptest::prelude::*;
use roundtable::workflow::{Definition, Vocabulary, check::check};
use serde_json::{Value, json};

use super::walks::Walker;

/// What a random definition is made from.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Whether the round closes, so that drafts lapse.
    closes: bool,
    /// Whether decisions wait for a release.
    releases: bool,
    /// Which of the gates before the award a bid passes.
    gates: Vec<&'static str>,
    /// Whether each of these gates can also refuse.
    refuses: Vec<bool>,
    /// Whether something is recorded by hand before each gate.
    by_hand: Vec<bool>,
    /// Which rule guards the submission.
    guard: usize,
    /// How many people approve an award; none if zero.
    approvals: u32,
    reserve: bool,
    replaces: bool,
    delivers: bool,
}

pub fn recipe() -> impl Strategy<Value = Recipe> {
    let gates = prop::sample::subsequence(vec!["sift", "eligibility", "assessment", "shortlist"], 0..=4);
    let flags = || prop::collection::vec(any::<bool>(), 4);
    let numbers = (0..GUARDS, 0..4_u32);
    let switches = prop::array::uniform5(any::<bool>());
    (gates, flags(), flags(), numbers, switches).prop_map(|(gates, refuses, by_hand, (guard, approvals), switches)| {
        let [closes, releases, reserve, replaces, delivers] = switches;
        Recipe { closes, releases, gates, refuses, by_hand, guard, approvals, reserve, replaces, delivers }
    })
}

const GUARDS: usize = 5;

fn guard(number: usize) -> Value {
    [
        json!({ "var": "answers.complete" }),
        json!({ "and": [{ ">=": [{ "var": "partners.confirmed" }, 1] }, { "var": "sign_off.current" }] }),
        json!({ "or": [{ "<=": [{ "var": "ask_pence" }, { "var": "limit_pence" }] }, { "var": "shares.add_up" }] }),
        json!({ "all": [{ "var": "partners" }, { "and": [{ "var": "confirmed" }, { "var": "signed_declaration" }] }] }),
        json!({ "rule": { "in": [{ "var": "lead.nation" }, ["england", "wales"]] }, "say": "ask a council of {lead.nation}" }),
    ][number]
        .clone()
}

/// A definition as it is being written.
#[derive(Default)]
struct Draft {
    states: Vec<Value>,
    transitions: Vec<Value>,
}

impl Draft {
    fn state(&mut self, id: &str, kind: &str, more: &Value) {
        let mut state = json!({ "id": id, "kind": kind, "labels": { "staff": id, "applicant": id, "next": "Wait." } });
        join(&mut state, more);
        self.states.push(state);
    }

    fn end(&mut self, id: &str, kind: &str, result: &str) {
        self.state(id, kind, &json!({ "result": result, "terminal": true }));
    }

    fn step(&mut self, id: &str, from: &[&str], to: &str, who: &str, more: &Value) {
        let mut step = json!({ "id": id, "label": id, "from": from, "to": to, "who": [who] });
        join(&mut step, more);
        self.transitions.push(step);
    }
}

fn join(value: &mut Value, more: &Value) {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
}

fn outcome(gate: &str, release: bool) -> Value {
    let mut outcome = json!({
        "gate": gate, "outcome": true, "guard": { "var": "feedback.given" },
        "effects": [{ "send-mail": { "template": "outcome" } }]
    });
    if release {
        outcome["release"] = json!("announcement");
    }
    outcome
}

pub fn definition(recipe: &Recipe) -> Value {
    let mut draft = Draft::default();
    let closing = if recipe.closes { json!({ "not_after": "full_closes" }) } else { json!({}) };
    let mut submits = json!({ "effects": ["keep-version"], "guard": guard(recipe.guard) });
    join(&mut submits, &closing);
    draft.state("draft", "draft", &json!({ "form": "full" }));
    draft.state("submitted", "waiting", &json!({ "form": "full" }));
    draft.end("withdrawn", "closed", "withdrawn");
    draft.step("submit", &["draft"], "submitted", "lead_member", &submits);
    if recipe.replaces {
        draft.step("replace", &["submitted"], "submitted", "lead_member", &submits);
    }
    if recipe.closes {
        draft.end("lapsed", "draft", "lapsed");
        draft.step("lapse", &["draft"], "lapsed", "system", &json!({ "automatic_at": "full_closes" }));
    }
    let (last, withdrawable) = gates(&mut draft, recipe);
    award(&mut draft, recipe, &last);
    let withdrawable: Vec<&str> = withdrawable.iter().map(String::as_str).collect();
    draft.step("withdraw", &withdrawable, "withdrawn", "lead_member", &json!({}));
    json!({
        "id": "generated", "title": "Generated", "version": 1, "start": "draft", "milestones": ["full_closes", "announcement"],
        "states": draft.states, "transitions": draft.transitions
    })
}

/// The gates before the award; gives the last state, and all from which a council may withdraw.
fn gates(draft: &mut Draft, recipe: &Recipe) -> (String, Vec<String>) {
    let mut last = "submitted".to_owned();
    let mut all = vec!["draft".to_owned(), last.clone()];
    for ((gate, refuses), by_hand) in recipe.gates.iter().zip(&recipe.refuses).zip(&recipe.by_hand) {
        if *by_hand {
            let read = format!("{gate}_read");
            draft.state(&read, "review", &json!({}));
            draft.step(&format!("read_{gate}"), &[&last], &read, "fund_manager", &json!({}));
            all.push(read.clone());
            last = read;
        }
        let mut passes = json!({ "gate": gate });
        if recipe.releases {
            passes["release"] = json!("announcement");
        }
        let passed = format!("{gate}_passed");
        draft.state(&passed, "review", &json!({}));
        draft.step(&format!("pass_{gate}"), &[&last], &passed, "fund_manager", &passes);
        if *refuses {
            let refused = format!("{gate}_refused");
            draft.end(&refused, "decided", "not_funded");
            draft.step(&format!("refuse_{gate}"), &[&last], &refused, "fund_manager", &outcome(gate, recipe.releases));
        }
        all.push(passed.clone());
        last = passed;
    }
    (last, all)
}

fn award(draft: &mut Draft, recipe: &Recipe, last: &str) {
    let mut funds = outcome("award", recipe.releases);
    if recipe.approvals > 0 {
        funds["approvals"] = json!({ "count": recipe.approvals, "roles": ["fund_manager"], "voided_by": ["costs"] });
    }
    draft.step("fund", &[last], "funded", "fund_manager", &funds);
    draft.step("refuse", &[last], "refused", "fund_manager", &outcome("award", recipe.releases));
    draft.end("refused", "decided", "not_funded");
    if recipe.reserve {
        draft.end("reserve", "decided", "reserve");
        draft.step("put_on_reserve", &[last], "reserve", "fund_manager", &outcome("award", recipe.releases));
    }
    if recipe.delivers {
        draft.state("funded", "decided", &json!({ "result": "funded" }));
        draft.state("delivery", "delivery", &json!({}));
        draft.end("completed", "closed", "funded");
        draft.step("deliver", &["funded"], "delivery", "fund_manager", &json!({ "effects": ["create-project"] }));
        draft.step("complete", &["delivery"], "completed", "fund_manager", &json!({}));
    } else {
        draft.end("funded", "decided", "funded");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_random_sound_definition_passes_and_no_bid_gets_stuck_in_it(
        recipe in recipe(),
        steps in prop::collection::vec((any::<usize>(), 0..200_u64), 1..20),
    ) {
        let text = definition(&recipe).to_string();
        let definition = Definition::from_json(&text).unwrap();
        prop_assert_eq!(check(&definition, Vocabulary::bids()), []);
        let mut walker = Walker::new(&definition);
        for (pick, hours) in steps {
            walker.step(pick, hours);
            let place = walker.place();
            prop_assert!(definition.state(place.shown()).is_some() && definition.state(place.decided()).is_some());
            prop_assert!(walker.can_end(), "stuck in {:?}", place);
        }
    }
}
