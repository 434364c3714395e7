//! Bringing documents from where they are to where they are wanted too: from the expression of interest to the full
//! application, from a bid to the one that it becomes part of, from an earlier bid to a new one. Their bytes stay where they are.

use std::collections::BTreeSet;

use serde_json::json;

use super::{model::Document, store};
use crate::{
    db::Conn,
    error::Result,
    events::Chain,
    files::{self, FileState, marked_name},
    funds::rulebook::Stage,
    http::Scene,
    identity::policy::Granted,
    ids::BidKey,
};

/// One of two places, which may be the stages of one bid.
pub type Place<'a> = (&'a Granted<BidKey>, Stage);

/// Brings all documents that a bid has at a stage. What is there already by its hash is there once; what has the name of
/// another is told apart by `mark`. Nothing is left behind because there would be too many.
///
/// # Errors
/// When the database fails.
pub fn bring(conn: &mut Conn, scene: &Scene, from: Place<'_>, to: Place<'_>, mark: &str) -> Result<()> {
    bring_some(conn, scene, from, to, (mark, None))
}

/// The same of those alone that have these hashes.
///
/// # Errors
/// When the database fails.
pub fn bring_some(
    conn: &mut Conn,
    scene: &Scene,
    from: Place<'_>,
    to: Place<'_>,
    (mark, wanted): (&str, Option<&BTreeSet<String>>),
) -> Result<()> {
    let mut there = store::of_stage(conn, to.0, to.1)?;
    // What the councils of the bid themselves have taken out of its next stage does not come back there.
    if from.0.id() != to.0.id() {
        there.retain(|document| document.taken_out_at.is_none());
    }
    for document in store::current(conn, from.0, from.1)? {
        let is_there = there.iter().any(|other| other.hash == document.hash);
        if is_there || wanted.is_some_and(|wanted| !wanted.contains(&document.hash)) || !is_kept(conn, &document)? {
            continue;
        }
        let name = free_name(&document.name, mark, &there);
        let brought = Document { id: scene.fresh(), stage: to.1, name, kept: false, ..document };
        store::insert(conn, to.0, &brought)?;
        let detail = json!({
            "document": brought.id, "stage": to.1, "media_type": brought.media_type, "bytes": brought.bytes, "from": mark
        });
        scene.tell(conn, Chain::Bid(to.0.id()), "document.brought", detail)?;
        there.push(brought);
    }
    Ok(())
}

/// Whether it can come along: whether its bytes are there, or on their way past the scanner.
///
/// # Errors
/// When the database fails.
pub fn is_kept(conn: &mut Conn, document: &Document) -> Result<bool> {
    let state = files::state(conn, &document.hash)?;
    Ok(matches!(state, Some(FileState::Unscanned | FileState::Quarantined | FileState::Clean)))
}

fn free_name(name: &str, mark: &str, there: &[Document]) -> String {
    let is_taken = |name: &str| {
        let wanted = name.to_lowercase();
        there.iter().any(|other| other.taken_out_at.is_none() && other.name.to_lowercase() == wanted)
    };
    if !is_taken(name) {
        return name.to_owned();
    }
    let mut marked = marked_name(name, mark);
    for number in 2_u32.. {
        if !is_taken(&marked) {
            break;
        }
        marked = marked_name(name, &format!("{mark}, {number}"));
    }
    marked
}
