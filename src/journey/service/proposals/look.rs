//! Looking at proposals: what is proposed, what it would change, who has agreed and who is waited for.

use serde::{Deserialize, Serialize};

use super::{
    answer::{may_refuse, may_take_back},
    case::Case,
    execute::signed_by,
    sides::{Reader, if_allowed, known_bid, sides_of},
};
use crate::{
    bids::{
        content::{self, Content, Party},
        model::asked_in,
        terms,
    },
    clock::Moment,
    db::{Conn, schema::bids as bids_table},
    error::{AppError, Result},
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action},
        store::{organisations, people},
    },
    ids::{BidKey, Id, RowKey},
    partnerships::{
        proposals::{
            model::{Proposal, ProposalKind, ProposalState, Proposed, Side},
            store,
        },
        sign_offs::service as sign_offs,
    },
};
use diesel::prelude::*;

/// A proposal as somebody may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PartnershipChange)]
pub struct ProposalView {
    /// Its id.
    pub id: Id<RowKey>,
    /// What is proposed.
    pub kind: ProposalKind,
    /// Where it stands.
    pub state: ProposalState,
    /// The bid that it is about; of two that become one, the one that stays.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The bid that ends, of two that become one.
    pub other: Option<OtherBid>,
    /// Who is to lead, who asks to join, or who leads the bid that ends.
    pub organisation: Party,
    /// What is proposed, as a sentence.
    pub says: String,
    /// What was said of it.
    pub words: String,
    /// What becomes of whoever becomes a partner.
    pub terms: Proposed,
    /// Who proposed it.
    pub proposed_by: String,
    /// For which organisation.
    pub proposed_for: String,
    /// When.
    pub proposed_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// Why, where it was not done.
    pub ended_why: Option<String>,
    /// Who has agreed to the terms as they would be now.
    pub agreed: Vec<Agreed>,
    /// Who is waited for.
    pub awaited: Vec<String>,
    /// What changes of the terms of the bid, each a sentence, for those who may read it.
    pub changes: Vec<String>,
    /// What it brings besides: signatures, texts, other bids.
    pub effects: Vec<String>,
    /// Everything that stands against it now.
    pub against: Vec<String>,
    /// The hash of the terms as they would be: whoever agrees names it.
    pub seen: Option<String>,
    /// Whether it is the caller's turn to agree.
    pub may_agree: bool,
    /// Whether the caller can say no.
    pub may_refuse: bool,
    /// Whether the caller can take it back.
    pub may_take_back: bool,
    /// Whether the caller can take back that their side has agreed.
    pub may_take_agreement_back: bool,
    /// Counts changes.
    pub version: i32,
}

/// The bid that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = BidThatEnds)]
pub struct OtherBid {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
}

/// Somebody who has agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AgreedToPartnershipChange)]
pub struct Agreed {
    /// As what.
    pub side: Side,
    /// The organisation, or the fund.
    pub name: String,
    /// When.
    pub at: Moment,
}

/// What is and was proposed about a bid, newest first: for its councils all of it, for staff what concerns the fund, for
/// everybody else the requests of their own council.
///
/// # Errors
/// `NotFound` when one may not know of the bid.
pub async fn proposals(app: &App, call: &Call, reference: String) -> Result<Vec<ProposalView>> {
    call.read(app, move |conn, scene| {
        let bid = known_bid(conn, scene, &reference)?;
        let mut shown = Vec::new();
        for proposal in store::of_bid(conn, bid)? {
            shown.extend(view(conn, scene, proposal)?);
        }
        let reads = if_allowed(policy::bid(conn, &scene.actor, Action::ReadHistory, bid))?.is_some();
        if shown.is_empty() && !reads {
            let invited = if_allowed(policy::bid(conn, &scene.actor, Action::ReadBid, bid))?.is_some();
            return Err(if invited {
                AppError::forbidden("not_allowed", Action::ChangePartnership.refusal(None))
            } else {
                policy::hidden_from(&scene.actor)
            });
        }
        Ok(shown)
    })
    .await
}

/// One of them.
///
/// # Errors
/// `NotFound` when one may not know of it.
pub async fn proposal(app: &App, call: &Call, (reference, id): (String, Id<RowKey>)) -> Result<ProposalView> {
    call.read(app, move |conn, scene| {
        let bid = known_bid(conn, scene, &reference)?;
        let proposal = store::one(conn, bid, id)?;
        view(conn, scene, proposal)?.ok_or(AppError::NotFound)
    })
    .await
}

