//! Every ready definition, gone through over REST: a bid for every end, and one for every step that none of those takes. The
//! way of each is found in the definition, so that a new state or step is walked without a word here.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use roundtable::workflow::{Definition, Gate, Outcome, Role, Transition, definitions, model::Form};
use serde_json::json;

use super::rounds::{ASK, after, publish, round_of, scored};
use crate::{
    awards::{ANNOUNCED, DECIDING, award, decide, release, shortlisted},
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
    },
    pages::story::{Story, fill_register},
};

/// The ids of steps, one after the other.
type Way = Vec<String>;

/// The shortest way from each state that can be come to from `start`.
fn shortest(definition: &Definition, start: &str) -> BTreeMap<String, Way> {
    let mut ways = BTreeMap::from([(start.to_owned(), Way::new())]);
    let mut open = VecDeque::from([start.to_owned()]);
    while let Some(state) = open.pop_front() {
        for step in definition.transitions.iter().filter(|step| step.leaves(&state)) {
            if !ways.contains_key(&step.to) {
                let way = ways[&state].iter().cloned().chain([step.id.clone()]).collect();
                ways.insert(step.to.clone(), way);
                open.push_back(step.to.clone());
            }
        }
    }
    ways
}

fn ends(definition: &Definition) -> BTreeSet<String> {
    definition.states.iter().filter(|state| state.terminal).map(|state| state.id.clone()).collect()
}

/// A way through `step` to an end.
fn through(definition: &Definition, step: &Transition) -> Way {
    let before = shortest(definition, &definition.start);
    let before = step.from.iter().filter_map(|from| before.get(from)).min_by_key(|way| way.len()).unwrap();
    let onwards = shortest(definition, &step.to);
    let onwards =
        ends(definition).iter().filter_map(|end| onwards.get(end)).min_by_key(|way| way.len()).unwrap().clone();
    before.iter().cloned().chain([step.id.clone()]).chain(onwards).collect()
}

/// The shortest way to every end, and a way through every step that is on none of them.
fn ways(definition: &Definition) -> Vec<Way> {
    let to = shortest(definition, &definition.start);
    let mut ways: Vec<Way> = ends(definition).iter().map(|end| to[end].clone()).collect();
    for step in &definition.transitions {
        if !ways.iter().any(|way| way.contains(&step.id)) {
            ways.push(through(definition, step));
        }
    }
    ways
}

/// A bid on its way.
struct Walker<'a> {
    app: &'a TestApp,
    definition: &'a Definition,
    story: Story<'a>,
    way: VecDeque<String>,
    /// The invitation that its partner has not answered yet.
    invitation: Option<String>,
    taken: Way,
}

impl<'a> Walker<'a> {
    fn new(app: &'a TestApp, definition: &'a Definition, way: Way) -> Self {
        let story = Story::begin_in(app, &definition.id);
        Self { app, definition, story, way: way.into(), invitation: None, taken: Way::new() }
    }

    fn next(&self) -> Option<&Transition> {
        self.definition.transition(self.way.front()?)
    }

    /// Takes the next step, if its time has come; what the step asks for is done before.
    fn go(&mut self) -> bool {
        let Some(step) = self.next().cloned() else { return false };
        let gone = if step.automatic_at.is_some() { self.story.state() == step.to } else { self.try_to(&step) };
        if gone {
            self.taken.push(step.id);
            self.way.pop_front();
        }
        gone
    }

    fn try_to(&mut self, step: &Transition) -> bool {
        let who = if step.who.contains(&Role::FundManager) { Who::Manager } else { Who::Officer };
        let scores = step.gate == Some(Gate::Assessment);
        if self.too_early(step) || !self.stands_before(step, who, scores || step.keeps_version()) {
            return false;
        }
        self.write_what_it_submits(step);
        match step.gate {
            Some(Gate::Assessment) => scored(self.app, &self.story),
            Some(gate) => self.story.decide(gate.word(), &step.id, amount_of(self.definition, step)),
            None if step.id == "start_full" => self.invitation = Some(self.story.write_application()),
            None => self.story.act(who, &step.id),
        }
        self.app.work();
        true
    }

