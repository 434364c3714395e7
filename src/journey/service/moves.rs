//! Moving bids to another version of their round's workflow: looked at first, then all or nothing, told in each bid's history,
//! and undone while nothing has happened to any of them since.
//!
//! Drafts stay where they are: nobody of the fund knows of them, and once submitted they can be moved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    letters,
    situation::{self, Known},
};
use crate::{
    awards,
    bids::{self, model::Bid},
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    events::{self, Chain, Happened},
    funds::{
        self,
        model::{Round, RoundInFull},
        store::WorkflowRow,
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RoundKey, RowKey},
    journey::store::{self, MoveRow, MovedRow},
    workflow::{
        Definition, Gate, State,
        landing::{Crossing, Taken},
    },
};

/// What moves bids.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowMove {
    /// The version to which they are pinned.
    pub from: i32,
    /// The version to which they go.
    pub to: i32,
    /// By state of the first its state in the second; one that is not named keeps its id.
    #[serde(default)]
    pub mapping: BTreeMap<String, String>,
    /// Says where every bid would land, and moves none.
    #[serde(default)]
    pub dry_run: bool,
}

/// Where the bids land.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MovedBids {
    /// The move, by which it can be undone; none where it was only looked at.
    pub id: Option<Id<RowKey>>,
    /// The version from which.
    pub from: i32,
    /// The version to which.
    pub to: i32,
    /// Whether nothing stands in the way of any bid.
    pub possible: bool,
    /// Every bid, by reference.
    pub bids: Vec<LandedBid>,
}

/// Where a bid lands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LandedBid {
    /// What people call it by.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub from: String,
    /// What the fund's people call that.
    pub from_label: String,
    /// The state in which it lands, if there is one.
    pub to: Option<String>,
    /// What the fund's people call that.
    pub to_label: Option<String>,
    /// Whether its councils see another label, so that they are told by e-mail.
    pub told: bool,
    /// What stands in the way, in words.
    pub reasons: Vec<String>,
}

/// A move that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MadeMove {
    /// Its id.
    pub id: Id<RowKey>,
    /// The version from which.
    pub from: i32,
    /// The version to which.
    pub to: i32,
    /// How many bids.
    pub bids: usize,
    /// When.
    pub at: Moment,
    /// When it was undone.
    pub undone_at: Option<Moment>,
    /// Whether it can be undone: nothing has happened to any of the bids since.
    pub undoable: bool,
}

/// Both versions, and everything that a move needs of the round.
struct Versions {
    round: RoundInFull,
    from: WorkflowRow,
    to: WorkflowRow,
    older: Definition,
    newer: Definition,
}

impl Versions {
    fn of(conn: &mut Conn, round: Round, (from, to): (i32, i32)) -> Result<Self> {
        let [from, to] = [from, to].map(|number| funds::store::workflow_version(conn, round.id, number));
        let (from, to) = (from?, to?);
        let (older, newer) = (from.definition()?, to.definition()?);
        Ok(Self { round: funds::store::in_full(conn, round)?, from, to, older, newer })
    }
}

/// A bid on its way.
struct Landing {
    bid: Bid,
    granted: Granted<BidKey>,
    told: LandedBid,
}

fn ask(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Round, Granted<RoundKey>)> {
    let round = funds::store::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::round(conn, &scene.actor, Action::EditRound, round.id)?;
    Ok((round, granted))
}

/// Moves the bids of one version to another, or says where they would land.
///
/// # Errors
/// As policy says; `NotFound` for a version that the round does not have; `Invalid` for a mapping of states that are not
/// there; `Conflict` when one of the bids cannot be moved, and then none is.
pub async fn move_bids(app: &App, call: &Call, slug: String, wanted: WorkflowMove) -> Result<MovedBids> {
    if wanted.dry_run {
        return call.read(app, move |conn, scene| Ok(look(conn, scene, &slug, &wanted)?.told())).await;
    }
    call.write(app, move |conn, scene| look(conn, scene, &slug, &wanted)?.go(conn, scene, &wanted)).await
}

/// What was looked at.
struct Prospect {
    granted: Granted<RoundKey>,
    versions: Versions,
    landings: Vec<Landing>,
}

