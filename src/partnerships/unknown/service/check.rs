//! What the fund's managers do: look at an organisation, accept it, say which one it is, or refuse it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ask::may_check;
use crate::{
    account::service::roles,
    actor::Actor,
    bids::{self, content::Party, model::Bid, partner::PartnerPeople},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::model::Fund,
    http::{App, Call, Scene},
    identity::{
        model::{MemberRole, Organisation},
        policy::{self, Action, BidKind, Granted},
        store::{organisations, people},
    },
    ids::{BidKey, FundKey, Id, OrganisationKey, RowKey},
    mail::Address,
    partnerships::{
        model::reason_fault,
        service::{bring_in, refuse_when_closed},
        sign_offs::service::parts_changed,
        store as partners,
        unknown::{
            letters::{self, Outcome},
            model::{NewOrganisation, OrganisationRequest, RequestState, read_code},
            store::{self, Waiting},
        },
    },
};

/// The organisations that a fund was asked to check.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Desk {
    /// The fund.
    pub fund: Fund,
    /// Those that wait first, then the newest.
    pub requests: Vec<OrganisationRequest>,
}

/// The organisations that a fund was asked to check, for its managers.
///
/// # Errors
/// Policy's.
pub async fn desk(app: &App, call: &Call, slug: String) -> Result<Desk> {
    call.read(app, move |conn, scene| {
        let (granted, fund) = may_check(conn, scene, &slug)?;
        let mut requests = store::of_fund(conn, &granted)?;
        for request in requests.iter_mut().filter(|request| request.state == RequestState::Waiting) {
            let known = in_list(conn, scene, &request.organisation.name)?;
            request.in_list = known.map(|known| Party { id: known.id, code: known.code, name: known.name });
        }
        Ok(Desk { requests, fund })
    })
    .await
}

/// Accepts an organisation under a code: it is in the list from then on, its contact is its first person and administrator, and
/// the bids that wait for it invite it.
///
/// # Errors
/// Policy's; `Invalid` for a code that is none or that another has (`code_taken`), and where an organisation of this name is in the
/// list (`known_organisation`); `Conflict` when it was answered already.
pub async fn accept(app: &App, call: &Call, slug: String, id: Id<RowKey>, code: String) -> Result<OrganisationRequest> {
    call.write(app, move |conn, scene| {
        let (granted, _) = may_check(conn, scene, &slug)?;
        let request = waiting(conn, &granted, id)?;
        let code = read_code(&code).map_err(|fault| AppError::Invalid(vec![fault]))?;
        refuse_a_second(conn, scene, &request.organisation, &code)?;
        let organisation = add(conn, scene, code, &request.organisation)?;
        let outcome = Outcome::Accepted(&organisation);
        let people = of_contact(&request.organisation);
        answered(conn, scene, (&granted, id), (RequestState::Accepted, Some(&organisation), None))?;
        invite_all(conn, scene, (&granted, &request), &organisation, (&people, &outcome))?;
        store::of_fund_by_id(conn, &granted, id)
    })
    .await
}

/// Refuses to put a body into the list a second time, and says which one is there: two leads may have asked for it under two
/// addresses.
fn refuse_a_second(conn: &mut Conn, scene: &Scene, new: &NewOrganisation, code: &str) -> Result<()> {
    if let Some(known) = in_list(conn, scene, &new.name)? {
        let message = format!(
            "{} ({}) is in the list by now. Say that it is this one, so that it is invited, or refuse the request.",
            known.name, known.code
        );
        return Err(AppError::invalid("organisation", "known_organisation", message));
    }
    let Some(holder) = organisations::find(conn, code)? else { return Ok(()) };
    let message = format!(
        "{} has the code {code}. Give {} another code, or say that it is that organisation.",
        holder.name, new.name
    );
    Err(AppError::invalid("code", "code_taken", message))
}

