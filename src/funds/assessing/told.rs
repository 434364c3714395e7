//! The rules of assessing in words, as councils and assessors read them before they bid and before they read.

use super::{AssessmentRules, DrawMethod, HALF, ModerationRules, PortfolioRule, RankedBy, Source};
use crate::{
    funds::rulebook::{Rulebook, Unaffordable, per_cent},
    money::Pence,
};

/// Of a draw that everybody is told of when it is committed to.
const TOLD_BEFORE: &str = "a commitment to the list of bids is told before the draw, salted so that nobody can try which bids are on \
                           it, and the list and its hash with the awards";
/// Of one that nobody outside is told of before the awards.
const TOLD_AFTER: &str = "the commitment to the list of bids, the list and its hash are told with the awards alone";

impl Rulebook {
    /// How bids are ranked and chosen, each as part of a sentence, in the order in which it happens.
    pub fn choosing_in_words(&self) -> Vec<String> {
        let mut words = vec![match self.least_readers {
            1 => "at least 1 assessor scores each full application".to_owned(),
            many => {
                format!("at least {many} assessors score each full application, without seeing each other’s scores")
            }
        }];
        words.extend(self.assessment.in_words());
        words.extend(self.tells_in_spite_of_anonymity().map(|words| format!("but {words}")));
        words.push(match self.unaffordable {
            Unaffordable::Stop => {
                "the money is awarded down this order, and ends at the first bid that it does not reach".into()
            }
            Unaffordable::Skip => {
                "the money is awarded down this order, and a bid that it does not reach is passed over".into()
            }
        });
        words
    }
}

impl Rulebook {
    /// What tells assessors whose bid they read although they are not told, if anything does.
    fn tells_in_spite_of_anonymity(&self) -> Option<&'static str> {
        let tells = self.assessment.anonymous && self.eoi.questions().next().is_some();
        tells.then_some(
            "expressions of interest are published with the names of their councils once they have closed, so that an assessor who \
             looks for them there learns whose bid it is",
        )
    }
}

impl AssessmentRules {
    /// What they say, each as part of a sentence; of what is as usual, only what the order of bids follows.
    pub fn in_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if !self.terms.is_empty() {
            words.push(format!("assessors agree to this before they read: “{}”", self.terms));
        }
        words.extend(
            self.hours_per_bid.map(|hours| format!("reading a bid is thought to take {}", counted(hours, "hour"))),
        );
        if self.anonymous {
            words.push("assessors read without knowing whose bid it is".into());
        }
        words.extend(self.gateway.iter().map(|check| {
            let guidance = if check.guidance.is_empty() { String::new() } else { format!(" ({})", check.guidance) };
            format!("before a bid is scored, this is checked: {}{guidance}", check.title)
        }));
        words.extend(self.moderation.in_words());
        words.extend(self.interview.iter().map(|interview| {
            let criterion =
                |criterion: &crate::funds::rulebook::Criterion| format!("{} {}", criterion.title, criterion.share());
            let criteria: Vec<String> = interview.criteria.iter().map(criterion).collect();
            format!(
                "interviews of {} with at least {} count for {} of the whole, on the scale of the reading, and are scored on: {}",
                counted(interview.minutes, "minute"),
                if interview.least_panel == 1 {
                    "1 person".into()
                } else {
                    format!("{} people", interview.least_panel)
                },
                per_cent(interview.weight),
                criteria.join(", "),
            )
        }));
        words.push(order(self.ranking.by).into());
        if self.ranking.interval != HALF || self.draw.is_some() || self.moderation.crossing {
            let interval = self.ranking.interval;
            words.push(format!("a bid is near the funding line where the {interval}% interval of its rank crosses it"));
        }
        words.extend(self.most_awards.map(most_in_words));
        words.extend(self.portfolio.iter().map(PortfolioRule::in_words));
        words.extend(self.draw.iter().map(|draw| {
            let method = match draw.method {
                DrawMethod::Sha256 => "the order of SHA-256",
                DrawMethod::Rfc3797 => "the method of RFC 3797",
            };
            let told = if draw.tells_before() { TOLD_BEFORE } else { TOLD_AFTER };
            format!(
                "places at the funding line can be drawn by lot, by {method} and this public value: {}; {told}",
                draw.source
            )
        }));
        if self.publish_scores {
            words.push("the scores are published without names when the awards are announced".into());
        }
        words
    }
}

