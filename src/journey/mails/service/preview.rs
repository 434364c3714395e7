//! What a message would say, with the data of a real bid. Nothing is sent and nothing is kept.

use serde_json::Value;

use super::{
    ask,
    count::visible,
    steps::{Step, Steps},
};
use crate::{
    bids,
    db::Conn,
    error::{AppError, Result},
    http::{App, Call, Scene},
    identity::policy::{self, Action, Capacity, Granted},
    ids::{Id, RoundKey},
    journey::{
        mails::model::{MailPreview, PreviewBody, Shown},
        service::letters,
    },
    mail::{
        Language,
        render::{self, RenderError},
        texts::{self, Mail, Words, check::faults},
        with_service,
    },
};

/// Words, their language, and whether they are the round's own.
type Chosen = (Words, Language, bool);

/// What a message in this language would say to a reader of a bid.
///
/// # Errors
/// As policy says; `NotFound` for a mail that the round does not send and for a bid that may not be seen; `Invalid` for words
/// that would not be kept.
pub async fn preview(
    app: &App,
    call: &Call,
    slug: String,
    (template, language): (String, Language),
    body: PreviewBody,
) -> Result<Shown> {
    let ready = call.read(app, move |conn, scene| {
        let (round, granted) = ask(conn, scene, &slug)?;
        let steps = Steps::of(conn, round.id)?;
        steps.sending(&template, None).ok_or(AppError::NotFound)?;
        let unknown = || AppError::invalid("transition", "unknown_transition", "This step does not send this mail.");
        let step = steps.sending(&template, body.transition.as_deref()).ok_or_else(unknown)?;
        let chosen = chosen(conn, round.id, (step.mail, language), body.words.as_ref())?;
        let (bid, data) = data(conn, scene, &granted, &step, &body)?;
        Ok((step.mail.template, bid, chosen, data))
    });
    let (template, bid, (words, language, own), data) = ready.await?;
    let data = with_service(data, &app.config.web);
    let unfit =
        |fault: RenderError| AppError::invalid("words", "not_filled_in", format!("This bid does not fit: {fault}."));
    let said = render::render_own(template, &words, language, &data).map_err(unfit)?;
    let body = render::show_own(template, &words, &data).map_err(unfit)?;
    let message = MailPreview { bid, language, own, subject: said.subject, text: said.text, html: said.html };
    Ok(Shown { message, body })
}

/// The words that are asked about, or those that a reader of this language would get.
fn chosen(
    conn: &mut Conn,
    round: Id<RoundKey>,
    (mail, language): (Mail, Language),
    written: Option<&Words>,
) -> Result<Chosen> {
    if let Some(written) = written {
        AppError::unless_empty(faults(mail, written))?;
        return Ok((written.clone(), language, true));
    }
    let in_force = texts::store::in_force(conn, round, mail.template)?;
    if let Some((words, text)) = in_force.for_reader(language).and_then(|text| Some((text.words()?, text))) {
        return Ok((words, text.language, true));
    }
    let standard = render::standard(mail.template);
    let standard = standard.ok_or_else(|| AppError::internal("a mail of a workflow has no template"))?;
    Ok((standard, Language::English, false))
}

/// The data of the bid that is asked for, of the first that may be seen, or made up where there is none.
fn data(
    conn: &mut Conn,
    scene: &Scene,
    round: &Granted<RoundKey>,
    step: &Step<'_>,
    body: &PreviewBody,
) -> Result<(Option<String>, Value)> {
    let reference = match &body.bid {
        Some(reference) => Some(reference.clone()),
        None => visible(conn, scene, round)?.into_iter().next().map(|bid| bid.reference),
    };
    let Some(reference) = reference else {
        return Ok((None, step.mail.example(!body.partner)));
    };
    let id = bids::store::id_of(conn, &reference)?;
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
    // As a member of one of its councils a manager may read a bid that a conflict hides, and not what is decided on it.
    let of_round = bids::store::load(conn, &granted)?.round_id == round.id();
    if !of_round || !granted.standing().is(Capacity::FundManager) {
        return Err(AppError::NotFound);
    }
    let data = letters::example(conn, scene, &granted, (step.definition, step.transition), (step.mail, !body.partner))?;
    Ok((Some(reference), data))
}
