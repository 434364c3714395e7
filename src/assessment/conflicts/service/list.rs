//! The bids of a round for whoever declares, and its conflicts for whoever leads the panel.

use std::collections::BTreeMap;

use super::{Open, leads_every_panel_of, open};
use crate::{
    actor::Actor,
    assessment::{
        self,
        conflicts::{
            model::{BidOrganisation, Colleague, Declarations, PossibleLine, RoundConflicts, ToDeclare},
            store::{self, facts},
        },
        model::BidRow,
        service::{ask_round, person_of},
    },
    db::Conn,
    error::Result,
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action, BidKind, Capacity, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// A round's bids with which one may say that one has a conflict: title and organisations, and nothing more.
///
/// # Errors
/// `NotFound` for those who do not work for the fund; `Invalid` for a wrong cursor or limit.
pub async fn declarations(app: &App, call: &Call, slug: String, page: PageRequest) -> Result<Declarations> {
    let (limit, after) = (page.limit()?, page.after::<BidKey>()?);
    call.read(app, move |conn, scene| {
        let person = person_of(scene)?;
        let (granted, _) = ask_round(conn, scene, Action::DeclareConflict, &slug)?;
        let sight = policy::sight(conn, &scene.actor)?;
        if reads_without_names(conn, scene, &granted)? {
            return without_names(conn, scene, (&granted, &sight));
        }
        let mut rows = undecided(conn, &granted, &sight)?;
        rows.retain(|bid| after.is_none_or(|after| bid.id > after));
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        rows.truncate(shown.saturating_add(1));
        let ids: Vec<Id<BidKey>> = rows.iter().map(|bid| bid.id).collect();
        let suggested = open(conn, scene, &sight, (&[person], &ids))?;
        let mut organisations = store::organisations_of_bids(conn, &ids)?;
        let rows = Listing::of(rows, limit, |bid| bid.id);
        let to_declare = |bid: BidRow| ToDeclare {
            organisations: organisations.remove(&bid.id).unwrap_or_default(),
            possible: suggested.get(&(person, bid.id)).cloned().unwrap_or_default(),
            reference: bid.reference,
            title: bid.title,
        };
        let items = rows.items.into_iter().map(to_declare).collect();
        let withheld = store::withheld(conn, &sight, Some(granted.id()), scene.now)?;
        let bids = Listing { items, next: rows.next };
        Ok(Declarations { bids, without_names: false, organisations: Vec::new(), withheld })
    })
    .await
}

/// The bids of a round of which whoever assesses may know before any is given to them: those with which they can declare a conflict
/// of interest, without those that one hides. None where they read without names.
pub(in crate::assessment) fn known(
    conn: &mut Conn,
    scene: &Scene,
    (round, sight): (&Granted<RoundKey>, &Sight),
) -> Result<Option<Vec<BidRow>>> {
    if reads_without_names(conn, scene, round)? {
        return Ok(None);
    }
    undecided(conn, round, sight).map(Some)
}

/// Whether the reader is to assess in the round without knowing whose bids they are. Whoever leads or watches the panel knows.
fn reads_without_names(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>) -> Result<bool> {
    let knows = [Capacity::FundManager, Capacity::Moderator, Capacity::Observer];
    let knows = knows.iter().any(|capacity| round.standing().is(*capacity));
    Ok(!knows && policy::is_anonymous(conn, round.id(), scene.now)?)
}

/// All organisations of the round's bids, without what belongs together. A conflict of interest takes none out: what was missing
/// then would tell who bids with whom.
fn without_names(conn: &mut Conn, scene: &Scene, (round, sight): (&Granted<RoundKey>, &Sight)) -> Result<Declarations> {
    let all = policy::sight(conn, &Actor::System)?;
    let ids: Vec<Id<BidKey>> = undecided(conn, round, &all)?.into_iter().map(|bid| bid.id).collect();
    let organisations = store::organisations_of_bids(conn, &ids)?.into_values().flatten();
    let sorted: BTreeMap<(String, String), BidOrganisation> =
        organisations.map(|of| ((of.name.clone(), of.code.clone()), of)).collect();
    let withheld = store::withheld(conn, sight, Some(round.id()), scene.now)?;
    let bids = Listing { items: Vec::new(), next: None };
    Ok(Declarations { bids, without_names: true, organisations: sorted.into_values().collect(), withheld })
}

/// The bids that are read or may yet be, as everybody may know; without those that a conflict hides.
fn undecided(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<BidRow>> {
    let mut rows = assessment::store::bids_of(conn, round, sight)?;
    rows.retain(|bid| matches!(bid.kind, BidKind::Waiting | BidKind::Review));
    Ok(rows)
}

/// The conflicts of a round, those that stand, those that wait for an answer and those that were set aside, for fund managers and
/// moderators.
///
/// # Errors
/// `Forbidden` for other staff.
pub async fn of_round(app: &App, call: &Call, slug: String) -> Result<RoundConflicts> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let people = store::staff(conn, &granted, round.fund.id)?;
        let mut standing = store::of_people(conn, (&granted, &sight), &people, scene.now)?;
        for line in standing.iter_mut().filter(|line| line.organisation.is_some()) {
            if Some(line.person) != sight.person {
                line.can_lift = leads_every_panel_of(conn, scene, line.person)?;
            }
        }
        let bids = undecided(conn, &granted, &sight)?;
        let ids: Vec<Id<BidKey>> = bids.iter().map(|bid| bid.id).collect();
        let all: Vec<Id<PersonKey>> = people.iter().map(|colleague| colleague.person).collect();
        let suggested = open(conn, scene, &sight, (&all, &ids))?;
        let possible = lines(&people, &bids, suggested);
        let set_aside = facts::set_aside_of_round(conn, (&granted, &sight))?;
        Ok(RoundConflicts { standing, possible, set_aside, people })
    })
    .await
}

fn lines(people: &[Colleague], bids: &[BidRow], mut suggested: Open) -> Vec<PossibleLine> {
    let pairs = people.iter().flat_map(|colleague| bids.iter().map(move |bid| (colleague, bid)));
    let line = |(colleague, bid): (&Colleague, &BidRow)| {
        Some(PossibleLine {
            grounds: suggested.remove(&(colleague.person, bid.id))?,
            person: colleague.person,
            name: colleague.name.clone(),
            bid: bid.reference.clone(),
            title: bid.title.clone(),
        })
    };
    pairs.filter_map(line).collect()
}
