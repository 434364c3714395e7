//! Published rounds as opportunities of CommonGrants 0.4 (<https://commongrants.org>).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rounds::OpenRound;
use crate::{
    clock::Moment,
    error::{AppError, Result},
    funds::model::{Milestone, Status},
    http::problem::{FieldProblem, Problem},
    ids::{Id, RoundKey},
    money::Pence,
};

/// How many items a page has when nobody says.
const USUAL_PAGE: i32 = 100;
/// How many items a page has at most, whatever is asked.
const LARGEST_PAGE: i32 = 1_000;

/// An opportunity.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opportunity {
    id: Id<RoundKey>,
    title: String,
    status: OppStatus,
    description: String,
    funding: Funding,
    key_dates: Timeline,
    accepted_applicant_types: Vec<ApplicantType>,
    source: String,
    custom_fields: BTreeMap<&'static str, CustomField>,
    created_at: Moment,
    last_modified_at: Moment,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct OppStatus {
    value: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_value: Option<&'static str>,
    description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct Funding {
    total_amount_available: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_award_amount: Option<Money>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct Money {
    amount: String,
    currency: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct Timeline {
    #[serde(skip_serializing_if = "Option::is_none")]
    post_date: Option<SingleDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    close_date: Option<SingleDate>,
    other_dates: BTreeMap<&'static str, SingleDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct SingleDate {
    name: &'static str,
    event_type: &'static str,
    date: String,
    time: String,
    description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct ApplicantType {
    value: &'static str,
    custom_value: &'static str,
    description: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct CustomField {
    name: &'static str,
    field_type: &'static str,
    value: String,
    description: &'static str,
}

impl Opportunity {
    /// The round as an opportunity.
    pub fn of(round: &OpenRound, base_url: &str) -> Self {
        let funder =
            CustomField { name: "funder", field_type: "string", value: round.funder.clone(), description: "Who pays" };
        let councils = ApplicantType {
            value: "custom",
            custom_value: "uk_local_authority",
            description: "Councils, several of which bid together",
        };
        Self {
            id: round.id,
            title: round.title.clone(),
            status: status(round),
            description: round.summary.clone(),
            funding: Funding { total_amount_available: money(round.budget), max_award_amount: round.most.map(money) },
            key_dates: timeline(round),
            accepted_applicant_types: vec![councils],
            source: format!("{base_url}/rounds/{}", round.slug),
            custom_fields: BTreeMap::from([("funder", funder)]),
            created_at: round.created_at,
            last_modified_at: round.changed_at,
        }
    }
}

/// The standard has no word for a round that was called off.
fn status(round: &OpenRound) -> OppStatus {
    let (value, custom_value) = match round.status {
        Status::Draft | Status::Forthcoming => ("forecasted", None),
        Status::EoiOpen | Status::FullOpen => ("open", None),
        Status::EoiSift | Status::Assessment | Status::Interviews | Status::Announced | Status::Ended => {
            ("closed", None)
        }
        Status::Cancelled => ("custom", Some("cancelled")),
    };
    let words = round.cancelled.as_ref().map(|(_, words)| words.clone());
    OppStatus { value, custom_value, description: words.unwrap_or_else(|| round.status.title().into()) }
}

fn money(amount: Pence) -> Money {
    Money { amount: format!("{}.{:02}", amount.0 / 100, amount.0.unsigned_abs() % 100), currency: "GBP" }
}

fn timeline(round: &OpenRound) -> Timeline {
    let date = |milestone: Milestone| round.at(milestone).map(|at| single(milestone.title(), at));
    let other = [
        ("eoiOutcome", Milestone::EoiOutcome),
        ("fullOpens", Milestone::FullOpens),
        ("fullCloses", Milestone::FullCloses),
        ("interviewInvitations", Milestone::InterviewInvitations),
        ("interviewsOpen", Milestone::InterviewsOpen),
        ("interviewsClose", Milestone::InterviewsClose),
        ("announcement", Milestone::Announcement),
        ("deliveryEnds", Milestone::DeliveryEnds),
    ];
    Timeline {
        post_date: round.opens().map(|at| single("Opens", at)),
        close_date: round.closes().map(|at| single("Closes", at)),
        other_dates: other.into_iter().filter_map(|(key, milestone)| Some((key, date(milestone)?))).collect(),
    }
}

/// A date and time as clocks in London show it, which is where the councils are.
fn single(name: &'static str, at: Moment) -> SingleDate {
    SingleDate {
        name,
        event_type: "singleDate",
        date: at.london_date().to_string(),
        time: at.london_time().to_string(),
        description: at.in_words(),
    }
}

/// Which page is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub struct Paging {
    /// The page, from 1.
    #[param(minimum = 1)]
    #[schema(minimum = 1)]
    pub page: Option<i32>,
    /// How many items it has; a page has at most 1,000.
    #[param(minimum = 1)]
    #[schema(minimum = 1)]
    pub page_size: Option<i32>,
}

impl Paging {
    /// The page's number and how many items it has.
    fn checked(self) -> Result<(i32, i32)> {
        let positive = |field: &str, asked: Option<i32>, usual: i32| match asked.unwrap_or(usual) {
            number if number >= 1 => Ok(number),
            _ => Err(AppError::invalid(field, "out_of_range", format!("Ask for a {field} of 1 or more."))),
        };
        let size = positive("pageSize", self.page_size, USUAL_PAGE)?;
        Ok((positive("page", self.page, 1)?, size.min(LARGEST_PAGE)))
    }
}

/// What a search asks for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Search {
    /// Words in title or description.
    pub search: Option<String>,
    /// Conditions that all must hold; of the standard's filters, `status` is applied.
    pub filters: Option<Filters>,
    /// The order.
    pub sorting: Option<Sorting>,
    /// Which page.
    pub pagination: Option<Paging>,
}

/// The filters of a search, given back as they were sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Filters {
    /// `status.value` is, or is not, one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusFilter>,
    /// Filters that are not applied.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub others: BTreeMap<String, serde_json::Value>,
}

/// A filter over words.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StatusFilter {
    /// `in` or `notIn`.
    pub operator: ArrayOperator,
    /// The words.
    pub value: Vec<String>,
}

/// How a list of words is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ArrayOperator {
    /// One of them.
    In,
    /// None of them.
    NotIn,
}

