//! The use cases of a round's mails: which go out, what they say, and changing that. For managers of the fund alone.

mod count;
mod preview;
mod steps;

pub use preview::preview;

use std::collections::BTreeMap;

use serde_json::json;

use self::{
    count::{Bids, visible},
    steps::{Step, Steps},
};
use super::model::{Counted, MailText, READERS, RoundMail, RoundMails, when};
use crate::{
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        self,
        model::{Round, RoundState},
    },
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::people,
    },
    ids::RoundKey,
    mail::{
        Language, render,
        texts::{
            self, Mail, Words,
            check::faults,
            store::{Which, fallen_back, in_force},
        },
    },
};

fn ask(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Round, Granted<RoundKey>)> {
    let round = funds::store::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::round(conn, &scene.actor, Action::EditRound, round.id)?;
    Ok((round, granted))
}

/// The mails that a round's workflow sends, step by step, with the number of those who would get each now.
///
/// # Errors
/// As policy says.
pub async fn mails(app: &App, call: &Call, slug: String) -> Result<RoundMails> {
    call.read(app, move |conn, scene| {
        let (round, granted) = ask(conn, scene, &slug)?;
        let bids = Bids::of(conn, scene, &round, &granted)?;
        let fallen_back: BTreeMap<String, i64> = fallen_back(conn, round.id)?.into_iter().collect();
        let steps = Steps::of(conn, round.id)?;
        let mut mails = Vec::new();
        for step in steps.all() {
            let fallen_back = fallen_back.get(step.mail.template).copied().unwrap_or_default();
            mails.push(line(conn, &round, &step, &bids, fallen_back)?);
        }
        Ok(RoundMails { round: round.title, cancelled: round.state == RoundState::Cancelled, mails })
    })
    .await
}

fn line(conn: &mut Conn, round: &Round, step: &Step<'_>, bids: &Bids, fallen_back: i64) -> Result<RoundMail> {
    let in_force = in_force(conn, round.id, step.mail.template)?;
    let has_own = |language: &Language| in_force.for_reader(*language).is_some_and(|text| text.language == *language);
    Ok(RoundMail {
        transition: step.transition.id.clone(),
        label: step.transition.label.clone(),
        template: step.mail.template.into(),
        title: step.mail.title.into(),
        when: when(step.transition),
        to: READERS.into(),
        counted: Counted::of(step.definition, step.transition).in_words().into(),
        readers: bids.readers(step.definition, step.transition),
        own: Language::ALL.iter().copied().filter(has_own).collect(),
        fallen_back,
    })
}

/// The bids with whose data the asker can look at a mail: reference and title.
///
/// # Errors
/// As policy says.
pub async fn bids_to_show(app: &App, call: &Call, slug: String) -> Result<Vec<(String, String)>> {
    call.read(app, move |conn, scene| {
        let (_, granted) = ask(conn, scene, &slug)?;
        Ok(visible(conn, scene, &granted)?.into_iter().map(|bid| (bid.reference, bid.title)).collect())
    })
    .await
}

/// One mail of a round in one language, with every version of its words.
///
/// # Errors
/// As policy says; `NotFound` for a mail that the round does not send.
pub async fn text(app: &App, call: &Call, slug: String, template: String, language: Language) -> Result<MailText> {
    call.read(app, move |conn, scene| {
        let (round, _) = ask(conn, scene, &slug)?;
        let mail = sent_by(conn, &round, &template)?;
        in_full(conn, mail, Which { round: round.id, template: &template, language })
    })
    .await
}

fn sent_by(conn: &mut Conn, round: &Round, template: &str) -> Result<Mail> {
    let steps = Steps::of(conn, round.id)?;
    Ok(steps.sending(template, None).ok_or(AppError::NotFound)?.mail)
}

fn in_full(conn: &mut Conn, mail: Mail, which: Which<'_>) -> Result<MailText> {
    let standard = render::standard(mail.template);
    let standard = standard.ok_or_else(|| AppError::internal("a mail of a workflow has no template"))?;
    let versions = texts::store::versions(conn, which)?;
    let mut names = BTreeMap::new();
    for person in versions.iter().filter_map(|version| version.made_by) {
        names.insert(person, people::person(conn, person)?.name);
    }
    Ok(MailText::of(mail, which.language, standard, &versions, |person| names.get(&person).cloned()))
}

