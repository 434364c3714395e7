//! Who works for a fund: its managers say so, and whoever runs the instance; and what its staff have before them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    account::service::roles::{self, Holder, NewHolder, Told},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        model::{Fund, RoundInFull},
        questions, store,
    },
    http::{App, Call, Scene},
    identity::{
        model::FundRole,
        policy::{self, Action, Granted, Sight},
        store::people,
    },
    ids::{FundKey, Id, PersonKey, RoundKey},
};

/// More rounds than anybody runs at once.
const MOST_LISTED: i64 = 200;

/// What staff have before them.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The rounds of the funds that one works for, newest first.
    pub rounds: Vec<RoundInFull>,
    /// Those funds, by name; for whoever runs the instance every one.
    pub funds: Vec<Fund>,
    /// How many questions about a round wait for an answer.
    pub questions: BTreeMap<Id<RoundKey>, u64>,
    /// What one may see.
    pub sight: Sight,
}

/// A fund with its people.
#[derive(Debug, Clone, Serialize)]
pub struct Staff {
    /// The fund.
    pub fund: Fund,
    /// Its people, each as often as they have roles, by name.
    pub holders: Vec<Holder>,
    /// What happened to their roles, newest first.
    pub told: Vec<Told>,
}

/// The funds that one works for as staff, with their rounds.
///
/// # Errors
/// `NotFound` when there is no such fund and one does not run the instance: the staff's pages are hidden from everybody
/// else.
pub async fn desk(app: &App, call: &Call) -> Result<Desk> {
    call.read(app, move |conn, scene| {
        let (sight, funds) = funds_seen(conn, scene)?;
        let rounds = store::listed(conn, &sight, None, MOST_LISTED)?;
        let of_funds = rounds.into_iter().filter(|round| sight.funds.contains(&round.fund_id));
        let rounds = of_funds.map(|round| store::in_full(conn, round)).collect::<Result<_>>()?;
        let questions = questions::waiting(conn, &sight)?;
        Ok(Desk { rounds, funds, questions, sight })
    })
    .await
}

/// The same funds alone.
///
/// # Errors
/// As [`desk`].
pub async fn funds(app: &App, call: &Call) -> Result<Vec<Fund>> {
    call.read(app, |conn, scene| Ok(funds_seen(conn, scene)?.1)).await
}

fn funds_seen(conn: &mut Conn, scene: &Scene) -> Result<(Sight, Vec<Fund>)> {
    let sight = policy::sight(conn, &scene.actor)?;
    if sight.funds.is_empty() && !sight.service_admin {
        return Err(policy::hidden_from(&scene.actor));
    }
    let funds = store::funds_of_staff(conn, &sight)?;
    Ok((sight, funds))
}

/// A fund, for whoever works for it or runs the instance.
///
/// # Errors
/// As policy says.
pub async fn fund(app: &App, call: &Call, slug: String) -> Result<Fund> {
    call.read(app, move |conn, scene| {
        let fund = store::fund_by_slug(conn, &slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        policy::fund(conn, &scene.actor, Action::ReadRound, fund.id)?;
        Ok(fund)
    })
    .await
}

/// The people of a fund, and what happened to their roles.
///
/// # Errors
/// As policy says.
pub async fn staff(app: &App, call: &Call, slug: String) -> Result<Staff> {
    call.read(app, move |conn, scene| {
        let (granted, fund) = ask(conn, scene, &slug)?;
        let told = roles::told(conn, Chain::Fund(fund.id))?;
        Ok(Staff { holders: holders(conn, &granted)?, fund, told })
    })
    .await
}

fn ask(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<FundKey>, Fund)> {
    let fund = store::fund_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::fund(conn, &scene.actor, Action::ManageStaff, fund.id)?;
    Ok((granted, fund))
}

fn holders(conn: &mut Conn, granted: &Granted<FundKey>) -> Result<Vec<Holder>> {
    let all = store::staff(conn, granted)?.into_iter();
    Ok(all.map(|(person, role)| Holder::of(person, role.word())).collect())
}

/// Gives somebody a role for a fund, and tells them; a person who is not known is registered.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Conflict` when they have the role.
pub async fn give_role(app: &App, call: &Call, slug: String, new: NewHolder) -> Result<Holder> {
    call.write(app, move |conn, scene| {
        let (granted, fund) = ask(conn, scene, &slug)?;
        let (email, name, role) = new.read(FundRole::from_word, FundRole::ALL)?;
        let person = people::register(conn, scene.fresh(), &email, &name, scene.now)?;
        if !give(conn, scene, &granted, (person.id, role))? {
            return Err(roles::held_already(&person));
        }
        roles::write_to(conn, scene, &person, "staff-added", (&fund.name, role.word(), role.lets()))?;
        if role == FundRole::FundManager {
            super::tell_managers(conn, scene, &fund, &person, "Fund manager", None)?;
        }
        Ok(Holder::of(person, role.word()))
    })
    .await
}

/// Gives a role for a fund to somebody who is registered, without a message: so a replay fills its fund. Giving it again
/// changes nothing.
///
/// # Errors
/// As policy says; `Invalid` for an unknown role.
pub async fn grant_role(app: &App, call: &Call, slug: String, person: Id<PersonKey>, role: String) -> Result<()> {
    call.write(app, move |conn, scene| {
        let (granted, _) = ask(conn, scene, &slug)?;
        let role = FundRole::from_word(&role).ok_or_else(|| {
            let message = "Choose fund_manager, assessor, moderator or observer.";
            AppError::invalid("role", "unknown_role", message)
        })?;
        give(conn, scene, &granted, (person, role)).map(drop)
    })
    .await
}

/// Says whether they lacked the role.
fn give(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<FundKey>,
    (person, role): (Id<PersonKey>, FundRole),
) -> Result<bool> {
    let given = store::grant_role(conn, granted, scene.fresh(), (person, role), scene.now)?;
    if given {
        roles::note(conn, scene, (Chain::Fund(granted.id()), "fund.role_given"), (person, role.word()))?;
        super::order_asking(conn, scene, granted.id(), scene.now)?;
    }
    Ok(given)
}

/// Takes a role for a fund from somebody; gives what was taken. What they did stays as it is.
///
/// # Errors
/// As policy says; `NotFound` when they do not have it; `Conflict` for the last fund manager, whom only those who run
/// the instance can take away.
pub async fn take_role(
    app: &App,
    call: &Call,
    slug: String,
    (person, role): (Id<PersonKey>, String),
) -> Result<Holder> {
    call.write(app, move |conn, scene| {
        let (granted, fund) = ask(conn, scene, &slug)?;
        let role = FundRole::from_word(&role).ok_or(AppError::NotFound)?;
        let (holder, alone) = Holder::find(&holders(conn, &granted)?, person, role.word())?;
        let is_last = alone && role == FundRole::FundManager;
        if is_last && !roles::stands_above(granted.standing()) {
            let message = format!("{} is the only manager of {}. Add another manager first.", holder.name, fund.name);
            return Err(AppError::conflict("last_manager", message));
        }
        store::take_role(conn, &granted, (person, role), scene.now)?;
        roles::note(conn, scene, (Chain::Fund(fund.id), "fund.role_taken"), (person, role.word()))?;
        Ok(holder)
    })
    .await
}
