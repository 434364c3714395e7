//! Sound definitions, harmed at random: each kind of harm is caught wherever it is done.

use proptest::{prelude::*, sample::Index, strategy::ValueTree, test_runner::TestRunner};
use roundtable::workflow::{
    Definition, Effect, Form, Gate, Outcome, Role, Rule, State, Transition, Vocabulary, check::check,
};
use serde_json::json;

use super::sound_definitions;

/// One kind of harm.
struct Harm {
    /// What makes it harmful.
    why: &'static str,
    /// A part of the reason that the check must give.
    reason: &'static str,
    /// Does it somewhere; says whether the definition had a place for it.
    inflict: fn(&mut Definition, Index) -> bool,
}

const HARMS: [Harm; 48] = [
    Harm { why: "bids would begin where nobody can write", reason: "not a draft", inflict: start_elsewhere },
    Harm { why: "transitions would lead into nothing", reason: "there is no state", inflict: drop_a_state },
    Harm { why: "nobody could say where a bid is", reason: "used twice", inflict: share_an_id },
    Harm { why: "two actions would be one", reason: "used twice", inflict: share_a_transitions_id },
    Harm { why: "somebody would read nothing", reason: "label is empty", inflict: blank_a_label },
    Harm { why: "nobody would know what a button does", reason: "label is empty", inflict: blank_a_button },
    Harm { why: "a state would be there for nothing", reason: "can ever reach", inflict: cut_the_way_in },
    Harm { why: "a bid would be stuck", reason: "come to an end", inflict: cut_the_way_out },
    Harm { why: "no bid would ever end", reason: "no state is an end", inflict: |it, _| unmark_ends(it) },
    Harm { why: "nobody could tell what became of a bid", reason: "is not said", inflict: forget_a_result },
    Harm { why: "a bid on its way would count as ended", reason: "goes on from", inflict: claim_a_result },
    Harm {
        why: "nobody could get money",
        reason: "result “funded”",
        inflict: |it, _| turn(it, Outcome::Funded, Outcome::Lapsed),
    },
    Harm {
        why: "nobody could be refused",
        reason: "result “not_funded”",
        inflict: |it, _| turn(it, Outcome::NotFunded, Outcome::Lapsed),
    },
    Harm {
        why: "withdrawn bids would not be found",
        reason: "has the id “withdrawn”",
        inflict: |it, _| rename_withdrawn(it),
    },
    Harm { why: "the way would be barred for all", reason: "never hold", inflict: contradict },
    Harm { why: "the guard would guard nothing", reason: "always holds", inflict: allow_all },
    Harm { why: "nobody knows the field", reason: "no field “moon.full”", inflict: ask_the_moon },
    Harm { why: "money is no word", reason: "an amount of money with a word", inflict: compare_apples },
    Harm { why: "the action would lead nowhere", reason: "there is no state", inflict: lead_nowhere },
    Harm { why: "the action would begin nowhere", reason: "starts nowhere", inflict: begin_nowhere },
    Harm { why: "the list says less than it seems to", reason: "named twice", inflict: begin_twice },
    Harm { why: "the round has no date for it", reason: "there is no milestone", inflict: forget_a_milestone },
    Harm { why: "chance would decide", reason: "by itself at", inflict: compete },
    Harm { why: "the service would go round for ever", reason: "back to where it starts", inflict: go_round },
    Harm { why: "an outcome would go out as if it were none", reason: "not marked as one", inflict: hide_an_outcome },
    Harm { why: "the councils would not be told", reason: "nobody is told", inflict: tell_nobody },
    Harm { why: "the councils would not hear why", reason: "without feedback", inflict: say_nothing },
    Harm { why: "nobody could do it", reason: "nobody can take it", inflict: leave_to_nobody },
    Harm { why: "the service would not know when", reason: "only what has a milestone", inflict: leave_to_the_service },
    Harm { why: "a council would decide on itself", reason: "would decide on it", inflict: leave_to_the_council },
    Harm { why: "the decision would not be kept", reason: "has no gate", inflict: open_a_gate },
    Harm { why: "money would pass the budget by", reason: "at one gate alone", inflict: give_money_elsewhere },
    Harm { why: "an earlier gate would be forgotten", reason: "comes after it", inflict: swap_gates },
    Harm { why: "nobody could agree", reason: "nobody could agree", inflict: ask_the_service },
    Harm { why: "nobody is asked", reason: "1 to 10 can", inflict: ask_nobody },
    Harm { why: "what was submitted would be lost", reason: "version", inflict: keep_nothing },
    Harm { why: "there would be nothing to submit", reason: "no form is open", inflict: close_a_form },
    Harm { why: "nobody may write while the fund reads", reason: "nobody can write", inflict: open_a_form },
    Harm { why: "no round has such a date", reason: "no round has a milestone", inflict: rename_a_milestone },
    Harm { why: "a decision could never be taken", reason: "opens with the release", inflict: open_with_the_release },
    Harm { why: "a second decision would have no place", reason: "comes after it, at the same", inflict: share_a_gate },
    Harm { why: "it would come out behind closed doors", reason: "would come out before", inflict: release_later },
    Harm { why: "nobody would ask what is asked", reason: "whatever is asked here", inflict: ask_the_timer },
    Harm { why: "no form would say who is eligible", reason: "none is open here", inflict: ask_for_eligibility },
    Harm { why: "nobody knows it by then", reason: "is never known", inflict: ask_what_nobody_knows },
    Harm { why: "money would pass the decision by", reason: "without an award", inflict: begin_without_award },
    Harm { why: "policy would refuse it", reason: "observer never can", inflict: leave_to_the_observer },
    Harm { why: "policy would refuse everybody", reason: "nobody can take a bid back", inflict: withdraw_too_late },
];

