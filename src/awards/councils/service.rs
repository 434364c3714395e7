//! Reading the bids of a council: as its people, or from nothing but what is published.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    model::{CouncilBid, HowFar, Narrowed, Part},
    store::{self, Cut, Row},
};
use crate::{
    awards::{
        public::{Award, AwardList, EoiList, PublicBid},
        service::{announced_of, closed_of, if_published},
    },
    db::Conn,
    error::{AppError, Result},
    funds::{
        self,
        model::{Round, RoundState},
        rulebook::Stage,
    },
    http::{App, Call, Listing, PageRequest, Scene},
    identity::{
        model::Organisation,
        policy::{self, Action},
        store::organisations,
    },
    ids::{BidKey, Id, RoundKey, WorkflowKey},
    workflow::Definition,
};

/// The bids of a council, as somebody may read them.
#[derive(Debug, Clone)]
pub struct BidsOf {
    /// The council.
    pub organisation: Organisation,
    /// Whether whoever reads works for it, so that not only what is published is here.
    pub own: bool,
    /// The rounds of all its bids that are here, newest first: place in addresses and title.
    pub rounds: Vec<(String, String)>,
    /// The bids of this page, newest first.
    pub bids: Listing<CouncilBid>,
}

/// One page of the bids of a council, which is named by id, code or name. Of what is published no more is read than the page needs.
///
/// # Errors
/// `NotFound` when there is no such council; `Invalid` for a wrong cursor or limit.
pub async fn bids_of(app: &App, call: &Call, named: String, narrowed: Narrowed, page: PageRequest) -> Result<BidsOf> {
    let (limit, after) = (page.limit()?, page.after::<BidKey>()?);
    call.read(app, move |conn, scene| {
        let council = Council::of(conn, scene, &named)?;
        // One more than are shown tells whether there is a next page.
        let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
        let found = council.some(conn, scene, &narrowed, (after, most))?;
        let rows = found.into_iter().filter_map(|bid| Some((bid.id?, bid))).collect();
        let listing = Listing::of(rows, limit, |(id, _)| *id);
        let items = listing.items.into_iter().map(|(_, bid)| bid).collect();
        council.shown(conn, scene, Listing { items, next: listing.next })
    })
    .await
}

/// All of them that stay.
///
/// # Errors
/// `NotFound` when there is no such council.
pub async fn all_bids_of(app: &App, call: &Call, named: String, narrowed: Narrowed) -> Result<BidsOf> {
    call.read(app, move |conn, scene| {
        let council = Council::of(conn, scene, &named)?;
        let items = council.some(conn, scene, &narrowed, (None, usize::MAX))?;
        council.shown(conn, scene, Listing { items, next: None })
    })
    .await
}

/// At least and at most so many bids are read at once, until a page is full.
const AT_ONCE: (i64, i64) = (5, 50);

/// A council whose bids are read, and as what.
struct Council {
    organisation: Organisation,
    /// Whether whoever reads works for it.
    own: bool,
    /// The names under which it may stand in what is published.
    names: BTreeSet<String>,
}

impl Council {
    fn of(conn: &mut Conn, scene: &Scene, named: &str) -> Result<Self> {
        let found = match named.parse() {
            Ok(id) => Some(organisations::by_id(conn, id)?),
            Err(_no_id) => organisations::find(conn, named)?,
        };
        let organisation = found.ok_or(AppError::NotFound)?;
        // Whoever may start its bids works for it; whoever runs the instance reads no bids.
        let own = policy::organisation(conn, &scene.actor, Action::StartBid, organisation.id).is_ok();
        let mut names: BTreeSet<String> = organisations::names_of(conn, organisation.id)?.into_iter().collect();
        names.insert(organisation.name.clone());
        Ok(Self { organisation, own, names })
    }

