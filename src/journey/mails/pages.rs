//! The pages of a round's mails: the list, the words of one with their versions, and what it looks like.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::{Deserialize, Serialize};

use super::{
    model::{MailText, PreviewBody, RoundMails, Shown},
    service,
};
use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
    http::{Query, Refused},
    mail::{Language, texts::Words},
    web::{FieldError, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The mails of a round.
#[derive(Debug, Serialize)]
pub struct MailsPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The mails.
    pub of: RoundMails,
    /// The languages: word and name.
    pub languages: Vec<(Language, &'static str)>,
}

impl Page for MailsPage {
    const TEMPLATE: &'static str = "rounds/mails.html";
}

/// The words of one mail in one language.
#[derive(Debug, Serialize)]
pub struct WordsPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The mail.
    pub mail: MailText,
    /// The name of the language.
    pub language: &'static str,
    /// The version that the form changes.
    pub version: i32,
    /// What is in the fields.
    pub written: Words,
    /// What it would look like.
    pub preview: Option<Shown>,
    /// Whether somebody else changed the words meanwhile.
    pub changed: bool,
}

impl Page for WordsPage {
    const TEMPLATE: &'static str = "rounds/mail-words.html";
}

/// What one mail looks like in each language.
#[derive(Debug, Serialize)]
pub struct PreviewPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The name of the template.
    pub template: String,
    /// What the mail is called.
    pub title: String,
    /// The bids to choose from: reference and title.
    pub bids: Vec<(String, String)>,
    /// What is chosen.
    pub chosen: Chosen,
    /// By the name of the language what its readers get, or why they would not get it.
    pub previews: Vec<(&'static str, Looked)>,
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "rounds/mail-preview.html";
}

/// What a message would say, or why the words do not fit the bid that is chosen.
#[derive(Debug, Serialize)]
pub enum Looked {
    /// The message.
    #[serde(rename = "shown")]
    Shown(Shown),
    /// Why there is none.
    #[serde(rename = "unfit")]
    Unfit(String),
}

/// Which bid is looked at, and who reads.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Chosen {
    /// Its reference.
    #[serde(default)]
    pub bid: String,
    /// The step that sends it.
    #[serde(default)]
    pub step: String,
    /// `lead` or `partner`.
    #[serde(default)]
    pub reader: String,
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn of_path(path: Path<(String, String, String)>) -> Result<(String, String, Language), Refused> {
    let (slug, template, word) = path.into_inner();
    Ok((slug, template, Language::from_word(&word).ok_or(AppError::NotFound)?))
}

fn path_of(slug: &str, what: &str) -> String {
    format!("/rounds/{slug}/mails{what}")
}

/// GET `/rounds/{slug}/mails`
pub async fn list(visit: Visit, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let of = service::mails(&visit.app, &visit.call, slug.clone()).await?;
    let languages = Language::ALL.iter().map(|language| (*language, language.title())).collect();
    visit.page(&MailsPage { slug, of, languages }).await
}

/// GET `/rounds/{slug}/mails/{template}/preview`
pub async fn look(visit: Visit, path: Path<(String, String)>, chosen: Query<Chosen>) -> Answer {
    let (slug, template) = path.into_inner();
    let mut chosen = chosen.0;
    let mut previews = Vec::new();
    for language in Language::ALL {
        let body = PreviewBody {
            bid: filled(&chosen.bid),
            transition: filled(&chosen.step),
            partner: chosen.reader == "partner",
            words: None,
        };
        let which = (template.clone(), *language);
        let looked = match service::preview(&visit.app, &visit.call, slug.clone(), which, body).await {
            Ok(shown) => Looked::Shown(shown),
            Err(AppError::Invalid(faults)) => {
                let why: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
                Looked::Unfit(why.join(" "))
            }
            Err(other) => return Err(other.into()),
        };
        previews.push((language.title(), looked));
    }
    let text = service::text(&visit.app, &visit.call, slug.clone(), template.clone(), Language::English).await?;
    let bids = service::bids_to_show(&visit.app, &visit.call, slug.clone()).await?;
    if let Some((_, Looked::Shown(Shown { message, .. }))) = previews.first() {
        chosen.bid = message.bid.clone().unwrap_or(chosen.bid);
    }
    visit.page(&PreviewPage { slug, template, title: text.title, bids, chosen, previews }).await
}

