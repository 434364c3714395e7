//! The message about a document in which a virus was found.

use serde_json::json;

use super::model::Document;
use crate::{
    bids::store,
    db::Conn,
    error::Result,
    http::Scene,
    identity::{
        policy::Granted,
        store::{people, readers},
    },
    ids::BidKey,
    mail::outbox::Notice,
};

/// Tells whoever uploaded it; where a program did, the people of its council.
pub fn infected(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, document: &Document) -> Result<()> {
    let bid = store::load(conn, granted)?;
    let told = Notice {
        template: "document-infected",
        bid: Some(bid.id),
        round: Some(bid.round_id),
        data: json!({
            "reference": bid.reference,
            "title": bid.title,
            "document": document.name,
            "submitted": document.kept,
            "link": format!("/bids/{}/documents", bid.reference),
        }),
    };
    let readers = match document.uploaded_by {
        Some(person) => vec![people::person(conn, person)?],
        None => readers::of_organisations(conn, document.organisation_id)?,
    };
    for person in readers {
        scene.write_to(conn, &person, &told, &format!("{} {}", document.id, person.id))?;
    }
    Ok(())
}
