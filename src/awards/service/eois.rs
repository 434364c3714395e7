//! The expressions of interest of a round, which everybody may read once the closing time is over: so that councils with
//! the same problem find one another, and nobody writes the same bid again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::published::{public_round, published_round};
use crate::{
    awards::{
        model::Gate,
        public::{Council, EoiList, PublicAnswer, PublicBid, PublicOutcome, PublicPartner},
        store::{
            self,
            public::{EoiRow, Only, council},
        },
    },
    bids::{
        content::{Content, Party},
        documents::model::{Attached, named_in_words},
        holds::{self, model::shows_from},
        partner::PartnerKind,
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds::{
        self,
        form::{self, Choice, Form},
        model::{Milestone, RoundInFull},
        rulebook::Stage,
    },
    http::{App, Call, Scene},
    identity::{model::Organisation, store::organisations},
    ids::{BidKey, Id, OrganisationKey, RoundKey, WorkflowKey},
    money::Pence,
    workflow::{Definition, Kind},
};

/// The expressions of interest of a round; there are none before the closing time is over.
///
/// # Errors
/// `NotFound`, alike for a round that does not exist and for one whose expressions of interest are still open.
pub async fn eoi_list(app: &App, call: &Call, slug: String) -> Result<EoiList> {
    call.read(app, move |conn, scene| closed(conn, scene, &slug)).await
}

/// One of them.
///
/// # Errors
/// As [`eoi_list`].
pub async fn eoi(app: &App, call: &Call, slug: String, reference: String) -> Result<(EoiList, PublicBid)> {
    let mut list = eoi_list(app, call, slug).await?;
    let at = list.bids.iter().position(|bid| bid.reference == reference).ok_or(AppError::NotFound)?;
    let bid = list.bids.swap_remove(at);
    Ok((list, bid))
}

pub(in crate::awards) fn closed(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<EoiList> {
    closed_of(conn, scene, slug, None)
}

/// The same of some bids alone.
pub(in crate::awards) fn closed_of(conn: &mut Conn, scene: &Scene, slug: &str, only: Only<'_>) -> Result<EoiList> {
    let full = published_round(conn, slug)?;
    // What arrives at the closing instant itself is in time, so the list begins after it.
    let now = full.round.instant(scene.now);
    let closes = full.timetable.at(Milestone::EoiCloses).filter(|closes| now > *closes);
    let closes = closes.ok_or(AppError::NotFound)?;
    let released = released(conn, full.round.id, scene.now)?;
    let later = store::public::last_reserve(conn, full.round.id)?;
    let (mut outcomes, lifted) = outcomes(conn, full.round.id, &released)?;
    let mut changed_at = released.iter().map(|(_, at)| *at).chain(later).chain(lifted).fold(closes, Moment::max);
    let mut definitions = Definitions::default();
    let mut bids = Vec::new();
    // One that can still be replaced by a newer version is not shown yet.
    let open = funds::store::bids_with_more_time(conn, full.round.id, Milestone::EoiCloses, now)?;
    let rows = store::public::expressions_of_interest(conn, (full.round.id, only))?;
    let rows = rows.into_iter().filter(|row| !open.contains(&row.id));
    let rows: Vec<(EoiRow, Content)> =
        rows.map(|row| serde_json::from_str(&row.text).map(|content| (row, content))).collect::<Result<_, _>>()?;
    let bodies = Bodies::of(conn, rows.iter().map(|(_, content)| content))?;
    for (row, content) in rows {
        changed_at = changed_at.max(row.submitted_at);
        let taken = outcomes.remove(&row.id).unwrap_or_default();
        let shown = definitions.in_words(conn, row.workflow_id, taken)?;
        bids.push(public_bid((row, content), &full, &bodies, shown));
    }
    Ok(EoiList { round: public_round(full), changed_at, bids })
}

/// The milestones whose outcomes show by now, and since when.
fn released(conn: &mut Conn, round: Id<RoundKey>, now: Moment) -> Result<Vec<(Milestone, Moment)>> {
    let mut released = Vec::new();
    for milestone in Milestone::ALL {
        let release = store::release_of(conn, round, *milestone)?;
        released.extend(release.filter(|release| release.shown_from <= now).map(|it| (*milestone, it.shown_from)));
    }
    Ok(released)
}

type Taken = Vec<(Gate, String)>;

/// What shows of each bid, and when the last of it began to that was released while its bid was on hold.
fn outcomes(
    conn: &mut Conn,
    round: Id<RoundKey>,
    released: &[(Milestone, Moment)],
) -> Result<(BTreeMap<Id<BidKey>, Taken>, Option<Moment>)> {
    let released: BTreeMap<Milestone, Moment> = released.iter().copied().collect();
    let milestones: Vec<Milestone> = released.keys().copied().collect();
    let spans = holds::store::spans_of_round(conn, round)?;
    let mut by_bid: BTreeMap<Id<BidKey>, Taken> = BTreeMap::new();
    let mut last = None;
    for (bid, gate, transition, release) in store::public::released_decisions(conn, round, &milestones)? {
        if let Some(at) = release.and_then(|milestone| released.get(&milestone)) {
            let spans = spans.get(&bid).map(Vec::as_slice).unwrap_or_default();
            let Some(shown) = shows_from(spans, *at) else { continue };
            last = last.max(Some(shown));
        }
        by_bid.entry(bid).or_default().push((gate, transition));
    }
    Ok((by_bid, last))
}

/// The workflows of a round's bids, each read once.
#[derive(Default)]
struct Definitions(BTreeMap<Id<WorkflowKey>, Definition>);

impl Definitions {
    /// The decisions that tell an outcome, in the workflow's words.
    fn in_words(&mut self, conn: &mut Conn, id: Id<WorkflowKey>, taken: Taken) -> Result<Vec<PublicOutcome>> {
        if !taken.is_empty() && !self.0.contains_key(&id) {
            self.0.insert(id, funds::store::workflow(conn, id)?);
        }
        let Some(definition) = self.0.get(&id) else { return Ok(Vec::new()) };
        let told = |(gate, transition): (Gate, String)| {
            let transition = definition.transition(&transition).filter(|transition| transition.outcome)?;
            let state = definition.state(&transition.to)?;
            let decides = matches!(state.kind, Kind::Decided | Kind::Delivery | Kind::Closed);
            Some(PublicOutcome { gate, state: state.id.clone(), label: state.labels.staff.clone(), decides })
        };
        Ok(taken.into_iter().filter_map(told).collect())
    }
}

/// What is known of the organisations that versions name.
struct Bodies(BTreeMap<Id<OrganisationKey>, Organisation>);

impl Bodies {
    fn of<'a>(conn: &mut Conn, versions: impl Iterator<Item = &'a Content>) -> Result<Self> {
        let partners = |content: &'a Content| content.partners.iter().map(|partner| &partner.organisation);
        let named = versions.flat_map(|content| partners(content).chain([&content.lead]));
        let ids: BTreeSet<Id<OrganisationKey>> = named.map(|party| party.id).collect();
        let known = organisations::by_ids(conn, &ids.into_iter().collect::<Vec<_>>())?;
        Ok(Self(known.into_iter().map(|known| (known.id, known)).collect()))
    }

    /// A partner under the name that the version has. Versions of before partners were of several kinds say none.
    fn partner(&self, party: Party, kind: Option<PartnerKind>) -> PublicPartner {
        let known = self.0.get(&party.id);
        let of_itself = known.map_or(PartnerKind::PartnerCouncil, |body| PartnerKind::of_itself(body.kind));
        let (org_id, ons_code) = known.map(|body| (body.org_id.clone(), body.ons_code.clone())).unwrap_or_default();
        PublicPartner { council: Council { name: party.name, org_id, ons_code }, kind: kind.unwrap_or(of_itself) }
    }
}

fn public_bid(
    (row, content): (EoiRow, Content),
    full: &RoundInFull,
    bodies: &Bodies,
    outcomes: Vec<PublicOutcome>,
) -> PublicBid {
    let answers = public_answers(full.rulebook.form(Stage::Eoi), &content);
    let confirmed = content.partners.into_iter().filter(|partner| partner.confirmed);
    let confirmed = confirmed.map(|partner| (partner.organisation, partner.kind));
    // Where another council leads the bid by now, whoever led it when it was submitted stands among the partners.
    let others = std::iter::once((content.lead, None)).chain(confirmed).filter(|(party, _)| party.name != row.lead.0);
    let phase = content.phase.as_deref().and_then(|id| full.rulebook.phase(id)).map(|phase| phase.name.clone());
    PublicBid {
        answers,
        reference: content.reference,
        title: content.title,
        partners: others.map(|(party, kind)| bodies.partner(party, kind)).collect(),
        lead: council(row.lead),
        phase: phase.or(content.phase),
        asked_pence: content.ask_pence,
        submitted_at: row.submitted_at,
        outcomes,
        illustrative: row.known.0.illustrative,
        known: row.known.0.known,
    }
}

/// The answers that the form says are published, in its order. Of a document the name and the hash are, and never what it holds.
fn public_answers(form: &Form, content: &Content) -> Vec<PublicAnswer> {
    let published = form.questions().map(|(_, question)| question).filter(|question| question.public);
    let answered = published.filter_map(|question| {
        let answer = in_words(&question.answer, content.answers.get(&question.id)?, &content.documents)?;
        Some(PublicAnswer { question: question.id.clone(), title: question.title.clone(), answer })
    });
    answered.collect()
}

/// An answer as people read it; none where nothing was answered.
fn in_words(kind: &form::Kind, value: &Value, documents: &[Attached]) -> Option<String> {
    let text = match (kind, value) {
        (form::Kind::Choice { options }, Value::String(chosen)) => option_text(options, chosen),
        (form::Kind::Choices { options }, Value::Array(chosen)) => {
            let texts = chosen.iter().filter_map(Value::as_str).map(|chosen| option_text(options, chosen));
            texts.collect::<Vec<_>>().join("; ")
        }
        (form::Kind::Money { .. }, Value::Number(pence)) => Pence(pence.as_i64()?).to_string(),
        (form::Kind::Document { .. }, named) => named_in_words(named, documents).join("; "),
        (_, Value::String(text)) => text.clone(),
        _ => return None,
    };
    Some(text).filter(|text| !text.trim().is_empty())
}

fn option_text(options: &[Choice], chosen: &str) -> String {
    let option = options.iter().find(|option| option.value == chosen);
    option.map_or_else(|| chosen.to_owned(), |option| option.text.clone())
}
