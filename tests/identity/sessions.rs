use roundtable::{
    actor::Actor,
    error::AppError,
    identity::{
        policy::{self, Action},
        sessions,
        store::people,
    },
};

use super::world::World;
use crate::harness::databases::on_each_database;

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

on_each_database! {
    fn a_session_lasts_fourteen_days_without_use_and_each_use_starts_them_anew(world: &World) {
        let jo = world.person("jo@ambridge.gov.uk");
        let opened = world.open_session(&jo, 0);
        assert_eq!(world.who(&opened.token, 14 * DAY - 1).map(|who| who.person), Some(jo.id));
        assert_eq!(world.who(&opened.token, 14 * DAY), None);
        let (session, later) = (opened.signed_in.session, world.at(13 * DAY));
        world.write(move |conn| sessions::touch(conn, session, later)).expect("touched");
        assert!(world.who(&opened.token, 26 * DAY).is_some());
    }

    fn a_session_of_staff_lasts_twenty_hours(world: &World) {
        let admin = world.person("kim@fund.example");
        let id = admin.id;
        world
            .write(move |conn| {
                let granted = policy::service(conn, &Actor::System, Action::CreateFund)?;
                people::make_service_admin(conn, &granted, id)
            })
            .expect("made");
        let opened = world.open_session(&admin, 0);
        assert!(world.who(&opened.token, 20 * HOUR - 1).is_some());
        assert_eq!(world.who(&opened.token, 20 * HOUR), None);
    }

    fn use_is_written_down_at_most_every_five_minutes(world: &World) {
        let jo = world.person("jo@ambridge.gov.uk");
        let session = world.open_session(&jo, 0).signed_in.session;
        for (minute, wanted) in [(0, false), (5, false), (6, true)] {
            let now = world.at(minute);
            let wants = world.read(move |conn| sessions::wants_touch(conn, session, now)).expect("read");
            assert_eq!(wants, wanted, "after {minute} minutes");
        }
    }

    fn a_session_that_was_revoked_opens_nothing_and_only_its_owner_revokes_it(world: &World) {
        let (jo, eve) = (world.person("jo@ambridge.gov.uk"), world.person("eve@borchester.gov.uk"));
        let opened = world.open_session(&jo, 0);
        let (session, now) = (opened.signed_in.session, world.at(1));
        let (jo_id, eve_id) = (jo.id, eve.id);
        let foreign = world.write(move |conn| sessions::end(conn, eve_id, session, now));
        assert!(matches!(foreign, Err(AppError::NotFound)), "{foreign:?}");
        assert!(world.who(&opened.token, 1).is_some());
        world.write(move |conn| sessions::end(conn, jo_id, session, now)).expect("ended");
        world.write(move |conn| sessions::end(conn, jo_id, session, now)).expect("ending twice changes nothing");
        assert_eq!(world.who(&opened.token, 1), None);
    }

    fn signing_in_again_ends_the_browsers_earlier_session(world: &World) {
        let jo = world.person("jo@ambridge.gov.uk");
        let earlier = world.open_session(&jo, 0);
        let (ids, person, token, now) = (world.ids.clone(), jo.id, earlier.token.clone(), world.at(1));
        let later = world
            .write(move |conn| sessions::open(conn, &ids, person, "Firefox on Linux", Some(&token), now))
            .expect("opened");
        assert_eq!(world.who(&earlier.token, 1), None);
        assert!(world.who(&later.token, 1).is_some());
        let now = world.at(1);
        let list = world.read(move |conn| sessions::of_person(conn, person, now)).expect("read");
        assert_eq!(list.len(), 1);
    }

    fn a_fresh_code_changes_the_token_with_what_it_opens(world: &World) {
        let jo = world.person("jo@ambridge.gov.uk");
        let opened = world.open_session(&jo, 0);
        let stale = world.who(&opened.token, 45).expect("signed in");
        assert!(sessions::require_fresh(&stale, world.at(45)).is_err());
        let (ids, session, now) = (world.ids.clone(), stale.session, world.at(45));
        let token = world.write(move |conn| sessions::freshen(conn, &ids, session, now)).expect("freshened");
        assert_eq!(world.who(&opened.token, 45), None);
        assert!(sessions::require_fresh(&world.who(&token, 45).expect("signed in"), world.at(45)).is_ok());
    }

    fn a_guessed_token_for_a_known_session_opens_nothing(world: &World) {
        let jo = world.person("jo@ambridge.gov.uk");
        let opened = world.open_session(&jo, 0);
        let guess = roundtable::identity::Ticket::new(opened.signed_in.session, &world.ids).reveal();
        assert_eq!(world.who(&guess, 0), None);
        assert_eq!(world.who("", 0), None);
    }
}