/// Puts the organisation into the list, with its contact as its first person.
fn add(conn: &mut Conn, scene: &Scene, code: String, new: &NewOrganisation) -> Result<Organisation> {
    let organisation = Organisation {
        id: scene.fresh(),
        code,
        name: new.name.clone(),
        kind: new.kind,
        nation: new.nation,
        ons_code: None,
        org_id: None,
        mail_domain: None,
        starts_on: None,
        ends_on: None,
        replaced_by: None,
        signed_declaration: false,
        version: 1,
    };
    let lists = policy::service(conn, &Actor::System, Action::ManageOrganisations)?;
    organisations::add(conn, &lists, &organisation)?;
    organisations::set_names(conn, &lists, organisation.id, std::slice::from_ref(&organisation.name))?;
    let email: Address = new.contact_email.parse().map_err(AppError::internal)?;
    let contact = people::register(conn, scene.fresh(), &email, &new.contact_name, scene.now)?;
    let granted = policy::organisation(conn, &Actor::System, Action::ManageMembers, organisation.id)?;
    let role = MemberRole::Administrator;
    people::join(conn, &granted, (contact.id, role), scene.fresh(), scene.now)?;
    let event = (Chain::Organisation(organisation.id), "organisation.role_given");
    roles::note(conn, scene, event, (contact.id, role.word()))?;
    roles::write_to(conn, scene, &contact, "member-added", (&organisation.name, role.word(), role.lets()))?;
    Ok(organisation)
}

fn of_contact(new: &NewOrganisation) -> PartnerPeople {
    PartnerPeople {
        sponsor_name: String::new(),
        contact_name: new.contact_name.clone(),
        contact_email: new.contact_email.clone(),
    }
}

/// Says that it is an organisation that is known: the bids that wait for it invite that one.
///
/// # Errors
/// Policy's; `Invalid` for one that is not known or exists no longer; `Conflict` when it was answered already.
pub async fn is_known(
    app: &App,
    call: &Call,
    slug: String,
    id: Id<RowKey>,
    named: String,
) -> Result<OrganisationRequest> {
    call.write(app, move |conn, scene| {
        let (granted, _) = may_check(conn, scene, &slug)?;
        let request = waiting(conn, &granted, id)?;
        let organisation = known(conn, scene, &named)?;
        answered(conn, scene, (&granted, id), (RequestState::Known, Some(&organisation), None))?;
        let outcome = Outcome::Known(&organisation);
        invite_all(conn, scene, (&granted, &request), &organisation, (&PartnerPeople::default(), &outcome))?;
        store::of_fund_by_id(conn, &granted, id)
    })
    .await
}

/// The organisation of this name that exists today.
fn in_list(conn: &mut Conn, scene: &Scene, name: &str) -> Result<Option<Organisation>> {
    let today = scene.now.london_date();
    Ok(organisations::find(conn, name)?.filter(|known| known.exists_on(today)))
}

fn known(conn: &mut Conn, scene: &Scene, named: &str) -> Result<Organisation> {
    let found = match named.trim().parse::<Id<OrganisationKey>>() {
        Ok(id) => organisations::by_ids(conn, &[id])?.into_iter().next(),
        Err(_no_id) => organisations::find(conn, named)?,
    };
    let exists = found.filter(|found| found.exists_on(scene.now.london_date()));
    exists.ok_or_else(|| {
        let message = "There is no such organisation today. Give its code, its ONS code or its exact name.";
        AppError::invalid("organisation", "unknown_organisation", message)
    })
}

/// Refuses it; those who asked read why.
///
/// # Errors
/// Policy's; `Invalid` without a reason; `Conflict` when it was answered already.
pub async fn refuse(
    app: &App,
    call: &Call,
    slug: String,
    id: Id<RowKey>,
    reason: String,
) -> Result<OrganisationRequest> {
    call.write(app, move |conn, scene| {
        let (granted, _) = may_check(conn, scene, &slug)?;
        let request = waiting(conn, &granted, id)?;
        let missing = "Say why it cannot take part. The lead authorities that want it will read it.";
        AppError::unless_empty(reason_fault("reason", &reason, missing).into_iter().collect())?;
        let reason = reason.trim();
        answered(conn, scene, (&granted, id), (RequestState::Refused, None, Some(reason)))?;
        for waiting in store::bids_of(conn, &granted, id)? {
            let (_, heading) = of_bid(conn, &waiting)?;
            letters::checked(conn, scene, &heading, (&request, &waiting), &Outcome::Refused(reason))?;
        }
        store::of_fund_by_id(conn, &granted, id)
    })
    .await
}

