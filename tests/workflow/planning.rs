//! What may happen next, to whom, and why not; and that no outcome is told before its release.

use std::collections::BTreeMap;

use roundtable::workflow::{
    BidFacts, Choice, Definition, Effect, Facts, Place, Refusal, Role, Rule, Situation, Standing, Timetable, choose,
    definitions, plan,
};
use serde_json::json;

use super::{good_bid, local_digital_fund, partner, round_one, small_grant};

const BEFORE_CLOSING: &str = "2018-10-01T12:00:00Z";
const SIFTING: &str = "2018-10-10T12:00:00Z";
const WRITING: &str = "2018-11-01T12:00:00Z";
const SCORING: &str = "2018-11-20T12:00:00Z";
const ANNOUNCED: &str = "2018-12-07T09:30:00Z";

/// Everything a situation borrows.
struct Case {
    definition: Definition,
    place: Place,
    facts: Facts,
    timetable: Timetable,
    eligibility: Vec<Rule>,
    approvals: BTreeMap<String, u32>,
    on_hold: Option<String>,
}

impl Case {
    fn situation(&self) -> Situation<'_> {
        Situation {
            definition: &self.definition,
            place: &self.place,
            facts: &self.facts,
            timetable: &self.timetable,
            eligibility: &self.eligibility,
            against_submitting: &[],
            approvals: &self.approvals,
            on_hold: self.on_hold.as_deref(),
        }
    }

    fn plan(&self, role: Role) -> Vec<Choice<'_>> {
        plan(&self.situation(), &Standing::of([role]))
    }

    fn names(&self, role: Role) -> Vec<&str> {
        self.plan(role).into_iter().map(|choice| choice.transition).collect()
    }

    fn allowed(&self, role: Role) -> Vec<&str> {
        self.plan(role).into_iter().filter(|choice| choice.allowed).map(|choice| choice.transition).collect()
    }

    fn reasons(&self, role: Role, id: &str) -> Vec<String> {
        self.plan(role).into_iter().find(|choice| choice.transition == id).unwrap().reasons
    }

    fn choose(&self, role: Role, id: &str) -> Result<String, Refusal> {
        choose(&self.situation(), &Standing::of([role]), id).map(|transition| transition.to.clone())
    }
}

fn case(state: &str, decisions: &[&str], now: &str, bid: BidFacts) -> Case {
    let definition = local_digital_fund();
    let timetable = round_one(now);
    Case {
        place: Place::of(&definition, state, decisions, &timetable).unwrap(),
        definition,
        timetable,
        facts: Facts::from(bid),
        eligibility: Vec::new(),
        approvals: BTreeMap::new(),
        on_hold: None,
    }
}

#[test]
fn a_lead_sees_what_it_can_do_with_a_draft_and_nobody_else_sees_anything() {
    let draft = case("eoi_draft", &[], BEFORE_CLOSING, good_bid());
    assert_eq!(draft.allowed(Role::LeadMember), ["submit_eoi", "withdraw"]);
    let others = [Role::PartnerMember, Role::PartnerSignatory, Role::FundManager, Role::Assessor, Role::Moderator];
    for role in others {
        assert!(draft.names(role).is_empty(), "{role:?}");
    }
}

#[test]
fn a_full_application_that_is_not_ready_hears_every_reason_at_once() {
    let unready = case(
        "full_draft",
        &[],
        WRITING,
        BidFacts {
            ask_pence: Some(12_000_000),
            answers_complete: Some(false),
            sign_off_current: Some(false),
            partners: vec![partner("Arun District Council", false)],
            ..good_bid()
        },
    );
    assert_eq!(
        unready.reasons(Role::LeadMember, "submit_full"),
        [
            "some questions have not been answered yet, or an answer is over its word limit",
            "your ask is £120,000, the limit for a discovery is £80,000",
            "0 partners have confirmed, at least 1 is needed",
            "Arun District Council has not confirmed its part in this bid",
            "an officer who must sign has not signed what stands now",
        ]
    );
}

#[test]
fn the_very_instant_of_the_deadline_is_in_time_and_a_millisecond_later_is_not() {
    let in_time = case("eoi_draft", &[], "2018-10-05T16:00:00Z", good_bid());
    assert_eq!(in_time.choose(Role::LeadMember, "submit_eoi"), Ok("eoi_submitted".to_owned()));
    let late = case("eoi_draft", &[], "2018-10-05T16:00:00.001Z", good_bid());
    assert_eq!(late.reasons(Role::LeadMember, "submit_eoi"), ["this closed at 5pm on 5 October 2018"]);
    let early = case("eoi_draft", &[], "2018-09-24T07:59:59Z", good_bid());
    assert_eq!(early.reasons(Role::LeadMember, "submit_eoi"), ["this opens at 9am on 24 September 2018"]);
}

