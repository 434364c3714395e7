//! The sift: marks on answers of an expression of interest, the outcome they suggest and the feedback they make.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    error::Fault,
    funds::{
        form::{Form, Question, count_words},
        rulebook::SiftRule,
    },
    words,
};

words! {
    /// What an answer is worth.
    pub enum Mark {
        /// It meets what the round asks for.
        Pass = "pass",
        /// It does, and something has to be dealt with.
        PassWithCaveats = "pass_with_caveats",
        /// It does not.
        Fail = "fail",
    }
}

impl Mark {
    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pass => "Pass",
            Self::PassWithCaveats => "Pass with caveats",
            Self::Fail => "Fail",
        }
    }
}

words! {
    /// What the round's rule makes of the marks. A fund manager decides, and may decide otherwise.
    pub enum Suggestion {
        /// Invite to make a full application.
        Invite = "invite",
        /// Do not invite.
        NotInvite = "not_invite",
    }
}

impl Suggestion {
    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Invite => "Invite",
            Self::NotInvite => "Do not invite",
        }
    }
}

/// A mark on one answer, on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMark {
    /// The question, by its id in the form.
    pub question: String,
    /// What the answer is worth.
    pub mark: Mark,
    /// What the applicant should know of it: wanted for a fail and for a pass with caveats.
    #[serde(default)]
    pub caveat: Option<String>,
}

/// Marks on one bid, on their way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMarks {
    /// One for each answer that is marked now; the others keep the mark that they have.
    pub marks: Vec<NewMark>,
}

/// The mark that counts on one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Marked {
    /// The question, by its id in the form.
    pub question: String,
    /// Counts the marks on this answer, from 1.
    pub number: i32,
    /// What the answer is worth.
    pub mark: Mark,
    /// What the applicant should know of it.
    pub caveat: Option<String>,
}

/// Where the sift of one bid stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SiftResult {
    /// The marks that count, in the form's order.
    pub marks: Vec<Marked>,
    /// How many answers are sifted.
    pub answers: usize,
    /// Whether every answer that is sifted has a mark.
    pub complete: bool,
    /// What the round's rule suggests, once the marks are complete.
    pub suggested: Option<Suggestion>,
    /// The words for the applicant that follow from the marks.
    pub feedback: String,
}

impl SiftResult {
    /// The result of marks under a form and a rule, on a bid that has answered these questions.
    pub fn of(mut marks: Vec<Marked>, form: &Form, rule: &SiftRule, answered: &BTreeSet<String>) -> Self {
        let order = |id: &str| sifted(form, answered).position(|question| question.id == id);
        marks.retain(|marked| order(&marked.question).is_some());
        marks.sort_by_key(|marked| order(&marked.question));
        let answers = sifted(form, answered).count();
        let complete = marks.len() == answers;
        let suggested = complete.then(|| suggest(rule, &marks));
        Self { answers, complete, suggested, feedback: feedback_from(&marks, form), marks }
    }

    /// How many answers have this mark.
    pub fn count(&self, mark: Mark) -> usize {
        count(&self.marks, mark)
    }
}

fn count(marks: &[Marked], wanted: Mark) -> usize {
    marks.iter().filter(|marked| marked.mark == wanted).count()
}

/// The questions whose answers are sifted, in order. One that may be left open and was gives nothing to mark.
pub fn sifted<'a>(form: &'a Form, answered: &'a BTreeSet<String>) -> impl Iterator<Item = &'a Question> {
    let questions = form.questions().map(|(_, question)| question);
    questions.filter(|question| question.sifted && (question.required || answered.contains(&question.id)))
}

/// What the round's rule makes of the marks.
fn suggest(rule: &SiftRule, marks: &[Marked]) -> Suggestion {
    let within = |mark: Mark, most: u32| u32::try_from(count(marks, mark)).is_ok_and(|found| found <= most);
    if within(Mark::Fail, rule.most_fails) && within(Mark::PassWithCaveats, rule.most_caveats) {
        Suggestion::Invite
    } else {
        Suggestion::NotInvite
    }
}

