//! The use cases of the register: searching and importing it, what is like a bid, and the earlier work that a bid names.

use serde_json::json;

use super::{
    import,
    model::{Entry, Imported, Named, NewEntry, Pick, Similar, faults_of_picks},
    search::{self, Hit, Kind},
    store,
};
use crate::{
    bids::{self, service::is_applicant},
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    funds::{reopening::Part, rulebook::Stage},
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action, Granted, GrantedService},
    ids::{BidKey, EntryKey, Id},
};

/// The question of an expression of interest in which a bid says what its problem is.
const PROBLEM: &str = "problem";

/// So many similar things are shown beside a bid.
const MOST_SIMILAR: usize = 10;

/// The entries that have every word of `text`, or all; by title. The register is public.
///
/// # Errors
/// `Invalid` for a wrong cursor or limit.
pub async fn entries(app: &App, call: &Call, text: String, page: PageRequest) -> Result<Listing<Entry>> {
    let (limit, after) = (page.limit()?, page.after::<EntryKey>()?);
    call.read(app, move |conn, scene| {
        let among = if text.trim().is_empty() { None } else { Some(ids_with(conn, scene, &text)?) };
        let rows = store::listed(conn, among, after, limit + 1)?;
        Ok(Listing::of(rows, limit, |entry| entry.id))
    })
    .await
}

fn ids_with(conn: &mut Conn, scene: &Scene, text: &str) -> Result<Vec<Id<EntryKey>>> {
    let hits = search::containing(conn, text, Some(Kind::Entry), scene.now)?;
    Ok(hits.into_iter().map(|hit| hit.id.cast()).collect())
}

/// An entry by its key.
///
/// # Errors
/// `NotFound`.
pub async fn entry(app: &App, call: &Call, key: String) -> Result<Entry> {
    call.read(app, move |conn, _| store::by_key(conn, &key)?.ok_or(AppError::NotFound)).await
}

/// Imports a CSV file: all of it or nothing. A key that is known already is brought up to date.
///
/// # Errors
/// `Invalid` with every fault by line and column.
pub async fn import(app: &App, call: &Call, file: Vec<u8>) -> Result<Imported> {
    call.write(app, move |conn, scene| {
        let granted = policy::service(conn, &scene.actor, Action::ManageRegister)?;
        let mut done = Imported::default();
        for entry in import::read(&file)? {
            keep(conn, scene, &granted, &entry, &mut done)?;
        }
        Ok(done)
    })
    .await
}

fn keep(conn: &mut Conn, scene: &Scene, granted: &GrantedService, entry: &NewEntry, done: &mut Imported) -> Result<()> {
    let id = match store::by_key(conn, &entry.entry_key)? {
        Some(known) if entry.is_said_by(&known) => {
            done.unchanged += 1;
            return Ok(());
        }
        Some(known) => {
            store::overwrite(conn, granted, known.id, entry)?;
            done.updated += 1;
            known.id
        }
        None => {
            let id = scene.fresh();
            store::insert(conn, granted, id, entry, scene.now)?;
            done.added += 1;
            id
        }
    };
    search::index(conn, id, Kind::Entry, &entry.title, &entry.body())
}

/// What is like a bid by its title and its answers: entries, and bids that are public.
///
/// # Errors
/// Policy's.
pub async fn similar_to_bid(app: &App, call: &Call, reference: String) -> Result<Vec<Similar>> {
    call.read(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ReadBid)?;
        let text = words_of(conn, &bid)?;
        // Its councils read what everybody may; in lists of whoever assesses or decides no bid stands that a conflict hides from them.
        let mut without = if is_applicant(&bid) { Vec::new() } else { policy::sight(conn, &scene.actor)?.hidden };
        without.push(bid.id());
        similar(conn, scene, &text, &without)
    })
    .await
}

/// A bid's title and what it says of its problem, as it is being written.
fn words_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<String> {
    let mut words = bids::store::load(conn, bid)?.title;
    if let Some(problem) = bids::store::answer(conn, bid, Stage::Eoi, PROBLEM)? {
        words.push('\n');
        words.push_str(problem.value.0.as_str().unwrap_or_default());
    }
    Ok(words)
}

