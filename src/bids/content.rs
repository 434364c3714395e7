//! What a bid says, as one document: it is shown, hashed, signed and kept as a submitted version.
//!
//! The hash is over exactly the text of the document. The terms that a council signs for are part of it ([`Terms`]).

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    documents::{
        self,
        model::{Attached, Document},
    },
    model::{Bid, CostLine, Promise},
    partner::{PartnerKind, TakingPart},
    store,
    terms::Terms,
};
use crate::{
    db::{
        Conn,
        schema::{organisations, partners},
    },
    error::Result,
    funds::{form::Question, rulebook::Stage},
    identity::policy::Granted,
    ids::{BidKey, Id, OrganisationKey, RoundKey, RowKey},
    money::Pence,
    workflow::Change,
};

/// A bid's content at one stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Content {
    /// The bid's reference.
    pub reference: String,
    /// The stage.
    pub stage: Stage,
    /// The title.
    pub title: String,
    /// The phase bid for.
    pub phase: Option<String>,
    /// The ask, in pence.
    pub ask_pence: Option<Pence>,
    /// The lead authority.
    pub lead: Party,
    /// The partners that were invited or have confirmed, by their codes.
    pub partners: Vec<Member>,
    /// The costs, of full applications.
    pub costs: Vec<CostLine>,
    /// The promised outcomes, of full applications.
    pub promises: Vec<Promise>,
    /// The answers by question.
    pub answers: BTreeMap<String, Value>,
    /// The documents of the stage, by name. What has none says nothing of them, as before there were any, so that versions
    /// keep their hashes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Attached>,
}

impl Content {
    /// The questions that are answered.
    pub fn answered(&self) -> BTreeSet<String> {
        let answered = self.answers.iter().filter(|(_, value)| Question::is_answered(value));
        answered.map(|(question, _)| question.clone()).collect()
    }
}

/// An organisation of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Party {
    /// Its id.
    pub id: Id<OrganisationKey>,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A partner of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Member {
    /// The organisation.
    pub organisation: Party,
    /// Whether it has confirmed in its own account.
    pub confirmed: bool,
    /// Its share of the grant, in pence.
    pub share_pence: Pence,
    /// The role of its sponsor.
    pub sponsor: String,
    /// What it does in the partnership. Versions that were kept before this was part of them do not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// What kind of partner it is, where that was said. Versions that were kept before there were kinds do not say, and nobody
    /// said it of who had been invited by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PartnerKind>,
    /// When it takes part, and what it puts in itself.
    #[serde(default, skip_serializing_if = "TakingPart::is_none")]
    pub part: TakingPart,
}

impl Member {
    /// Whether it is one of those that only stand behind the bid.
    pub fn only_supports(&self) -> bool {
        self.kind == Some(PartnerKind::Supporter)
    }

    /// What it is in words.
    pub fn kind_in_words(&self) -> &'static str {
        self.kind.map_or("partner", PartnerKind::in_words)
    }
}

/// Content with the text that was hashed.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// What it says.
    pub content: Content,
    /// The text.
    pub text: String,
    /// The hash of the text.
    pub hash: Vec<u8>,
    /// The hash of the terms in it.
    pub terms: Vec<u8>,
}

impl Sealed {
    /// What a content says, sealed.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which never happens.
    pub fn of(content: Content) -> Result<Self> {
        let text = serde_json::to_string(&content)?;
        let hash = Sha256::digest(text.as_bytes()).to_vec();
        let terms = Terms::of(&content).hash()?;
        Ok(Self { content, text, hash, terms })
    }

    /// The hash as it was made before a partner's role was part of what a bid says: signatures of that time go by it.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which never happens.
    pub fn hash_without_roles(&self) -> Result<Vec<u8>> {
        let mut content = self.content.clone();
        content.partners.iter_mut().for_each(|partner| partner.role.clear());
        Ok(Self::of(content)?.hash)
    }
}

