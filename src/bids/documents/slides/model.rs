//! Slides as they are kept and read.

use std::collections::BTreeMap;

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    bids::{
        answers::model::{Author, Names},
        documents::model::{Attached, DocumentView},
    },
    clock::Moment,
    db::schema::interview_slides,
    files::{FileKind, FileState},
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
};

/// What slides can be.
pub const KINDS: [FileKind; 3] = [FileKind::Pdf, FileKind::Pptx, FileKind::Odp];

/// Slides of an interview, as they are kept. They never change, but for when they were taken out, by whom, and for which others.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = interview_slides)]
pub struct SlidesRow {
    /// Their id.
    pub id: Id<RowKey>,
    /// The bid.
    pub bid_id: Id<BidKey>,
    /// What they are called.
    pub name: String,
    /// Their media type, by their content.
    pub media_type: String,
    /// How many bytes they have.
    pub bytes: i64,
    /// Their SHA-256, by which they are stored.
    pub hash: String,
    /// Who uploaded them; none for a program.
    pub uploaded_by: Option<Id<PersonKey>>,
    /// For which council.
    pub organisation_id: Option<Id<OrganisationKey>>,
    /// When.
    pub uploaded_at: Moment,
    /// When they were taken out.
    pub taken_out_at: Option<Moment>,
    /// By whom; none for a program, and for the service, which found a virus in them.
    pub taken_out_by: Option<Id<PersonKey>>,
    /// Which others took their place.
    pub replaced_by: Option<Id<RowKey>>,
}

impl SlidesRow {
    /// Who uploaded them.
    pub const fn author(&self) -> Author {
        Author { person: self.uploaded_by, organisation: self.organisation_id }
    }

    /// As people read them who may read them.
    pub fn view(self, names: &Names, states: &BTreeMap<String, FileState>) -> DocumentView {
        let by = (self.author(), self.uploaded_at);
        let file =
            Attached { id: self.id, name: self.name, media_type: self.media_type, bytes: self.bytes, hash: self.hash };
        DocumentView::of(file, by, names, states)
    }
}

/// Slides that were replaced or taken out, for the bid's own councils.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EarlierSlides {
    /// What they were.
    #[serde(flatten)]
    pub slides: DocumentView,
    /// When they were taken out.
    pub taken_out_at: Moment,
    /// By whom; null for a program, and where a virus was found in them.
    pub taken_out_by: Option<String>,
    /// The id of those that took their place.
    pub replaced_by: Option<Id<RowKey>>,
}
