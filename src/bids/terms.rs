//! What a council signs for, pure: the terms of a full application, their hash, how they changed in words, and who must sign.
//!
//! The terms are part of what a bid says. A change of them makes a signature void, any other change lets it stand. Who has
//! confirmed is none of them: a partner that confirms does what was signed for.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    content::{Content, Member, Party},
    model::{CostLine, Promise},
    partner::{PartnerKind, TakingPart},
};
use crate::{
    error::Result,
    funds::rulebook::{Rulebook, Signs},
    ids::{Id, OrganisationKey},
    money::Pence,
};

/// The terms of a bid. Councils stand by their ids and lines in one order, so that neither a new name of a council nor another
/// order of the lines is a change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Terms {
    phase: Option<String>,
    ask_pence: Option<Pence>,
    lead: Id<OrganisationKey>,
    partners: Vec<Part>,
    costs: Vec<CostLine>,
    promises: Vec<Promise>,
}

/// What a partner is in for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Part {
    organisation: Id<OrganisationKey>,
    share_pence: Pence,
    role: String,
    sponsor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<PartnerKind>,
    #[serde(skip_serializing_if = "TakingPart::is_none")]
    part: TakingPart,
}

impl Terms {
    /// The terms that a content holds.
    pub fn of(content: &Content) -> Self {
        let part = |partner: &Member| Part {
            organisation: partner.organisation.id,
            share_pence: partner.share_pence,
            role: partner.role.clone(),
            sponsor: partner.sponsor.clone(),
            kind: partner.kind,
            part: partner.part.clone(),
        };
        let mut partners: Vec<Part> = content.partners.iter().map(part).collect();
        partners.sort();
        Self {
            phase: content.phase.clone(),
            ask_pence: content.ask_pence,
            lead: content.lead.id,
            partners,
            costs: in_one_order(&naming_lead(content)),
            promises: in_one_order(&content.promises),
        }
    }

    /// The same terms as they were hashed before every line of the lead named it: as the lines stand, and with none of them naming
    /// it. Whoever signed then has signed for nothing else.
    pub fn as_before(content: &Content) -> [Self; 2] {
        let now = Self::of(content);
        [
            Self { costs: in_one_order(&content.costs), ..now.clone() },
            Self { costs: in_one_order(&not_naming_lead(content)), ..now },
        ]
    }

    /// Their hash.
    ///
    /// # Errors
    /// When they cannot be written as JSON, which never happens.
    pub fn hash(&self) -> Result<Vec<u8>> {
        Ok(Sha256::digest(serde_json::to_vec(self)?).to_vec())
    }
}

/// The lines with the lead named in each that is its own: a line that leaves it out says the same.
fn naming_lead(content: &Content) -> Vec<CostLine> {
    content.costs.iter().map(|line| line.naming_lead(content.lead.id)).collect()
}

/// The lines with the lead named in none that is its own: whoever leads, they are the lead's.
fn not_naming_lead(content: &Content) -> Vec<CostLine> {
    let line = |line: &CostLine| match line.is_of_lead(content.lead.id) {
        true => CostLine { organisation_id: None, ..line.clone() },
        false => line.clone(),
    };
    content.costs.iter().map(line).collect()
}

fn in_one_order<T: Clone + Serialize>(lines: &[T]) -> Vec<T> {
    let mut lines = lines.to_vec();
    lines.sort_by_cached_key(|line| serde_json::to_string(line).unwrap_or_default());
    lines
}

/// The councils of a bid, the lead first.
pub fn councils(content: &Content) -> impl Iterator<Item = &Party> {
    std::iter::once(&content.lead).chain(content.partners.iter().map(|partner| &partner.organisation))
}

/// The councils whose signature the round asks for, the lead first. Whoever only supports the bid puts no money at stake.
pub fn must_sign<'a>(content: &'a Content, rules: &Rulebook) -> Vec<&'a Party> {
    match rules.partnership.signs {
        Signs::Lead => vec![&content.lead],
        Signs::LeadAndPartners => {
            let partners = content.partners.iter().filter(|partner| !partner.only_supports());
            std::iter::once(&content.lead).chain(partners.map(|partner| &partner.organisation)).collect()
        }
    }
}