fn look(conn: &mut Conn, scene: &Scene, slug: &str, wanted: &WorkflowMove) -> Result<Prospect> {
    let (round, granted) = ask(conn, scene, slug)?;
    round.require_running()?;
    if wanted.from == wanted.to {
        return Err(AppError::invalid("to", "same_version", "Choose another version than the one they are on."));
    }
    let versions = Versions::of(conn, round, (wanted.from, wanted.to))?;
    AppError::unless_empty(strangers(&versions, &wanted.mapping))?;
    let sight = policy::sight(conn, &scene.actor)?;
    let timetable = situation::timetable(conn, &versions.round, &versions.newer, (scene.now, &[]))?;
    let crossing =
        Crossing { from: &versions.older, to: &versions.newer, mapping: &wanted.mapping, timetable: &timetable };
    let mut landings = Vec::new();
    for bid in store::pinned(conn, &granted, &sight, versions.from.id)? {
        let granted = policy::bid(conn, &scene.actor, Action::ReadBid, bid.id)?;
        let taken = taken(conn, &granted)?;
        let landing = crossing.land(&bid.state, &taken);
        let told = landed(&versions.older, &bid, landing.state, landing.reasons);
        landings.push(Landing { bid, granted, told });
    }
    Ok(Prospect { granted, versions, landings })
}

/// The states of a mapping that its version does not have.
fn strangers(versions: &Versions, mapping: &BTreeMap<String, String>) -> Vec<Fault> {
    let stranger = |state: &str, definition: &Definition, number: i32, key: &str| {
        let message = format!("Version {number} has no state “{state}”.");
        definition.state(state).is_none().then(|| Fault::new(format!("mapping/{key}"), "unknown_state", message))
    };
    let of_one = |(from, to): (&String, &String)| {
        let before = stranger(from, &versions.older, versions.from.number, from);
        before.or_else(|| stranger(to, &versions.newer, versions.to.number, from))
    };
    mapping.iter().filter_map(of_one).collect()
}

