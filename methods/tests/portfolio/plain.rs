//! The plain line, what rules cost, what stands against each other, and what is taken at the ends.

use methods::portfolio::{Answer, Problem, Rule, Tied, Unaffordable};

use super::{answer, bid, chosen, problem, three};

#[test]
fn the_plain_line_skips_or_stops_at_what_it_cannot_afford() {
    let skip = chosen(&problem(100, three(), vec![]));
    assert_eq!(skip.plain.chosen, ["A", "C"]);
    assert_eq!((skip.plain.value, skip.plain.amount), (16.0, 100));
    let stop = chosen(&Problem { unaffordable: Unaffordable::Stop, ..problem(100, three(), vec![]) });
    assert_eq!(stop.plain.chosen, ["A"]);
    let two = chosen(&Problem { most: Some(1), ..problem(100, three(), vec![]) });
    assert_eq!((two.plain.chosen, two.chosen), (vec!["A".to_owned()], vec!["A".to_owned()]));
}

#[test]
fn bids_of_equal_value_stand_or_fall_together_on_the_plain_line_where_that_is_said() {
    let bids = || vec![bid("A", 4.0, 5, &[]), bid("B", 3.0, 5, &[]), bid("C", 3.0, 5, &[]), bid("D", 1.0, 5, &[])];
    let plain = |tied, most, unaffordable| {
        let problem = Problem { tied, most, unaffordable, ..problem(10, bids(), vec![]) };
        chosen(&problem).plain.chosen.concat()
    };
    assert_eq!(plain(Tied::Apart, None, Unaffordable::Skip), "AB");
    assert_eq!(plain(Tied::Together, None, Unaffordable::Skip), "AD");
    assert_eq!(plain(Tied::Together, None, Unaffordable::Stop), "A");
    assert_eq!(plain(Tied::Together, Some(1), Unaffordable::Skip), "A");
}

#[test]
fn each_rule_has_its_cost_and_the_bids_that_it_moves() {
    let rule = Rule::Each { of: "lead".to_owned(), awards: Some(1), amount: None };
    let idle = Rule::Cap { of: "theme".to_owned(), is: "waste".to_owned(), awards: Some(1), amount: None };
    let list = chosen(&problem(100, three(), vec![rule, idle]));
    // With A and C of one lead, B and C is worth most.
    assert_eq!((list.chosen.clone(), list.value, list.amount), (vec!["B".to_owned(), "C".to_owned()], 15.0, 90));
    assert_eq!((list.rules[0].cost, list.rules[1].cost), (1.0, 0.0));
    assert_eq!(list.rules[0].words, "at most 1 award for each lead");
    assert_eq!(
        (&list.rules[0].brings_in[..], &list.rules[0].keeps_out[..]),
        (&["B".to_owned()][..], &["A".to_owned()][..])
    );
    let moved: Vec<(&str, bool, &[usize])> =
        list.departures.iter().map(|each| (each.bid.as_str(), each.chosen, &each.rules[..])).collect();
    assert_eq!(moved, [("A", false, &[0][..]), ("B", true, &[0][..])]);
}

#[test]
fn a_budget_of_nothing_chooses_what_is_free_and_one_without_end_chooses_all_of_worth() {
    let mut bids = three();
    bids.push(bid("free", 1.0, 0, &[]));
    bids.push(bid("harm", -1.0, 5, &[]));
    assert_eq!(chosen(&problem(0, bids.clone(), vec![])).chosen, ["free"]);
    assert_eq!(chosen(&problem(0, three(), vec![])).chosen, Vec::<String>::new());
    let all = chosen(&problem(i64::MAX, bids, vec![]));
    assert_eq!(all.chosen, ["A", "B", "C", "free"]);
}

#[test]
fn rules_that_contradict_are_named_and_no_others() {
    let floor = |is: &str, awards| Rule::Floor {
        of: "theme".to_owned(),
        is: is.to_owned(),
        awards: Some(awards),
        amount: None,
    };
    let cap = Rule::Cap { of: "theme".to_owned(), is: "housing".to_owned(), awards: Some(1), amount: None };
    let exclusive = Rule::Exclusive { bids: vec!["B".to_owned(), "C".to_owned()] };
    let Answer::Contradiction { rules, message, .. } =
        answer(&problem(200, three(), vec![exclusive, floor("housing", 2), floor("waste", 0), cap]))
    else {
        panic!("there is no list");
    };
    assert_eq!(rules, [1, 3]);
    assert!(message.contains("rule 1, at least 2 awards where theme is housing; rule 3, at most 1 award"), "{message}");
    // More than the budget can buy.
    let Answer::Contradiction { rules, .. } = answer(&problem(100, three(), vec![floor("housing", 2)])) else {
        panic!("there is no list");
    };
    assert_eq!(rules, [0]);
}