/// How the terms of `now` differ from those of `before`, each a sentence; nothing if they are the same.
pub fn changes(before: &Content, now: &Content, rules: &Rulebook) -> Vec<String> {
    let mut changes = Vec::new();
    let ask = |content: &Content| content.ask_pence.map_or_else(|| "not given".into(), |ask| ask.to_string());
    step(&mut changes, "The ask", ask(before), ask(now));
    let phase = |content: &Content| {
        let phase = content.phase.as_deref();
        let known = phase.and_then(|phase| rules.phase(phase)).map(|phase| phase.name.clone());
        known.or_else(|| phase.map(str::to_owned)).unwrap_or_else(|| "not chosen".into())
    };
    step(&mut changes, "The phase", phase(before), phase(now));
    if before.lead.id != now.lead.id {
        step(&mut changes, "The lead authority", before.lead.name.clone(), now.lead.name.clone());
    }
    partners(&mut changes, before, now);
    let names: BTreeMap<_, _> =
        councils(before).chain(councils(now)).map(|party| (party.id, party.name.as_str())).collect();
    lines(&mut changes, ("A cost", &not_naming_lead(before), &not_naming_lead(now)), |line| {
        let organisation = line.organisation_id.and_then(|id| names.get(&id));
        let whose = organisation.map_or(line.category.word(), |name| name);
        format!("“{}”, {} ({whose})", line.description, line.pence)
    });
    lines(&mut changes, ("A promised outcome", &before.promises, &now.promises), |promise| {
        let due = promise.due_on.map_or_else(String::new, |due| due.format(" by %-d %B %Y").to_string());
        let from = promise.baseline.map_or_else(String::new, |figure| format!("from {figure} "));
        format!("“{}”, {from}to {} {}{due}", promise.measure, promise.target, promise.unit)
    });
    changes
}

fn partners(changes: &mut Vec<String>, before: &Content, now: &Content) {
    let of = |content: &'_ Content, id| content.partners.iter().find(|partner| partner.organisation.id == id).cloned();
    for gone in before.partners.iter().filter(|partner| of(now, partner.organisation.id).is_none()) {
        changes.push(format!("{} is no longer a partner.", gone.organisation.name));
    }
    for partner in &now.partners {
        let name = &partner.organisation.name;
        match of(before, partner.organisation.id) {
            None => changes.push(format!("{name} is a partner now, with a share of {}.", partner.share_pence)),
            Some(was) => changes.extend(changes_of(&was, partner)),
        }
    }
}

/// How the part of one partner differs from what it was, each a sentence.
pub fn changes_of(was: &Member, now: &Member) -> Vec<String> {
    let name = &now.organisation.name;
    let mut changes = Vec::new();
    let (kind_was, kind) = (was.kind_in_words(), now.kind_in_words());
    if kind_was != kind {
        changes.push(format!("{name} is a {kind} now. It was a {kind_was}."));
    }
    let mut say = |what: String, before: String, now: String| step(&mut changes, &what, before, now);
    say(format!("The share of {name}"), was.share_pence.to_string(), now.share_pence.to_string());
    say(format!("What {name} does"), said(&was.role), said(&now.role));
    let days = |member: &Member| member.part.days_in_words().unwrap_or_else(|| "not agreed".into());
    say(format!("When {name} takes part"), days(was), days(now));
    let (cash_was, cash) = (was.part.cash_pence.to_string(), now.part.cash_pence.to_string());
    say(format!("What {name} puts in of its own money"), cash_was, cash);
    let in_kind = |member: &Member| member.part.in_kind_in_words().unwrap_or_else(|| "nothing".into());
    say(format!("What {name} gives in kind"), in_kind(was), in_kind(now));
    say(format!("Who answers for {name}"), said(&was.sponsor), said(&now.sponsor));
    changes
}

fn said(text: &str) -> String {
    if text.is_empty() { "not said".into() } else { format!("“{text}”") }
}