fn taken(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Taken>> {
    let taken = |decision: awards::model::Decision| {
        let gate = Gate::from_word(decision.gate.word()).ok_or_else(|| AppError::internal("a gate of no workflow"))?;
        let recorded = decision.recorded_at.is_some();
        Ok(Taken { transition: decision.transition, gate, to: decision.to_state, recorded })
    };
    awards::store::of_bid(conn, bid)?.into_iter().map(taken).collect()
}

fn landed(older: &Definition, bid: &Bid, there: Option<&State>, reasons: Vec<String>) -> LandedBid {
    let here = older.state(&bid.state);
    let told = here.zip(there).is_some_and(|(here, there)| here.labels.applicant != there.labels.applicant);
    LandedBid {
        reference: bid.reference.clone(),
        title: bid.title.clone(),
        from: bid.state.clone(),
        from_label: here.map_or_else(|| bid.state.clone(), |state| state.labels.staff.clone()),
        to: there.map(|state| state.id.clone()),
        to_label: there.map(|state| state.labels.staff.clone()),
        told,
        reasons,
    }
}

impl Prospect {
    fn told(self) -> MovedBids {
        let bids: Vec<LandedBid> = self.landings.into_iter().map(|landing| landing.told).collect();
        MovedBids {
            id: None,
            from: self.versions.from.number,
            to: self.versions.to.number,
            possible: bids.iter().all(|bid| bid.reasons.is_empty()),
            bids,
        }
    }

    fn go(self, conn: &mut Conn, scene: &Scene, wanted: &WorkflowMove) -> Result<MovedBids> {
        self.refuse()?;
        let new = MoveRow {
            id: scene.fresh(),
            from_number: wanted.from,
            to_number: wanted.to,
            moved_at: scene.now,
            undone_at: None,
        };
        store::insert_move(conn, &self.granted, &new)?;
        for landing in &self.landings {
            let moved = self.step(conn, scene, landing, new.id)?;
            store::insert_moved(conn, new.id, &moved)?;
        }
        let detail = json!({
            "move": new.id, "from": wanted.from, "to": wanted.to, "mapping": wanted.mapping, "bids": self.landings.len()
        });
        scene.tell(conn, Chain::Round(self.granted.id()), "round.workflow_moved", detail)?;
        Ok(MovedBids { id: Some(new.id), ..self.told() })
    }

    /// One bid that cannot be moved keeps all of them where they are.
    fn refuse(&self) -> Result<()> {
        if self.landings.is_empty() {
            let message = format!("No bid that you can see is on version {}.", self.versions.from.number);
            return Err(AppError::conflict("nothing_to_move", message));
        }
        let refused: Vec<String> = self
            .landings
            .iter()
            .filter(|landing| !landing.told.reasons.is_empty())
            .map(|landing| format!("{}: {}", landing.told.reference, landing.told.reasons.join("; ")))
            .collect();
        if refused.is_empty() {
            return Ok(());
        }
        let message = format!("No bid was moved, because not every one can be. {}.", refused.join(". "));
        Err(AppError::conflict("cannot_move", message))
    }

    fn step(&self, conn: &mut Conn, scene: &Scene, landing: &Landing, id: Id<RowKey>) -> Result<MovedRow> {
        let (from, to) = (&self.versions.from, &self.versions.to);
        let state = landing.told.to.clone().ok_or_else(|| AppError::internal("a bid lands nowhere"))?;
        let bid = &landing.bid;
        if !store::repin(conn, bid, (to.id, &state), scene.now)? {
            return Err(AppError::Stale { current: bid.version });
        }
        let detail = json!({
            "move": id, "from_version": from.number, "to_version": to.number, "from": bid.state, "to": state
        });
        let seq = tell(conn, scene, bid.id, "bid.workflow_moved", detail)?;
        if landing.told.told {
            let known = Known::of(conn, scene, &landing.granted)?;
            letters::of_move(conn, scene, &known)?;
        }
        let from_state = bid.state.clone();
        Ok(MovedRow { bid_id: bid.id, from_state, to_state: state, bid_version: bid.version + 1, seq })
    }
}

/// Tells a bid's history, and gives the place there.
fn tell(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>, kind: &'static str, detail: Value) -> Result<i64> {
    let chain = Chain::Bid(bid);
    events::append(conn, Happened { chain, kind, at: scene.now, actor: &scene.actor, detail })
}

/// The moves of a round, newest first.
///
/// # Errors
/// As policy says.
pub async fn moves(app: &App, call: &Call, slug: String) -> Result<Vec<MadeMove>> {
    call.read(app, move |conn, scene| {
        let (_, granted) = ask(conn, scene, &slug)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let mut made = Vec::new();
        for row in store::moves(conn, &granted)? {
            let mut moved = store::moved(conn, row.id)?;
            let all = moved.len();
            moved.retain(|one| !sight.hidden.contains(&one.bid_id));
            let undoable = row.undone_at.is_none() && moved.len() == all && are_untouched(conn, &row, &moved)?;
            made.push(MadeMove {
                id: row.id,
                from: row.from_number,
                to: row.to_number,
                bids: moved.len(),
                at: row.moved_at,
                undone_at: row.undone_at,
                undoable,
            });
        }
        Ok(made)
    })
    .await
}

fn are_untouched(conn: &mut Conn, row: &MoveRow, moved: &[MovedRow]) -> Result<bool> {
    for one in moved {
        if !store::is_untouched(conn, one, row.moved_at)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes the bids of a move back to where they were.
///
/// # Errors
/// As policy says; `NotFound` for a move that the round does not have; `Conflict` when it was undone already, or when
/// something has happened to one of the bids since.
pub async fn undo_move(app: &App, call: &Call, slug: String, id: Id<RowKey>) -> Result<()> {
    call.write(app, move |conn, scene| {
        let (round, granted) = ask(conn, scene, &slug)?;
        round.require_running()?;
        let row = store::one_move(conn, &granted, id)?;
        let moved = store::moved(conn, id)?;
        let hidden = policy::sight(conn, &scene.actor)?.hidden;
        let is_seen = moved.iter().all(|one| !hidden.contains(&one.bid_id));
        if !is_seen || (row.undone_at.is_none() && !are_untouched(conn, &row, &moved)?) {
            let message = "This cannot be undone any more: something has happened to the bids since.";
            return Err(AppError::conflict("cannot_undo", message));
        }
        if !store::mark_undone(conn, id, scene.now)? {
            return Err(AppError::conflict("undone_already", "This move was undone already."));
        }
        let versions = Versions::of(conn, round, (row.from_number, row.to_number))?;
        for one in &moved {
            take_back(conn, scene, &versions, (id, one))?;
        }
        let detail = json!({ "move": id, "from": row.to_number, "to": row.from_number, "bids": moved.len() });
        scene.tell(conn, Chain::Round(granted.id()), "round.workflow_move_undone", detail)
    })
    .await
}

fn take_back(conn: &mut Conn, scene: &Scene, versions: &Versions, (id, moved): (Id<RowKey>, &MovedRow)) -> Result<()> {
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, moved.bid_id)?;
    let bid = bids::store::load(conn, &granted)?;
    if !store::repin(conn, &bid, (versions.from.id, &moved.from_state), scene.now)? {
        return Err(AppError::Stale { current: bid.version });
    }
    let detail = json!({
        "move": id, "from_version": versions.to.number, "to_version": versions.from.number,
        "from": moved.to_state, "to": moved.from_state
    });
    tell(conn, scene, bid.id, "bid.workflow_move_undone", detail)?;
    let label =
        |definition: &Definition, state: &str| definition.state(state).map(|state| state.labels.applicant.clone());
    if label(&versions.newer, &moved.to_state) != label(&versions.older, &moved.from_state) {
        let known = Known::of(conn, scene, &granted)?;
        letters::of_move(conn, scene, &known)?;
    }
    Ok(())
}
