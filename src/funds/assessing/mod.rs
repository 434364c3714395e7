//! How a round is assessed, ranked and chosen from, as part of its rulebook: fixed and hashed when the round is published.
//!
//! Whatever is left out is as usual, and is not written, so that a rulebook of before keeps the hash that it always had.

mod faults;
mod told;

pub(super) use faults::criteria_faults;
pub(super) use told::ids;
pub use told::{cautions, most_in_words};

use serde::{Deserialize, Serialize};

use super::rulebook::Criterion;
use crate::{money::Pence, words};

/// How bids are read, ranked and chosen from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AssessmentRules {
    /// What assessors agree to before they read; empty for nothing.
    #[serde(skip_serializing_if = "is_usual")]
    pub terms: String,
    /// How many hours the reading of one bid is thought to take.
    #[serde(skip_serializing_if = "is_usual")]
    pub hours_per_bid: Option<u32>,
    /// The questions whose answers say what a bid is about, and so which assessors know of it.
    #[serde(skip_serializing_if = "is_usual")]
    pub tags: Vec<String>,
    /// What the rules of the list tell bids apart by.
    #[serde(skip_serializing_if = "is_usual")]
    pub attributes: Vec<Attribute>,
    /// What a bid must pass before it is scored.
    #[serde(skip_serializing_if = "is_usual")]
    pub gateway: Vec<Check>,
    /// Whether assessors read without knowing whose bid it is.
    #[serde(skip_serializing_if = "is_usual")]
    pub anonymous: bool,
    /// When a bid is talked over.
    #[serde(skip_serializing_if = "is_usual")]
    pub moderation: ModerationRules,
    /// How bids are interviewed, where they are.
    #[serde(skip_serializing_if = "is_usual")]
    pub interview: Option<InterviewRules>,
    /// What the order of bids follows.
    #[serde(skip_serializing_if = "is_usual")]
    pub ranking: RankingRules,
    /// How many bids can be awarded at most.
    #[serde(skip_serializing_if = "is_usual")]
    pub most_awards: Option<u32>,
    /// Within which rules the list is chosen. The worth of a list is the sum of the figures that the order of bids follows.
    #[serde(skip_serializing_if = "is_usual")]
    pub portfolio: Vec<PortfolioRule>,
    /// How places at the funding line are drawn, where they are.
    #[serde(skip_serializing_if = "is_usual")]
    pub draw: Option<DrawRules>,
    /// Whether the scores are published, without names, when the awards are announced.
    #[serde(skip_serializing_if = "is_usual")]
    pub publish_scores: bool,
}

/// Something that bids are told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// What it is called, such as `theme`.
    pub name: String,
    /// Where a bid says it.
    pub from: Source,
}

/// Where a bid says by what it is told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttributeSource)]
pub enum Source {
    /// The phase that it bids for.
    Phase,
    /// Its lead authority, by its code.
    Lead,
    /// The nation of its lead authority.
    Nation,
    /// The kind of organisation that its lead authority is.
    Kind,
    /// The answer to the question with this id, which lets choose one of several.
    Answer(String),
}

/// What a bid must pass before it is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GatewayCheck)]
pub struct Check {
    /// Stable, e.g. `shared-need`.
    pub id: String,
    /// What must hold.
    pub title: String,
    /// What to look for.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub guidance: String,
}

/// When a bid is talked over by those who scored it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModerationRules {
    /// When the weighted scores of two assessors differ by so much, in basis points of a point.
    #[serde(skip_serializing_if = "is_usual")]
    pub spread: Option<u32>,
    /// When two scores on one criterion differ by so much, in basis points of a point.
    #[serde(skip_serializing_if = "is_usual")]
    pub criterion_spread: Option<u32>,
    /// When the interval of its rank crosses the funding line.
    #[serde(skip_serializing_if = "is_usual")]
    pub crossing: bool,
}

