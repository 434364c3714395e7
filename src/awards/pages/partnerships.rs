//! Who works with whom in a round: the picture, and every pair in a table that can be narrowed.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

use super::public::window;
use crate::{
    awards::{
        partnerships::{Pair, Picture, Supporter},
        public::PublicRound,
        service,
    },
    http::{Query, Refused},
    web::{Page, Visit},
};

/// How the table is narrowed; all of it stands in the address.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PairFilter {
    /// Words in the name of one of the two.
    #[serde(default)]
    pub q: String,
    /// The page, from 1.
    #[serde(default)]
    pub page: Option<usize>,
}

impl PairFilter {
    fn fits(&self, pair: &Pair) -> bool {
        let words = self.q.trim().to_lowercase();
        [&pair.one, &pair.other].into_iter().any(|name| name.to_lowercase().contains(&words))
    }

    fn address(&self, page: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.q).append_pair("page", &page.to_string()).finish()
    }
}

/// A pair in the table.
#[derive(Debug, Serialize)]
pub struct PairLine {
    /// The pair.
    pub pair: Pair,
    /// As what the one takes part.
    pub one_as: String,
    /// As what the other does.
    pub other_as: String,
}

impl From<Pair> for PairLine {
    fn from(pair: Pair) -> Self {
        let (one_as, other_as) = pair.in_words();
        Self { pair, one_as, other_as }
    }
}

/// Who works with whom.
#[derive(Debug, Serialize)]
pub struct PartnershipsPage {
    /// The round.
    pub round: PublicRound,
    /// The picture.
    pub picture: Picture,
    /// How the table is narrowed.
    pub filter: PairFilter,
    /// The pairs of this page.
    pub pairs: Vec<PairLine>,
    /// Those who support bids without taking part.
    pub supporters: Vec<Supporter>,
    /// How many fit.
    pub found: usize,
    /// How many there are.
    pub total: usize,
    /// How many stand together with others.
    pub together: usize,
    /// How many bid alone.
    pub alone: usize,
    /// The expressions of interest that have a page of their own, by reference.
    pub eois: BTreeSet<String>,
    /// The query of the page before.
    pub previous: Option<String>,
    /// The query of the next page.
    pub next: Option<String>,
}

impl Page for PartnershipsPage {
    const TEMPLATE: &'static str = "awards/partnerships.html";
}

/// Who works with whom.
///
/// # Errors
/// `NotFound` before anything of the round’s bids is published.
pub async fn partnerships(
    visit: Visit,
    slug: Path<String>,
    filter: Query<PairFilter>,
) -> Result<HttpResponse, Refused> {
    let all = service::partnerships(&visit.app, &visit.call, slug.into_inner()).await?;
    let (filter, picture) = (filter.0, Picture::of(&all));
    let (alone, total) = (all.members.iter().filter(|member| member.works_with == 0).count(), all.pairs.len());
    let together = all.members.len() - alone;
    let fitting: Vec<Pair> = all.pairs.into_iter().filter(|pair| filter.fits(pair)).collect();
    let found = fitting.len();
    let (pairs, number, more) = window(fitting, filter.page);
    let previous = (number > 1).then(|| filter.address(number - 1));
    let next = more.then(|| filter.address(number + 1));
    let page = PartnershipsPage {
        round: all.round,
        picture,
        filter,
        pairs: pairs.into_iter().map(PairLine::from).collect(),
        supporters: all.supporters,
        found,
        total,
        together,
        alone,
        eois: all.eois,
        previous,
        next,
    };
    visit.page(&page).await
}
