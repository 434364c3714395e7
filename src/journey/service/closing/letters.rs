//! What a reminder says, and to whom: one message for each person, with everything of the bid that waits for them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use crate::{
    account::deputies,
    bids::{
        self,
        assignments::{self, model::Owed},
        content,
    },
    clock::working::Calendar,
    db::Conn,
    error::Result,
    funds::{model::Milestone, pages::sentence, reminders::model::Due, rulebook::Stage},
    http::Scene,
    identity::{
        model::Person,
        policy::Granted,
        store::{organisations, readers::of_organisations},
    },
    ids::{BidKey, Id, PersonKey},
    journey::service::situation::Known,
    mail::outbox::{Notice, extend},
    partnerships::{self, model::PartnerState, sign_offs},
    workflow::{self, Role, Standing, Transition},
};

const TEMPLATE: &str = "closing-reminder";

/// Somebody for whom something of the bid waits.
struct Reader {
    person: Person,
    /// Whether they work for the lead authority.
    leads: bool,
    /// Whether they are asked to sign.
    signs: bool,
    /// The council of theirs that has not answered its invitation.
    invited: Option<String>,
    /// What councils of theirs are asked to write and have not finished.
    owed: Vec<Owed>,
}

/// Who is asked to sign for a council, and who asked.
struct ToSign {
    asker: Id<PersonKey>,
    people: Vec<Person>,
}

/// Everything of a bid that waits for somebody.
struct Waiting {
    /// Whether a version stands already, so that only signatures of a newer text are waited for.
    stands: bool,
    /// The councils that have not signed the newer text, asked or not.
    unsigned: Vec<String>,
    signatures: Vec<ToSign>,
    owed: Vec<Owed>,
}

/// Writes to everybody for whom something waits.
pub(super) fn write(
    conn: &mut Conn,
    scene: &Scene,
    (granted, known): (&Granted<BidKey>, &Known),
    (due, calendar): (Due, Calendar),
) -> Result<()> {
    let bid = &known.bid;
    let today = scene.now.london_date();
    let stage = if due.milestone == Milestone::closing(Stage::Eoi) { Stage::Eoi } else { Stage::Full };
    let about = json!({
        "title": bid.title,
        "reference": bid.reference,
        "round": known.round.round.title,
        "lead": organisations::by_id(conn, bid.lead_id)?.name,
        "stage": stage.title(),
        "closes": due.closes.in_words(),
        "left": calendar.days_between(today, due.closes.london_date()),
        "link": format!("/bids/{}", bid.reference),
        "sign_link": format!("/bids/{}/sign-off", bid.reference),
        "writing_link": format!("/bids/{}/who-writes-what", bid.reference),
        "invitation_link": format!("/bids/{}/invitation", bid.reference),
    });
    let waiting = Waiting::of(conn, (granted, known), (stage, today))?;
    if waiting.stands && waiting.unsigned.is_empty() {
        return Ok(());
    }
    let missing = if waiting.stands { Vec::new() } else { missing(conn, granted, known)? };
    for reader in readers(conn, (granted, known), &waiting)?.into_values() {
        let mut data = about.clone();
        // What the lead still has to do is not for a council that has not answered.
        let missing = if reader.leads { missing.as_slice() } else { &[] };
        extend(&mut data, json!({ "leads": reader.leads, "missing": missing, "signs": reader.signs }));
        let owed: Vec<_> = reader.owed.iter().map(|owed| json!([owed.council.name, owed.lines()])).collect();
        extend(&mut data, json!({ "invited": reader.invited, "owed": owed }));
        extend(&mut data, json!({ "stands": waiting.stands, "unsigned": waiting.unsigned }));
        let told = Notice { template: TEMPLATE, bid: Some(bid.id), round: Some(bid.round_id), data };
        scene.write_to(conn, &reader.person, &told, &format!("{} {} {today}", bid.id, reader.person.id))?;
    }
    Ok(())
}

impl Waiting {
    fn of(
        conn: &mut Conn,
        (granted, known): (&Granted<BidKey>, &Known),
        (stage, today): (Stage, NaiveDate),
    ) -> Result<Self> {
        let stands = known.definition.stands_in(known.place.shown());
        let mut unsigned = Vec::new();
        if stands && stage == Stage::Full {
            let now = content::sealed(conn, granted, stage)?;
            let councils = sign_offs::service::unsigned(conn, granted, &known.round.rulebook, &now)?;
            unsigned.extend(councils.into_iter().map(|council| council.name));
        }
        let mut signatures = Vec::new();
        for asked in sign_offs::service::asked(conn, granted)? {
            let seats = deputies::seats(conn, asked.organisation_id, today)?;
            signatures.push(ToSign {
                asker: asked.requested_by,
                people: seats.into_iter().map(|seat| seat.person).collect(),
            });
        }
        let owed = if stands { Vec::new() } else { assignments::service::owed(conn, granted)? };
        Ok(Self { stands, unsigned, signatures, owed })
    }
}

/// What is missing before the bid can be submitted, each once: of the form, and by the rules of workflow and round.
fn missing(conn: &mut Conn, granted: &Granted<BidKey>, known: &Known) -> Result<Vec<String>> {
    let Some(stage) = known.stage else {
        return Ok(vec!["Start the full application, and submit it.".into()]);
    };
    let form = bids::service::completeness(conn, granted, &known.round, stage)?.missing;
    let mut missing: Vec<String> = form.into_iter().map(|fault| fault.message).collect();
    let submits = |id: &str| known.definition.transition(id).is_some_and(Transition::keeps_version);
    for choice in workflow::plan(&known.situation(), &Standing::of([Role::LeadMember])) {
        for reason in choice.reasons.iter().filter(|_| submits(choice.transition)).map(|reason| sentence(reason)) {
            if !missing.contains(&reason) {
                missing.push(reason);
            }
        }
    }
    Ok(missing)
}

/// Each person once, whatever they are to the bid.
fn readers(
    conn: &mut Conn,
    (granted, known): (&Granted<BidKey>, &Known),
    waiting: &Waiting,
) -> Result<BTreeMap<Id<PersonKey>, Reader>> {
    let mut readers: BTreeMap<Id<PersonKey>, Reader> = BTreeMap::new();
    let reader = |person: Person| Reader { person, leads: false, signs: false, invited: None, owed: Vec::new() };
    for person in of_organisations(conn, [known.bid.lead_id])? {
        readers.entry(person.id).or_insert_with(|| reader(person)).leads = true;
    }
    for asked in &waiting.signatures {
        // A second person signs, not whoever asked for it.
        for person in asked.people.iter().filter(|person| person.id != asked.asker) {
            readers.entry(person.id).or_insert_with(|| reader(person.clone())).signs = true;
        }
    }
    for owed in &waiting.owed {
        for person in of_organisations(conn, [owed.council.id])? {
            readers.entry(person.id).or_insert_with(|| reader(person)).owed.push(owed.clone());
        }
    }
    if waiting.stands {
        return Ok(readers);
    }
    let partners = partnerships::partners_of(conn, granted)?;
    for partner in partners.into_iter().filter(|partner| partner.state == PartnerState::Invited) {
        for person in of_organisations(conn, [partner.organisation_id])? {
            let reader = readers.entry(person.id).or_insert_with(|| reader(person));
            reader.invited.get_or_insert_with(|| partner.name.clone());
        }
    }
    Ok(readers)
}
