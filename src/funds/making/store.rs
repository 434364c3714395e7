//! The SQL of drafts of rounds.

use diesel::{delete, prelude::*, update};

use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{milestones, rounds, rulebooks},
    },
    error::Result,
    funds::{
        model::{Milestone, Round, RoundState},
        rulebook::Rulebook,
        store,
    },
    http::Scene,
    identity::policy::Granted,
    ids::{FundKey, Id, RoundKey},
};

/// Writes a draft that stands at the version before `round`'s; says whether it stood so.
pub fn change(conn: &mut Conn, granted: &Granted<RoundKey>, round: &Round) -> Result<bool> {
    let standing = rounds::table
        .find(granted.id())
        .filter(rounds::version.eq(round.version - 1))
        .filter(rounds::state.eq(RoundState::Draft));
    let changed = update(standing)
        .set((
            rounds::title.eq(&round.title),
            rounds::summary.eq(&round.summary),
            rounds::prefix.eq(&round.prefix),
            rounds::budget_pence.eq(round.budget_pence),
            rounds::note.eq(&round.note),
            rounds::version.eq(round.version),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// The rounds of a fund, newest first, with its drafts.
pub fn rounds_of_fund(conn: &mut Conn, fund: &Granted<FundKey>, most: i64) -> Result<Vec<Round>> {
    let found = rounds::table.filter(rounds::fund_id.eq(fund.id())).order(rounds::id.desc()).limit(most);
    Ok(found.select(Round::as_select()).load(conn)?)
}

/// Whether another round has this prefix.
pub fn is_prefix_taken(conn: &mut Conn, prefix: &str, round: Id<RoundKey>) -> Result<bool> {
    let found: Option<Id<RoundKey>> = rounds::table
        .filter(rounds::prefix.eq(prefix))
        .filter(rounds::id.ne(round))
        .select(rounds::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Gives a draft these dates and no others.
pub fn set_milestones(
    conn: &mut Conn,
    scene: &Scene,
    round: &Granted<RoundKey>,
    dates: &[(Milestone, Moment)],
) -> Result<()> {
    delete(milestones::table.filter(milestones::round_id.eq(round.id()))).execute(conn)?;
    dates.iter().try_for_each(|date| store::insert_milestone(conn, scene.fresh(), round.id(), *date))
}

/// Gives a draft these rules: nobody relies on those before.
pub fn set_rules(conn: &mut Conn, round: &Granted<RoundKey>, rulebook: &Rulebook) -> Result<()> {
    let (text, hash) = rulebook.sealed()?;
    update(rulebooks::table.filter(rulebooks::round_id.eq(round.id())))
        .set((rulebooks::data.eq(text), rulebooks::hash.eq(hash)))
        .execute(conn)?;
    Ok(())
}
