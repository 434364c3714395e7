//! Walks on the pure engine, at random and through every way there is: whatever people do, in whatever order, a bid is never in an
//! unknown state and never stuck, and every end and every action of a definition can be come to.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use roundtable::clock::Moment;
use roundtable::workflow::{Definition, Facts, Place, Role, Situation, Standing, Timetable, choose, plan};

use super::{good_bid, instant, sound_definitions};

/// A bid's row and the decisions beside it, as a database would keep them.
#[derive(Clone)]
pub struct Walker<'a> {
    definition: &'a Definition,
    recorded: String,
    decisions: Vec<String>,
    now: Moment,
}

impl<'a> Walker<'a> {
    pub fn new(definition: &'a Definition) -> Self {
        let recorded = definition.start.clone();
        Self { definition, recorded, decisions: Vec::new(), now: instant("2018-09-23T00:00:00Z") }
    }

    /// Milestones ten days apart, in the definition's order.
    fn timetable(&self) -> Timetable {
        let first = instant("2018-09-24T08:00:00Z");
        let named = self.definition.milestones.iter().zip(0..);
        Timetable::new(
            self.now,
            named.map(|(id, index)| (id.clone(), first.plus(Duration::from_secs(864_000 * index)))),
        )
    }

    pub fn place(&self) -> Place {
        let place = Place::of(self.definition, &self.recorded, &self.decisions, &self.timetable());
        place.expect("the row's state is one of the definition")
    }

    fn wait(&mut self, hours: u64) {
        self.now = self.now.plus(Duration::from_secs(hours * 3_600));
    }

    /// What somebody who holds every role may do with a bid that meets every rule.
    fn allowed(&self) -> Vec<String> {
        self.ask(|situation| {
            let choices = plan(situation, &Standing::of(Role::ALL)).into_iter();
            choices.filter(|choice| choice.allowed).map(|choice| choice.transition.to_owned()).collect()
        })
    }

    fn ask<T>(&self, question: impl FnOnce(&Situation<'_>) -> T) -> T {
        let (timetable, place, facts) = (self.timetable(), self.place(), Facts::from(good_bid()));
        let approvals = self.definition.transitions.iter().map(|t| (t.id.clone(), 9)).collect::<BTreeMap<_, _>>();
        question(&Situation {
            definition: self.definition,
            place: &place,
            facts: &facts,
            timetable: &timetable,
            eligibility: &[],
            against_submitting: &[],
            approvals: &approvals,
            on_hold: None,
        })
    }

    fn take(&mut self, id: &str) {
        let anybody = Standing::of(Role::ALL);
        let taken = self.ask(|situation| choose(situation, &anybody, id).cloned()).expect("the plan allows it");
        let Some(gate) = taken.gate else {
            self.recorded = taken.to;
            return;
        };
        let same_gate = |id: &String| self.definition.transition(id).and_then(|t| t.gate) == Some(gate);
        self.decisions.retain(|decision| !same_gate(decision));
        self.decisions.push(taken.id);
    }

    /// Takes one of the allowed transitions, if any, after `hours` have passed.
    pub fn step(&mut self, pick: usize, hours: u64) {
        self.wait(hours);
        let allowed = self.allowed();
        if let Some(id) = allowed.get(pick % allowed.len().max(1)) {
            self.take(id);
        }
    }

    /// Whether an end can be reached from where the bid stands.
    pub fn can_end(&self) -> bool {
        let mut found = vec![self.place().decided().to_owned()];
        let mut next = 0;
        while let Some(state) = found.get(next).cloned() {
            if self.definition.state(&state).unwrap().terminal {
                return true;
            }
            for transition in self.definition.transitions.iter().filter(|transition| transition.leaves(&state)) {
                if !found.contains(&transition.to) {
                    found.push(transition.to.clone());
                }
            }
            next += 1;
        }
        false
    }
}

proptest! {
    #[test]
    fn no_walk_leaves_a_bid_stuck_or_in_an_unknown_state(
        which in any::<prop::sample::Index>(),
        steps in prop::collection::vec((any::<usize>(), 0..200_u64), 1..40),
    ) {
        let definitions = sound_definitions();
        let definition = which.get(&definitions);
        let mut walker = Walker::new(definition);
        for (pick, hours) in steps {
            walker.step(pick, hours);
            let place = walker.place();
            prop_assert!(definition.state(place.shown()).is_some());
            prop_assert!(definition.state(place.decided()).is_some());
            prop_assert!(walker.can_end(), "stuck in {place:?}");
        }
    }
}

#[test]
fn every_end_and_every_action_of_a_ready_definition_can_be_come_to() {
    for definition in sound_definitions() {
        let (mut shown, mut taken, mut seen) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut open = vec![Walker::new(&definition)];
        while let Some(walker) = open.pop() {
            if !seen.insert((walker.recorded.clone(), walker.decisions.clone(), walker.now)) {
                continue;
            }
            shown.insert(walker.place().shown().to_owned());
            for id in walker.allowed() {
                let mut next = walker.clone();
                next.take(&id);
                taken.insert(id);
                open.push(next);
            }
            if definition.milestones.iter().any(|milestone| !walker.timetable().passed(milestone)) {
                let mut later = walker;
                later.wait(240);
                open.push(later);
            }
        }
        let states: BTreeSet<String> = definition.states.iter().map(|state| state.id.clone()).collect();
        assert_eq!(shown, states, "{}", definition.id);
        let transitions: BTreeSet<String> = definition.transitions.iter().map(|it| it.id.clone()).collect();
        assert_eq!(taken, transitions, "{}", definition.id);
    }
}