/// The feedback that follows from the marks: what did not pass and why, what passed with something to deal with, and
/// what passed. Empty while nothing is marked.
fn feedback_from(marks: &[Marked], form: &Form) -> String {
    let parts = [
        points(marks, form, Mark::Fail, "These answers did not meet what the round asks for:"),
        points(marks, form, Mark::PassWithCaveats, "These answers passed, with something to deal with:"),
        passed(marks, form),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn points(marks: &[Marked], form: &Form, wanted: Mark, opening: &str) -> Option<String> {
    let lines: Vec<String> = titled(marks, form, wanted)
        .map(|(title, marked)| format!("* {title}: {}", marked.caveat.as_deref().unwrap_or_default()))
        .collect();
    (!lines.is_empty()).then(|| format!("{opening}\n\n{}", lines.join("\n")))
}

fn passed(marks: &[Marked], form: &Form) -> Option<String> {
    let lines: Vec<String> = titled(marks, form, Mark::Pass).map(|(title, _)| format!("* {title}")).collect();
    (!lines.is_empty()).then(|| format!("These answers passed:\n\n{}", lines.join("\n")))
}

fn titled<'a>(marks: &'a [Marked], form: &'a Form, wanted: Mark) -> impl Iterator<Item = (&'a str, &'a Marked)> {
    marks
        .iter()
        .filter(move |marked| marked.mark == wanted)
        .filter_map(|marked| Some((form.question(&marked.question)?.title.as_str(), marked)))
}

/// The longest caveat, in words.
pub const MOST_CAVEAT_WORDS: usize = 200;

/// What is wrong with marks that come in for a bid that has answered these questions, in the order in which they came.
pub fn mark_faults(marks: &[NewMark], form: &Form, answered: &BTreeSet<String>) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    if marks.is_empty() {
        faults.push(Fault::new("marks", "missing", "Mark at least one answer."));
    }
    for (index, new) in marks.iter().enumerate() {
        let at = format!("marks/{index}");
        if !sifted(form, answered).any(|question| question.id == new.question) {
            let message = "Name a question that is sifted and that the expression of interest has answered.";
            faults.push(Fault::new(format!("{at}/question"), "unknown_question", message));
        } else if !seen.insert(&new.question) {
            faults.push(Fault::new(format!("{at}/question"), "repeated", "Mark each answer once."));
        }
        faults.extend(new.caveat_fault().map(|(code, text)| Fault::new(format!("{at}/caveat"), code, text)));
    }
    faults
}

impl NewMark {
    /// The caveat without blanks around it, if it says anything.
    pub fn words(&self) -> Option<&str> {
        self.caveat.as_deref().map(str::trim).filter(|words| !words.is_empty())
    }