/// The order of a search's results.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sorting {
    /// `title`, `createdAt` or `lastModifiedAt`; anything else falls back to `lastModifiedAt` and is told.
    pub sort_by: String,
    /// `asc` or `desc`.
    #[serde(default)]
    pub sort_order: Option<SortOrder>,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SortOrder {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

/// A page of opportunities.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opportunities {
    status: u16,
    message: &'static str,
    items: Vec<Opportunity>,
    pagination_info: PaginationInfo,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort_info: Option<SortInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_info: Option<FilterInfo>,
}

#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct PaginationInfo {
    page: i32,
    page_size: i32,
    total_items: usize,
    total_pages: usize,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct SortInfo {
    sort_by: &'static str,
    sort_order: SortOrder,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct FilterInfo {
    filters: Filters,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
}

/// One opportunity.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OneOpportunity {
    status: u16,
    message: &'static str,
    data: Opportunity,
}

impl OneOpportunity {
    /// The answer with this opportunity.
    pub const fn of(data: Opportunity) -> Self {
        Self { status: 200, message: "Success", data }
    }
}

/// A problem in the standard's form.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Failure {
    status: u16,
    message: String,
    errors: Vec<FieldProblem>,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { status: problem.status, message: problem.detail, errors: problem.errors }
    }
}

/// A page of all opportunities, last modified first.
///
/// # Errors
/// `Invalid` for a page that there cannot be.
pub fn list(mut all: Vec<Opportunity>, paging: Paging) -> Result<Opportunities> {
    sort(&mut all, "lastModifiedAt", SortOrder::Desc);
    page(all, paging)
}

/// A page of the opportunities that a search finds.
///
/// # Errors
/// `Invalid` for a page that there cannot be.
pub fn search(mut all: Vec<Opportunity>, search: Search) -> Result<Opportunities> {
    let filters = search.filters.unwrap_or_default();
    let words = search.search.unwrap_or_default().to_lowercase();
    all.retain(|opportunity| contains(opportunity, &words) && passes(opportunity, &filters));
    let (sort_by, errors) = known_order(search.sorting.as_ref());
    let sort_order = search.sorting.and_then(|sorting| sorting.sort_order).unwrap_or(SortOrder::Desc);
    sort(&mut all, sort_by, sort_order);
    let unused = filters.others.keys().map(|name| format!("The filter {name} is not supported and was ignored."));
    let filter_errors = unused.collect();
    Ok(Opportunities {
        sort_info: Some(SortInfo { sort_by, sort_order, errors }),
        filter_info: Some(FilterInfo { filters, errors: filter_errors }),
        ..page(all, search.pagination.unwrap_or_default())?
    })
}

fn contains(opportunity: &Opportunity, words: &str) -> bool {
    [&opportunity.title, &opportunity.description].iter().any(|text| text.to_lowercase().contains(words))
}

fn passes(opportunity: &Opportunity, filters: &Filters) -> bool {
    let Some(filter) = &filters.status else { return true };
    let listed = filter.value.iter().any(|value| value == opportunity.status.value);
    listed == (filter.operator == ArrayOperator::In)
}

fn known_order(sorting: Option<&Sorting>) -> (&'static str, Vec<String>) {
    match sorting.map(|sorting| sorting.sort_by.as_str()) {
        Some("title") => ("title", Vec::new()),
        Some("createdAt") => ("createdAt", Vec::new()),
        Some("lastModifiedAt") | None => ("lastModifiedAt", Vec::new()),
        Some(other) => {
            let error = format!("Sorting by {other} is not supported; sorted by lastModifiedAt.");
            ("lastModifiedAt", vec![error])
        }
    }
}

fn sort(all: &mut [Opportunity], by: &str, order: SortOrder) {
    match by {
        "title" => all.sort_by(|one, other| (&one.title, one.id).cmp(&(&other.title, other.id))),
        "createdAt" => all.sort_by_key(|opportunity| (opportunity.created_at, opportunity.id)),
        _ => all.sort_by_key(|opportunity| (opportunity.last_modified_at, opportunity.id)),
    }
    if order == SortOrder::Desc {
        all.reverse();
    }
}

fn page(all: Vec<Opportunity>, paging: Paging) -> Result<Opportunities> {
    let (number, size) = paging.checked()?;
    let total_items = all.len();
    let [before, taken] = [number - 1, size].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    let (skipped, total_pages) = (before.saturating_mul(taken), total_items.div_ceil(taken));
    Ok(Opportunities {
        status: 200,
        message: "Success",
        items: all.into_iter().skip(skipped).take(taken).collect(),
        pagination_info: PaginationInfo { page: number, page_size: size, total_items, total_pages },
        sort_info: None,
        filter_info: None,
    })
}
