//! Reading a pool: the whole for the fund's managers and moderators, and one's own place.

use std::collections::BTreeMap;

use super::{Asked, Own, ask, asked_for, load_of, must_be_running, own_accepted, terms_of};
use crate::{
    actor::Actor,
    assessment::{
        pool::{
            letters::{self, Answer},
            model::{
                Area, Capacity, MyPlace, PlaceRow, PlaceState, PlaceView, Pool, PoolRow, PoolSettings, Workload,
                areas_of, needed_in_words,
            },
            store,
        },
        service::{for_assessment, known_for_assessment, person_of},
        store::assignments,
    },
    db::Conn,
    error::{AppError, Result},
    funds::model::RoundInFull,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// A round's pool, for fund managers and moderators. Bids with which the reader has a conflict of interest do not count.
///
/// # Errors
/// As policy says.
pub async fn pool(app: &App, call: &Call, slug: String) -> Result<(RoundInFull, Pool, bool)> {
    call.read(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::AssignAssessors, &slug)?;
        let pool = whole(conn, scene, &asked)?;
        let manages =
            asked.granted.standing().may(Action::ManagePool) && must_be_running(&asked.round, scene.now).is_ok();
        Ok((asked.round, pool, manages))
    })
    .await
}

fn whole(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<Pool> {
    let Asked { granted, round, pool, open } = asked;
    let sight = policy::sight(conn, &scene.actor)?;
    let bids = for_assessment(conn, granted, &sight)?.len();
    let workload = workload(round, pool, bids, scene);
    let rows = store::places(conn, granted)?;
    let capacity = Capacity::of(rows.iter().map(|(place, ..)| place));
    let loads = loads(conn, granted, &sight)?;
    let asked = asked_for(conn, round, pool)?;
    let view = |(place, name, email): store::Held| {
        let load = loads.get(&place.person_id).copied().unwrap_or_default();
        PlaceView::of(place, (name, email), load, scene.now).under(&asked)
    };
    let places = rows.into_iter().map(view).collect();
    Ok(Pool {
        told: needed_in_words(&workload, capacity),
        settings: pool.clone().into(),
        open: *open,
        areas: areas_of(round, pool),
        terms: terms_of(conn, round, pool)?,
        workload,
        capacity,
        places,
    })
}

/// How many bids of a round each person has, and how many assessments they have submitted, of bids that one may see.
fn loads(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<BTreeMap<Id<PersonKey>, (u32, u32)>> {
    let mut loads: BTreeMap<Id<PersonKey>, (u32, u32)> = BTreeMap::new();
    for (bid, person, _, submitted_at) in assignments::of_round(conn, round)? {
        if !sight.hidden.contains(&bid) {
            let (given, submitted) = loads.entry(person).or_default();
            *given += 1;
            *submitted += u32::from(submitted_at.is_some());
        }
    }
    Ok(loads)
}

fn workload(round: &RoundInFull, pool: &PoolRow, bids: usize, scene: &Scene) -> Workload {
    let expected = PoolSettings::from(pool.clone()).expected_bids;
    Workload::of(round, (u32::try_from(bids).unwrap_or(u32::MAX), expected), scene.now)
}

/// The pool as a table: its head and its rows.
///
/// # Errors
/// As [`pool`].
pub async fn table(app: &App, call: &Call, slug: String) -> Result<Vec<Vec<String>>> {
    let (_, pool, _) = self::pool(app, call, slug).await?;
    Ok(pool.places.iter().map(|place| place.cells(&pool.areas)).collect())
}

/// One place, for fund managers and moderators, with the round, what assessors of it can know of, and whether the reader can end it.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn one(
    app: &App,
    call: &Call,
    (slug, id): (String, Id<RowKey>),
) -> Result<(RoundInFull, PlaceView, Vec<Area>, bool)> {
    call.read(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::AssignAssessors, &slug)?;
        let place = view(conn, scene, &asked, id)?;
        let runs = must_be_running(&asked.round, scene.now).is_ok();
        let stands = matches!(place.state, PlaceState::Invited | PlaceState::Accepted);
        let ends = asked.granted.standing().may(Action::ManagePool) && runs && stands;
        let areas = areas_of(&asked.round, &asked.pool);
        Ok((asked.round, place, areas, ends))
    })
    .await
}

