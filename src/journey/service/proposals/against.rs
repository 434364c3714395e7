//! What stands against a proposal, each as a sentence: asked when it is made, when it is read, and in the transaction that does
//! it.

use super::{
    case::{Case, Place},
    published::is_published,
    sides::Reader,
};
use crate::{
    bids::{self, holds::model::Hold, led::model::page_of},
    db::Conn,
    error::{AppError, Result},
    funds::{pages::sentence, reopening::Part, rulebook::Stage},
    http::Scene,
    identity::{policy::BidKind, store::organisations},
    ids::{Id, OrganisationKey},
    journey::service::situation::against_lead,
    partnerships::proposals::model::{Proposal, ProposalKind},
    workflow::{Act, State, Transition},
};

/// The most lines of the costs that a bid has.
const MOST_LINES: usize = 100;

/// What a proposal is over for, where it can never be done any more.
pub(super) fn over(scene: &Scene, proposal: &Proposal, place: &Place) -> Option<String> {
    let (bid, round) = (&place.known.bid, &place.known.round);
    let reference = &bid.reference;
    if round.round.cancelled_at.is_some() {
        return Some("The round was cancelled, so nothing in it changes any more.".into());
    }
    if matches!(bid.kind, BidKind::Decided | BidKind::Delivery | BidKind::Closed) {
        return Some(format!("Where {reference} stands now, its councils change no more."));
    }
    if proposal.kind == ProposalKind::Join {
        let closed = round.timetable.closes(Stage::Full).filter(|closes| scene.now > *closes)?;
        return Some(format!("Full applications closed at {}. The partnership stands as it is.", closed.in_words()));
    }
    if proposal.stage != place.stage() {
        return Some(format!("{reference} has gone on to the {}.", place.stage().title()));
    }
    if proposal.kind == ProposalKind::Merge && bid.kind == BidKind::Review {
        return Some(format!("{reference} lies with the fund. Bids become one only while they are written."));
    }
    let closed = place.known.stage.filter(|stage| round.timetable.is_late(*stage, scene.now))?;
    let stands = proposal.kind == ProposalKind::Lead && place.is_submitted();
    let at = round.timetable.closes(closed).map(|at| at.in_words()).unwrap_or_default();
    (!stands).then(|| format!("The {} closed at {at}.", closed.title()))
}

/// What stands against it for now.
fn hindered(conn: &mut Conn, scene: &Scene, place: &Place) -> Result<Option<String>> {
    let known = &place.known;
    if let Some(hold) = &known.hold {
        return Ok(Some(sentence(&Hold::in_words(hold))));
    }
    let Some(stage) = known.stage else { return Ok(None) };
    let reopening = bids::service::reopening_of(conn, scene, (known.bid.id, &known.round), stage)?;
    Ok(match reopening.map(|reopening| reopening.require(Part::Other)) {
        Some(Err(AppError::Conflict { message, .. })) => Some(message),
        Some(Err(_)) => Some(format!("{} is reopened for some of its parts alone.", place.reference())),
        _ => None,
    })
}

/// All that whoever is no council of a bid hears of what stands against it there: a hold, a reopening and a bid's own closing
/// time are for its councils and the fund to know.
fn hidden(proposal: &Proposal, place: &Place) -> String {
    let reference = place.reference();
    match proposal.kind {
        ProposalKind::Join => format!("{reference} takes no council in at present."),
        _ => format!("{reference} cannot become one with another bid at present."),
    }
}

impl Case {
    /// Everything that stands against it.
    pub fn against(&self, conn: &mut Conn, scene: &Scene) -> Result<Vec<String>> {
        let reader = Reader::of(conn, scene, &self.proposal)?;
        let knows = [reader.of_bid || reader.of_fund, reader.of_other || reader.of_fund];
        let told =
            |(place, knows): (&Place, bool), why: String| if knows { why } else { hidden(&self.proposal, place) };
        let places = || self.places().zip(knows);
        let over = places().filter_map(|place| over(scene, &self.proposal, place.0).map(|why| told(place, why)));
        let mut against: Vec<String> = over.collect();
        if !against.is_empty() {
            return Ok(against);
        }
        for place in places() {
            against.extend(hindered(conn, scene, place.0)?.map(|why| told(place, why)));
        }
        against.extend(match self.proposal.kind {
            ProposalKind::Lead => self.against_lead(conn, scene)?,
            ProposalKind::Join => self.against_joining(conn, scene)?,
            ProposalKind::Merge => self.against_merging(),
        });
        Ok(against)
    }

