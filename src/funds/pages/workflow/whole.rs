//! What a working copy says of itself, and the whole of it as text for those who prefer that.

use actix_web::{http::StatusCode, web::Path};
use serde::Serialize;

use super::{
    Answer, Editing, Head, Stands, editing, path_of,
    picks::{Pick, Tick, all_milestones, picks, states, ticks},
    said, with_faults,
};
use crate::{
    error::AppError,
    funds::service::{self, WorkflowDesk},
    web::{Form, Page, Posted, Visit},
    workflow::{Definition, MAX_BYTES, diff::diff},
};

/// Title, start and milestones.
#[derive(Debug, Serialize)]
pub struct AboutPage {
    /// What stands above.
    pub head: Head,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where bids begin.
    pub start: Vec<Pick>,
    /// The milestones that it uses.
    pub milestones: Vec<Tick>,
    /// What somebody else saved meanwhile.
    pub stands: Option<Stands>,
}

impl Page for AboutPage {
    const TEMPLATE: &'static str = "rounds/workflow/about.html";
}

impl AboutPage {
    fn of(head: &Head, definition: &Definition) -> Self {
        Self {
            head: head.clone(),
            id: definition.id.clone(),
            title: definition.title.clone(),
            start: picks("Choose", states(definition), &definition.start),
            milestones: ticks(all_milestones(), &definition.milestones),
            stands: None,
        }
    }
}

/// Shows them.
pub async fn ask_about(visit: Visit, slug: Path<String>) -> Answer {
    let Editing { head, copy, definition } = editing(&visit, &slug).await?;
    let field = |pointer: &str| {
        let field = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        ["id", "title", "start", "milestones"].into_iter().find(|known| *known == field)
    };
    let faults = copy.faults.iter().filter_map(|fault| Some((field(&fault.pointer)?.to_owned(), said(fault))));
    with_faults(&visit, StatusCode::OK, &AboutPage::of(&head, &definition), faults.collect()).await
}

/// Keeps them.
pub async fn save_about(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let now = editing(&visit, &slug).await?;
    let sent = form.0;
    let written = about(&sent, &now.definition);
    let changed = sent.clone();
    let change = move |definition: &mut Definition| {
        *definition = about(&changed, definition);
        Ok(())
    };
    match service::edit_draft(&visit.app, &visit.call, slug.clone(), sent.version(), change).await {
        Ok(_) => Ok(visit.see_with_success(&path_of(&slug, ""), "It is saved.")),
        Err(AppError::Stale { .. }) => {
            let mut page = AboutPage::of(&now.head, &written);
            page.stands = Some(Stands::of(&now.copy, &diff(&now.definition, &written).whole));
            let message = "Somebody else changed the working copy. Look at both, then save yours again.";
            with_faults(&visit, StatusCode::PRECONDITION_FAILED, &page, vec![("title".into(), message.into())]).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The definition with what the form says of it as a whole; milestones stay in their order.
fn about(form: &Form, definition: &Definition) -> Definition {
    let chosen = form.all("milestones");
    let known = all_milestones().map(|(word, _)| word.to_owned()).filter(|word| chosen.contains(word));
    let others = chosen.iter().filter(|word| all_milestones().all(|(known, _)| known != *word)).cloned();
    Definition {
        id: form.text("id"),
        title: form.text("title"),
        start: form.text("start"),
        milestones: known.chain(others).collect(),
        ..definition.clone()
    }
}

/// The whole as text.
#[derive(Debug, Serialize)]
pub struct TextPage {
    /// What stands above.
    pub head: Head,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// What is in the field.
    pub text: String,
    /// What somebody else saved meanwhile.
    pub stands: Option<Stands>,
}

impl Page for TextPage {
    const TEMPLATE: &'static str = "rounds/workflow/text.html";
}

/// Shows it. What cannot be read is explained; what is read and unsound is told part by part elsewhere.
pub async fn ask_text(visit: Visit, slug: Path<String>) -> Answer {
    let desk = service::workflow_desk(&visit.app, &visit.call, slug.into_inner()).await?;
    let copy = desk.copy.as_ref().ok_or(AppError::NotFound)?;
    let unreadable = if desk.definition.is_none() { copy.faults.as_slice() } else { &[] };
    let faults = unreadable.iter().map(|fault| ("text".to_owned(), placed(fault))).collect();
    with_faults(&visit, StatusCode::OK, &text_page(&desk, copy.text.clone()), faults).await
}

fn placed(fault: &crate::workflow::Fault) -> String {
    if fault.pointer.is_empty() { said(fault) } else { format!("{}: {}", fault.pointer, said(fault)) }
}

fn text_page(desk: &WorkflowDesk, text: String) -> TextPage {
    TextPage { head: Head::of(desk), may_edit: desk.may_edit, text, stands: None }
}

/// Keeps it, whatever it says.
pub async fn save_text(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let text = form.0.text("text");
    let sent = text.clone().into_bytes();
    match service::save_draft(&visit.app, &visit.call, slug.clone(), form.0.version(), sent).await {
        Ok(copy) => {
            let told =
                if copy.sound { "It is saved, and sound." } else { "It is saved. It cannot be put into force yet." };
            Ok(visit.see_with_success(&path_of(&slug, ""), told))
        }
        Err(AppError::TooLarge { .. }) => {
            let desk = service::workflow_desk(&visit.app, &visit.call, slug.into_inner()).await?;
            let told = format!("Shorten it: it has {} bytes, and at most {MAX_BYTES} are kept.", text.len());
            with_faults(&visit, StatusCode::PAYLOAD_TOO_LARGE, &text_page(&desk, text), vec![("text".into(), told)])
                .await
        }
        Err(AppError::Stale { .. }) => stale(&visit, slug.into_inner(), text).await,
        Err(other) => Err(other.into()),
    }
}

async fn stale(visit: &Visit, slug: String, text: String) -> Answer {
    let desk = service::workflow_desk(&visit.app, &visit.call, slug).await?;
    let mut page = text_page(&desk, text);
    if let Some(copy) = &desk.copy {
        let both = desk.definition.as_ref().zip(Definition::from_json(&page.text).ok());
        let mut stands = Stands::of(copy, &[]);
        stands.now = match both {
            Some((theirs, yours)) => diff(theirs, &yours).in_words(),
            None => vec!["One of the two cannot be read, so that they cannot be compared.".to_owned()],
        };
        page.stands = Some(stands);
    }
    let message = "Somebody else changed the working copy. Look at what yours would change, then save it again.";
    with_faults(visit, StatusCode::PRECONDITION_FAILED, &page, vec![("text".into(), message.into())]).await
}
