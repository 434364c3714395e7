//! Changes to a definition, part by part, as a person makes them on a page. What comes of them may be unsound: the check says so.

use super::model::{Definition, State, Transition};

impl Definition {
    /// Puts a state in the place of the one there, or at the end. What speaks of a state speaks of it under its new id.
    pub fn put_state(&mut self, place: Option<usize>, state: State) {
        let Some(standing) = place.and_then(|place| self.states.get_mut(place)) else {
            return self.states.push(state);
        };
        let (before, now) = (standing.id.clone(), state.id.clone());
        *standing = state;
        let ends =
            self.transitions.iter_mut().flat_map(|transition| transition.from.iter_mut().chain([&mut transition.to]));
        for id in ends.chain([&mut self.start]).filter(|id| **id == before) {
            id.clone_from(&now);
        }
    }

    /// Takes a state out; gives it, if there was one. The transitions from and to it stay, and the check tells of each.
    pub fn remove_state(&mut self, place: usize) -> Option<State> {
        (place < self.states.len()).then(|| self.states.remove(place))
    }

    /// Puts a transition in the place of the one there, or at the end.
    pub fn put_transition(&mut self, place: Option<usize>, transition: Transition) {
        match place.and_then(|place| self.transitions.get_mut(place)) {
            Some(standing) => *standing = transition,
            None => self.transitions.push(transition),
        }
    }

    /// Takes a transition out; gives it, if there was one.
    pub fn remove_transition(&mut self, place: usize) -> Option<Transition> {
        (place < self.transitions.len()).then(|| self.transitions.remove(place))
    }
}