/// Says one thing that was so and is otherwise.
fn step(changes: &mut Vec<String>, what: &str, before: String, now: String) {
    if before != now {
        changes.push(format!("{what} is {now} now. It was {before}."));
    }
}

/// Says which lines came and went; of equal ones each counts.
fn lines<T: PartialEq>(
    changes: &mut Vec<String>,
    (what, before, now): (&str, &[T], &[T]),
    in_words: impl Fn(&T) -> String,
) {
    let mut gone: Vec<&T> = before.iter().collect();
    let mut new = Vec::new();
    for line in now {
        match gone.iter().position(|old| *old == line) {
            Some(place) => drop(gone.remove(place)),
            None => new.push(line),
        }
    }
    changes.extend(gone.into_iter().map(|line| format!("{what} is gone: {}.", in_words(line))));
    changes.extend(new.into_iter().map(|line| format!("{what} is new: {}.", in_words(line))));
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::{
        bids::model::CostCategory,
        funds::{
            making::model::no_rules,
            rulebook::{Phase, Stage},
        },
    };

    fn party(number: u128) -> Party {
        Party { id: Id::of(Uuid::from_u128(number)), code: format!("C{number}"), name: format!("Council {number}") }
    }

    fn line(description: &str, pence: i64) -> CostLine {
        CostLine {
            category: CostCategory::Lead,
            organisation_id: None,
            description: description.into(),
            pence: Pence(pence),
            kind: None,
            in_kind: false,
            own_money: false,
        }
    }

    fn content() -> Content {
        let partner = |number, share| Member {
            organisation: party(number),
            confirmed: false,
            share_pence: Pence(share),
            sponsor: "Director".into(),
            role: String::new(),
            kind: None,
            part: TakingPart::default(),
        };
        let promise =
            Promise { measure: "Calls".into(), unit: "calls".into(), baseline: Some(3.0), target: 1.0, due_on: None };
        Content {
            reference: "TEST-0001".into(),
            stage: Stage::Full,
            title: "Repairs".into(),
            phase: Some("discovery".into()),
            ask_pence: Some(Pence(50_000)),
            lead: party(1),
            partners: vec![partner(2, 20_000), partner(3, 0)],
            costs: vec![line("Research", 20_000), line("Design", 10_000)],
            promises: vec![promise],
            answers: [("problem".to_owned(), json!("Slow"))].into(),
            documents: Vec::new(),
        }
    }

    fn rules() -> Rulebook {
        let discovery = Phase { id: "discovery".into(), name: "Discovery".into(), limit_pence: Pence(100_000) };
        Rulebook { phases: vec![discovery], ..no_rules() }
    }

    fn hash(content: &Content) -> Vec<u8> {
        Terms::of(content).hash().unwrap()
    }

    /// A change of the terms, and what is said of it.
    type Case = (fn(&mut Content), &'static [&'static str]);

    #[test]
    fn a_line_of_the_lead_says_the_same_whether_it_names_it_or_not_and_what_was_signed_before_stands() {
        let unnamed = content();
        let mut named = unnamed.clone();
        for line in named.costs.iter_mut().filter(|line| line.category == CostCategory::Lead) {
            line.organisation_id = Some(named.lead.id);
        }
        assert_ne!(unnamed.costs, named.costs);
        assert_eq!(Terms::of(&unnamed), Terms::of(&named));
        assert!(changes(&unnamed, &named, &no_rules()).is_empty());
        // Until lines named it, these were the terms of a content whose lines did not.
        let signed = Terms { costs: in_one_order(&unnamed.costs), ..Terms::of(&unnamed) };
        assert_ne!(signed, Terms::of(&unnamed));
        for now in [&unnamed, &named] {
            assert!(Terms::as_before(now).contains(&signed));
        }
        let mut dearer = named.clone();
        dearer.costs[0].pence = Pence(dearer.costs[0].pence.0 + 1);
        assert!(!Terms::as_before(&dearer).contains(&signed));
    }

    #[test]
    fn every_change_of_the_terms_changes_their_hash_and_is_said_in_words() {
        let cases: [Case; 12] = [
            (|now| now.ask_pence = Some(Pence(60_000)), &["The ask is £600 now. It was £500."]),
            (|now| now.phase = None, &["The phase is not chosen now. It was Discovery."]),
            (|now| now.lead = party(9), &["The lead authority is Council 9 now. It was Council 1."]),
            (|now| drop(now.partners.remove(0)), &["Council 2 is no longer a partner."]),
            (|now| now.partners[0].share_pence = Pence(100), &["The share of Council 2 is £1 now. It was £200."]),
            (
                |now| now.partners[0].kind = Some(PartnerKind::Supporter),
                &["Council 2 is a supporter now. It was a partner."],
            ),
            (
                |now| now.partners[0].part.to_on = chrono::NaiveDate::from_ymd_opt(2028, 3, 31),
                &["When Council 2 takes part is until 31 March 2028 now. It was not agreed."],
            ),
            (
                |now| {
                    now.partners[1].part.cash_pence = Pence(500);
                    now.partners[1].part.in_kind = "Rooms".into();
                },
                &[
                    "What Council 3 puts in of its own money is £5 now. It was £0.",
                    "What Council 3 gives in kind is Rooms now. It was nothing.",
                ],
            ),
            (|now| now.partners[0].role = "Tests".into(), &["What Council 2 does is “Tests” now. It was not said."]),
            (
                |now| now.partners[1].sponsor = String::new(),
                &["Who answers for Council 3 is not said now. It was “Director”."],
            ),
            (
                |now| now.costs[0].pence = Pence(30_000),
                &["A cost is gone: “Research”, £200 (lead).", "A cost is new: “Research”, £300 (lead)."],
            ),
            (|now| now.promises.clear(), &["A promised outcome is gone: “Calls”, from 3 to 1 calls."]),
        ];
        for (change, expected) in cases {
            let (before, mut now) = (content(), content());
            change(&mut now);
            assert_ne!(hash(&before), hash(&now), "{expected:?}");
            assert_eq!(changes(&before, &now, &rules()), expected);
        }
    }

    #[test]
    fn another_title_answer_name_order_or_a_confirmation_changes_no_terms() {
        let cases: [fn(&mut Content); 5] = [
            |now| now.title = "Better repairs".into(),
            |now| now.answers.clear(),
            |now| now.lead.name = "Renamed Council".into(),
            |now| {
                now.costs.reverse();
                now.partners.reverse();
            },
            |now| now.partners[0].confirmed = true,
        ];
        for (place, change) in cases.into_iter().enumerate() {
            let (before, mut now) = (content(), content());
            change(&mut now);
            assert_eq!(hash(&before), hash(&now), "{place}");
            assert_eq!(changes(&before, &now, &rules()), Vec::<String>::new(), "{place}");
        }
    }

    #[test]
    fn whoever_only_supports_a_bid_signs_nothing() {
        let mut now = content();
        now.partners[0].kind = Some(PartnerKind::Supporter);
        now.partners[1].kind = Some(PartnerKind::DeliveryPartner);
        let mut rules = rules();
        rules.partnership.signs = Signs::LeadAndPartners;
        assert_eq!(must_sign(&now, &rules), [&party(1), &party(3)]);
    }

    #[test]
    fn what_says_nothing_of_kinds_and_parts_is_written_as_it_always_was_so_that_its_hash_stands() {
        let text = serde_json::to_string(&content()).unwrap() + &serde_json::to_string(&Terms::of(&content())).unwrap();
        assert!(!text.contains("\"part\"") && !text.contains("\"kind\""), "{text}");
    }

    #[test]
    fn of_two_equal_lines_one_that_goes_is_named() {
        let (mut before, now) = (content(), content());
        before.costs.push(line("Design", 10_000));
        assert_ne!(hash(&before), hash(&now));
        assert_eq!(changes(&before, &now, &rules()), ["A cost is gone: “Design”, £100 (lead)."]);
    }
}
