//! Looking at a partnership: the councils of a bid, whom else it can invite, the invitation as the invited see it.

use serde::{Deserialize, Serialize};

use super::{granted, granted_to_its_councils, profile};
use crate::{
    bids::{self, model::Bid},
    db::Conn,
    error::{AppError, Fault, Result},
    funds,
    http::{App, Call, Scene},
    identity::{
        model::Organisation,
        policy::{self, Action, Granted},
        store::organisations,
    },
    ids::BidKey,
    partnerships::{
        model::{Partner, PartnerState, shares_add_up},
        rules::{self, model::Asked},
        store,
        unknown::{self, model::Unchecked},
    },
};

/// The most councils that a search offers.
const MOST_OFFERED: i64 = 50;

/// What the councils of a bid see of their bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Known {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The lead authority's name.
    pub lead: String,
    /// How much it asks for, in pence.
    pub ask_pence: Option<crate::money::Pence>,
}

impl Known {
    pub(super) fn of(conn: &mut Conn, bid: &Bid) -> Result<Self> {
        let lead = organisations::by_id(conn, bid.lead_id)?.name;
        Ok(Self { reference: bid.reference.clone(), title: bid.title.clone(), lead, ask_pence: bid.ask_pence })
    }
}

/// The councils of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PartnersView {
    /// The bid.
    pub bid: Known,
    /// Every council that was ever invited, by code.
    pub partners: Vec<Partner>,
    /// The organisations that it wants and that the fund has not checked yet. They count for nothing until then.
    pub unchecked: Vec<Unchecked>,
    /// What keeps the shares from adding up.
    pub share_faults: Vec<Fault>,
    /// What the round asks of the partnership of a full application, and how it stands.
    pub asked: Vec<Asked>,
    /// Whether the caller may invite, change and take out.
    pub may_manage: bool,
}

/// The councils of a bid, for themselves.
///
/// # Errors
/// Policy's.
pub async fn partners(app: &App, call: &Call, reference: String) -> Result<PartnersView> {
    call.read(app, move |conn, scene| {
        let bid = granted_to_its_councils(conn, scene, &reference)?;
        let heading = bids::store::load(conn, &bid)?;
        let round = funds::store::round_by_id(conn, heading.round_id)?;
        let round = funds::store::in_full(conn, round)?;
        let mut partners = store::partners_of(conn, &bid)?;
        // Who leads the bid now may have been a partner before.
        partners.retain(|partner| partner.organisation_id != heading.lead_id);
        Ok(PartnersView {
            asked: rules::asked(conn, &bid, &round)?,
            bid: Known::of(conn, &heading)?,
            unchecked: unknown::store::unchecked_of(conn, &bid)?,
            partners,
            share_faults: share_faults(conn, &bid)?,
            may_manage: bid.standing().may(Action::ManagePartners),
        })
    })
    .await
}

/// What keeps the shares of a bid from adding up; nothing when they do.
///
/// # Errors
/// When the database fails.
pub fn share_faults(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Fault>> {
    let heading = bids::store::load(conn, bid)?;
    let costs = bids::store::costs(conn, bid)?;
    let partners = store::partners_of(conn, bid)?;
    Ok(shares_add_up(heading.ask_pence, heading.lead_id, &costs, &partners))
}

/// The councils that a bid can invite today: all, or those with these words in a name that they or a predecessor have or had, or with
/// this code.
///
/// # Errors
/// Policy's.
pub async fn invitable(app: &App, call: &Call, reference: String, search: String) -> Result<Vec<Organisation>> {
    call.read(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ManagePartners)?;
        let lead = bids::store::load(conn, &bid)?.lead_id;
        let mut taken: Vec<_> = store::partners_of(conn, &bid)?
            .into_iter()
            .filter(|partner| partner.state.stands())
            .map(|partner| partner.organisation_id)
            .collect();
        taken.push(lead);
        let mut offered = offered(conn, scene, search.trim())?;
        offered.retain(|organisation| !taken.contains(&organisation.id));
        Ok(offered)
    })
    .await
}

/// Existing councils in the order of their names; for one that is gone, its successor.
fn offered(conn: &mut Conn, scene: &Scene, search: &str) -> Result<Vec<Organisation>> {
    let today = scene.now.london_date();
    let found = if search.is_empty() {
        organisations::every(conn)?
    } else {
        let mut found = organisations::page(conn, search, None, MOST_OFFERED)?;
        found.extend(organisations::find(conn, search)?);
        found
    };
    let mut offered: Vec<Organisation> = Vec::new();
    for organisation in found {
        let now = if organisation.exists_on(today) || search.is_empty() {
            organisation
        } else {
            organisations::successor(conn, organisation.id, today)?
        };
        if now.exists_on(today) && offered.iter().all(|other| other.id != now.id) {
            offered.push(now);
        }
    }
    offered.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(offered)
}

/// An invitation as the invited council sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InvitationView {
    /// The bid.
    pub bid: Known,
    /// The council's part in it.
    pub partner: Partner,
    /// The sponsor of the council's profile that confirming takes over, where the invitation names none.
    pub sponsor_from_profile: Option<String>,
    /// Whom to ask by the council's profile, where the invitation names nobody.
    pub contact_from_profile: Option<String>,
    /// That the round was called off, when and why, as part of a sentence: nobody answers the invitation any more.
    pub cancelled: Option<String>,
}

/// The invitation to the caller's own council.
///
/// # Errors
/// Policy's; `NotFound` when none of the caller's councils is invited.
pub async fn invitation(app: &App, call: &Call, reference: String) -> Result<InvitationView> {
    call.read(app, move |conn, scene| {
        let bid = granted_to_its_councils(conn, scene, &reference)?;
        let own = policy::sight(conn, &scene.actor)?.organisations;
        let mut partners = store::partners_of(conn, &bid)?;
        partners.retain(|partner| partner.state.stands() && own.contains(&partner.organisation_id));
        let partner = partners.into_iter().min_by_key(|partner| partner.state).ok_or(AppError::NotFound)?;
        let heading = bids::store::load(conn, &bid)?;
        let cancelled = funds::store::round_by_id(conn, heading.round_id)?.cancellation();
        let named = profile::named(conn, &partner)?;
        let asks = partner.state == PartnerState::Invited;
        let sponsor = Some(named.sponsor).filter(|sponsor| asks && *sponsor != partner.sponsor);
        let contact = [named.people.contact_name, named.people.contact_email];
        let contact = contact.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let is_named = !partner.people.contact_name.is_empty() || !partner.people.contact_email.is_empty();
        Ok(InvitationView {
            bid: Known::of(conn, &heading)?,
            partner,
            sponsor_from_profile: sponsor,
            contact_from_profile: Some(contact).filter(|contact| asks && !is_named && !contact.is_empty()),
            cancelled,
        })
    })
    .await
}