/// One of the items for which something holds, if there is one.
fn one<T>(items: &mut [T], pick: Index, fits: impl Fn(&T) -> bool) -> Option<&mut T> {
    let mut fitting: Vec<&mut T> = items.iter_mut().filter(|item| fits(item)).collect();
    (!fitting.is_empty()).then(|| pick.index(fitting.len())).map(|at| fitting.swap_remove(at))
}

fn a_state(it: &mut Definition, pick: Index, fits: impl Fn(&State) -> bool, change: impl Fn(&mut State)) -> bool {
    one(&mut it.states, pick, fits).map(change).is_some()
}

fn a_step(
    it: &mut Definition,
    pick: Index,
    fits: impl Fn(&Transition) -> bool,
    change: impl Fn(&mut Transition),
) -> bool {
    one(&mut it.transitions, pick, fits).map(change).is_some()
}

fn rule(value: &serde_json::Value) -> Rule {
    Rule::parse(value).unwrap()
}

fn start_elsewhere(it: &mut Definition, pick: Index) -> bool {
    let other = one(&mut it.states, pick, |state| state.kind.word() != "draft").map(|state| state.id.clone());
    it.start = other.unwrap();
    true
}

fn drop_a_state(it: &mut Definition, pick: Index) -> bool {
    it.states.remove(pick.index(it.states.len()));
    true
}

fn share_an_id(it: &mut Definition, pick: Index) -> bool {
    let at = pick.index(it.states.len() - 1);
    it.states[at + 1].id = it.states[at].id.clone();
    true
}

fn share_a_transitions_id(it: &mut Definition, pick: Index) -> bool {
    let at = pick.index(it.transitions.len() - 1);
    it.transitions[at + 1].id = it.transitions[at].id.clone();
    true
}

fn blank_a_label(it: &mut Definition, pick: Index) -> bool {
    a_state(it, pick, |_| true, |state| state.labels.next = "\t ".to_owned())
}

fn blank_a_button(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |_| true, |step| step.label.clear())
}

fn cut_the_way_in(it: &mut Definition, pick: Index) -> bool {
    let start = it.start.clone();
    let cut = one(&mut it.states, pick, |state| state.id != start).unwrap().id.clone();
    it.transitions.retain(|step| step.to != cut || step.from == [cut.as_str()]);
    true
}

fn cut_the_way_out(it: &mut Definition, pick: Index) -> bool {
    let cut = one(&mut it.states, pick, |state| !state.terminal).unwrap().id.clone();
    it.transitions.iter_mut().filter(|step| step.to != cut).for_each(|step| step.from.retain(|from| *from != cut));
    it.transitions.retain(|step| !step.from.is_empty());
    true
}

fn unmark_ends(it: &mut Definition) -> bool {
    it.states.iter_mut().for_each(|state| state.terminal = false);
    true
}

fn forget_a_result(it: &mut Definition, pick: Index) -> bool {
    a_state(it, pick, |state| state.result.is_some(), |state| state.result = None)
}

fn claim_a_result(it: &mut Definition, pick: Index) -> bool {
    let goes_on = |state: &State| !state.terminal && !["decided", "closed"].contains(&state.kind.word());
    a_state(it, pick, goes_on, |state| state.result = Some(Outcome::Funded))
}

fn turn(it: &mut Definition, from: Outcome, to: Outcome) -> bool {
    it.states.iter_mut().filter(|state| state.result == Some(from)).for_each(|state| state.result = Some(to));
    true
}