pub(super) fn view(conn: &mut Conn, scene: &Scene, asked: &Asked, id: Id<RowKey>) -> Result<PlaceView> {
    let Asked { granted, round, pool, .. } = asked;
    let (place, name, email) = store::place(conn, granted, id)?.ok_or(AppError::NotFound)?;
    let hidden: Vec<Id<BidKey>> = policy::sight(conn, &scene.actor)?.hidden;
    let load = load_of(conn, granted, place.person_id, &hidden)?;
    let asked = asked_for(conn, round, pool)?;
    Ok(PlaceView::of(place, (name, email), load, scene.now).under(&asked))
}

/// What a manager has before them who settles a pool or invites people.
pub struct ToInvite {
    /// The round.
    pub round: RoundInFull,
    /// What is settled.
    pub settings: PoolSettings,
    /// What assessors can know of.
    pub areas: Vec<Area>,
    /// Whether the round has a pool already.
    pub open: bool,
}

/// The same, for whoever may change it.
///
/// # Errors
/// As policy says; `Conflict` for a round that is not published, is over or was called off.
pub async fn to_invite(app: &App, call: &Call, slug: String) -> Result<ToInvite> {
    call.read(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::ManagePool, &slug)?;
        must_be_running(&asked.round, scene.now)?;
        let areas = areas_of(&asked.round, &asked.pool);
        Ok(ToInvite { settings: asked.pool.into(), areas, open: asked.open, round: asked.round })
    })
    .await
}

/// One's own place in the pool of a round, with what there is to know before one answers.
///
/// # Errors
/// `NotFound` for whoever was not invited.
pub async fn mine(app: &App, call: &Call, slug: String) -> Result<MyPlace> {
    call.read(app, move |conn, scene| own(conn, scene, &slug, None)).await
}

/// Whether one has accepted to assess in a round and can still change what one has said.
///
/// # Errors
/// When the database fails.
pub(in crate::assessment) async fn says(app: &App, call: &Call, slug: String) -> Result<bool> {
    call.read(app, move |conn, scene| match own_accepted(conn, scene, &slug) {
        Ok(own) => Ok(own.open),
        Err(AppError::NotFound) => Ok(false),
        Err(other) => Err(other),
    })
    .await
}

/// One's own places that stand in one of these ways, the newest invitation first.
///
/// # Errors
/// When the database fails.
pub async fn my_places(app: &App, call: &Call, states: &'static [PlaceState]) -> Result<Vec<MyPlace>> {
    call.read(app, move |conn, scene| {
        person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let slugs = store::own_rounds(conn, &sight, states)?;
        slugs.iter().map(|slug| own(conn, scene, slug, None)).collect()
    })
    .await
}

/// One's own place; where one has just answered, the fund's managers are told.
pub(super) fn own(conn: &mut Conn, scene: &Scene, slug: &str, answer: Option<Answer>) -> Result<MyPlace> {
    let own = Own::find(conn, scene, slug)?;
    if let Some(answer) = answer {
        let (place, name, _) = &own.held;
        letters::answered(conn, scene, &own.round, (place, name), &answer)?;
    }
    let house = own.of_the_house(conn)?;
    let hidden = policy::conflicted_bids(conn, own.person, scene.now)?;
    let all = policy::sight(conn, &Actor::System)?;
    let bids = known_for_assessment(conn, &house, &all)?;
    let bids = bids.into_iter().filter(|bid| !hidden.contains(&bid.id)).count();
    let load = own.load(conn, scene.now)?;
    let open = is_open(conn, scene, &own)?;
    let areas = areas_of(&own.round, &own.pool);
    let terms = terms_of(conn, &own.round, &own.pool)?;
    let asked = asked_for(conn, &own.round, &own.pool)?;
    let workload = workload(&own.round, &own.pool, bids, scene);
    let (place, name, email): (PlaceRow, _, _) = own.held;
    Ok(MyPlace {
        round: own.round.round.slug,
        title: own.round.round.title,
        fund: own.round.fund.name,
        place: PlaceView::of(place, (name, email), load, scene.now).under(&asked),
        workload,
        areas,
        terms,
        open,
    })
}

pub(super) fn is_open(conn: &mut Conn, scene: &Scene, own: &Own) -> Result<bool> {
    if must_be_running(&own.round, scene.now).is_err() {
        return Ok(false);
    }
    Ok(match own.place().state {
        PlaceState::Invited => own.place().awaits_answer(scene.now),
        PlaceState::Accepted => !own.has_been_assigned(conn, scene.now)?,
        PlaceState::Declined | PlaceState::Withdrawn | PlaceState::Ended => false,
    })
}