#[test]
fn a_submission_that_arrived_in_time_counts_even_if_the_draft_has_lapsed_meanwhile() {
    let lapsed = case("eoi_lapsed", &[], "2018-10-05T16:00:00Z", good_bid());
    assert_eq!(lapsed.choose(Role::LeadMember, "submit_eoi"), Ok("eoi_submitted".to_owned()));
}

#[test]
fn the_system_closes_drafts_only_after_the_deadline_is_over() {
    let at = |now| case("eoi_draft", &[], now, good_bid()).choose(Role::System, "lapse_eoi");
    assert!(matches!(at("2018-10-05T16:00:00Z"), Err(Refusal::NotYet { .. })));
    assert_eq!(at("2018-10-05T16:00:00.000001Z"), Ok("eoi_lapsed".to_owned()));
    let definition = local_digital_fund();
    let automatic = |state| definition.automatic(state, "full_closes").map(|transition| transition.id.as_str());
    assert_eq!(automatic("full_draft"), Some("lapse_full"));
    assert_eq!(automatic("full_submitted"), None);
}

#[test]
fn a_milestone_without_a_date_opens_nothing() {
    let mut case = case("eoi_draft", &[], BEFORE_CLOSING, good_bid());
    case.timetable = Timetable::new(super::instant(BEFORE_CLOSING), []);
    assert_eq!(
        case.reasons(Role::LeadMember, "submit_eoi")[0],
        "the round has no date yet for its milestone “eoi opens”"
    );
}

#[test]
fn the_rules_of_the_round_join_the_guard_where_the_transition_asks_for_them() {
    let welsh = BidFacts { lead_nation: Some("wales".to_owned()), answers_complete: Some(false), ..good_bid() };
    let mut case = case("eoi_draft", &[], BEFORE_CLOSING, welsh);
    case.eligibility = vec![Rule::parse(&json!({"==": [{"var": "lead.nation"}, "england"]})).unwrap()];
    assert_eq!(case.reasons(Role::LeadMember, "submit_eoi").len(), 2);
    assert_eq!(case.allowed(Role::LeadMember), ["withdraw"]);
}

#[test]
fn every_refusal_says_which_kind_it_is() {
    let draft = case("eoi_draft", &[], BEFORE_CLOSING, good_bid());
    assert!(matches!(draft.choose(Role::LeadMember, "fly"), Err(Refusal::Unknown(_))));
    assert!(matches!(draft.choose(Role::PartnerMember, "submit_eoi"), Err(Refusal::NotYours(_))));
    assert!(matches!(draft.choose(Role::LeadMember, "submit_full"), Err(Refusal::NotFromHere(_))));
    let late = case("eoi_draft", &[], SIFTING, good_bid());
    let refusal = late.choose(Role::LeadMember, "submit_eoi").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "“Submit expression of interest” cannot be done yet: this closed at 5pm on 5 October 2018"
    );
}

#[test]
fn an_outcome_waits_for_its_feedback() {
    let silent = case("eoi_submitted", &[], SIFTING, BidFacts { feedback_given: Some(false), ..good_bid() });
    assert_eq!(silent.reasons(Role::FundManager, "invite"), ["no feedback has been written for this bid"]);
}

#[test]
fn a_decision_shows_from_its_release_instant_on_whether_or_not_a_timer_has_recorded_it() {
    let place = |now| case("eoi_submitted", &["invite"], now, good_bid()).place;
    assert_eq!((place(SIFTING).shown(), place(SIFTING).decided()), ("eoi_submitted", "invited"));
    assert_eq!(place("2018-10-16T07:59:59.999999Z").shown(), "eoi_submitted");
    assert_eq!(place("2018-10-16T08:00:00Z").shown(), "invited");
    let recorded = case("invited", &["invite"], WRITING, good_bid());
    assert_eq!((recorded.place.shown(), recorded.place.decided()), ("invited", "invited"));
}

#[test]
fn decisions_build_on_decisions_and_all_show_at_the_announcement() {
    let taken = ["find_eligible", "close_scoring", "shortlist", "fund"];
    let stages = ["full_submitted", "eligible", "assessed", "shortlisted", "funded"];
    for (count, stage) in stages.iter().enumerate() {
        let hidden = case("full_submitted", &taken[..count], SCORING, good_bid());
        assert_eq!((hidden.place.shown(), hidden.place.decided()), ("full_submitted", *stage));
        let announced = case("full_submitted", &taken[..count], ANNOUNCED, good_bid());
        assert_eq!((announced.place.shown(), announced.place.decided()), (*stage, *stage));
    }
}

#[test]
fn whatever_was_decided_councils_have_the_same_plan_until_the_release() {
    let decided = |decisions: &[&str]| case("full_submitted", decisions, SCORING, good_bid());
    let none = decided(&[]);
    let paths: [&[&str]; 4] = [
        &["find_ineligible"],
        &["find_eligible", "close_scoring", "not_fund"],
        &["find_eligible", "close_scoring", "shortlist", "reserve_bid"],
        &["find_eligible", "close_scoring", "shortlist", "fund"],
    ];
    for role in Role::ALL.into_iter().filter(|role| role.is_applicant()) {
        for path in paths {
            let case = decided(path);
            assert_eq!(case.plan(role), none.plan(role));
            assert_eq!(case.place.shown(), none.place.shown());
            for transition in &case.definition.transitions {
                assert_eq!(case.choose(role, &transition.id), none.choose(role, &transition.id));
            }
        }
    }
}