/// How bids are interviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InterviewRules {
    /// How much of the whole it counts, in basis points.
    pub weight: u32,
    /// What is scored there.
    pub criteria: Vec<Criterion>,
    /// How many people interview at least.
    pub least_panel: u32,
    /// How long it takes.
    pub minutes: u32,
}

words! {
    /// Which figure the order of bids follows.
    #[derive(Default)]
    pub enum RankedBy {
        /// The weighted mean, with what was agreed in moderation in the place of each assessor's own score.
        #[default]
        ModeratedMean = "moderated_mean",
        /// The weighted mean of the scores that assessors gave by themselves.
        RawMean = "raw_mean",
        /// The calibrated score, which takes out how strictly each assessor scores.
        Calibrated = "calibrated",
        /// The expected rank.
        ExpectedRank = "expected_rank",
    }
}

/// What the order of bids follows, and how sure a place is said to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RankingRules {
    /// Which figure the order follows.
    #[serde(skip_serializing_if = "is_usual")]
    pub by: RankedBy,
    /// Which interval of a bid's rank lies above, across or below the funding line: that of 50 or that of 90 per cent.
    #[serde(skip_serializing_if = "is_half")]
    pub interval: u32,
}

impl Default for RankingRules {
    fn default() -> Self {
        Self { by: RankedBy::default(), interval: HALF }
    }
}

/// The usual interval, in per cent.
const HALF: u32 = 50;

/// The intervals that a round can go by, in per cent.
const INTERVALS: [u32; 2] = [HALF, 90];

/// A rule that the list of awards keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum PortfolioRule {
    /// At most so many awards, or so much money, for bids of which the attribute is this.
    Cap {
        /// The attribute.
        of: String,
        /// What it is.
        is: String,
        /// How many awards.
        #[serde(default, skip_serializing_if = "is_usual")]
        awards: Option<u32>,
        /// How much money.
        #[serde(default, skip_serializing_if = "is_usual")]
        amount_pence: Option<Pence>,
    },
    /// At least so many awards, or so much money, for bids of which the attribute is this.
    Floor {
        /// The attribute.
        of: String,
        /// What it is.
        is: String,
        /// How many awards.
        #[serde(default, skip_serializing_if = "is_usual")]
        awards: Option<u32>,
        /// How much money.
        #[serde(default, skip_serializing_if = "is_usual")]
        amount_pence: Option<Pence>,
    },
    /// At most so many awards, or so much money, for each thing that the attribute can be.
    Each {
        /// The attribute.
        of: String,
        /// How many awards.
        #[serde(default, skip_serializing_if = "is_usual")]
        awards: Option<u32>,
        /// How much money.
        #[serde(default, skip_serializing_if = "is_usual")]
        amount_pence: Option<Pence>,
    },
    /// At most one of the bids that answer this question alike.
    ExclusiveBy {
        /// The question.
        question: String,
    },
    /// All of the bids that answer this question alike, or none of them.
    TogetherBy {
        /// The question.
        question: String,
    },
}

words! {
    /// How is drawn.
    #[derive(Default)]
    pub enum DrawMethod {
        /// By the order of SHA-256 of the public value and the reference.
        #[default]
        Sha256 = "sha256",
        /// By the method of RFC 3797.
        Rfc3797 = "rfc3797",
    }
}

/// How places at the funding line are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawRules {
    /// The method.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub method: DrawMethod,
    /// The public value that decides and that nobody can know yet when the list is committed to.
    pub source: String,
    /// Whether everybody is told at once that there is a commitment: its salted hash, the rule with the number of places, and the
    /// public value that is awaited; never the list. Otherwise all of it is told with the awards, and nobody outside can see that
    /// the commitment came first. True in a new round that does not say; rules that were written before and say nothing mean with
    /// the awards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(default = true)]
    pub told_before: Option<bool>,
}

