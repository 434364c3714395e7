//! The pack to read and the form to fill in, for whoever was given bids of a round; and the form on its way back.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{
    beside::with_beside,
    form::{self, Filled},
    model::{Item, LineFault, OfflineOutcome, OwnBid},
    pack::{self, Pack, Reading},
};
use crate::{
    assessment::{
        model::{MyScores, NewScore, Score},
        service::{Asked, hand_in, keep, look, own, person_of},
        store,
    },
    bids::{self, paper::Paper},
    db::Conn,
    error::{AppError, Fault, Result},
    files::{self, FileState},
    funds::{self, rulebook::Stage},
    http::{App, Call, Scene},
    identity::policy::{self, Action},
    ids::{Id, RoundKey},
};

/// What a pack holds lies in memory as it was uploaded and once more as it is sent: whoever wants one waits until few others do.
static PACKING: Semaphore = Semaphore::const_new(2);

/// What somebody was given in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The round's title.
    pub round: String,
    /// The bids, by reference.
    pub bids: Vec<OwnBid>,
}

/// What one was given in a round.
///
/// # Errors
/// `NotFound` for whoever was given no bid of it; `Forbidden` for a program.
pub async fn given(app: &App, call: &Call, slug: String) -> Result<Given> {
    call.read(app, move |conn, scene| find(conn, scene, &slug)).await
}