#[test]
fn a_bid_of_no_value_is_taken_while_money_is_left_and_one_below_only_where_it_is_asked_for() {
    let bids = vec![bid("A", 0.0, 5, &[]), bid("B", 0.0, 96, &[]), bid("C", 3.0, 2, &[]), bid("D", 0.0, 1, &[])];
    let list = chosen(&problem(100, bids.clone(), vec![]));
    assert_eq!((&list.chosen, list.value, list.amount), (&list.plain.chosen, 3.0, 8));
    assert!(list.departures.is_empty() && list.notes.is_empty());
    // The order is that of the ranking, also where the search came upon another.
    assert_eq!(chosen(&problem(98, bids, vec![])).chosen, ["C", "A", "D"]);
    let theme = |is| [("theme", is)];
    let bids = vec![bid("A", -1.0, 5, &theme("x")), bid("B", 2.0, 5, &theme("y"))];
    let list = chosen(&problem(100, bids.clone(), vec![]));
    assert_eq!(list.chosen, ["B"]);
    assert!(list.notes[0].starts_with("1 bid has a value below 0"), "{:?}", list.notes);
    let floor = Rule::Floor { of: "theme".to_owned(), is: "x".to_owned(), awards: Some(1), amount: None };
    assert_eq!(chosen(&problem(100, bids, vec![floor])).chosen, ["B", "A"]);
    let none = chosen(&problem(1, vec![bid("A", 1.0, 5, &[])], vec![]));
    assert!(none.value.is_sign_positive() && none.bound.is_sign_positive() && none.plain.value.is_sign_positive());
}

#[test]
fn a_rule_about_a_value_that_no_bid_has_is_noted() {
    let cap = |is: &str| Rule::Cap { of: "theme".to_owned(), is: is.to_owned(), awards: Some(0), amount: None };
    let floor =
        |awards| Rule::Floor { of: "theme".to_owned(), is: "Waste".to_owned(), awards: Some(awards), amount: None };
    let list = chosen(&problem(100, three(), vec![cap("waste"), cap("Housing"), floor(0)]));
    assert_eq!(
        list.notes,
        [
            r#"rule 1 limits nothing: no bid has "Housing" as its theme, which is "housing", "waste""#,
            r#"rule 2 asks for nothing: no bid has "Waste" as its theme, which is "housing", "waste""#,
        ]
    );
    let Answer::Contradiction { rules, most, budget, notes, message } = answer(&problem(100, three(), vec![floor(1)]))
    else {
        panic!("there is no list");
    };
    assert_eq!((rules, most, budget), (vec![0], false, false));
    assert!(notes[0].starts_with("rule 0 cannot be kept: no bid has"), "{notes:?}");
    assert_eq!(message, "no list keeps this rule: rule 0, at least 1 award where theme is Waste");
}

#[test]
fn the_limit_of_awards_and_the_budget_are_named_where_they_are_what_stands_against_a_rule() {
    let floor = Rule::Floor { of: "theme".to_owned(), is: "housing".to_owned(), awards: Some(2), amount: None };
    let said = |budget, most| {
        let problem = Problem { most, ..problem(budget, three(), vec![floor.clone()]) };
        match answer(&problem) {
            Answer::Contradiction { message, most, budget, .. } => (message, most, budget),
            other => panic!("{other:?}"),
        }
    };
    let rule = "rule 0, at least 2 awards where theme is housing";
    let together = "keeps these rules together, and without any one of them there is one";
    assert_eq!(
        said(1_000, Some(1)),
        (format!("no list {together}: most, at most 1 award in all; {rule}"), true, false)
    );
    assert_eq!(said(100, Some(2)), (format!("no list within the budget of 100 keeps this rule: {rule}"), false, true));
    // With both too small, one of them is enough.
    assert_eq!(said(100, Some(1)), (format!("no list within the budget of 100 keeps this rule: {rule}"), false, true));
}