/// A proposal for the actor, if they may know of it.
pub(super) fn view(conn: &mut Conn, scene: &Scene, proposal: Proposal) -> Result<Option<ProposalView>> {
    let reader = Reader::of(conn, scene, &proposal)?;
    if !reader.may_read(&proposal, &store::consents(conn, proposal.id)?) {
        return Ok(None);
    }
    let case = if proposal.is_open() { Some(Case::of(conn, scene, proposal.clone())?) } else { None };
    let view = as_it_is(conn, proposal)?;
    Ok(Some(match case {
        Some(case) => with_case(conn, scene, view, (&case, reader))?,
        None => view,
    }))
}

/// The same without what it would change: for whoever has just ended it.
pub(super) fn as_it_is(conn: &mut Conn, proposal: Proposal) -> Result<ProposalView> {
    let (reference, title) = named(conn, proposal.bid_id)?;
    let other = proposal.other_bid_id.map(|bid| named(conn, bid)).transpose()?;
    let consents = store::consents(conn, proposal.id)?;
    let mut agreed = Vec::new();
    for consent in consents {
        let Some(at) = consent.agreed_at else { continue };
        let name = match consent.organisation_id {
            Some(organisation) => organisations::by_id(conn, organisation)?.name,
            None => "The fund".into(),
        };
        agreed.push(Agreed { side: consent.side, name, at });
    }
    Ok(ProposalView {
        id: proposal.id,
        kind: proposal.kind,
        state: proposal.state,
        reference,
        title,
        other: other.map(|(reference, title)| OtherBid { reference, title }),
        organisation: content::party(conn, proposal.organisation_id)?,
        says: says(conn, &proposal)?,
        proposed_by: people::name_of(conn, proposal.proposed_by)?,
        proposed_for: organisations::by_id(conn, proposal.proposed_for)?.name,
        words: proposal.words,
        terms: proposal.terms,
        proposed_at: proposal.proposed_at,
        ended_at: proposal.ended_at,
        ended_why: proposal.ended_why,
        agreed,
        awaited: Vec::new(),
        changes: Vec::new(),
        effects: Vec::new(),
        against: Vec::new(),
        seen: None,
        may_agree: false,
        may_refuse: false,
        may_take_back: false,
        may_take_agreement_back: false,
        version: proposal.version,
    })
}

fn with_case(
    conn: &mut Conn,
    scene: &Scene,
    view: ProposalView,
    (case, reader): (&Case, Reader),
) -> Result<ProposalView> {
    let own = sides_of(conn, scene, &case.proposal)?;
    let (awaited, readable) = (case.awaited(), reader.may_read_terms(case));
    let covers = |side: Side| case.consent(side).is_some_and(|consent| consent.covers(&case.terms));
    let gave = |side: &Side| case.consent(*side).is_some_and(|consent| consent.agreed_at.is_some());
    let mut names = Vec::new();
    for side in &awaited {
        names.push(match case.organisation(*side) {
            Some(organisation) => organisations::by_id(conn, organisation)?.name,
            None => "the fund".into(),
        });
    }
    let may_agree = readable && awaited.iter().any(|side| own.contains(side));
    let may_take_back = may_take_back(case, &own, reader);
    Ok(ProposalView {
        agreed: view.agreed.into_iter().filter(|agreed| covers(agreed.side)).collect(),
        awaited: names,
        changes: if readable { changes(case, reader) } else { Vec::new() },
        effects: if readable { effects(conn, case)? } else { Vec::new() },
        against: if reader.asks && !reader.of_bid { Vec::new() } else { case.against(conn, scene)? },
        seen: readable.then(|| case.terms.clone()),
        may_agree,
        may_refuse: own.iter().any(|side| may_refuse(case, *side)),
        may_take_back,
        may_take_agreement_back: !may_take_back && own.iter().any(gave),
        ..view
    })
}

/// What changes of the terms. The fund reads lines of costs in the versions that were submitted, never in a draft.
fn changes(case: &Case, reader: Reader) -> Vec<String> {
    let rulebook = &case.place.known.round.rulebook;
    if reader.of_bid || reader.of_other {
        return terms::changes(&case.before, &case.after, rulebook);
    }
    let councils = |content: &Content| Content { costs: Vec::new(), promises: Vec::new(), ..content.clone() };
    terms::changes(&councils(&case.before), &councils(&case.after), rulebook)
}

fn named(conn: &mut Conn, bid: Id<BidKey>) -> Result<(String, String)> {
    Ok(bids_table::table.find(bid).select((bids_table::reference, bids_table::title)).first(conn)?)
}

