//! The slides on the councils' page of an interview: those that are there, and the form that brings others.

use actix_web::web::Path;
use serde::Serialize;

use super::council::page;
use crate::{
    assessment::{
        interviews::{model::InterviewSlides, service},
        pages::Answer,
    },
    bids::documents::{
        model::DocumentState,
        pages::{Line, uploaded},
        slides::model::{EarlierSlides, KINDS},
    },
    clock::Moment,
    error::{AppError, Fault},
    files::{self, FileKind},
    http::{in_address, respond},
    web::{Posted, PostedFile, Visit},
};

/// The slides with what a form says that brings others.
#[derive(Debug, Serialize)]
pub struct Bringing {
    /// Those that are there.
    pub current: Vec<Line>,
    /// Those that were replaced or taken out, the latest first.
    pub earlier: Vec<Gone>,
    /// The id of those that new ones are to replace; may be empty.
    pub replaces: String,
    /// Which files are taken, in words.
    pub taken: String,
    /// The same for the field.
    pub accept: String,
    /// How large one may be, in words.
    pub largest: String,
    /// How many there may be.
    pub most: usize,
}

/// Slides that were replaced or taken out.
#[derive(Debug, Serialize)]
pub struct Gone {
    /// What they were.
    pub was: Line,
    /// When they were taken out.
    pub taken_out_at: Moment,
    /// By whom, in words.
    pub by: String,
    /// Whether others took their place.
    pub replaced: bool,
    /// Whether they went because a virus was found in them.
    pub infected: bool,
}

impl From<EarlierSlides> for Gone {
    fn from(earlier: EarlierSlides) -> Self {
        let (replaced, by) = (earlier.replaced_by.is_some(), earlier.taken_out_by);
        // What a council took out or replaced by itself may turn out to be infected afterwards.
        let infected = by.is_none() && !replaced && earlier.slides.state == DocumentState::Infected;
        Self {
            infected,
            replaced,
            by: by.unwrap_or_else(|| "a program".into()),
            taken_out_at: earlier.taken_out_at,
            was: earlier.slides.into(),
        }
    }
}

impl Bringing {
    /// Those of an interview; `replaces` is the id of those that new ones are to replace.
    pub(super) fn of(visit: &Visit, slides: &InterviewSlides, replaces: &str) -> Self {
        let settings = &visit.app.config.files;
        Self {
            current: slides.current.iter().cloned().map(Line::from).collect(),
            earlier: slides.earlier.iter().cloned().map(Gone::from).collect(),
            replaces: replaces.to_owned(),
            taken: FileKind::in_words(&KINDS),
            accept: FileKind::accept(&KINDS),
            largest: files::in_words(i64::try_from(settings.largest).unwrap_or(i64::MAX)),
            most: settings.most,
        }
    }
}

/// POST `/bids/{reference}/interview/slides`: what is wrong is said beside the field, where the file is chosen again.
pub async fn add_slides(visit: Visit, reference: Path<String>, posted: PostedFile) -> Answer {
    let reference = reference.into_inner();
    let PostedFile { form, file } = posted;
    let replaces = form.text("replaces");
    let replaced = if replaces.is_empty() { None } else { Some(in_address(&replaces)?) };
    let added = match file {
        Some(file) => service::add_slides(&visit.app, &visit.call, reference.clone(), (file.into(), replaced)).await,
        None => Err(AppError::invalid("file", "missing", "Select a file.")),
    };
    match added {
        Ok(slides) => Ok(visit.see_with_success(&path_of(&reference), &uploaded(&slides))),
        Err(AppError::Invalid(faults)) => {
            let faults: Vec<Fault> = faults.into_iter().map(|fault| Fault { field: "file".into(), ..fault }).collect();
            visit.page_with_faults(&page(&visit, &reference, ("", &replaces)).await?, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// POST `/bids/{reference}/interview/slides/{id}/take-out`
pub async fn take_out_slides(visit: Visit, path: Path<(String, String)>, _: Posted) -> Answer {
    let (reference, id) = path.into_inner();
    service::take_out_slides(&visit.app, &visit.call, reference.clone(), in_address(&id)?).await?;
    Ok(visit.see_with_success(&path_of(&reference), "The slides are taken out."))
}

/// GET `/bids/{reference}/interview/slides/{id}/file`
pub async fn file(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let (slides, bytes) = service::download(&visit.app, &visit.call, reference, in_address(&id)?).await?;
    Ok(respond::sandboxed(&slides.name, &slides.media_type, bytes.to_vec()))
}

fn path_of(reference: &str) -> String {
    format!("/bids/{reference}/interview")
}
