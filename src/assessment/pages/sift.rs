//! The sift: the queue with its filters in the address, and one expression of interest beside its marks.

use actix_web::web::Path;
use serde::{Deserialize, Serialize};

use super::{Answer, Choice, Shown};
use crate::{
    assessment::{
        model::{Mark, NewMark, NewMarks, Suggestion, sifted},
        service::{self, Show, SiftFilter, SiftQueue, ToSift},
    },
    bids::clarifications::model::ClarificationView,
    clock::Moment,
    error::{AppError, Fault},
    http::{PageRequest, Query, Refused},
    web::{Form, Page, Posted, Visit},
};

/// What the address says of the queue; a word that is none of ours stands for any.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Look {
    /// Which bids are shown.
    #[serde(default)]
    show: String,
    /// Only bids for which the rule suggests this.
    #[serde(default)]
    suggested: String,
    /// Where the page begins.
    cursor: Option<String>,
}

/// The queue.
#[derive(Debug, Serialize)]
pub struct QueuePage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The queue.
    pub queue: SiftQueue,
    /// Which bids can be shown.
    pub shows: Vec<Choice>,
    /// What the rule can suggest.
    pub suggestions: Vec<Choice>,
    /// Whether the list is narrowed.
    pub narrowed: bool,
    /// The filter as a query, to go on with.
    pub filter: String,
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "assessment/queue.html";
}

/// The queue.
pub async fn queue(visit: Visit, slug: Path<String>, look: Query<Look>) -> Answer {
    let slug = slug.into_inner();
    let Look { show, suggested, cursor } = look.0;
    let filter = SiftFilter { show: Show::from_word(&show), suggested: Suggestion::from_word(&suggested) };
    let request = PageRequest { cursor, limit: None };
    let queue = service::queue(&visit.app, &visit.call, slug.clone(), filter.clone(), request).await?;
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.clone()).await?;
    let page = QueuePage {
        title: round.round.title,
        queue,
        shows: show_choices(filter.show),
        suggestions: suggestion_choices(filter.suggested),
        narrowed: filter.show.is_some_and(|show| show != Show::All) || filter.suggested.is_some(),
        filter: query_of(&filter),
        slug,
    };
    visit.page(&page).await
}

fn query_of(filter: &SiftFilter) -> String {
    let show = filter.show.map_or("all", Show::word);
    filter.suggested.map_or_else(|| format!("show={show}"), |word| format!("show={show}&suggested={word}"))
}

fn show_choices(chosen: Option<Show>) -> Vec<Choice> {
    let all = [(Show::All, "All"), (Show::Unmarked, "With answers to mark"), (Show::Marked, "Marked in full")];
    let chosen = chosen.unwrap_or(Show::All);
    let choice = |(show, text): (Show, &str)| option(show.word(), text, show == chosen);
    all.into_iter().map(choice).collect()
}

fn suggestion_choices(chosen: Option<Suggestion>) -> Vec<Choice> {
    let choice = |word: &Suggestion| option(word.word(), word.title(), chosen == Some(*word));
    std::iter::once(option("any", "Any", chosen.is_none())).chain(Suggestion::ALL.iter().map(choice)).collect()
}

fn option(value: &str, text: &str, chosen: bool) -> Choice {
    Choice { value: value.into(), text: text.into(), hint: String::new(), chosen }
}

/// One expression of interest beside its marks.
#[derive(Debug, Serialize)]
pub struct SiftPage {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// What it says.
    pub shown: Shown,
    /// What the fund asked the bid's councils.
    pub clarifications: Vec<ClarificationView>,
    /// Whether they can still be marked.
    pub open: bool,
    /// When a newer version was submitted than some of the marks are about.
    pub newer_since: Option<Moment>,
    /// The answers to be marked.
    pub marks: Vec<MarkForm>,
    /// What the round's rule suggests, once all are marked.
    pub suggested: Option<&'static str>,
    /// The words for the applicant that follow from the marks that are kept.
    pub feedback: String,
}

/// The mark of one answer.
#[derive(Debug, Serialize)]
pub struct MarkForm {
    /// The question's id.
    pub id: String,
    /// The question.
    pub question: String,
    /// The marks.
    pub choices: Vec<Choice>,
    /// What the applicant should know.
    pub caveat: String,
}

