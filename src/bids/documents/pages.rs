//! The page of a bid's documents: to upload, download and take out.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{DocumentState, DocumentView, NewDocument},
    service,
};
use crate::{
    bids::{
        pages::Heading,
        service::{Desk, desk},
    },
    clock::Moment,
    error::{AppError, Fault},
    files::{self, Kind},
    funds::reopening::Part,
    http::{Refused, in_address, respond},
    web::{Page, Posted, PostedFile, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The documents of a bid.
#[derive(Debug, Serialize)]
pub struct DocumentsPage {
    /// The bid.
    pub bid: Heading,
    /// Whether one of its own councils looks.
    pub own: bool,
    /// Whether whoever looks uploads and takes out.
    pub writes: bool,
    /// Those of the draft, or of the version that stands.
    pub documents: Vec<Line>,
    /// Those in which a virus was found.
    pub infected: Vec<Line>,
    /// Those that are no longer part of the draft and are kept.
    pub earlier: Vec<Line>,
    /// Which files are taken, in words.
    pub taken: &'static str,
    /// The same for the field.
    pub accept: &'static str,
    /// How large one may be, in words.
    pub largest: String,
    /// How many there may be.
    pub most: usize,
}

impl Page for DocumentsPage {
    const TEMPLATE: &'static str = "bids/documents.html";
}

/// A document on the page.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is and how large, in words.
    pub about: String,
    /// Who uploaded it, in words.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Whether it can be downloaded.
    pub ready: bool,
    /// Whether somebody has looked for viruses in it, or will.
    pub scanned: bool,
}

impl From<DocumentView> for Line {
    fn from(view: DocumentView) -> Self {
        let kind = Kind::of_name(&view.name).map_or("file", Kind::title);
        Self {
            id: view.id.to_string(),
            about: format!("{kind}, {}", files::in_words(view.bytes)),
            by: match (view.by, view.organisation) {
                (Some(person), Some(council)) => format!("{person} of {council}"),
                (person, council) => person.or(council).unwrap_or_else(|| "a program".into()),
            },
            at: view.at,
            ready: view.state == DocumentState::Ready,
            scanned: view.scanned,
            name: view.name,
        }
    }
}

/// GET `/bids/{reference}/documents`
pub async fn show(visit: Visit, reference: Path<String>) -> Answer {
    let page = page(&visit, reference.into_inner()).await?;
    visit.page(&page).await
}

async fn page(visit: &Visit, reference: String) -> Result<DocumentsPage, Refused> {
    let (app, call) = (&visit.app, &visit.call);
    let desk: Desk = desk(app, call, reference.clone()).await?;
    let shelf = service::shelf(app, call, reference).await?;
    let lines = |views: Vec<DocumentView>| views.into_iter().map(Line::from).collect();
    let settings = &app.config.files;
    Ok(DocumentsPage {
        bid: Heading::of(&desk),
        own: desk.applicant,
        writes: desk.writes(Part::Documents),
        documents: lines(shelf.documents),
        infected: lines(shelf.infected),
        earlier: lines(shelf.earlier),
        taken: Kind::TAKEN,
        accept: Kind::ACCEPT,
        largest: files::in_words(i64::try_from(settings.largest).unwrap_or(i64::MAX)),
        most: settings.most,
    })
}

/// POST `/bids/{reference}/documents`: what is wrong is said beside the field, where the file is chosen again.
pub async fn add(visit: Visit, reference: Path<String>, posted: PostedFile) -> Answer {
    let reference = reference.into_inner();
    let added = match posted.file {
        Some(file) => {
            let new = NewDocument { name: file.name, bytes: file.bytes };
            service::add(&visit.app, &visit.call, reference.clone(), new).await
        }
        None => Err(AppError::invalid("file", "missing", "Select a file.")),
    };
    match added {
        Ok(document) => {
            let text = match document.state {
                DocumentState::BeingChecked => {
                    format!("“{}” is uploaded. It can be downloaded once it is checked for viruses.", document.name)
                }
                _ => format!("“{}” is uploaded.", document.name),
            };
            Ok(visit.see_with_success(&path_of(&reference), &text))
        }
        Err(AppError::Invalid(faults)) => {
            let faults: Vec<Fault> = faults.into_iter().map(|fault| Fault { field: "file".into(), ..fault }).collect();
            visit.page_with_faults(&page(&visit, reference).await?, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// GET `/bids/{reference}/documents/{id}/file`
pub async fn file(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let (document, bytes) = service::download(&visit.app, &visit.call, reference, in_address(&id)?).await?;
    Ok(respond::sandboxed(&document.name, &document.media_type, bytes.to_vec()))
}

/// POST `/bids/{reference}/documents/{id}/take-out`
pub async fn take_out(visit: Visit, path: Path<(String, String)>, _: Posted) -> Answer {
    let (reference, id) = path.into_inner();
    service::take_out(&visit.app, &visit.call, reference.clone(), in_address(&id)?).await?;
    Ok(visit.see_with_success(&path_of(&reference), "The document is taken out."))
}

fn path_of(reference: &str) -> String {
    format!("/bids/{reference}/documents")
}