/// GET `/rounds/{slug}/mails/{template}/{language}`
pub async fn ask(visit: Visit, path: Path<(String, String, String)>) -> Answer {
    let (slug, template, language) = of_path(path)?;
    let mail = service::text(&visit.app, &visit.call, slug.clone(), template, language).await?;
    let written = first_words(&mail);
    visit.page(&words_page(slug, mail, written)).await
}

/// What the fields show first: the round's own words, or the standard ones where those can be changed into them.
fn first_words(mail: &MailText) -> Words {
    match (&mail.words, mail.language) {
        (Some(words), _) => words.clone(),
        (None, Language::English) => mail.standard.clone(),
        (None, Language::Welsh) => Words::default(),
    }
}

fn words_page(slug: String, mail: MailText, written: Words) -> WordsPage {
    let (version, language) = (mail.version, mail.language.title());
    WordsPage { slug, language, version, mail, written, preview: None, changed: false }
}

/// POST `/rounds/{slug}/mails/{template}/{language}`: shows what the words look like, or keeps them.
pub async fn save(visit: Visit, path: Path<(String, String, String)>, form: Posted) -> Answer {
    let (slug, template, language) = of_path(path)?;
    let written = Words { subject: form.0.text("subject"), body: form.0.text("body") };
    let (which, version) = ((template.clone(), language), form.0.version());
    if form.0.has("preview") {
        let body = PreviewBody { words: Some(written.clone()), ..PreviewBody::default() };
        return match service::preview(&visit.app, &visit.call, slug.clone(), which, body).await {
            Ok(preview) => {
                let page = begun(&visit, (slug, template, language), written, version).await?;
                visit.page(&WordsPage { preview: Some(preview), ..page }).await
            }
            Err(AppError::Invalid(faults)) => {
                let page = begun(&visit, (slug, template, language), written, version).await?;
                visit.page_with_faults(&page, &at_fields(faults)).await
            }
            Err(other) => Err(other.into()),
        };
    }
    match service::save(&visit.app, &visit.call, slug.clone(), which, version, written.clone()).await {
        Ok(_) => {
            Ok(visit.see_with_success(&path_of(&slug, ""), "The words are saved. Messages from now on have them."))
        }
        Err(AppError::Stale { .. }) => stale(&visit, (slug, template, language), written).await,
        Err(refusal) => {
            let faults = faults_of(refusal, "body")?;
            let page = begun(&visit, (slug, template, language), written, version).await?;
            visit.page_with_faults(&page, &faults).await
        }
    }
}

/// The page with what was written and the version with which that was begun, so that it hides no change of somebody else.
async fn begun(
    visit: &Visit,
    (slug, template, language): (String, String, Language),
    written: Words,
    version: i32,
) -> Result<WordsPage, Refused> {
    let mail = service::text(&visit.app, &visit.call, slug.clone(), template, language).await?;
    Ok(WordsPage { version, ..words_page(slug, mail, written) })
}

/// What is wrong with words in the face of a bid belongs to the body.
fn at_fields(faults: Vec<Fault>) -> Vec<Fault> {
    let known = |field: &str| ["subject", "body"].contains(&field);
    faults
        .into_iter()
        .map(|fault| if known(&fault.field) { fault } else { Fault { field: "body".into(), ..fault } })
        .collect()
}

/// Both words beside each other: nothing that was written is lost, and saving again says that theirs were read.
async fn stale(visit: &Visit, (slug, template, language): (String, String, Language), written: Words) -> Answer {
    let mail = service::text(&visit.app, &visit.call, slug.clone(), template, language).await?;
    let page = WordsPage { changed: true, ..words_page(slug, mail, written) };
    let message = "Somebody else changed these words. Look at theirs, then save yours again.";
    let errors = vec![FieldError { field: "body".into(), message: message.into() }];
    visit.answer(StatusCode::PRECONDITION_FAILED, &page, errors).await
}

/// POST `/rounds/{slug}/mails/{template}/{language}/remove`
pub async fn remove(visit: Visit, path: Path<(String, String, String)>, form: Posted) -> Answer {
    let (slug, template, language) = of_path(path)?;
    let which = (template.clone(), language);
    match service::remove(&visit.app, &visit.call, slug.clone(), which, form.0.version()).await {
        Ok(()) => Ok(visit.see_with_success(&path_of(&slug, ""), "The standard words are sent again from now on.")),
        Err(AppError::Stale { .. }) => {
            let mail = service::text(&visit.app, &visit.call, slug.clone(), template.clone(), language).await?;
            let written = first_words(&mail);
            stale(&visit, (slug, template, language), written).await
        }
        Err(other) => Err(other.into()),
    }
}