    /// The first of its bids after one that stay, newest first.
    fn some(
        &self,
        conn: &mut Conn,
        scene: &Scene,
        narrowed: &Narrowed,
        (mut after, most): (Option<Id<BidKey>>, usize),
    ) -> Result<Vec<CouncilBid>> {
        let mut round = None;
        if let Some(slug) = &narrowed.round {
            match funds::store::round_by_slug(conn, slug) {
                Ok(found) => round = Some(found.id),
                Err(AppError::NotFound) => return Ok(Vec::new()),
                Err(other) => return Err(other),
            }
        }
        let limit = i64::try_from(most).unwrap_or(AT_ONCE.1).clamp(AT_ONCE.0, AT_ONCE.1);
        let mut found = Vec::new();
        while found.len() < most {
            let rows = store::some(conn, self.organisation.id, Cut { round, after, limit })?;
            let Some(last) = rows.last() else { break };
            after = Some(last.bid.id);
            found.extend(self.read(conn, scene, rows)?.into_iter().filter(|bid| narrowed.keeps(bid)));
        }
        found.truncate(most);
        Ok(found)
    }

    /// What of some of its bids may be read.
    fn read(&self, conn: &mut Conn, scene: &Scene, rows: Vec<Row>) -> Result<Vec<CouncilBid>> {
        let rounds = rounds_of(conn, &rows)?;
        let published = Published::of(conn, scene, self, (&rows, &rounds))?;
        let within = if self.own { Within::of(conn, &rows)? } else { Within::default() };
        let mut items = Vec::new();
        for row in rows {
            let Some(round) = rounds.get(&row.bid.round_id) else { continue };
            if self.own && row.part.stands() {
                items.push(published.beside(within.bid(row, round)));
            } else if self.own {
                let public = published.bid(&row, round);
                items.push(public.map_or_else(|| named_alone(&row, round), |bid| CouncilBid { part: row.part, ..bid }));
            } else {
                items.extend(published.bid(&row, round));
            }
        }
        Ok(items)
    }

    /// The page, with the rounds by which it can be narrowed: those of which the reader may read a bid.
    fn shown(self, conn: &mut Conn, scene: &Scene, bids: Listing<CouncilBid>) -> Result<BidsOf> {
        let mut rounds = Vec::new();
        for id in store::rounds(conn, self.organisation.id)? {
            let round = funds::store::round_by_id(conn, id)?;
            let narrowed = Narrowed { round: Some(round.slug.clone()), ..Narrowed::default() };
            if !self.some(conn, scene, &narrowed, (None, 1))?.is_empty() {
                rounds.push((round.slug, round.title));
            }
        }
        Ok(BidsOf { organisation: self.organisation, own: self.own, rounds, bids })
    }
}

/// The rounds of these bids, each read once.
fn rounds_of(conn: &mut Conn, rows: &[Row]) -> Result<BTreeMap<Id<RoundKey>, Round>> {
    let ids: BTreeSet<Id<RoundKey>> = rows.iter().map(|row| row.bid.round_id).collect();
    ids.into_iter().map(|id| Ok((id, funds::store::round_by_id(conn, id)?))).collect()
}

/// What the people of a council know beside its bids: how their rounds decide, each read once, and what was submitted.
#[derive(Default)]
struct Within {
    definitions: BTreeMap<Id<WorkflowKey>, Definition>,
    submitted: BTreeMap<Id<BidKey>, Vec<Stage>>,
}

impl Within {
    fn of(conn: &mut Conn, rows: &[Row]) -> Result<Self> {
        let ids: Vec<Id<BidKey>> = rows.iter().map(|row| row.bid.id).collect();
        let workflows: BTreeSet<Id<WorkflowKey>> = rows.iter().map(|row| row.bid.workflow_id).collect();
        let definitions = workflows.into_iter().map(|id| Ok((id, funds::store::workflow(conn, id)?)));
        Ok(Self { definitions: definitions.collect::<Result<_>>()?, submitted: store::submitted(conn, &ids)? })
    }

    /// A bid with which the council has to do: what its own pages say of it.
    fn bid(&self, row: Row, round: &Round) -> CouncilBid {
        let definition = self.definitions.get(&row.bid.workflow_id);
        let submitted = self.submitted.get(&row.bid.id).map(Vec::as_slice).unwrap_or_default();
        let alone = named_alone(&row, round);
        CouncilBid {
            title: Some(row.bid.title.clone()),
            lead: Some(row.lead),
            progress: definition.map(|definition| HowFar::of(&row.bid, definition, submitted)),
            state: definition.and_then(|definition| Some(definition.state(&row.bid.state)?.labels.applicant.clone())),
            submitted_at: row.bid.submitted_at,
            page: Some(format!("/bids/{}", row.bid.reference)),
            ..alone
        }
    }
}