/// What a bid says now.
///
/// # Errors
/// When the database fails.
pub fn current(conn: &mut Conn, granted: &Granted<BidKey>, stage: Stage) -> Result<Content> {
    let bid = store::load(conn, granted)?;
    let answers = store::answers(conn, granted, stage)?;
    let full = stage == Stage::Full;
    Ok(Content {
        lead: party(conn, bid.lead_id)?,
        partners: members(conn, &bid)?,
        costs: if full { store::costs(conn, granted)? } else { Vec::new() },
        promises: if full { store::promises(conn, granted)? } else { Vec::new() },
        answers: answers.into_iter().map(|answer| (answer.question, answer.value.0)).collect(),
        documents: documents::store::current(conn, granted, stage)?.into_iter().map(Document::attached).collect(),
        reference: bid.reference,
        stage,
        title: bid.title,
        phase: bid.phase,
        ask_pence: bid.ask_pence,
    })
}

/// What a bid says now, with its hash.
///
/// # Errors
/// When the database fails.
pub fn sealed(conn: &mut Conn, granted: &Granted<BidKey>, stage: Stage) -> Result<Sealed> {
    Sealed::of(current(conn, granted, stage)?)
}

/// The hash of the parts of a bid whose change matters to those who agreed to something, as they are now at both stages.
///
/// # Errors
/// When the database fails.
pub fn hash_of_parts(conn: &mut Conn, granted: &Granted<BidKey>, parts: &[Change]) -> Result<Vec<u8>> {
    let (eoi, full) = (current(conn, granted, Stage::Eoi)?, current(conn, granted, Stage::Full)?);
    let mut hash = Sha256::new();
    for part in parts {
        let said = match part {
            Change::Answers => json!([full.title, full.phase, eoi.answers, full.answers, full.promises]),
            Change::Costs => {
                let share = |partner: &Member| {
                    let part = &partner.part;
                    json!([partner.organisation.id, partner.share_pence, part.cash_pence, part.in_kind_pence])
                };
                json!([full.ask_pence, full.costs, full.partners.iter().map(share).collect::<Vec<_>>()])
            }
            Change::Partners => {
                let member = |partner: &Member| {
                    let part = (partner.kind, &partner.role, &partner.part);
                    json!([partner.organisation.id, partner.confirmed, partner.sponsor, part])
                };
                json!([full.lead.id, full.partners.iter().map(member).collect::<Vec<_>>()])
            }
            // What was approved before there were any goes by a hash without them.
            Change::Documents if eoi.documents.is_empty() && full.documents.is_empty() => continue,
            Change::Documents => json!([eoi.documents, full.documents]),
        };
        hash.update(serde_json::to_vec(&(part, said))?);
    }
    Ok(hash.finalize().to_vec())
}

/// What the version that stands says: what staff and assessors read, never a live draft.
///
/// # Errors
/// When the database fails.
pub fn standing(conn: &mut Conn, granted: &Granted<BidKey>, stage: Stage) -> Result<Option<Content>> {
    let text = store::standing_text(conn, granted, stage)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// The same of every bid of a round that has a version at the stage.
///
/// # Errors
/// When the database fails.
pub fn standing_of_round(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    stage: Stage,
) -> Result<BTreeMap<Id<BidKey>, Content>> {
    let texts = store::standing_texts(conn, round, stage)?;
    texts.into_iter().map(|(bid, text)| Ok((bid, serde_json::from_str(&text)?))).collect()
}

/// An organisation as a bid names it.
///
/// # Errors
/// When the database fails.
pub fn party(conn: &mut Conn, id: Id<OrganisationKey>) -> Result<Party> {
    let (code, name) = organisations::table.find(id).select((organisations::code, organisations::name)).first(conn)?;
    Ok(Party { id, code, name })
}

fn members(conn: &mut Conn, bid: &Bid) -> Result<Vec<Member>> {
    type Row = (Id<RowKey>, (Id<OrganisationKey>, String, String), String, Pence, String, String, Option<PartnerKind>);
    let mut parts = store::parts_of_partners(conn, bid.id)?;
    let rows: Vec<Row> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq(bid.id))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .order(organisations::code)
        .select((
            partners::id,
            (organisations::id, organisations::code, organisations::name),
            partners::state,
            partners::share_pence,
            partners::sponsor,
            partners::role,
            partners::kind,
        ))
        .load(conn)?;
    let member = |(partner, (id, code, name), state, share_pence, sponsor, role, kind): Row| Member {
        organisation: Party { id, code, name },
        confirmed: state == "confirmed",
        share_pence,
        sponsor,
        role,
        kind,
        part: parts.remove(&partner).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(member).collect())
}