/// What is like a text, without these bids.
fn similar(conn: &mut Conn, scene: &Scene, text: &str, without: &[Id<BidKey>]) -> Result<Vec<Similar>> {
    let mut hits = search::similar(conn, text, None, MOST_SIMILAR + without.len(), scene.now)?;
    hits.retain(|hit| !without.contains(&hit.id.cast()));
    hits.truncate(MOST_SIMILAR);
    described(conn, hits)
}

fn described(conn: &mut Conn, hits: Vec<Hit>) -> Result<Vec<Similar>> {
    let entries = store::by_ids(conn, &hits.iter().map(|hit| hit.id.cast()).collect::<Vec<_>>())?;
    let published = store::published(conn, &hits)?;
    let describe = |hit: Hit| {
        let [key, organisations, source] = match hit.kind {
            Kind::Entry => entries
                .iter()
                .find(|entry| entry.id == hit.id.cast())
                .map(|entry| [entry.entry_key.clone(), entry.organisations.clone(), entry.source.clone()]),
            Kind::Bid => published.iter().find(|(id, _)| *id == hit.id).map(|(_, described)| described.clone()),
        }?;
        Some(Similar { kind: hit.kind, key, title: hit.title, organisations, source })
    };
    Ok(hits.into_iter().filter_map(describe).collect())
}

/// The earlier work that a bid names.
///
/// # Errors
/// Policy's.
pub async fn prior_work(app: &App, call: &Call, reference: String) -> Result<Named> {
    call.read(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ReadBid)?;
        let version = bids::store::load(conn, &bid)?.version;
        Ok(Named { version, work: store::prior_work_of(conn, &bid)? })
    })
    .await
}

/// Makes a bid at `version` name exactly these entries as earlier work, each with the reason why it is not enough.
///
/// # Errors
/// Policy's; `Invalid` with every fault; `Stale` when somebody changed the bid meanwhile.
pub async fn set_prior_work(
    app: &App,
    call: &Call,
    reference: String,
    version: i32,
    picks: Vec<Pick>,
) -> Result<Named> {
    call.write(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::EditBid)?;
        let (before, ..) = bids::service::writable_stage(conn, scene, &bid, Part::Other)?;
        let chosen = known(conn, &picks)?;
        if !bids::store::touch_if(conn, &bid, version, scene.now)? {
            return Err(AppError::Stale { current: before.version });
        }
        replace(conn, scene, &bid, &chosen)?;
        Ok(Named { version: version + 1, work: store::prior_work_of(conn, &bid)? })
    })
    .await
}

/// The picks with their entries.
fn known(conn: &mut Conn, picks: &[Pick]) -> Result<Vec<(Id<EntryKey>, String)>> {
    let mut faults = faults_of_picks(picks);
    let mut chosen = Vec::new();
    for (place, pick) in picks.iter().enumerate() {
        match store::by_key(conn, &pick.entry_key)? {
            Some(entry) => chosen.push((entry.id, pick.why.trim().to_owned())),
            None => {
                let message = format!("The register has no entry {}. Look it up there.", pick.entry_key);
                faults.push(Fault::new(format!("entries/{place}/entry_key"), "unknown_entry", message));
            }
        }
    }
    AppError::unless_empty(faults)?;
    Ok(chosen)
}

fn replace(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, chosen: &[(Id<EntryKey>, String)]) -> Result<()> {
    let before = store::prior_work_of(conn, bid)?;
    for gone in before.iter().filter(|work| chosen.iter().all(|(entry, _)| *entry != work.entry.id)) {
        store::unpick(conn, bid, gone.entry.id)?;
    }
    for (entry, why) in chosen {
        match before.iter().find(|work| work.entry.id == *entry) {
            Some(same) if same.why == *why => {}
            Some(_) => store::change_why(conn, bid, *entry, why)?,
            None => store::pick(conn, bid, scene.fresh(), (*entry, why), scene.now)?,
        }
    }
    let entries: Vec<_> = chosen.iter().map(|(entry, _)| entry).collect();
    scene.tell(conn, Chain::Bid(bid.id()), "prior_work.chosen", json!({ "entries": entries }))
}

/// The bid of a reference, if policy allows the action; an unknown reference answers as a hidden one does.
fn granted(conn: &mut Conn, scene: &Scene, reference: &str, action: Action) -> Result<Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, action, id)
}