fn waiting(conn: &mut Conn, fund: &Granted<FundKey>, id: Id<RowKey>) -> Result<OrganisationRequest> {
    let request = store::of_fund_by_id(conn, fund, id)?;
    if request.state == RequestState::Waiting { Ok(request) } else { Err(answered_already(&request)) }
}

fn answered_already(request: &OrganisationRequest) -> AppError {
    let name = &request.organisation.name;
    let message = format!("{name} does not wait for a check any more: {}.", request.state.word().replace('_', " "));
    AppError::conflict("answered_already", message)
}

/// Keeps an answer and tells the fund's history.
fn answered(
    conn: &mut Conn,
    scene: &Scene,
    (fund, id): (&Granted<FundKey>, Id<RowKey>),
    (state, organisation, reason): (RequestState, Option<&Organisation>, Option<&str>),
) -> Result<()> {
    let organisation = organisation.map(|organisation| organisation.id);
    if !store::answer(conn, id, (state, scene.now), (organisation, reason))? {
        return Err(answered_already(&store::of_fund_by_id(conn, fund, id)?));
    }
    let detail = json!({ "request": id, "organisation": organisation });
    let kind = match state {
        RequestState::Accepted => "organisation_request.accepted",
        RequestState::Known => "organisation_request.known",
        _ => "organisation_request.refused",
    };
    scene.tell(conn, Chain::Fund(fund.id()), kind, detail)
}

/// Policy's yes to what the service does by itself with a bid that waits, and the bid.
fn of_bid(conn: &mut Conn, waiting: &Waiting) -> Result<(Granted<BidKey>, Bid)> {
    let bid = policy::bid(conn, &Actor::System, Action::ManagePartners, waiting.bid)?;
    let heading = bids::store::load(conn, &bid)?;
    Ok((bid, heading))
}

/// Invites the organisation to every bid that waits for it and can still be joined; those who asked are told.
fn invite_all(
    conn: &mut Conn,
    scene: &Scene,
    (fund, request): (&Granted<FundKey>, &OrganisationRequest),
    organisation: &Organisation,
    (people, outcome): (&PartnerPeople, &Outcome<'_>),
) -> Result<()> {
    for waiting in store::bids_of(conn, fund, request.id)? {
        let (bid, heading) = of_bid(conn, &waiting)?;
        let outcome = match why_not(conn, scene, (&bid, &heading), organisation)? {
            Some(why) => Outcome::TooLate(organisation, why),
            None => {
                let invitation = waiting.terms.0.invitation(organisation, people.clone());
                bring_in(conn, scene, (&bid, &heading), organisation, &invitation, waiting.asked_by)?;
                parts_changed(conn, scene, &bid)?;
                outcome.clone()
            }
        };
        letters::checked(conn, scene, &heading, (request, &waiting), &outcome)?;
    }
    Ok(())
}

/// Why an organisation is not invited to a bid any more.
fn why_not(
    conn: &mut Conn,
    scene: &Scene,
    (bid, heading): (&Granted<BidKey>, &Bid),
    organisation: &Organisation,
) -> Result<Option<&'static str>> {
    if heading.lead_id == organisation.id {
        return Ok(Some("it leads this bid"));
    }
    let partners = partners::partners_of(conn, bid)?;
    if partners.iter().any(|partner| partner.organisation_id == organisation.id && partner.state.stands()) {
        return Ok(Some("it is invited to this bid already"));
    }
    let is_written = matches!(heading.kind, BidKind::Draft | BidKind::Waiting);
    match refuse_when_closed(conn, scene, bid) {
        Ok(()) if is_written => Ok(None),
        Ok(()) | Err(AppError::Conflict { .. }) => Ok(Some("nobody can join this bid any more")),
        Err(other) => Err(other),
    }
}
