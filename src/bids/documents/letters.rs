//! The message about a document in which a virus was found.

use serde_json::json;

use crate::{
    bids::{answers::model::Author, store},
    db::Conn,
    error::Result,
    http::Scene,
    identity::{
        policy::Granted,
        store::{people, readers},
    },
    ids::{BidKey, Id, RowKey},
    mail::outbox::Notice,
};

/// A document in which a virus was found.
#[derive(Debug)]
pub struct Found<'a> {
    /// Its id.
    pub id: Id<RowKey>,
    /// What it is called.
    pub name: &'a str,
    /// Who uploaded it.
    pub by: Author,
    /// Whether a submitted version names it.
    pub submitted: bool,
    /// Whether it is slides of the bid's interview.
    pub slides: bool,
}

/// Tells whoever uploaded it; where a program did, the people of its council.
pub fn infected(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, found: &Found<'_>) -> Result<()> {
    let bid = store::load(conn, granted)?;
    let page = if found.slides { "interview" } else { "documents" };
    let told = Notice {
        template: "document-infected",
        bid: Some(bid.id),
        round: Some(bid.round_id),
        data: json!({
            "reference": bid.reference,
            "title": bid.title,
            "document": found.name,
            "submitted": found.submitted,
            "slides": found.slides,
            "link": format!("/bids/{}/{page}", bid.reference),
        }),
    };
    let readers = match found.by.person {
        Some(person) => vec![people::person(conn, person)?],
        None => readers::of_organisations(conn, found.by.organisation)?,
    };
    for person in readers {
        scene.write_to(conn, &person, &told, &format!("{} {}", found.id, person.id))?;
    }
    Ok(())
}