fn find(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Given> {
    person_of(scene)?;
    let round = funds::store::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let mut bids = Vec::new();
    for reference in references(conn, scene, round.id)? {
        let asked = look(conn, scene, Action::ScoreBid, &reference)?;
        let scores = own(conn, scene, &reference)?;
        bids.push(OwnBid {
            reference,
            title: asked.bid.title.clone(),
            lead: asked.bid.as_read_by(asked.granted.standing()).lead,
            criteria: asked.round.rulebook.criteria,
            scores: scores.scores,
            submitted_at: scores.submitted_at,
            open: scores.open,
            version: scores.version,
        });
    }
    if bids.is_empty() { Err(policy::hidden_from(&scene.actor)) } else { Ok(Given { round: round.title, bids }) }
}

/// The bids of a round that one was given, without those that a conflict of interest hides.
fn references(conn: &mut Conn, scene: &Scene, round: Id<RoundKey>) -> Result<Vec<String>> {
    let sight = policy::sight(conn, &scene.actor)?;
    let mine = store::assignments::mine(conn, &sight)?.into_iter().filter(|(bid, ..)| bid.round_id == round);
    let mut references: Vec<String> = mine.map(|(bid, ..)| bid.reference).collect();
    references.sort();
    Ok(references)
}

/// The form for the bids of a round that one can score now, with what is scored already.
///
/// # Errors
/// As [`given`].
pub async fn form(app: &App, call: &Call, slug: String) -> Result<String> {
    let given = given(app, call, slug.clone()).await?;
    let address = format!("{}/rounds/{slug}/offline", app.config.web.base_url);
    Ok(form::write(&given.round, &given.bids, &address))
}

/// All bids of a round that one was given, each as a PDF with what stands beside it and its documents, and the form, as one ZIP file.
///
/// # Errors
/// As [`given`]; when the place of files fails.
pub async fn pack(app: &App, call: &Call, slug: String) -> Result<Vec<u8>> {
    let form = form(app, call, slug.clone()).await?;
    let read = move |conn: &mut Conn, scene: &Scene| {
        let round = funds::store::round_by_slug(conn, &slug)?;
        let references = references(conn, scene, round.id)?;
        references.iter().map(|reference| reading(conn, scene, reference)).collect::<Result<Vec<_>>>()
    };
    let readings = call.read(app, read).await?;
    let mut pack = Pack { form, readings, files: Vec::new() };
    let turn = PACKING.acquire().await.map_err(AppError::internal)?;
    for hash in pack.wanted() {
        let bytes = app.files.get(&hash).await?;
        pack.files.push((hash, bytes));
    }
    let packed = actix_web::web::block(move || pack::zip(&pack)).await.map_err(AppError::internal)?;
    drop(turn);
    packed
}

/// A bid to be read: the version that stands with what its reader finds beside it online, and which of its documents can be
/// downloaded.
fn reading(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Reading> {
    let Asked { granted, round, bid } = look(conn, scene, Action::ScoreBid, reference)?;
    let versions = bids::store::versions(conn, &granted)?;
    let newest = versions.into_iter().filter(|version| version.stage == Stage::Full).max_by_key(|one| one.number);
    let standing = match newest {
        Some(version) => bids::store::version(conn, &granted, Stage::Full, version.number)?,
        None => None,
    };
    let Some((version, text)) = standing else {
        return Ok(Reading { reference: bid.reference, paper: None, documents: Vec::new(), withheld: Vec::new() });
    };
    let content: bids::content::Content = serde_json::from_str(&text)?;
    let blind = granted.standing().reads_without_names();
    let content = if blind { content.without_names(&round.rulebook.full) } else { content };
    let hashes: Vec<&str> = content.documents.iter().map(|document| document.hash.as_str()).collect();
    let states = files::states(conn, &hashes)?;
    let is_ready = |hash: &str| matches!(states.get(hash), Some(FileState::Clean | FileState::Unscanned));
    let paper = if blind {
        Paper::without_names(&round, &content, &version)
    } else {
        Paper::submitted(&round, &content, &version)
    };
    let paper = with_beside(conn, scene, &granted, paper)?;
    let (documents, withheld) = content.documents.into_iter().partition(|document| is_ready(&document.hash));
    Ok(Reading { reference: bid.reference, paper: Some(paper), documents, withheld })
}

/// Takes a form back, bid by bid: what is wrong with one keeps no other from being kept. `form` is what was sent, or what kept it
/// from being read, which nobody hears who has nothing to send.
///
/// # Errors
/// As [`given`]; then `Invalid` when it is no form.
pub async fn take(app: &App, call: &Call, slug: String, form: Result<Vec<u8>>) -> Result<Vec<Item>> {
    given(app, call, slug.clone()).await?;
    let filled = form::read(&form?).map_err(|fault| AppError::Invalid(vec![fault]))?;
    // The whole key stands before the first bid, so that it is refused at once if it was sent with another form.
    let here = slug.clone();
    call.write(app, move |conn, scene| find(conn, scene, &here).map(|_given| ())).await?;
    let mut items = Vec::with_capacity(filled.len());
    for bid in filled {
        items.push(one(app, call, &slug, bid).await?);
    }
    Ok(items)
}

async fn one(app: &App, call: &Call, slug: &str, bid: Filled) -> Result<Item> {
    let bid = Arc::new(bid);
    let (whole, slug) = (Arc::clone(&bid), slug.to_owned());
    let call = call.part(&format!("{} {}", bid.line, bid.bid));
    let done = call.write(app, move |conn, scene| act(conn, scene, &slug, &whole)).await;
    let refusal = match done {
        Err(fault @ (AppError::Database(_) | AppError::Internal(_) | AppError::Busy { .. })) => return Err(fault),
        Err(refusal) => refusal,
        Ok(item) => return Ok(item),
    };
    // What was begun is undone. That it was refused is kept, so that the same form is answered the same.
    let item = refused(&bid, vec![LineFault::new(bid.line, in_words(&refusal))]);
    call.write(app, move |_conn, _scene| Ok(item.clone())).await
}

fn refused(bid: &Filled, faults: Vec<LineFault>) -> Item {
    Item { bid: bid.bid.clone(), outcome: OfflineOutcome::Refused, scored: None, faults }
}

fn in_words(refusal: &AppError) -> String {
    match refusal {
        AppError::NotFound | AppError::Forbidden { .. } => {
            "No bid with this reference is given to you in this round.".into()
        }
        AppError::Stale { .. } => {
            "You have changed your scores of this bid since you downloaded the form. Download it again and \
                                   copy what you want to keep, or score the bid on its page."
                .into()
        }
        other => other.to_string(),
    }
}

fn act(conn: &mut Conn, scene: &Scene, slug: &str, bid: &Filled) -> Result<Item> {
    let asked = look(conn, scene, Action::ScoreBid, &bid.bid)?;
    if asked.round.round.slug != slug {
        return Err(AppError::NotFound);
    }
    let criteria = &asked.round.rulebook.criteria;
    let before = own(conn, scene, &bid.bid)?;
    let new = match bid.scores(criteria) {
        Ok(new) => new,
        Err(faults) => return Ok(refused(bid, faults)),
    };
    let new: Vec<NewScore> = new.into_iter().filter(|score| !is_kept(score, &before.scores)).collect();
    if new.is_empty() && (!bid.submit || before.submitted_at.is_some()) {
        return Ok(item(bid, OfflineOutcome::Unchanged, &before, Vec::new()));
    }
    // A form of which nothing is new submits what is kept, whatever version it was made from.
    let kept = if new.is_empty() { before } else { keep(conn, scene, (&bid.bid, bid.version), &new)? };
    if kept.submitted_at.is_some() {
        return Ok(item(bid, OfflineOutcome::Submitted, &kept, Vec::new()));
    }
    if !bid.submit {
        return Ok(item(bid, OfflineOutcome::Saved, &kept, Vec::new()));
    }
    let missing: Vec<LineFault> = criteria
        .iter()
        .filter(|criterion| kept.missing.contains(&criterion.id))
        .map(|criterion| LineFault::new(bid.line, format!("Not submitted yet: ‘{}’ is not scored.", criterion.title)))
        .collect();
    if !missing.is_empty() {
        let outcome = if new.is_empty() { OfflineOutcome::Refused } else { OfflineOutcome::Saved };
        return Ok(item(bid, outcome, &kept, missing));
    }
    if let Some(why) = kept.gateway.as_ref().and_then(|gateway| gateway.against_scores()) {
        let outcome = if new.is_empty() { OfflineOutcome::Refused } else { OfflineOutcome::Saved };
        let fault = LineFault::new(bid.line, format!("Not submitted yet. {why}"));
        return Ok(item(bid, outcome, &kept, vec![fault]));
    }
    let submitted = hand_in(conn, scene, (&bid.bid, kept.version))?;
    Ok(item(bid, OfflineOutcome::Submitted, &submitted, Vec::new()))
}

fn is_kept(new: &NewScore, given: &[Score]) -> bool {
    given.iter().any(|score| {
        score.criterion == new.criterion
            && (score.value, score.confidence) == (new.value, new.confidence)
            && lines(&score.justification).eq(lines(&new.justification))
    })
}

/// The lines of a reason without the blanks and the kind of line break that an editor changes on its way.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim().lines().map(str::trim_end)
}

fn item(bid: &Filled, outcome: OfflineOutcome, now: &MyScores, faults: Vec<LineFault>) -> Item {
    let scored = u32::try_from(now.scores.len()).ok();
    Item { bid: bid.bid.clone(), outcome, scored, faults }
}

/// What a page says where no file was chosen.
pub fn nothing_chosen() -> AppError {
    AppError::Invalid(vec![Fault::new("file", "missing", "Select the form that you filled in.")])
}