/// What whoever makes the round should think of before its rules are fixed, each a sentence.
pub fn cautions(rules: &Rulebook) -> Vec<String> {
    let mut words = Vec::new();
    if rules.assessment.anonymous {
        words.push(
            "Assessors see no names of councils and people that the service knows. It changes nothing that councils write, and no \
             document: councils are told to leave names out, and are warned of those that they left in."
                .into(),
        );
    }
    if let Some(tells) = rules.tells_in_spite_of_anonymity() {
        words.push(format!(
            "Assessors are not to learn whose bid they read, but {tells}. Where anonymity matters, let the round have no expressions \
             of interest that are published before the awards."
        ));
    }
    if rules.assessment.draw.as_ref().is_some_and(|draw| !draw.tells_before()) {
        words.push(
            "Everything of a draw is told with the awards alone. Nobody outside can see then that the fund committed to it before \
             the public value was known. With \"told_before\": true in the rules of the draw everybody reads at once that there is a \
             commitment, its salted hash, how many places are drawn and by which value, and never which bids are in it; that tells \
             nobody’s outcome."
                .into(),
        );
    }
    if rules.assessment.publish_scores {
        words.push(
            "The scores are published with a number in the place of each assessor’s name. Where only a few people assess, or it is \
             known who reads which bid, a number is as good as a name: tell assessors so before they accept, or leave \
             publish_scores out."
                .into(),
        );
    }
    words
}

/// What the order of bids follows.
const fn order(by: RankedBy) -> &'static str {
    match by {
        RankedBy::ModeratedMean => {
            "bids stand in the order of their weighted mean scores, in which a score that was agreed in moderation takes the place of each assessor’s own"
        }
        RankedBy::RawMean => {
            "bids stand in the order of the weighted mean of the scores that assessors gave by themselves"
        }
        RankedBy::Calibrated => {
            "bids stand in the order of their calibrated scores, which take out how strictly each assessor scores"
        }
        RankedBy::ExpectedRank => {
            "bids stand in the order of their expected rank, the mean of the places that their scores make likely"
        }
    }
}

impl ModerationRules {
    /// What they say, each as part of a sentence.
    pub fn in_words(&self) -> Vec<String> {
        let spread = self
            .spread
            .map(|by| format!("a bid is talked over when two weighted scores differ by {} or more", points(by)));
        let criterion = self.criterion_spread.map(|by| {
            format!("a bid is talked over when two scores on one criterion differ by {} or more", points(by))
        });
        let crossing = self.crossing.then(|| "a bid is talked over when it is near the funding line".to_owned());
        spread.into_iter().chain(criterion).chain(crossing).collect()
    }
}

/// How many bids get money at most, as part of a sentence.
pub fn most_in_words(most: u32) -> String {
    format!("money goes to at most {}", counted(most, "bid"))
}

impl PortfolioRule {
    /// What it says, as part of a sentence.
    pub fn in_words(&self) -> String {
        match self {
            Self::Cap { of, is, awards, amount_pence } => {
                format!("the list has at most {} where {of} is {is}", limit(*awards, *amount_pence))
            }
            Self::Floor { of, is, awards, amount_pence } => {
                format!("the list has at least {} where {of} is {is}", limit(*awards, *amount_pence))
            }
            Self::Each { of, awards, amount_pence } => {
                format!("the list has at most {} for each {of}", limit(*awards, *amount_pence))
            }
            Self::ExclusiveBy { question } => {
                format!("the list has at most one of the bids that answer the question “{question}” alike")
            }
            Self::TogetherBy { question } => {
                format!("the list has all or none of the bids that answer the question “{question}” alike")
            }
        }
    }
}

fn limit(awards: Option<u32>, amount: Option<Pence>) -> String {
    let awards = awards.map(|awards| counted(awards, "award"));
    awards.into_iter().chain(amount.map(|amount| amount.to_string())).collect::<Vec<_>>().join(" and ")
}