/// What may be said of a bid of which nothing else may be: that there was one.
fn named_alone(row: &Row, round: &Round) -> CouncilBid {
    CouncilBid {
        id: Some(row.bid.id),
        reference: row.bid.reference.clone(),
        title: None,
        round: round.slug.clone(),
        round_title: round.title.clone(),
        lead: None,
        part: row.part,
        progress: None,
        state: None,
        submitted_at: None,
        awarded_pence: None,
        page: None,
    }
}

/// What is published of some of a council's bids, and the names under which it may stand there.
struct Published<'a> {
    names: &'a BTreeSet<String>,
    eois: BTreeMap<Id<RoundKey>, EoiList>,
    awards: BTreeMap<Id<RoundKey>, AwardList>,
}

impl<'a> Published<'a> {
    fn of(
        conn: &mut Conn,
        scene: &Scene,
        council: &'a Council,
        (rows, rounds): (&[Row], &BTreeMap<Id<RoundKey>, Round>),
    ) -> Result<Self> {
        let (mut eois, mut awards) = (BTreeMap::new(), BTreeMap::new());
        for (id, round) in rounds.iter().filter(|(_, round)| round.state != RoundState::Draft) {
            let of_round = rows.iter().filter(|row| row.bid.round_id == *id).map(|row| row.bid.id);
            let of_round: Vec<Id<BidKey>> = of_round.collect();
            let only = Some(of_round.as_slice());
            eois.extend(if_published(closed_of(conn, scene, &round.slug, only))?.map(|list| (*id, list)));
            awards.extend(if_published(announced_of(conn, scene, &round.slug, only))?.map(|list| (*id, list)));
        }
        Ok(Self { names: &council.names, eois, awards })
    }

    fn eoi(&self, row: &Row) -> Option<&PublicBid> {
        let list = self.eois.get(&row.bid.round_id)?;
        list.bids.iter().find(|bid| bid.reference == row.bid.reference)
    }

    fn award(&self, round: &str, reference: &str) -> Option<&Award> {
        let lists = self.awards.values().filter(|list| list.round.slug == round);
        lists.flat_map(|list| &list.awards).find(|award| award.reference == reference)
    }

    /// A bid as everybody may read it, if the council stands in what is published of it.
    fn bid(&self, row: &Row, round: &Round) -> Option<CouncilBid> {
        let named = |name: &String| self.names.contains(name);
        let part = |leads: bool, joins: bool| match (leads, joins) {
            (true, _) => Some(Part::Leads),
            (false, true) => Some(Part::Joined),
            (false, false) => None,
        };
        let award = self.award(&round.slug, &row.bid.reference);
        if let Some(award) = award {
            let joins = award.partners.iter().any(|partner| named(&partner.council.name));
            if let Some(part) = part(named(&award.lead.name), joins) {
                return Some(CouncilBid {
                    title: Some(award.title.clone()),
                    lead: Some(award.lead.name.clone()),
                    part,
                    state: Some("Awarded".into()),
                    awarded_pence: Some(award.amount_pence),
                    page: Some(format!("/rounds/{}/awards", round.slug)),
                    ..named_alone(row, round)
                });
            }
        }
        let eoi = self.eoi(row)?;
        let part = part(named(&eoi.lead.name), eoi.partners.iter().any(|partner| named(&partner.council.name)))?;
        let outcome = eoi.outcome().map(|outcome| outcome.label.clone());
        Some(CouncilBid {
            title: Some(eoi.title.clone()),
            lead: Some(eoi.lead.name.clone()),
            part,
            state: outcome.or(Some("Expression of interest".into())),
            submitted_at: Some(eoi.submitted_at),
            page: Some(format!("/rounds/{}/eois/{}", round.slug, eoi.reference)),
            ..named_alone(row, round)
        })
    }

    /// The bid of one's own council with what was awarded, once that is published.
    fn beside(&self, bid: CouncilBid) -> CouncilBid {
        let awarded_pence = self.award(&bid.round, &bid.reference).map(|award| award.amount_pence);
        CouncilBid { awarded_pence, ..bid }
    }
}
