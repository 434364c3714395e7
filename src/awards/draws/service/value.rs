//! The public value: entered by one manager once it can be known, confirmed by another, and drawn by.

use std::collections::BTreeSet;

use methods::draw::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    commit::{ended, open, to_change},
    record_of,
};
use crate::{
    actor::Actor,
    approvals::{
        self,
        model::{Request, Support, Thing, Words},
    },
    awards::{
        draws::{
            model::{Entered, Record},
            store::{self, Row},
        },
        service::submitted,
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        self,
        assessing::DrawMethod,
        model::{Round, RoundInFull},
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{Id, PersonKey, RoundKey},
    workflow::{Role, Wanted},
};

/// Whoever enters the value and whoever confirms it.
const PEOPLE: u32 = 2;
/// With what the subject of a request about a draw's value begins.
const SUBJECT: &str = "draw_";

/// What came of confirming a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmed {
    /// The draw is made.
    Drawn(Box<Record>),
    /// Others have to confirm it as well: what was given before counts no more.
    Waiting(Box<Support>),
}

/// The method by its word in rulebooks.
pub(in crate::awards::draws) const fn method_of(method: Method) -> DrawMethod {
    match method {
        Method::Sha256 => DrawMethod::Sha256,
        Method::Rfc3797 => DrawMethod::Rfc3797,
    }
}

/// The value of a draw as people stand behind it; without one, what it would be asked for of.
fn thing(conn: &mut Conn, round: &Round, row: &Row, entered: Option<&Entered>, now: Moment) -> Result<Thing> {
    let mut hash = Sha256::new().chain_update(row.commitment.as_bytes());
    if let Some(entered) = entered {
        hash.update(serde_json::to_vec(entered)?);
    }
    Ok(Thing {
        round: round.id,
        fund: round.fund_id,
        bid: None,
        subject: format!("{SUBJECT}{}", row.number),
        chain: Chain::Round(round.id),
        wanted: Wanted { count: PEOPLE, roles: BTreeSet::from([Role::FundManager]) },
        covers: submitted(conn, round.id)?.into_iter().collect(),
        hash: hash.finalize().to_vec(),
        now,
    })
}

fn words(round: &Round, row: &Row, entered: Option<&Entered>) -> Words {
    let value = entered.map(|entered| format!(" is “{}”, as published at {}", entered.value, entered.looked_up));
    Words {
        what: format!("The public value of draw {} of {}{}", row.number, round.title, value.unwrap_or_default()),
        page: format!("/rounds/{}/draw", round.slug),
    }
}

/// The value that waits for somebody to confirm it.
fn entered(conn: &mut Conn, thing: &Thing) -> Result<Option<Entered>> {
    Ok(approvals::service::terms(conn, thing, false)?.map(serde_json::from_value).transpose()?)
}

/// What is asked about the value of an open draw.
struct Asked {
    entered: Option<Entered>,
    thing: Thing,
    words: Words,
}

fn asked(conn: &mut Conn, round: &Round, row: &Row, now: Moment) -> Result<Asked> {
    let bare = thing(conn, round, row, None, now)?;
    let entered = entered(conn, &bare)?;
    let thing = match &entered {
        Some(entered) => thing(conn, round, row, Some(entered), now)?,
        None => bare,
    };
    Ok(Asked { words: words(round, row, entered.as_ref()), entered, thing })
}

/// The value that waits for somebody to confirm it, who stands behind it, and who can.
pub(super) fn waiting(
    conn: &mut Conn,
    round: &Round,
    row: &Row,
    now: Moment,
) -> Result<(Option<Entered>, Option<Support>)> {
    let asked = asked(conn, round, row, now)?;
    let support = approvals::service::support(conn, &asked.thing)?;
    Ok((asked.entered, Some(support)))
}

/// Enters the public value of a draw, as it was published. Another manager has to confirm it, and is asked by mail.
///
/// # Errors
/// `Conflict` before the value can be known, while another waits, and once the draw is made or withdrawn; `Invalid` with every
/// fault; otherwise as [`commit`](super::commit()).
pub async fn enter(app: &App, call: &Call, slug: String, number: i32, value: Entered) -> Result<Support> {
    call.write(app, move |conn, scene| {
        let (round, full, _) = to_change(conn, scene, &slug)?;
        let row = open(conn, &round, number)?;
        if scene.now < row.known_from {
            let message = format!(
                "The value can be known from {} on, and it is {} now. Enter it then.",
                row.known_from.in_words(),
                scene.now.in_words()
            );
            return Err(AppError::conflict("not_yet", message));
        }
        let commitment = row.commitment()?;
        let entered = value.clone().tidied(method_of(commitment.method));
        AppError::unless_empty(entered.faults())?;
        commitment.run(&entered.value).map_err(wrong_value)?;
        let thing = thing(conn, &full.round, &row, Some(&entered), scene.now)?;
        approvals::service::require_able(conn, scene, &thing)?;
        let words = words(&full.round, &row, Some(&entered));
        approvals::service::ask(conn, scene, (&thing, &words), Some(serde_json::to_value(&entered)?))
    })
    .await
}

/// What the method says against a value, at the field in which it was entered.
fn wrong_value(faults: methods::Faults) -> AppError {
    AppError::invalid("value", "wrong_value", format!("This is no value to draw by: {faults}."))
}

