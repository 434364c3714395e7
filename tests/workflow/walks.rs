//! Random walks: whatever people do, in whatever order, a bid is never in an unknown state and never stuck.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use roundtable::clock::Moment;
use roundtable::workflow::{Definition, Facts, Place, Role, Situation, Standing, Timetable, choose, plan};

use super::{good_bid, instant, local_digital_fund, small_grant};

/// A bid's row and the decisions beside it, as a database would keep them.
struct Walker {
    definition: Definition,
    recorded: String,
    decisions: Vec<String>,
    now: Moment,
}

impl Walker {
    fn new(definition: Definition) -> Self {
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

    fn place(&self) -> Place {
        let place = Place::of(&self.definition, &self.recorded, &self.decisions, &self.timetable());
        place.expect("the row's state is one of the definition")
    }

    /// Takes one of the allowed transitions, if any, and lets `hours` pass.
    fn step(&mut self, pick: usize, hours: u64) {
        self.now = self.now.plus(Duration::from_secs(hours * 3_600));
        let (timetable, place) = (self.timetable(), self.place());
        let facts = Facts::from(good_bid());
        let approvals = self.definition.transitions.iter().map(|t| (t.id.clone(), 9)).collect::<BTreeMap<_, _>>();
        let situation = Situation {
            definition: &self.definition,
            place: &place,
            facts: &facts,
            timetable: &timetable,
            eligibility: &[],
            approvals: &approvals,
        };
        let anybody = Standing::of(Role::ALL);
        let allowed: Vec<_> = plan(&situation, &anybody).into_iter().filter(|choice| choice.allowed).collect();
        let Some(choice) = allowed.get(pick % allowed.len().max(1)) else {
            return;
        };
        let taken = choose(&situation, &anybody, choice.transition).expect("the plan allows it");
        let (to, gate) = (taken.to.clone(), taken.gate.filter(|_| taken.release.is_some()));
        let id = taken.id.clone();
        match gate {
            Some(gate) => {
                let same_gate = |id: &String| self.definition.transition(id).and_then(|t| t.gate) == Some(gate);
                self.decisions.retain(|decision| !same_gate(decision));
                self.decisions.push(id);
            }
            None => self.recorded = to,
        }
    }

    fn can_end(&self) -> bool {
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
        is_small in any::<bool>(),
        steps in prop::collection::vec((any::<usize>(), 0..200_u64), 1..40),
    ) {
        let mut walker = Walker::new(if is_small { small_grant() } else { local_digital_fund() });
        for (pick, hours) in steps {
            walker.step(pick, hours);
            let place = walker.place();
            prop_assert!(walker.definition.state(place.shown()).is_some());
            prop_assert!(walker.definition.state(place.decided()).is_some());
            prop_assert!(walker.can_end(), "stuck in {place:?}");
        }
    }
}