    fn against_lead(&self, conn: &mut Conn, scene: &Scene) -> Result<Vec<String>> {
        let lead = self.proposal.organisation_id;
        let council = organisations::by_id(conn, lead)?;
        let partner = self.before.partners.iter().find(|partner| partner.organisation.id == lead);
        if !partner.is_some_and(|partner| partner.confirmed) {
            return Ok(vec![format!("{} leads only once it is a partner that has confirmed.", council.name)]);
        }
        let mut against = self.against_one_more_led(conn, lead, &council.name)?;
        if !council.exists_on(scene.now.london_date()) {
            against.push(format!("{} does not exist any more.", council.name));
        }
        let stage = self.place.stage();
        let reasons = against_lead(conn, &self.place.granted, &self.place.known, (lead, stage))?;
        against.extend(reasons.iter().map(|reason| format!("{} cannot lead: {reason}.", council.name)));
        Ok(against)
    }

    /// A bid that was submitted takes one of the places of whoever leads it.
    fn against_one_more_led(&self, conn: &mut Conn, lead: Id<OrganisationKey>, name: &str) -> Result<Vec<String>> {
        let (bid, round) = (&self.place.known.bid, &self.place.known.round);
        let Some(most) = round.rulebook.most_led.filter(|_| bid.submitted_at.is_some()) else { return Ok(Vec::new()) };
        let led = bids::led::store::beside_as(conn, &self.place.granted, lead)?;
        let submitted = led.iter().filter(|bid| bid.submitted).count();
        if submitted < usize::try_from(most).unwrap_or(usize::MAX) {
            return Ok(Vec::new());
        }
        let page = page_of(&lead.to_string(), &round.round.slug);
        Ok(vec![format!(
            "{name} has submitted {submitted} of the {most} bids that it can lead in this round, so that it leads this one \
             only when another is withdrawn ({page})."
        )])
    }

    fn against_joining(&self, conn: &mut Conn, scene: &Scene) -> Result<Vec<String>> {
        let council = organisations::by_id(conn, self.proposal.organisation_id)?;
        let partner = self.before.partners.iter().find(|partner| partner.organisation.id == council.id);
        let mut against = Vec::new();
        if self.before.lead.id == council.id || partner.is_some_and(|partner| partner.confirmed) {
            against.push(format!("{} takes part in this bid already.", council.name));
        }
        if !council.exists_on(scene.now.london_date()) {
            against.push(format!("{} does not exist any more.", council.name));
        }
        if !is_published(conn, scene, self.place.known.bid.id)? {
            against.push("Councils can ask to join once the expression of interest is published.".into());
        }
        Ok(against)
    }

    fn against_merging(&self) -> Vec<String> {
        let Some(other) = &self.other else { return Vec::new() };
        let mut against = Vec::new();
        if other.known.bid.round_id != self.place.known.bid.round_id {
            against.push("Only two bids of one round become one.".into());
        }
        if self.withdrawal().is_none() {
            against.push(format!("Where {} stands now, its councils cannot end it.", other.reference()));
        }
        if self.after.costs.len() > MOST_LINES {
            against.push(format!(
                "Both bids together have more than {MOST_LINES} lines of costs. Put some together first."
            ));
        }
        against
    }

    /// How the bid that ends is withdrawn where it stands. A workflow is data, and none has a state for bids that became part
    /// of another: every one has one for those that their councils took back, which this is, with the other bid named beside
    /// it.
    pub fn withdrawal(&self) -> Option<&Transition> {
        let known = &self.other.as_ref()?.known;
        let withdraws = |transition: &&Transition| {
            transition.to == State::WITHDRAWN
                && Act::of(transition) == Act::Withdraw
                && transition.leaves(&known.bid.state)
        };
        known.definition.transitions.iter().find(withdraws)
    }
}