/// Puts a mail into the round's own words from now on, in the place of those of `version`; messages that are written already
/// keep theirs.
///
/// # Errors
/// As policy says; `NotFound` for a mail that the round does not send; `Stale` when somebody changed it meanwhile; `Invalid`
/// with what is wrong with the words.
pub async fn save(
    app: &App,
    call: &Call,
    slug: String,
    (template, language): (String, Language),
    version: i32,
    words: Words,
) -> Result<MailText> {
    let words = tidied(&words);
    let (slug_read, wanted) = (slug.clone(), template.clone());
    let mail = call.read(app, move |conn, scene| {
        let (round, _) = ask(conn, scene, &slug_read)?;
        sent_by(conn, &round, &wanted)
    });
    try_out(mail.await?, words.clone()).await?;
    call.write(app, move |conn, scene| {
        let (round, mail) = to_change(conn, scene, &slug, &template)?;
        let which = Which { round: round.id, template: mail.template, language };
        standing_at(conn, which, version)?;
        add(conn, scene, which, version, Some(&words))?;
        in_full(conn, mail, which)
    })
    .await
}

/// Fills the words in with every shape of data, which takes a while: beside the calls that are answered, and outside of any
/// transaction.
async fn try_out(mail: Mail, words: Words) -> Result<()> {
    let found = tokio::task::spawn_blocking(move || faults(mail, &words)).await.map_err(AppError::internal)?;
    AppError::unless_empty(found)
}

/// Sends a mail in the standard words again from now on.
///
/// # Errors
/// As [`save`]; `NotFound` when it has no words of its own.
pub async fn remove(
    app: &App,
    call: &Call,
    slug: String,
    (template, language): (String, Language),
    version: i32,
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let (round, mail) = to_change(conn, scene, &slug, &template)?;
        let which = Which { round: round.id, template: mail.template, language };
        if standing_at(conn, which, version)?.is_none() {
            return Err(AppError::NotFound);
        }
        add(conn, scene, which, version, None)
    })
    .await
}

fn tidied(words: &Words) -> Words {
    let body = words.body.replace("\r\n", "\n");
    Words { subject: words.subject.trim().to_owned(), body: body.trim_end().trim_start_matches('\n').to_owned() }
}

fn to_change(conn: &mut Conn, scene: &Scene, slug: &str, template: &str) -> Result<(Round, Mail)> {
    let (round, _) = ask(conn, scene, slug)?;
    let mail = sent_by(conn, &round, template)?;
    if round.state == RoundState::Cancelled {
        return Err(AppError::conflict("cancelled", "The round is cancelled, so that its mails stay as they are."));
    }
    Ok((round, mail))
}

/// The words that stand at `version`, if they are the round's own.
fn standing_at(conn: &mut Conn, which: Which<'_>, version: i32) -> Result<Option<Words>> {
    let newest = texts::store::newest(conn, which)?;
    let current = newest.as_ref().map_or(0, |newest| newest.number);
    if current == version { Ok(newest.and_then(|newest| newest.words())) } else { Err(AppError::Stale { current }) }
}

/// Adds a version behind `version`, and tells the round's history of it: its salted hash, since words may hold anything.
fn add(conn: &mut Conn, scene: &Scene, which: Which<'_>, version: i32, words: Option<&Words>) -> Result<()> {
    let number = version + 1;
    let by = (scene.actor.person(), scene.now);
    let salted = words.map(serde_json::to_vec).transpose()?.map(|words| scene.salted(&words));
    let (salt, hash) = salted.unzip();
    let written = words.zip(salt.as_deref());
    if !texts::store::insert(conn, scene.fresh(), which, (number, written), by)? {
        return Err(AppError::Stale { current: number });
    }
    let detail = json!({ "template": which.template, "language": which.language, "number": number, "hash": hash });
    let kind = if words.is_some() { "round.mail_text_changed" } else { "round.mail_text_removed" };
    scene.tell(conn, Chain::Round(which.round), kind, detail)
}
