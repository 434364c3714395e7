//! Reading the bids of a council: as its people, or from nothing but what is published.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    model::{CouncilBid, HowFar, Narrowed, Part},
    store::{self, Row},
};
use crate::{
    awards::{
        public::{Award, AwardList, EoiList, PublicBid},
        service::{announced, closed, if_published},
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

/// One page of the bids of a council, which is named by id, code or name.
///
/// # Errors
/// `NotFound` when there is no such council; `Invalid` for a wrong cursor or limit.
pub async fn bids_of(app: &App, call: &Call, named: String, narrowed: Narrowed, page: PageRequest) -> Result<BidsOf> {
    let (limit, after) = (page.limit()?, page.after::<BidKey>()?);
    call.read(app, move |conn, scene| {
        let mut all = every(conn, scene, &named)?;
        all.bids
            .items
            .retain(|bid| narrowed.keeps(bid) && after.is_none_or(|after| bid.id.is_some_and(|id| id < after)));
        let rows = all.bids.items.into_iter().filter_map(|bid| Some((bid.id?, bid))).collect();
        let listing = Listing::of(rows, limit, |(id, _)| *id);
        all.bids = Listing { items: listing.items.into_iter().map(|(_, bid)| bid).collect(), next: listing.next };
        Ok(all)
    })
    .await
}

/// All of them that stay.
///
/// # Errors
/// `NotFound` when there is no such council.
pub async fn all_bids_of(app: &App, call: &Call, named: String, narrowed: Narrowed) -> Result<BidsOf> {
    call.read(app, move |conn, scene| {
        let mut all = every(conn, scene, &named)?;
        all.bids.items.retain(|bid| narrowed.keeps(bid));
        Ok(all)
    })
    .await
}

fn every(conn: &mut Conn, scene: &Scene, named: &str) -> Result<BidsOf> {
    let found = match named.parse() {
        Ok(id) => Some(organisations::by_id(conn, id)?),
        Err(_no_id) => organisations::find(conn, named)?,
    };
    let organisation = found.ok_or(AppError::NotFound)?;
    // Whoever may start its bids works for it; whoever runs the instance reads no bids.
    let own = policy::organisation(conn, &scene.actor, Action::StartBid, organisation.id).is_ok();
    let rows = store::every(conn, organisation.id)?;
    let rounds = rounds_of(conn, &rows)?;
    let published = Published::of(conn, scene, &organisation, &rounds)?;
    let within = if own { Within::of(conn, &rows)? } else { Within::default() };
    let mut items = Vec::new();
    for row in rows {
        let Some(round) = rounds.get(&row.bid.round_id) else { continue };
        if own && row.part.stands() {
            items.push(published.beside(within.bid(row, round)));
        } else if own {
            let public = published.bid(&row, round);
            items.push(public.map_or_else(|| named_alone(&row, round), |bid| CouncilBid { part: row.part, ..bid }));
        } else {
            items.extend(published.bid(&row, round));
        }
    }
    let mut seen = BTreeSet::new();
    let rounds = items.iter().map(|bid| (bid.round.clone(), bid.round_title.clone()));
    let rounds = rounds.filter(|(slug, _)| seen.insert(slug.clone())).collect();
    Ok(BidsOf { organisation, own, rounds, bids: Listing { items, next: None } })
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

/// What is published of the rounds of a council's bids, and the names under which it may stand there.
struct Published {
    names: BTreeSet<String>,
    eois: BTreeMap<Id<RoundKey>, EoiList>,
    awards: BTreeMap<Id<RoundKey>, AwardList>,
}

impl Published {
    fn of(
        conn: &mut Conn,
        scene: &Scene,
        council: &Organisation,
        rounds: &BTreeMap<Id<RoundKey>, Round>,
    ) -> Result<Self> {
        let mut names: BTreeSet<String> = organisations::names_of(conn, council.id)?.into_iter().collect();
        names.insert(council.name.clone());
        let (mut eois, mut awards) = (BTreeMap::new(), BTreeMap::new());
        for (id, round) in rounds.iter().filter(|(_, round)| round.state != RoundState::Draft) {
            eois.extend(if_published(closed(conn, scene, &round.slug))?.map(|list| (*id, list)));
            awards.extend(if_published(announced(conn, scene, &round.slug))?.map(|list| (*id, list)));
        }
        Ok(Self { names, eois, awards })
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
