//! What stands beside a bid where it is scored, as parts of its paper: what the fund asked its councils, and what the fund team said
//! to those who read it. It is what the same reader finds on the pages of the bid, no more and no less.

use crate::{
    assessment::queries::{
        model::{QueryStep, QueryStepKind, ReaderQuery, Said},
        service::read_by,
    },
    bids::{
        clarifications::{
            self,
            model::{ClarificationState, ClarificationView},
        },
        paper::Paper,
        reading::{Card, Row},
    },
    clock::Moment,
    db::Conn,
    error::Result,
    http::Scene,
    identity::policy::Granted,
    ids::BidKey,
};

/// The paper with what stands beside the bid for this reader now.
///
/// # Errors
/// When the database fails.
pub(super) fn with_beside(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, paper: Paper) -> Result<Paper> {
    let asked = clarifications::service::beside(conn, scene, bid)?;
    let queries = read_by(conn, scene, bid)?;
    let asked: Vec<Row> = asked.into_iter().flat_map(clarified).collect();
    let queries: Vec<Row> = queries.into_iter().flat_map(queried).collect();
    let asked = card("What the fund asked, beside the application", asked);
    Ok(paper.with(asked).with(card("Flags and questions to the fund team, beside the application", queries)))
}

fn card(title: &str, rows: Vec<Row>) -> Option<Card> {
    (!rows.is_empty()).then(|| Card { title: title.into(), rows })
}

fn row(key: String, value: String) -> Row {
    Row { field: String::new(), key, value, change: String::new() }
}

fn at(words: &str, instant: Option<Moment>) -> String {
    instant.map_or_else(|| words.to_owned(), |instant| format!("{words}, at {}", instant.in_words()))
}

/// A question of the fund to the bid's councils, and how it stands.
fn clarified(asked: ClarificationView) -> [Row; 2] {
    let standing = match asked.state {
        ClarificationState::Answered => {
            row(at("The councils’ answer", asked.answered_at), asked.answer.unwrap_or_default())
        }
        ClarificationState::TakenBack => {
            let because = asked.taken_back_because.unwrap_or_default();
            row(at("The fund took the question back", asked.taken_back_at), because)
        }
        ClarificationState::Over => {
            let words = format!("It could be answered until {}, and was not.", asked.until.in_words());
            row("The councils’ answer".into(), words)
        }
        ClarificationState::NotNeeded => {
            row("The councils’ answer".into(), "It was not answered, and no answer is needed any more.".into())
        }
        ClarificationState::Open => {
            let words = format!("None yet. It can be answered until {}.", asked.until.in_words());
            row("The councils’ answer".into(), words)
        }
    };
    [row(at(&format!("Question {} from the fund", asked.number), Some(asked.asked_at)), asked.question), standing]
}

/// A flag or question to the fund team with what followed, as far as this reader may read it.
fn queried(query: ReaderQuery) -> Vec<Row> {
    let whose = if query.mine { "You" } else { "Another reader" };
    let first = row(at(&format!("{whose}: {}", query.kind.title()), Some(query.at)), query.words);
    std::iter::once(first).chain(query.steps.into_iter().map(followed)).collect()
}

fn followed(step: QueryStep) -> Row {
    let what = match (step.step, step.to) {
        (QueryStepKind::Answered, Said::Readers) => "Answer of the fund team to all who read this bid",
        (QueryStepKind::Answered, Said::Asker) => "Answer of the fund team to you",
        (QueryStepKind::FollowedUp, _) => "Followed up",
        (QueryStepKind::Closed, _) => "Closed by the fund team",
    };
    row(at(what, Some(step.at)), step.words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn a_question_to_the_councils_says_how_it_stands_and_no_draft_of_an_answer() {
        let asked = |state| ClarificationView {
            id: Id::of(uuid::Uuid::nil()),
            number: 2,
            question: "How many wait?".into(),
            asked_at: Moment::from_micros(0),
            until: Moment::from_micros(0),
            state,
            answer: (state == ClarificationState::Answered).then(|| "Four hundred.".into()),
            answered_at: None,
            draft: Some("Draft".into()),
            taken_back_at: None,
            taken_back_because: Some("It stands in the plan.".into()),
            version: 1,
        };
        let said = |state| {
            let [question, standing] = clarified(asked(state));
            assert!(question.key.starts_with("Question 2 from the fund, at ") && question.value == "How many wait?");
            standing.value
        };
        assert_eq!(said(ClarificationState::Answered), "Four hundred.");
        assert_eq!(said(ClarificationState::TakenBack), "It stands in the plan.");
        assert!(said(ClarificationState::Over).ends_with("and was not."));
        assert!(said(ClarificationState::Open).starts_with("None yet."));
        assert!(said(ClarificationState::NotNeeded).contains("no answer is needed"));
        assert_eq!(card("Nothing", Vec::new()), None);
    }
}