fn rename_withdrawn(it: &mut Definition) -> bool {
    let old = State::WITHDRAWN;
    it.states.iter_mut().filter(|state| state.id == old).for_each(|state| state.id = "taken_back".to_owned());
    let leads = it.transitions.iter_mut().filter(|step| step.to == old);
    leads.map(|step| step.to = "taken_back".to_owned()).count() > 0
}

fn contradict(it: &mut Definition, pick: Index) -> bool {
    a_step(
        it,
        pick,
        |step| step.guard.is_some(),
        |step| {
            let guard = step.guard.take().unwrap();
            step.guard = Some(Rule::Every(vec![guard.clone(), Rule::Not(Box::new(guard))]));
        },
    )
}

fn allow_all(it: &mut Definition, pick: Index) -> bool {
    a_step(
        it,
        pick,
        |step| step.guard.is_some(),
        |step| {
            let guard = step.guard.take().unwrap();
            step.guard = Some(Rule::Either(vec![Rule::Not(Box::new(guard.clone())), guard]));
        },
    )
}

fn ask_the_moon(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |_| true, |step| step.guard = Some(rule(&json!({ "var": "moon.full" }))))
}

fn compare_apples(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |_| true, |step| step.guard = Some(rule(&json!({ "==": [{ "var": "ask_pence" }, "plenty"] }))))
}

fn lead_nowhere(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |_| true, |step| step.to.push_str("_not"))
}

fn begin_nowhere(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |_| true, |step| step.from.clear())
}

fn begin_twice(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |_| true, |step| step.from.push(step.from[0].clone()))
}

fn forget_a_milestone(it: &mut Definition, pick: Index) -> bool {
    let named = |step: &Transition| {
        [&step.not_before, &step.not_after, &step.automatic_at, &step.release].into_iter().flatten().next().cloned()
    };
    let Some(name) = one(&mut it.transitions, pick, |step| named(step).is_some()).and_then(|step| named(step)) else {
        return false;
    };
    it.milestones.retain(|milestone| *milestone != name);
    true
}

fn compete(it: &mut Definition, pick: Index) -> bool {
    let Some(other) = one(&mut it.transitions, pick, |step| step.automatic_at.is_some()).cloned() else {
        return false;
    };
    it.transitions.push(Transition { id: "competitor".to_owned(), ..other });
    true
}

fn go_round(it: &mut Definition, pick: Index) -> bool {
    let Some(there) = one(&mut it.transitions, pick, |step| step.automatic_at.is_some()).cloned() else {
        return false;
    };
    let (from, to) = (vec![there.to.clone()], there.from[0].clone());
    it.transitions.push(Transition { id: "back".to_owned(), from, to, ..there });
    true
}

fn tells(it: &Definition, step: &Transition) -> bool {
    it.state(&step.to).is_some_and(|to| to.kind.word() == "decided")
}

fn hide_an_outcome(it: &mut Definition, pick: Index) -> bool {
    let before = it.clone();
    a_step(it, pick, |step| tells(&before, step), |step| step.outcome = false)
}

fn tell_nobody(it: &mut Definition, pick: Index) -> bool {
    let mail = |effect: &Effect| matches!(effect, Effect::SendMail { .. });
    a_step(it, pick, |step| step.outcome, |step| step.effects.retain(|effect| !mail(effect)))
}

fn say_nothing(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |step| step.outcome, |step| step.guard = None)
}

fn leave_to_nobody(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |_| true, |step| step.who.clear())
}

fn leave_to_the_service(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |step| step.automatic_at.is_none(), |step| step.who.push(Role::System))
}

fn leave_to_the_council(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, Transition::is_decision, |step| step.who.push(Role::PartnerSignatory))
}

fn open_a_gate(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |step| step.outcome || step.release.is_some(), |step| step.gate = None)
}

fn give_money_elsewhere(it: &mut Definition, pick: Index) -> bool {
    let before = it.clone();
    let funds = |step: &Transition| tells(&before, step) && before.result_of(&step.to) == Some(Outcome::Funded);
    a_step(it, pick, funds, |step| step.gate = Some(Gate::Shortlist))
}

fn swap_gates(it: &mut Definition, pick: Index) -> bool {
    let before = it.clone();
    let is_followed = |step: &Transition| {
        let mut later = before.transitions.iter().filter(|later| later.leaves(&step.to));
        step.is_decision() && later.any(|later| later.gate.is_some_and(|gate| gate < Gate::Award))
    };
    a_step(it, pick, is_followed, |step| step.gate = Some(Gate::Award))
}

fn approve(it: &mut Definition, pick: Index, count: u32, role: Role) -> bool {
    let approvals = json!({ "count": count, "roles": [role] });
    let approvals = Some(serde_json::from_value(approvals).unwrap());
    a_step(it, pick, |step| step.automatic_at.is_none(), |step| step.approvals.clone_from(&approvals))
}

