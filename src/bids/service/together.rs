//! What the councils of a bid see of how they write it together.

use super::Place;
use crate::{
    bids::{
        assignments::{self, model::ToWrite},
        comments::{self, model::CommentView},
        merged::{self, model::MergedAnswer},
    },
    db::Conn,
    error::Result,
    http::Scene,
    identity::policy::{self, Granted},
    ids::{BidKey, Id, OrganisationKey},
};

/// How the councils of a bid write it: for the lead and the partners that have confirmed, and empty for everybody else.
#[derive(Debug, Clone, Default)]
pub struct Together {
    /// The comments on the answers of the stage, oldest first.
    pub comments: Vec<CommentView>,
    /// Which council is asked to write which answer.
    pub asked: Vec<ToWrite>,
    /// What bids answered that became part of this one.
    pub merged: Vec<MergedAnswer>,
    /// The councils that whoever looks works for.
    own: Vec<Id<OrganisationKey>>,
}

impl Together {
    /// How they write a bid that whoever looks writes with them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<Self> {
        let place = Place::of(conn, granted)?;
        let comments = comments::service::of_stage(conn, granted, place.stage)?;
        let asked = assignments::service::of_bid(conn, granted, &place, &comments)?.questions;
        let merged = merged::service::of_stage(conn, granted, place.stage)?;
        Ok(Self { comments, asked, merged, own: policy::sight(conn, &scene.actor)?.organisations })
    }

    /// The comments on the answer to a question.
    pub fn comments_on(&self, question: &str) -> Vec<CommentView> {
        self.comments.iter().filter(|comment| comment.question == question).cloned().collect()
    }

    /// How many comments on it are open.
    pub fn open_comments(&self, question: &str) -> usize {
        self.of_question(question).map_or(0, |row| row.open_comments)
    }

    /// What is asked of a council that whoever looks works for.
    pub fn asked_of_us(&self, question: &str) -> Option<&ToWrite> {
        self.of_question(question).filter(|row| row.organisation.is_some_and(|council| self.own.contains(&council)))
    }

    fn of_question(&self, question: &str) -> Option<&ToWrite> {
        self.asked.iter().find(|row| row.question == question)
    }
}