impl DrawRules {
    /// Whether everybody is told at once that there is a commitment. Rules that say nothing of it, as those of older rounds, do not
    /// say so.
    pub fn tells_before(&self) -> bool {
        self.told_before == Some(true)
    }
}

impl AssessmentRules {
    /// Whether they leave everything as usual: then the rulebook does not name them, and keeps the hash that it always had.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The same as a round that is being prepared keeps it: a draw that it did not have `before` is told of when it is committed to,
    /// unless it says otherwise. No stored rules are read so, since what they leave out means what it meant.
    #[must_use]
    pub fn completed(mut self, before: &Self) -> Self {
        if let (Some(draw), None) = (&mut self.draw, &before.draw) {
            draw.told_before.get_or_insert(true);
        }
        self
    }

    /// The same for a copy in another round, in which nothing means something else than where it was copied from.
    #[must_use]
    pub fn copied(mut self) -> Self {
        if let Some(draw) = &mut self.draw {
            draw.told_before.get_or_insert(false);
        }
        self
    }

    /// Whether the awards are chosen within rules, so that more than the order of bids decides which are on the list.
    pub fn rules_the_list(&self) -> bool {
        self.most_awards.is_some() || !self.portfolio.is_empty()
    }
}

/// Whether a field says what it says when it is left out.
fn is_usual<T: Default + PartialEq>(said: &T) -> bool {
    *said == T::default()
}

const fn is_half(interval: &u32) -> bool {
    *interval == HALF
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::funds::{making::model::no_rules, rulebook::Rulebook};

    #[test]
    fn a_rulebook_that_leaves_assessing_as_usual_is_written_as_it_always_was_so_that_its_hash_stands() {
        let (text, hash) = no_rules().sealed().expect("JSON");
        assert!(!text.contains("assessment") && !text.contains("least\""), "{text}");
        let read: Rulebook = serde_json::from_str(&text).expect("rules");
        assert!(read.assessment.is_usual());
        assert_eq!(read.sealed().expect("JSON"), (text, hash));
    }

    #[test]
    fn a_new_draw_is_told_of_before_it_is_made_and_an_older_one_says_what_it_said() {
        let rules = |draw: serde_json::Value| -> AssessmentRules {
            serde_json::from_value(json!({ "draw": draw })).expect("rules")
        };
        let said = |rules: AssessmentRules| rules.draw.and_then(|draw| draw.told_before);
        let (none, older) = (AssessmentRules::default(), rules(json!({ "source": "Lottery" })));
        assert_eq!(said(older.clone().completed(&none)), Some(true));
        assert_eq!(said(rules(json!({ "source": "Lottery", "told_before": false })).completed(&none)), Some(false));
        assert_eq!(said(older.clone().completed(&older)), None, "what stands means what it meant");
        assert_eq!(said(older.clone().copied()), Some(false), "and so does its copy");
        assert!(older.draw.is_some_and(|draw| !draw.tells_before()));
    }

    #[test]
    fn what_is_said_of_assessing_is_written_and_nothing_else() {
        let said = json!({
            "anonymous": true,
            "moderation": { "spread": 15_000 },
            "ranking": { "interval": 90 },
            "portfolio": [{ "rule": "each", "of": "service", "awards": 1 }],
            "attributes": [{ "name": "service", "from": { "answer": "service" } }, { "name": "lead", "from": "lead" }],
            "draw": { "source": "Lottery of 1 May" },
        });
        let rules: AssessmentRules = serde_json::from_value(said.clone()).expect("rules");
        assert_eq!(serde_json::to_value(&rules).expect("JSON"), said);
        assert_eq!((rules.ranking.by, rules.ranking.interval), (RankedBy::ModeratedMean, 90));
        let unknown = serde_json::from_value::<AssessmentRules>(json!({ "ranking": { "of": "x" } }));
        assert!(unknown.is_err_and(|fault| fault.to_string().contains("unknown field")));
    }
}
