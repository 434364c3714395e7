//! Who may have which paper, and what stands on it.

use super::model::{by, who_signs};
use crate::{
    bids::{
        self,
        content::{self, Sealed},
        paper::{Paper, Signed},
        service::{Place, VersionKey},
    },
    db::Conn,
    error::{AppError, Result},
    funds::{self, model::RoundInFull, rulebook::Stage},
    http::{App, Call},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RowKey},
    partnerships::{
        service::{granted, granted_to_its_councils},
        sign_offs::{
            self,
            service::{signatures_beside, signatures_of_now},
        },
    },
};

/// Which paper of a bid is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The draft as it stands now.
    Draft(String),
    /// A submitted version.
    Version(VersionKey),
    /// What was signed, of the bid of this reference.
    Signed(String, Id<RowKey>),
}

/// The paper.
///
/// # Errors
/// `NotFound` when one may not know of the bid, or there is no such version or signature; for the draft and what was signed also when
/// one does not work for one of its councils. `Forbidden` for what was signed to a council that has not accepted its invitation.
pub async fn paper(app: &App, call: &Call, wanted: Wanted) -> Result<Paper> {
    call.read(app, move |conn, scene| match &wanted {
        Wanted::Draft(reference) => {
            let bid = granted(conn, scene, reference, Action::ReadBid)?;
            if !bids::service::is_applicant(&bid) {
                return Err(policy::hidden_from(&scene.actor));
            }
            let place = Place::of(conn, &bid)?;
            let sealed = content::sealed(conn, &bid, place.stage)?;
            let signatures = match place.stage {
                Stage::Eoi => Vec::new(),
                Stage::Full => signatures_of_now(conn, scene, &bid, (&sealed, &place.round.rulebook))?,
            };
            let card = who_signs(&signatures, &hex::encode(&sealed.hash));
            Ok(Paper::draft(&place.round, &sealed, scene.now).with(card))
        }
        Wanted::Version(key) => {
            let bid = granted(conn, scene, &key.reference, Action::ReadHistory)?;
            let found = bids::store::version(conn, &bid, key.stage, key.number)?;
            let (version, text) = found.ok_or(AppError::NotFound)?;
            let round = round_of(conn, &bid)?;
            let says = Sealed::of(serde_json::from_str(&text)?)?;
            let signatures = match key.stage {
                Stage::Eoi => Vec::new(),
                Stage::Full => signatures_beside(conn, &bid, (&says, &round.rulebook), Some(version.submitted_at))?,
            };
            Ok(Paper::submitted(&round, &says.content, &version).with(who_signs(&signatures, &version.hash)))
        }
        Wanted::Signed(reference, id) => {
            granted_to_its_councils(conn, scene, reference)?;
            // Whoever is only invited reads what is written now, and none of what went before.
            let bid = granted(conn, scene, reference, Action::ReadHistory)?;
            signed(conn, &bid, *id)
        }
    })
    .await
}

fn signed(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>) -> Result<Paper> {
    let (sign_off, text) = sign_offs::service::signed(conn, bid, id)?.ok_or(AppError::NotFound)?;
    let at = sign_off.answered_at.ok_or(AppError::NotFound)?;
    let round = round_of(conn, bid)?;
    let says = Sealed::of(serde_json::from_str(&text)?)?;
    let signatures = signatures_beside(conn, bid, (&says, &round.rulebook), None)?;
    let own = sign_offs::service::of_sign_off(conn, bid, &sign_off, (&says, &round.rulebook))?;
    let facts = Signed {
        council: own.organisation.name.clone(),
        by: by(&own),
        at,
        hash: sign_off.hash.clone(),
        stands: sign_offs::service::holds(conn, bid, &sign_off)?,
    };
    // Of two signatures of the same terms this paper is about one.
    let others =
        signatures.into_iter().map(|one| if one.organisation.id == own.organisation.id { own.clone() } else { one });
    let card = who_signs(&others.collect::<Vec<_>>(), &sign_off.hash);
    Ok(Paper::signed(&round, &says.content, &facts).with(card))
}

fn round_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<RoundInFull> {
    let row = bids::store::load(conn, bid)?;
    let round = funds::store::round_by_id(conn, row.round_id)?;
    funds::store::in_full_for(conn, round, row.id)
}