/// The draw that somebody answers about, with what waits there.
fn to_answer(
    conn: &mut Conn,
    scene: &Scene,
    slug: &str,
    number: i32,
) -> Result<(Granted<RoundKey>, RoundInFull, Id<PersonKey>, Row, Asked)> {
    let (round, full, person) = to_change(conn, scene, slug)?;
    let row = open(conn, &round, number)?;
    let asked = asked(conn, &full.round, &row, scene.now)?;
    Ok((round, full, person, row, asked))
}

/// Confirms the value that a colleague has entered; then the draw is made. `seen` is the tag with which it was read.
///
/// # Errors
/// `Conflict` when no value waits, for whoever entered it, and once the draw is made or withdrawn; `Changed` and `VersionNeeded`
/// where it is not what was seen; otherwise as [`commit`](super::commit()).
pub async fn confirm(app: &App, call: &Call, slug: String, number: i32, seen: Option<String>) -> Result<Confirmed> {
    call.write(app, move |conn, scene| {
        let (round, full, person, row, asked) = to_answer(conn, scene, &slug, number)?;
        let Some(entered) = &asked.entered else {
            return Err(AppError::conflict("not_requested", "No value waits for anybody to confirm it."));
        };
        let before = approvals::service::support(conn, &asked.thing)?.asked_by;
        let support = approvals::service::approve(conn, scene, (&asked.thing, &asked.words), seen.as_deref())?;
        if support.still_needed() > 0 {
            return Ok(Confirmed::Waiting(Box::new(support)));
        }
        let by = before.map_or(person, |named| named.person);
        make(conn, scene, &round, (&row, entered), (by, person))?;
        let row = store::find(conn, &round, number)?.ok_or(AppError::NotFound)?;
        record_of(conn, scene, &full, row).map(|record| Confirmed::Drawn(Box::new(record)))
    })
    .await
}

/// Draws by a value behind which two people stand.
fn make(
    conn: &mut Conn,
    scene: &Scene,
    round: &Granted<RoundKey>,
    (row, entered): (&Row, &Entered),
    people: (Id<PersonKey>, Id<PersonKey>),
) -> Result<()> {
    let drawn = row.commitment()?.run(&entered.value).map_err(wrong_value)?;
    let text = serde_json::to_string(&drawn)?;
    if !store::keep(conn, row.id, (entered, &text), people, scene.now)? {
        return Err(ended(row));
    }
    // The whole stands beside it; its hash with the salt of the commitment holds it, and nobody guesses from that who is drawn.
    let salt = drawn.before.salt.as_deref().unwrap_or_default();
    let hash = hex::encode(Sha256::new().chain_update(salt).chain_update(&text).finalize());
    let detail = json!({ "number": row.number, "commitment": drawn.before.commitment, "draw": hash });
    scene.tell(conn, Chain::Round(round.id()), "draw.made", detail)
}

/// Refuses to confirm the value that a colleague has entered; they read the reason.
///
/// # Errors
/// As [`confirm`]; `Invalid` without a reason.
pub async fn refuse(
    app: &App,
    call: &Call,
    slug: String,
    number: i32,
    (reason, seen): (String, Option<String>),
) -> Result<Record> {
    call.write(app, move |conn, scene| {
        let (_, full, _, row, asked) = to_answer(conn, scene, &slug, number)?;
        approvals::service::refuse(conn, scene, (&asked.thing, &asked.words), (&reason, seen.as_deref()))?;
        record_of(conn, scene, &full, row)
    })
    .await
}

/// Takes back the value that waits, so that another can be entered; whoever entered it is told.
///
/// # Errors
/// `NotFound` when none waits; otherwise as [`confirm`].
pub async fn take_back(app: &App, call: &Call, slug: String, number: i32) -> Result<()> {
    call.write(app, move |conn, scene| {
        let (_, full, _, row, _) = to_answer(conn, scene, &slug, number)?;
        if end(conn, scene, &full.round, &row)? { Ok(()) } else { Err(AppError::NotFound) }
    })
    .await
}

/// Ends what is asked about the value of a draw; says whether anything was.
fn end(conn: &mut Conn, scene: &Scene, round: &Round, row: &Row) -> Result<bool> {
    let asked = asked(conn, round, row, scene.now)?;
    approvals::service::take_back(conn, scene, (&asked.thing, &asked.words), false)
}

/// Asks those who can confirm the value of a draw only since it was entered.
///
/// # Errors
/// When the database fails.
pub fn ask_newcomers(conn: &mut Conn, scene: &Scene, round: Id<RoundKey>, request: &Request) -> Result<()> {
    let Some(number) = request.subject.strip_prefix(SUBJECT).and_then(|number| number.parse().ok()) else {
        return Ok(());
    };
    let granted = policy::round(conn, &Actor::System, Action::ListBids, round)?;
    let Some(row) = store::find(conn, &granted, number)? else { return Ok(()) };
    let round = funds::store::round_by_id(conn, round)?;
    let asked = asked(conn, &round, &row, scene.now)?;
    approvals::service::ask_newcomers(conn, scene, (&asked.thing, &asked.words), request)
}