fn counted(number: u32, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// Basis points of a point as people read them, such as `1.5 points`.
fn points(by: u32) -> String {
    let (whole, part) = (by / 10_000, format!("{:04}", by % 10_000));
    let part = part.trim_end_matches('0');
    match (whole, part) {
        (1, "") => "1 point".into(),
        (_, "") => format!("{whole} points"),
        _ => format!("{whole}.{part} points"),
    }
}

/// The ids that stand behind the words, for telling of a change in which the words stay the same.
pub fn ids(rules: &AssessmentRules) -> String {
    let tags = rules.tags.iter().map(|tag| format!("bids are about what they answer to “{tag}”"));
    let attributes = rules.attributes.iter().map(|attribute| {
        let from = match &attribute.from {
            Source::Phase => "the phase".to_owned(),
            Source::Lead => "the lead authority".to_owned(),
            Source::Nation => "the nation of the lead authority".to_owned(),
            Source::Kind => "the kind of the lead authority".to_owned(),
            Source::Answer(question) => format!("the answer to “{question}”"),
        };
        format!("{} is {from}", attribute.name)
    });
    let checks = rules.gateway.iter().map(|check| format!("gateway check {}", check.id));
    let all: Vec<String> = tags.chain(attributes).chain(checks).collect();
    if all.is_empty() { "nothing".into() } else { all.join(", ") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::funds::making::model::no_rules;

    #[test]
    fn how_bids_are_chosen_is_said_in_the_order_in_which_it_happens() {
        let expected = [
            "at least 2 assessors score each full application, without seeing each other’s scores",
            "bids stand in the order of their weighted mean scores, in which a score that was agreed in moderation takes the \
             place of each assessor’s own",
            "the money is awarded down this order, and ends at the first bid that it does not reach",
        ];
        assert_eq!(no_rules().choosing_in_words(), expected);
    }

    #[test]
    fn what_a_round_rules_beyond_the_usual_is_said_plainly() {
        let rules: AssessmentRules = serde_json::from_value(json!({
            "moderation": { "spread": 15_000, "criterion_spread": 20_000, "crossing": true },
            "interview": { "weight": 2_550, "criteria": [], "least_panel": 1, "minutes": 45 },
            "ranking": { "by": "expected_rank", "interval": 90 },
            "most_awards": 1,
            "portfolio": [
                { "rule": "cap", "of": "theme", "is": "housing", "awards": 2 },
                { "rule": "floor", "of": "nation", "is": "wales", "amount_pence": 5_000_000 },
                { "rule": "each", "of": "service", "awards": 1 },
                { "rule": "exclusive_by", "question": "product" },
            ],
            "draw": { "source": "Lottery of 1 May", "told_before": true },
        }))
        .expect("rules");
        let expected = [
            "a bid is talked over when two weighted scores differ by 1.5 points or more",
            "a bid is talked over when two scores on one criterion differ by 2 points or more",
            "a bid is talked over when it is near the funding line",
            "interviews of 45 minutes with at least 1 person count for 25.50% of the whole, on the scale of the reading, and are \
             scored on: ",
            "bids stand in the order of their expected rank, the mean of the places that their scores make likely",
            "a bid is near the funding line where the 90% interval of its rank crosses it",
            "money goes to at most 1 bid",
            "the list has at most 2 awards where theme is housing",
            "the list has at least £50,000 where nation is wales",
            "the list has at most 1 award for each service",
            "the list has at most one of the bids that answer the question “product” alike",
            "places at the funding line can be drawn by lot, by the order of SHA-256 and this public value: Lottery of 1 May; \
             a commitment to the list of bids is told before the draw, salted so that nobody can try which bids are on it, and the \
             list and its hash with the awards",
        ];
        assert_eq!(rules.in_words(), expected);
        let older = serde_json::from_value::<AssessmentRules>(json!({ "draw": { "source": "Lottery of 1 May" } }));
        let last = older.expect("rules").in_words().pop().expect("a rule");
        assert!(last.ends_with("the list and its hash are told with the awards alone"), "{last}");
    }
}