/// What is proposed, as a sentence.
pub(super) fn says(conn: &mut Conn, proposal: &Proposal) -> Result<String> {
    let (reference, _) = named(conn, proposal.bid_id)?;
    let name = organisations::by_id(conn, proposal.organisation_id)?.name;
    Ok(match proposal.kind {
        ProposalKind::Lead => {
            let consents = store::consents(conn, proposal.id)?;
            let asked = consents.iter().find(|consent| consent.side == Side::Lead);
            let lead = match asked.and_then(|consent| consent.organisation_id) {
                Some(lead) => lead,
                None => bids_table::table.find(proposal.bid_id).select(bids_table::lead_id).first(conn)?,
            };
            let old = organisations::by_id(conn, lead)?.name;
            let then = if proposal.terms.leaves { "which leaves it" } else { "which stays as a partner" };
            format!("{name} leads {reference} instead of {old}, {then}.")
        }
        ProposalKind::Join => {
            format!("{name} joins {reference} as a partner with a share of {}.", proposal.terms.share_pence)
        }
        ProposalKind::Merge => {
            let ended = proposal.other_bid_id.map(|bid| named(conn, bid)).transpose()?;
            let ended = ended.map(|(reference, _)| reference).unwrap_or_default();
            format!("{ended}, which {name} leads, becomes part of {reference} and ends.")
        }
    })
}

/// What it brings besides the terms.
fn effects(conn: &mut Conn, case: &Case) -> Result<Vec<String>> {
    let mut effects = Vec::new();
    let signing = sign_offs::standing(conn, &case.place.granted)?;
    effects.extend(signed_by(case, &signing).iter().map(|council| {
        format!("The signature of {council} becomes void. Its officer is told what changed, and asked again if the round asks \
                 for that signature.")
    }));
    if case.place.is_submitted() && case.proposal.kind == ProposalKind::Lead {
        effects.push(format!(
            "The version that was submitted stands as it is and names {}. Whoever reads it is told above it who leads now.",
            case.before.lead.name
        ));
    }
    if case.place.is_submitted() && case.proposal.kind != ProposalKind::Lead {
        effects.push(format!(
            "The version of {} that was submitted stays as it is, without what this brings. That counts only once a newer version \
             is signed and submitted before the closing time.",
            case.before.reference
        ));
    }
    effects.extend(own_contributions_lost(case));
    match (&case.proposal.kind, &case.other, &case.ends) {
        (ProposalKind::Merge, Some(other), Some(ends)) => {
            let signing = sign_offs::standing(conn, &other.granted)?;
            effects.extend(
                signed_by(case, &signing)
                    .iter()
                    .map(|council| format!("The signature of {council} for {} ends with that bid.", ends.reference)),
            );
            effects.extend(of_merger(case, ends));
        }
        (ProposalKind::Lead, ..) if case.proposal.terms.leaves => effects.push(format!(
            "No answer changes. {} reads no more of the bid, and its part of the costs goes to {}.",
            case.before.lead.name, case.after.lead.name
        )),
        _ => effects.push("No answer, comment or promise changes.".into()),
    }
    Ok(effects)
}

/// What a council was to put in as a partner is no part of a bid that it leads.
fn own_contributions_lost(case: &Case) -> Option<String> {
    let partner = |content: &Content| {
        let found = content.partners.iter().find(|partner| partner.organisation.id == case.after.lead.id);
        found.filter(|partner| !partner.part.is_none()).cloned()
    };
    let partner = partner(&case.before).or_else(|| case.ends.as_ref().and_then(partner))?;
    Some(format!(
        "{} leads the bid, so that what it was to bring as a partner is no part of what is signed any more: it {}.",
        partner.organisation.name,
        partner.part.in_words().join(", ")
    ))
}

fn of_merger(case: &Case, ends: &Content) -> Vec<String> {
    let (stays, ended) = (&case.before.reference, &ends.reference);
    let mut effects = vec![
        format!(
            "The answers and promises of {stays} stay. Those of {ended} are kept as they are: each answer stands beside its \
             question in {stays}, where it can be taken over until this stage is over."
        ),
        format!(
            "Comments, documents and promises of {ended} stay with it, where its councils still read them. Organisations that it \
             has asked the fund to check are asked for no more."
        ),
        format!(
            "{stays} has the documents of both: what both have is there once, and a document of {ended} that is called like \
             another gets “{ended}” into its name."
        ),
        format!(
            "{ended} is withdrawn, with a link to {stays}. It no longer counts among the bids that its lead leads."
        ),
    ];
    let anew = case.after.partners.iter().filter(|partner| !partner.confirmed).map(|partner| &partner.organisation);
    let anew: Vec<&str> = anew.map(|council| council.name.as_str()).collect();
    if !anew.is_empty() {
        effects.push(format!("These councils are asked to confirm their part anew: {}.", anew.join(", ")));
    }
    let (ask, costs) = (case.after.ask_pence.unwrap_or_default(), asked_in(&case.after.costs));
    if ask != costs {
        effects.push(format!(
            "{stays} still asks for {ask}, and both costs together are {costs}. Its lead changes one of them afterwards."
        ));
    }
    effects
}