#[test]
fn a_decision_without_a_release_shows_as_soon_as_it_is_taken_and_stands() {
    let mut case = case("eoi_draft", &[], SCORING, good_bid());
    case.definition = definitions::read("continuous").unwrap();
    let taken = ["find_eligible", "close_scoring", "fund"];
    for (count, stage) in ["full_submitted", "eligible", "assessed", "funded"].into_iter().enumerate() {
        case.place = Place::of(&case.definition, "full_submitted", &taken[..count], &case.timetable).unwrap();
        assert_eq!((case.place.shown(), case.place.decided()), (stage, stage));
        assert_eq!(case.place.steps_shown().len(), count);
    }
    assert_eq!(case.allowed(Role::FundManager), ["start_delivery"]);
}

#[test]
fn the_last_decision_may_be_taken_again_until_its_release_and_no_earlier_one() {
    let taken = ["find_eligible", "close_scoring", "shortlist", "fund"];
    let hidden = case("full_submitted", &taken, SCORING, good_bid());
    assert_eq!(hidden.allowed(Role::FundManager), ["fund", "reserve_bid", "not_fund"]);
    let announced = case("full_submitted", &taken, ANNOUNCED, good_bid());
    assert_eq!(announced.allowed(Role::FundManager), ["start_delivery"]);
}

#[test]
fn a_bid_that_was_withdrawn_stays_withdrawn_whatever_had_been_decided() {
    let taken = ["find_eligible", "close_scoring", "shortlist", "fund"];
    let withdrawn = case("withdrawn", &taken, ANNOUNCED, good_bid());
    assert_eq!((withdrawn.place.shown(), withdrawn.place.decided()), ("withdrawn", "withdrawn"));
}

#[test]
fn a_bid_in_a_state_that_the_definition_does_not_know_has_no_place() {
    assert_eq!(Place::of(&local_digital_fund(), "limbo", &["invite"], &round_one(SIFTING)), None);
}

#[test]
fn what_a_council_could_notice_waits_for_the_release_and_the_rest_happens_at_once() {
    let definition = local_digital_fund();
    let outcome = Effect::SendMail { template: "outcome".to_owned() };
    let fund = definition.transition("fund").unwrap();
    assert_eq!(fund.effects_when_taken().count(), 0);
    assert_eq!(fund.effects_when_released().collect::<Vec<_>>(), [&outcome]);
    let eligible = definition.transition("find_eligible").unwrap();
    assert_eq!(eligible.effects_when_taken().collect::<Vec<_>>(), [&Effect::OpenScoring]);
    assert_eq!(eligible.effects_when_released().count(), 0);
    let submit = definition.transition("submit_eoi").unwrap();
    assert_eq!((submit.effects_when_taken().count(), submit.effects_when_released().count()), (2, 0));
}

#[test]
fn what_needs_two_people_waits_for_both_unless_its_release_is_approved_by_them() {
    let definition = small_grant();
    let mut case = case("eoi_draft", &[], SIFTING, good_bid());
    case.definition = definition;
    case.place = Place::at("submitted");
    assert_eq!(case.choose(Role::FundManager, "grant"), Ok("granted".to_owned()));
    case.definition.transitions[2].release = None;
    case.approvals = BTreeMap::from([("grant".to_owned(), 1)]);
    assert_eq!(
        case.reasons(Role::FundManager, "grant"),
        ["2 different people must approve it (fund managers), 1 has so far"]
    );
    case.approvals = BTreeMap::from([("grant".to_owned(), 2)]);
    assert_eq!(case.choose(Role::FundManager, "grant"), Ok("granted".to_owned()));
}

#[test]
fn a_bid_on_hold_can_be_taken_back_by_its_councils_and_nothing_else() {
    let mut case = case("full_draft", &[], WRITING, good_bid());
    let why = "this bid has been on hold since 10am: we ask the auditor";
    assert_eq!(case.allowed(Role::LeadMember), ["submit_full", "withdraw"]);
    case.on_hold = Some(why.to_owned());
    assert_eq!(case.allowed(Role::LeadMember), ["withdraw"]);
    assert_eq!(case.reasons(Role::LeadMember, "submit_full"), [why]);
    let refused = case.choose(Role::LeadMember, "submit_full").unwrap_err().to_string();
    assert_eq!(refused, format!("“Submit full application” cannot be done now: {why}"));
    assert_eq!(case.choose(Role::LeadMember, "withdraw"), Ok("withdrawn".to_owned()));
}
