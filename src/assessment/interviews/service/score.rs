//! Scoring an interview: whoever sits on the panel scores from when it begins, blind until they have submitted, which is for good.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Seats, look::submitted, rules_of};
use crate::{
    assessment::{
        interviews::{
            model::{Appointment, MyInterviewScores, SeatRow, SlotRow},
            store,
        },
        model::{MyScores, NewScores, Reading, Score, missing, newest, score_faults},
        service::{Asked, Decided, add, ask, look, must_be_passed, person_of, unscored},
        store::scores,
    },
    bids::{
        clarifications::{self, model::ClarificationView},
        content::{self, Content},
        documents::slides,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{assessing::InterviewRules, model::RoundInFull, rulebook::Stage},
    http::{App, Call, Scene},
    identity::policy::Action,
    ids::{Id, PersonKey},
};

/// Somebody's seat on the panel of a bid, in its transaction.
struct Sitting {
    asked: Asked,
    rules: InterviewRules,
    person: Id<PersonKey>,
    slot: SlotRow,
    seat: SeatRow,
    seats: Seats,
    given: Vec<Score>,
}

impl Sitting {
    fn of(conn: &mut Conn, scene: &Scene, asked: Asked) -> Result<Self> {
        let person = person_of(scene)?;
        let rules = rules_of(&asked.round)?;
        let slot = store::of_bid(conn, &asked.granted)?.ok_or(AppError::NotFound)?;
        let seats = Seats::of(conn, &asked.granted, asked.bid.round_id)?;
        let seat = seats.sitting(&slot).find(|seat| seat.person_id == person).cloned().ok_or(AppError::NotFound)?;
        let given = scores::own_scores(conn, &asked.granted, person)?;
        Ok(Self { asked, rules, person, slot, seat, seats, given })
    }

    fn find(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Self> {
        let asked = ask(conn, scene, Action::InterviewBid, reference)?;
        Self::of(conn, scene, asked)
    }

    /// The same for whoever only reads it.
    fn look(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Self> {
        let asked = look(conn, scene, Action::InterviewBid, reference)?;
        Self::of(conn, scene, asked)
    }

    fn waits_for_award(&self, conn: &mut Conn) -> Result<bool> {
        Ok(Decided::of_bid(conn, &self.asked.granted, &self.asked.bid)?.waits_for_award(&self.asked.bid))
    }

    fn is_open(&self, conn: &mut Conn, scene: &Scene) -> Result<bool> {
        let running = self.asked.granted.standing().may(Action::InterviewBid);
        let due = self.slot.has_begun(scene.now) && self.seat.submitted_at.is_none();
        Ok(running && due && self.waits_for_award(conn)?)
    }

    fn must_be_open(&self, conn: &mut Conn, scene: &Scene) -> Result<()> {
        if !self.slot.has_begun(scene.now) {
            let message =
                format!("This interview begins at {}. You can score it from then on.", self.slot.starts_at.in_words());
            return Err(AppError::conflict("not_begun", message));
        }
        if self.seat.submitted_at.is_some() {
            let message = "You have submitted your scores of this interview, and they stay as they are.";
            return Err(AppError::conflict("scores_submitted", message));
        }
        if !self.waits_for_award(conn)? {
            return Err(AppError::conflict("scoring_closed", "This interview cannot be scored at the moment."));
        }
        Ok(())
    }

    const fn stale(&self) -> AppError {
        AppError::Stale { current: self.seat.version }
    }

    fn into_view(self, conn: &mut Conn, scene: &Scene) -> Result<MyInterviewScores> {
        let open = self.is_open(conn, scene)?;
        let others = if self.seat.submitted_at.is_some() { self.others(conn)? } else { Vec::new() };
        let slides = slides::service::current(conn, &self.asked.granted)?;
        let scores = newest(self.given, &self.rules.criteria);
        let own = MyScores {
            missing: missing(&scores, &self.rules.criteria),
            scores,
            bid: self.asked.bid.into(),
            submitted_at: self.seat.submitted_at,
            open,
            // It is asked of when they are submitted, and stands with the reading.
            gateway: None,
            version: self.seat.version,
        };
        Ok(MyInterviewScores { own, at: Appointment::from(&self.slot), others, slides })
    }

    fn others(&self, conn: &mut Conn) -> Result<Vec<Reading>> {
        let mut given: BTreeMap<Id<PersonKey>, Vec<Score>> = BTreeMap::new();
        for (person, score) in scores::scores_of_bid(conn, &self.asked.granted)? {
            given.entry(person).or_default().push(score);
        }
        let mut others = submitted(&self.seats, &self.slot, given, &self.rules);
        others.retain(|reading| reading.person != self.person);
        Ok(others)
    }
}

/// One's own scores of the interview of a bid.
///
/// # Errors
/// `NotFound` for whoever does not sit on its panel or has a conflict with it.
pub async fn own(app: &App, call: &Call, reference: String) -> Result<MyInterviewScores> {
    call.read(app, move |conn, scene| Sitting::look(conn, scene, &reference)?.into_view(conn, scene)).await
}

/// Gives scores on one or more criteria of the interview; the others stay as they are. Every score is added, the newest counts.
///
/// # Errors
/// As [`own`]; `Invalid` with every fault; `Stale` when the scores are not at `version`; `Conflict` before the interview begins,
/// once they are submitted, and once the bid is decided.
pub async fn save(
    app: &App,
    call: &Call,
    reference: String,
    version: i32,
    new: NewScores,
) -> Result<MyInterviewScores> {
    call.write(app, move |conn, scene| {
        let sitting = Sitting::find(conn, scene, &reference)?;
        sitting.must_be_open(conn, scene)?;
        AppError::unless_empty(score_faults(&new.scores, &sitting.rules.criteria))?;
        if sitting.seat.version != version || !store::touch(conn, &sitting.asked.granted, &sitting.seat)? {
            return Err(sitting.stale());
        }
        add(conn, scene, (&sitting.asked, sitting.person), (&sitting.given, &new.scores))?;
        Sitting::look(conn, scene, &reference)?.into_view(conn, scene)
    })
    .await
}

/// Submits one's scores of an interview: from then on they count and stay as they are, and one reads those of the others.
///
/// # Errors
/// As [`save`]; `Invalid` naming every criterion without a score; `Conflict` with `gateway_open` or `gateway_failed` while the bid
/// has not passed its gateway checks.
pub async fn submit(app: &App, call: &Call, reference: String, version: i32) -> Result<MyInterviewScores> {
    call.write(app, move |conn, scene| {
        let sitting = Sitting::find(conn, scene, &reference)?;
        sitting.must_be_open(conn, scene)?;
        must_be_passed(conn, &sitting.asked)?;
        AppError::unless_empty(unscored(&sitting.given, &sitting.rules.criteria))?;
        let at_version = sitting.seat.version == version;
        if !at_version || !store::submit(conn, &sitting.asked.granted, &sitting.seat, scene.now)? {
            return Err(sitting.stale());
        }
        let detail = json!({ "bid": sitting.asked.bid.id, "person": sitting.person, "number": sitting.slot.number });
        scene.tell(conn, Chain::Round(sitting.asked.bid.round_id), "interview.scored", detail)?;
        Sitting::look(conn, scene, &reference)?.into_view(conn, scene)
    })
    .await
}

/// A bid as whoever interviews it reads it, with their own scores.
pub struct ToInterview {
    /// One's own scores.
    pub mine: MyInterviewScores,
    /// The round with the criteria.
    pub round: RoundInFull,
    /// What is scored.
    pub rules: InterviewRules,
    /// What the version that stands says.
    pub content: Option<Content>,
    /// What the fund asked the bid's councils.
    pub clarifications: Vec<ClarificationView>,
}

/// A bid to be interviewed.
///
/// # Errors
/// As [`own`].
pub async fn to_interview(app: &App, call: &Call, reference: String) -> Result<ToInterview> {
    call.read(app, move |conn, scene| {
        let sitting = Sitting::look(conn, scene, &reference)?;
        let content = content::standing(conn, &sitting.asked.granted, Stage::Full)?;
        let clarifications = clarifications::service::beside(conn, scene, &sitting.asked.granted)?;
        let (round, rules) = (sitting.asked.round.clone(), sitting.rules.clone());
        let mine = sitting.into_view(conn, scene)?;
        Ok(ToInterview { mine, round, rules, content, clarifications })
    })
    .await
}
