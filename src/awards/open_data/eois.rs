//! Expressions of interest as CSV: one row per bid, one column per published question.

use super::csv;
use crate::{
    awards::public::{EoiList, PublicBid, PublicPartner},
    bids::partner::PartnerKind,
    error::Result,
    money::Pence,
};

const COLUMNS: [&str; 13] = [
    "Reference",
    "Title",
    "Lead authority",
    "Lead authority org-id",
    "Lead authority ONS code",
    "Partners",
    "Delivery partners",
    "Supporters",
    "Phase",
    "Asked for (£)",
    "Submitted",
    "Outcome",
    "Illustrative",
];

/// The list as CSV.
///
/// # Errors
/// Never but for a fault of ours.
pub fn csv(list: &EoiList) -> Result<Vec<u8>> {
    let questions = questions(list);
    let head: Vec<&str> = COLUMNS.into_iter().chain(questions.iter().map(|(_, title)| title.as_str())).collect();
    csv::write(&head, list.bids.iter().map(|bid| row(bid, &questions)))
}

/// The questions that somebody answered, in the order in which they first come.
fn questions(list: &EoiList) -> Vec<(String, String)> {
    let mut questions: Vec<(String, String)> = Vec::new();
    for answer in list.bids.iter().flat_map(|bid| &bid.answers) {
        if !questions.iter().any(|(id, _)| *id == answer.question) {
            questions.push((answer.question.clone(), csv::text(&answer.title)));
        }
    }
    questions
}

fn row(bid: &PublicBid, questions: &[(String, String)]) -> Vec<String> {
    let lead = &bid.lead;
    let fixed = [
        csv::text(&bid.reference),
        csv::text(&bid.title),
        csv::text(&lead.name),
        csv::text(lead.org_id.as_deref().unwrap_or_default()),
        csv::text(lead.ons_code.as_deref().unwrap_or_default()),
        csv::partners(&bid.partners, PublicPartner::TAKING_PART),
        csv::partners(&bid.partners, &[PartnerKind::DeliveryPartner]),
        csv::partners(&bid.partners, &[PartnerKind::Supporter]),
        csv::text(bid.phase.as_deref().unwrap_or_default()),
        bid.asked_pence.map(in_pounds).unwrap_or_default(),
        bid.submitted_at.to_string(),
        csv::text(bid.outcome().map(|outcome| outcome.label.as_str()).unwrap_or_default()),
        if bid.illustrative { "Yes".to_owned() } else { "No".to_owned() },
    ];
    let answered = |(id, _): &(String, String)| {
        let answer = bid.answers.iter().find(|answer| answer.question == *id);
        answer.map(|answer| csv::text(&answer.answer)).unwrap_or_default()
    };
    fixed.into_iter().chain(questions.iter().map(answered)).collect()
}

/// Pounds and pence with a point and nothing else, as spreadsheets read numbers.
fn in_pounds(amount: Pence) -> String {
    format!("{}.{:02}", amount.0 / 100, amount.0.unsigned_abs() % 100)
}