    fn caveat_fault(&self) -> Option<(&'static str, String)> {
        match (self.mark, self.words()) {
            (Mark::Pass, Some(_)) => {
                Some(("not_wanted", "Choose ‘Pass with caveats’, or leave out what the applicant should know.".into()))
            }
            (Mark::PassWithCaveats | Mark::Fail, None) => {
                Some(("missing", "Say what the applicant should know of this answer.".into()))
            }
            (_, Some(words)) if count_words(words) > MOST_CAVEAT_WORDS => {
                let found = count_words(words);
                Some(("too_long", format!("Use {MOST_CAVEAT_WORDS} words or fewer, you have {found}.")))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funds::form::{Kind, Section};

    fn form() -> Form {
        let question = |id: &str, title: &str, sifted, required| Question {
            id: id.into(),
            title: title.into(),
            hint: String::new(),
            answer: Kind::LongText { most_words: 100 },
            required,
            sifted,
            public: true,
            profile: None,
        };
        let questions = vec![
            question("problem", "The problem", true, true),
            question("users", "Who it is for", true, true),
            question("evidence", "What you found out", true, false),
            question("contact", "Whom to call", false, true),
        ];
        Form { sections: vec![Section { id: "bid".into(), title: "Your bid".into(), questions }] }
    }

    fn marked(question: &str, mark: Mark, caveat: Option<&str>) -> Marked {
        Marked { question: question.into(), number: 1, mark, caveat: caveat.map(Into::into) }
    }

    fn new(question: &str, mark: Mark, caveat: &str) -> NewMark {
        NewMark { question: question.into(), mark, caveat: Some(caveat.into()) }
    }

    #[test]
    fn a_bid_is_suggested_for_invitation_until_one_mark_exceeds_what_the_rule_allows() {
        let rule = SiftRule { most_fails: 0, most_caveats: 1 };
        let caveat = || marked("problem", Mark::PassWithCaveats, Some("Say who."));
        assert_eq!(suggest(&rule, &[caveat()]), Suggestion::Invite);
        assert_eq!(suggest(&rule, &[caveat(), caveat()]), Suggestion::NotInvite);
        assert_eq!(suggest(&rule, &[marked("users", Mark::Fail, Some("Nobody."))]), Suggestion::NotInvite);
    }

    fn answered(questions: &[&str]) -> BTreeSet<String> {
        questions.iter().map(|question| (*question).to_owned()).collect()
    }

    #[test]
    fn nothing_is_suggested_before_every_sifted_answer_is_marked() {
        let rule = SiftRule { most_fails: 0, most_caveats: 0 };
        let answers = answered(&["problem", "users", "contact"]);
        let half = SiftResult::of(vec![marked("users", Mark::Pass, None)], &form(), &rule, &answers);
        assert_eq!((half.complete, half.suggested), (false, None));
        let both = vec![marked("users", Mark::Pass, None), marked("problem", Mark::Pass, None)];
        let whole = SiftResult::of(both, &form(), &rule, &answers);
        assert_eq!((whole.complete, whole.suggested), (true, Some(Suggestion::Invite)));
        assert_eq!(whole.marks[0].question, "problem", "marks stand in the form's order");
    }

    #[test]
    fn a_question_that_may_be_left_open_is_sifted_once_it_is_answered() {
        let rule = SiftRule { most_fails: 0, most_caveats: 0 };
        let of = |marks: &[Marked], answers: &[&str]| {
            let result = SiftResult::of(marks.to_vec(), &form(), &rule, &answered(answers));
            (result.answers, result.suggested)
        };
        let [problem, users] = ["problem", "users"].map(|question| marked(question, Mark::Pass, None));
        let evidence = marked("evidence", Mark::Fail, Some("Ask users."));
        let without = [problem.clone(), users.clone()];
        assert_eq!(of(&without, &["problem", "users"]), (2, Some(Suggestion::Invite)));
        assert_eq!(of(&without, &["problem", "users", "evidence"]), (3, None));
        let with = [problem, users, evidence];
        assert_eq!(of(&with, &["problem", "users", "evidence"]), (3, Some(Suggestion::NotInvite)));
    }

    #[test]
    fn feedback_says_what_failed_and_why_then_what_to_deal_with_then_what_passed() {
        let marks = [
            marked("problem", Mark::PassWithCaveats, Some("Show how many residents it concerns.")),
            marked("users", Mark::Fail, Some("Talk to users first.")),
        ];
        assert_eq!(
            feedback_from(&marks, &form()),
            "These answers did not meet what the round asks for:\n\n* Who it is for: Talk to users first.\n\n\
             These answers passed, with something to deal with:\n\n* The problem: Show how many residents it concerns."
        );
        let passed = [marked("problem", Mark::Pass, None)];
        assert_eq!(feedback_from(&passed, &form()), "These answers passed:\n\n* The problem");
        assert_eq!(feedback_from(&[], &form()), "");
    }

    #[test]
    fn marks_are_refused_with_the_place_and_the_reason() {
        let long = "word ".repeat(MOST_CAVEAT_WORDS + 1);
        let answers = answered(&["problem", "users", "contact"]);
        let cases = [
            (vec![], "marks", "missing"),
            (vec![new("nonsense", Mark::Fail, "No.")], "marks/0/question", "unknown_question"),
            (vec![new("contact", Mark::Fail, "No.")], "marks/0/question", "unknown_question"),
            (vec![new("evidence", Mark::Fail, "No.")], "marks/0/question", "unknown_question"),
            (vec![new("users", Mark::Fail, "  ")], "marks/0/caveat", "missing"),
            (vec![new("users", Mark::PassWithCaveats, "")], "marks/0/caveat", "missing"),
            (vec![new("users", Mark::Pass, "Well done.")], "marks/0/caveat", "not_wanted"),
            (vec![new("users", Mark::Fail, &long)], "marks/0/caveat", "too_long"),
            (vec![new("users", Mark::Pass, ""), new("users", Mark::Pass, "")], "marks/1/question", "repeated"),
        ];
        for (marks, field, code) in cases {
            let faults = mark_faults(&marks, &form(), &answers);
            assert_eq!(faults.len(), 1, "{marks:?}");
            assert_eq!((faults[0].field.as_str(), faults[0].code.as_ref()), (field, code));
        }
        assert!(mark_faults(&[new("users", Mark::Pass, " ")], &form(), &answers).is_empty());
    }
}