    /// Whether the bid stands where the step begins, and its plan allows it unless there is something to do for it first.
    fn stands_before(&self, step: &Transition, who: Who, lacks_something: bool) -> bool {
        let plan = self.app.client(who).get(&format!("/api/v1{}", self.story.page("/actions"))).expect(200).json();
        let choices = plan["choices"].as_array().unwrap();
        let Some(choice) = choices.iter().find(|choice| choice["transition"] == step.id.as_str()) else { return false };
        step.leaves(plan["state"].as_str().unwrap())
            && (lacks_something || choice["allowed"] == true || choice["asks"] == true)
    }

    fn too_early(&self, step: &Transition) -> bool {
        let Some(milestone) = &step.not_before else { return false };
        let round = self.app.public().get(&format!("/api/v1/rounds/{}", self.definition.id)).expect(200).json();
        let found =
            round["milestones"].as_array().unwrap().iter().find(|found| found["name"] == milestone.as_str()).unwrap();
        let at = serde_json::from_value(found["at"].clone()).unwrap();
        self.app.clock.now() < at
    }

    fn write_what_it_submits(&mut self, step: &Transition) {
        if !step.keeps_version() || step.leaves(&step.to) {
            return;
        }
        match self.definition.form_in(&step.from[0]).unwrap() {
            Form::Eoi => self.story.write_interest(),
            Form::Full => {
                let invitation = self.invitation.take().unwrap_or_else(|| self.story.write_at_once());
                self.story.ask_to_sign();
                self.story.confirm_and_sign(&invitation);
            }
        }
    }
}

/// What is awarded where a bid becomes funded.
fn amount_of(definition: &Definition, step: &Transition) -> Option<i64> {
    (definition.result_of(&step.to) == Some(Outcome::Funded)).then_some(ASK)
}

/// Sends a bid along every way of a definition, all in one round, and sees that all of them arrive.
fn walk(app: &TestApp, workflow: &str) {
    let definition = definitions::read(workflow).unwrap();
    let walkers = walkers(app, &definition);
    let left: Vec<_> =
        walkers.iter().filter(|walker| !walker.way.is_empty()).map(|walker| (&walker.taken, &walker.way)).collect();
    assert!(left.is_empty(), "{workflow}: taken, and not come to: {left:?}");
    let reached: BTreeSet<String> = walkers.iter().map(|walker| walker.story.state()).collect();
    assert_eq!(reached, ends(&definition), "{workflow}");
    let taken: BTreeSet<&String> = walkers.iter().flat_map(|walker| &walker.taken).collect();
    let all: BTreeSet<&String> = definition.transitions.iter().map(|step| &step.id).collect();
    assert_eq!(taken, all, "{workflow}");
}

/// Whoever can go on does, then the next milestone comes, with its release where it has one.
fn walkers<'a>(app: &'a TestApp, definition: &'a Definition) -> Vec<Walker<'a>> {
    let ways = ways(definition);
    let mut round = round_of(app, &definition.id);
    round["budget_pence"] = json!(ASK * i64::try_from(ways.len()).unwrap());
    round["rulebook"]["most_led"] = json!(null);
    publish(app, round);
    let mut walkers: Vec<Walker<'a>> = ways.into_iter().map(|way| Walker::new(app, definition, way)).collect();
    for milestone in &definition.milestones {
        go_as_far_as_they_can(&mut walkers);
        if definition.transitions.iter().any(|step| step.release.as_ref() == Some(milestone)) {
            walkers[0].story.release(milestone);
        }
        after(app, &definition.id, milestone);
    }
    go_as_far_as_they_can(&mut walkers);
    walkers
}

fn go_as_far_as_they_can(walkers: &mut [Walker<'_>]) {
    for walker in walkers {
        while walker.go() {}
    }
}

on_each_database! {
    fn two_stages_lead_to_every_end(app: &TestApp) {
        fill_register(app);
        walk(app, "local-digital-fund-1");
    }

    fn a_single_stage_with_interviews_leads_to_every_end(app: &TestApp) {
        walk(app, "single-stage-panel");
    }

    fn a_follow_on_leads_to_every_end(app: &TestApp) {
        let earlier = shortlisted(app, "The first round", ASK);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &earlier, "award", award(ASK, 1)).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        app.work();
        walk(app, "closed-follow-on");
    }

    fn a_continuous_round_leads_to_every_end(app: &TestApp) {
        walk(app, "continuous");
    }
}