impl Page for SiftPage {
    const TEMPLATE: &'static str = "assessment/sift.html";
}

impl SiftPage {
    fn of(read: ToSift, sent: Option<&Form>) -> Self {
        let form = &read.round.rulebook.eoi;
        let kept = |id: &str| read.result.marks.iter().find(|marked| marked.question == id);
        let marks = sifted(form, &read.answered).map(|question| {
            let kept = kept(&question.id);
            let (mark, caveat) = match sent {
                Some(sent) => {
                    (Mark::from_word(&sent.text(&mark_field(&question.id))), sent.text(&caveat_field(&question.id)))
                }
                None => (kept.map(|kept| kept.mark), kept.and_then(|kept| kept.caveat.clone()).unwrap_or_default()),
            };
            let choice = |word: &Mark| option(word.word(), word.title(), mark == Some(*word));
            MarkForm {
                id: question.id.clone(),
                question: question.title.clone(),
                choices: Mark::ALL.iter().map(choice).collect(),
                caveat,
            }
        });
        Self {
            open: read.open,
            newer_since: read.newer_since,
            marks: marks.collect(),
            shown: Shown::of(read.content.as_ref(), form),
            suggested: read.result.suggested.map(Suggestion::title),
            clarifications: read.clarifications,
            feedback: read.result.feedback,
            slug: read.round.round.slug,
            reference: read.bid.reference,
            title: read.bid.title,
        }
    }

    /// The marks that were chosen; an answer without one stays as it is. A pass takes no words along.
    fn new_marks(&self) -> Vec<NewMark> {
        let chosen = |form: &MarkForm| {
            let mark =
                form.choices.iter().find(|choice| choice.chosen).and_then(|choice| Mark::from_word(&choice.value))?;
            let caveat = (mark != Mark::Pass).then(|| form.caveat.clone());
            Some(NewMark { question: form.id.clone(), mark, caveat })
        };
        self.marks.iter().filter_map(chosen).collect()
    }
}

fn mark_field(question: &str) -> String {
    format!("mark-{question}")
}

fn caveat_field(question: &str) -> String {
    format!("caveat-{question}")
}

/// One expression of interest.
pub async fn sift(visit: Visit, reference: Path<String>) -> Answer {
    let read = service::to_sift(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&SiftPage::of(read, None)).await
}

/// Keeps the marks, and goes on to the next bid if that was asked for.
pub async fn mark(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let reference = reference.into_inner();
    let read = service::to_sift(&visit.app, &visit.call, reference.clone()).await?;
    let page = SiftPage::of(read, Some(&form.0));
    let marks = page.new_marks();
    let first = page.marks.first().map(|form| mark_field(&form.id)).unwrap_or_default();
    match service::mark(&visit.app, &visit.call, reference.clone(), NewMarks { marks: marks.clone() }).await {
        Ok(_) if form.0.has("next") => next_bid(&visit, page.slug).await,
        Ok(_) => Ok(visit.see_with_success(&format!("/bids/{reference}/sift"), "The marks are saved.")),
        Err(AppError::Invalid(faults)) => {
            let faults = faults.into_iter().map(|fault| on_the_page(fault, &marks, &first)).collect::<Vec<_>>();
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(Refused(other)),
    }
}

/// The service counts the marks, the page names them by question.
fn on_the_page(fault: Fault, marks: &[NewMark], first: &str) -> Fault {
    let place = fault.field.strip_prefix("marks/").and_then(|rest| rest.split_once('/'));
    let field = place.and_then(|(index, part)| {
        let question = &marks.get(index.parse::<usize>().ok()?)?.question;
        Some(if part == "caveat" { caveat_field(question) } else { mark_field(question) })
    });
    Fault { field: field.unwrap_or_else(|| first.to_owned()), ..fault }
}

async fn next_bid(visit: &Visit, slug: String) -> Answer {
    let (filter, request) = (SiftFilter::default(), PageRequest::default());
    let queue = service::queue(&visit.app, &visit.call, slug.clone(), filter, request).await?;
    Ok(match queue.up_next {
        Some(next) => visit.see(&format!("/bids/{next}/sift")),
        None => visit.see_with_success(&format!("/rounds/{slug}/sift"), "Every expression of interest is marked."),
    })
}
