//! What the program suggests, and what people answer. Until a suggestion is answered its bid is not given to the person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{New, declarable, must_lead_panel_of, pinnable, put};
use crate::{
    assessment::{
        self,
        conflicts::{
            model::{BidOrganisation, Conflict, ConflictGround, NewVerdict, Origin, Verdict},
            store::{self, facts},
            suggested::{self, grounds},
        },
        service::person_of,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::{
        policy::{self, Granted, Sight},
        store::people,
    },
    ids::{BidKey, Id, PersonKey},
};

/// The suggestions that wait for an answer, by person and bid.
pub type Open = BTreeMap<(Id<PersonKey>, Id<BidKey>), Vec<ConflictGround>>;

/// The suggestions about some people and bids that wait for an answer: not where a conflict stands, and not what was set aside.
pub fn open(
    conn: &mut Conn,
    scene: &Scene,
    sight: &Sight,
    (people, bids): (&[Id<PersonKey>], &[Id<BidKey>]),
) -> Result<Open> {
    let known = facts::people(conn, sight, people, scene.now)?;
    let names = facts::names(conn, sight, bids)?;
    let set_aside = facts::set_aside(conn, sight, (people, bids))?;
    let mut open = Open::new();
    for (person, who) in &known {
        let mut found: Vec<_> = names.iter().map(|(bid, names)| (*bid, grounds(who, names))).collect();
        found.retain(|(_, grounds)| !grounds.is_empty());
        if found.is_empty() {
            continue;
        }
        let conflicted = policy::conflicted_bids(conn, *person, scene.now)?;
        for (bid, mut grounds) in found.into_iter().filter(|(bid, _)| !conflicted.contains(bid)) {
            let aside = set_aside.get(&(*person, bid));
            grounds.retain(|ground| !aside.is_some_and(|keys| keys.contains(&ground.key)));
            if !grounds.is_empty() {
                open.insert((*person, bid), grounds);
            }
        }
    }
    Ok(open)
}

/// Why a bid cannot be given to somebody before a suggestion is answered.
pub fn refusal(grounds: &[ConflictGround]) -> AppError {
    let message =
        format!("This assessor {}. Answer first whether that is a conflict of interest.", suggested::in_words(grounds));
    AppError::conflict("possible_conflict", message)
}

/// A suggestion with what one may see of the bid in order to answer it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Possible {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its organisations, the lead first.
    pub organisations: Vec<BidOrganisation>,
    /// Who may have the conflict.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// Whether that is the reader.
    pub own: bool,
    /// The place in addresses of the bid's round.
    pub round: String,
    /// Why it is suggested.
    pub grounds: Vec<ConflictGround>,
}

/// A suggestion about oneself, or about somebody whose panel one leads.
///
/// # Errors
/// `NotFound` for what one may not know of; `Conflict` when nothing waits for an answer.
pub async fn possible(app: &App, call: &Call, reference: String, person: Id<PersonKey>) -> Result<Possible> {
    call.read(app, move |conn, scene| {
        let own = person_of(scene)? == person;
        let granted = asked(conn, scene, &reference, person)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let grounds = waiting(conn, scene, (&sight, &granted), person)?;
        let bid = assessment::store::bid(conn, &granted)?;
        let round = crate::funds::store::round_by_id(conn, bid.round_id)?.slug;
        let organisations = store::organisations_of(conn, bid.id)?;
        let name = people::name_of(conn, person)?;
        Ok(Possible { reference: bid.reference, title: bid.title, organisations, person, name, own, round, grounds })
    })
    .await
}

/// The bid, for the person themself and for those who lead their panel.
fn asked(conn: &mut Conn, scene: &Scene, reference: &str, person: Id<PersonKey>) -> Result<Granted<BidKey>> {
    if person_of(scene)? == person {
        return declarable(conn, scene, reference);
    }
    let granted = pinnable(conn, scene, reference)?;
    must_lead_panel_of(conn, scene, person)?;
    Ok(granted)
}

fn waiting(
    conn: &mut Conn,
    scene: &Scene,
    (sight, bid): (&Sight, &Granted<BidKey>),
    person: Id<PersonKey>,
) -> Result<Vec<ConflictGround>> {
    let found = open(conn, scene, sight, (&[person], &[bid.id()]))?.remove(&(person, bid.id()));
    found.ok_or_else(|| {
        let message = "Nothing waits for an answer here: somebody may have answered it, or its grounds are gone.";
        AppError::conflict("nothing_suggested", message)
    })
}

/// Answers a suggestion: what is confirmed is a conflict from now on, the conflict that is answered; what is set aside is not
/// suggested again on the same grounds.
///
/// # Errors
/// As [`possible`]; `Invalid` when it is set aside without a reason.
pub async fn answer(
    app: &App,
    call: &Call,
    reference: String,
    person: Id<PersonKey>,
    new: NewVerdict,
) -> Result<Option<Conflict>> {
    call.write(app, move |conn, scene| {
        let by = person_of(scene)?;
        let granted = asked(conn, scene, &reference, person)?;
        AppError::unless_empty(new.faults())?;
        let sight = policy::sight(conn, &scene.actor)?;
        let grounds = waiting(conn, scene, (&sight, &granted), person)?;
        let bid = granted.id();
        if new.verdict == Verdict::Confirm {
            let said = if new.reason.trim().is_empty() { suggested::in_words(&grounds) } else { new.reason.clone() };
            let with = (Some(bid), None);
            let conflict = New { person, with, origin: Origin::Suggested, reason: &said, until: None };
            return put(conn, scene, &sight, &conflict).map(Some);
        }
        let keys: Vec<String> = grounds.into_iter().map(|ground| ground.key).collect();
        let round = store::round_of(conn, &sight, bid)?;
        let detail = json!({ "person": person, "bid": bid, "grounds": keys });
        let what = (scene.fresh(), person, bid);
        facts::put_aside(conn, &sight, what, (keys, new.reason.trim()), (by, scene.now))?;
        scene.tell(conn, Chain::Round(round), "conflict.set_aside", detail)?;
        Ok(None)
    })
    .await
}