fn ask_the_service(it: &mut Definition, pick: Index) -> bool {
    approve(it, pick, 1, Role::System)
}

fn ask_nobody(it: &mut Definition, pick: Index) -> bool {
    approve(it, pick, 0, Role::FundManager)
}

fn keep_nothing(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, Transition::keeps_version, |step| step.effects.retain(|effect| *effect != Effect::KeepVersion))
}

fn close_a_form(it: &mut Definition, pick: Index) -> bool {
    let before = it.clone();
    let submits = |state: &State| before.transitions.iter().any(|step| step.leaves(&state.id) && step.keeps_version());
    a_state(it, pick, submits, |state| state.form = None)
}

fn open_a_form(it: &mut Definition, pick: Index) -> bool {
    let is_read = |state: &State| ["review", "decided", "delivery"].contains(&state.kind.word());
    a_state(it, pick, is_read, |state| state.form = Some(Form::Full))
}

fn rename_a_milestone(it: &mut Definition, pick: Index) -> bool {
    let at = pick.index(it.milestones.len());
    it.milestones[at].push_str("_soon");
    true
}

fn open_with_the_release(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |step| step.release.is_some(), |step| step.not_before.clone_from(&step.release))
}

fn share_a_gate(it: &mut Definition, pick: Index) -> bool {
    let before = it.clone();
    let next =
        |step: &Transition| before.transitions.iter().find(|next| next.leaves(&step.to)).and_then(|next| next.gate);
    let is_followed = |step: &Transition| step.is_decision() && next(step).is_some();
    a_step(it, pick, is_followed, |step| step.gate = next(step))
}

fn release_later(it: &mut Definition, pick: Index) -> bool {
    let before = it.clone();
    let Some(last) = it.milestones.last().cloned() else { return false };
    let is_out = |next: &Transition| next.release.as_ref().is_some_and(|release| *release != last);
    let leads_on = |step: &Transition| {
        step.release.is_some() && before.transitions.iter().any(|next| next.leaves(&step.to) && is_out(next))
    };
    a_step(it, pick, leads_on, |step| step.release = Some(last.clone()))
}

fn ask_the_timer(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |step| step.automatic_at.is_some(), |step| step.eligibility = true)
}

fn ask_for_eligibility(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, Transition::is_decision, |step| step.eligibility = true)
}

fn ask_what_nobody_knows(it: &mut Definition, pick: Index) -> bool {
    a_step(
        it,
        pick,
        |step| step.automatic_at.is_none(),
        |step| {
            let unknown = if step.is_decision() { "answers.complete" } else { "scores.complete" };
            step.guard = Some(rule(&json!({ "var": unknown })));
        },
    )
}

fn begin_without_award(it: &mut Definition, pick: Index) -> bool {
    let read = one(&mut it.states, pick, |state| state.kind.word() == "review").map(|state| state.id.clone());
    a_step(it, pick, |step| step.effects.contains(&Effect::CreateProject), |step| step.from.push(read.clone().unwrap()))
}

fn leave_to_the_observer(it: &mut Definition, pick: Index) -> bool {
    a_step(it, pick, |step| step.automatic_at.is_none(), |step| step.who = vec![Role::Observer])
}

fn withdraw_too_late(it: &mut Definition, pick: Index) -> bool {
    let decided = one(&mut it.states, pick, |state| state.kind.word() == "decided").map(|state| state.id.clone());
    a_step(it, pick, |step| step.to == State::WITHDRAWN, |step| step.from.push(decided.clone().unwrap()))
}

#[test]
fn every_kind_of_harm_is_caught_wherever_it_is_done() {
    let definitions = sound_definitions();
    for harm in HARMS {
        let mut places = 0_u32;
        for definition in &definitions {
            let mut runner = TestRunner::new(ProptestConfig::with_cases(15));
            let caught = runner.run(&any::<Index>(), |pick| {
                let mut harmed = definition.clone();
                if (harm.inflict)(&mut harmed, pick) {
                    let faults = check(&harmed, Vocabulary::bids());
                    let is_caught = faults.iter().any(|fault| fault.reason.contains(harm.reason));
                    prop_assert!(is_caught, "{}: {} must be caught, found {:?}", definition.id, harm.why, faults);
                }
                Ok(())
            });
            caught.unwrap_or_else(|fault| panic!("{fault}"));
            places += u32::from((harm.inflict)(&mut definition.clone(), any_index()));
        }
        assert!(places > 0, "no definition has a place for this harm: {}", harm.why);
    }
}

fn any_index() -> Index {
    let mut runner = TestRunner::deterministic();
    any::<Index>().new_tree(&mut runner).unwrap().current()
}
