use roundtable::{
    error::{AppError, Result},
    identity::{
        Browser, Ticket,
        sign_in::{self, Entered, LinkKey},
    },
    ids::{Id, PersonKey},
};

use super::world::World;
use crate::harness::databases::on_each_database;

const JO: &str = "jo@ambridge.gov.uk";

fn enter(world: &World, browser: &Browser, code: &str, minutes: u64) -> Entered {
    let (browser, code, now) = (browser.clone(), code.to_owned(), world.at(minutes));
    world.write(move |conn| sign_in::enter_code(conn, &browser, &code, now)).expect("entered")
}

fn follow(world: &World, link: &str, minutes: u64) -> Result<Option<Id<PersonKey>>> {
    let ticket: Ticket<LinkKey> = link.rsplit('/').next().expect("a path").parse().expect("a ticket");
    let now = world.at(minutes);
    Ok(world.write(move |conn| sign_in::follow(conn, &ticket, now))?.map(|followed| followed.person))
}

fn last_link(world: &World) -> String {
    world.letters().last().expect("a letter")["link"].as_str().expect("a link").to_owned()
}

/// A code that is none of those that were sent.
fn wrong_code(world: &World) -> String {
    let sent: Vec<String> = world.letters().iter().map(|data| data["code"].to_string()).collect();
    (0..).map(|number| format!("{number:06}")).find(|code| !sent.iter().any(|other| other.contains(code))).unwrap()
}

on_each_database! {
    fn a_code_signs_in_once_and_only_in_the_browser_that_asked(world: &World) {
        let jo = world.person(JO);
        let (here, elsewhere) = (Browser::new(&world.ids), Browser::new(&world.ids));
        world.ask("JO@Ambridge.gov.uk", &here, 0).expect("asked");
        let code = world.last_code();
        assert_eq!(enter(world, &elsewhere, &code, 1), Entered::Void);
        assert_eq!(enter(world, &here, &format!("{} {}", &code[..3], &code[3..]), 1), Entered::Right(jo.id));
        assert_eq!(enter(world, &here, &code, 2), Entered::Void);
        assert_eq!(follow(world, &last_link(world), 2).expect("answered"), None, "the link beside it is used up too");
    }

    fn a_link_signs_in_once_within_the_hour_on_any_device(world: &World) {
        let jo = world.person(JO);
        let here = Browser::new(&world.ids);
        world.ask(JO, &here, 0).expect("asked");
        let early = last_link(world);
        assert_eq!(follow(world, &early, 59).expect("answered"), Some(jo.id));
        assert_eq!(follow(world, &early, 59).expect("answered"), None, "reused");
        world.ask(JO, &here, 60).expect("asked");
        assert_eq!(follow(world, &last_link(world), 120).expect("answered"), None, "expired at the very instant");
    }

    fn an_unknown_address_gets_the_same_answer_and_no_message(world: &World) {
        let here = Browser::new(&world.ids);
        world.ask("nobody@ambridge.gov.uk", &here, 0).expect("the same answer");
        assert!(world.letters().is_empty());
        assert_eq!(enter(world, &here, "123456", 0), Entered::Wrong { tries_left: 4 }, "as for a known one");
    }

    fn the_last_three_codes_of_a_browser_stay_good(world: &World) {
        let jo = world.person(JO);
        let here = Browser::new(&world.ids);
        for minute in 0..4 {
            world.ask(JO, &here, minute).expect("asked");
        }
        let codes: Vec<String> =
            world.letters().iter().map(|data| data["code"].as_str().expect("a code").to_owned()).collect();
        assert!(matches!(enter(world, &here, &codes[0], 5), Entered::Wrong { .. }), "the fourth last");
        assert_eq!(enter(world, &here, &codes[1], 5), Entered::Right(jo.id));
    }

    fn a_stranger_who_asks_in_ones_name_pushes_no_code_out(world: &World) {
        let jo = world.person(JO);
        let here = Browser::new(&world.ids);
        world.ask(JO, &here, 0).expect("asked");
        let code = world.last_code();
        for _ in 0..4 {
            world.ask(JO, &Browser::new(&world.ids), 1).expect("asked");
        }
        assert_eq!(enter(world, &here, &code, 2), Entered::Right(jo.id));
    }

    fn five_wrong_codes_void_a_code(world: &World) {
        world.person(JO);
        let here = Browser::new(&world.ids);
        world.ask(JO, &here, 0).expect("asked");
        let wrong = wrong_code(world);
        for left in (1..5).rev() {
            assert_eq!(enter(world, &here, &wrong, 1), Entered::Wrong { tries_left: left });
        }
        assert_eq!(enter(world, &here, &wrong, 1), Entered::Void);
        assert_eq!(enter(world, &here, &world.last_code(), 1), Entered::Void, "even the right one");
    }

    fn asking_for_ever_new_codes_gives_no_more_guesses(world: &World) {
        world.person(JO);
        let mut guesses = 0;
        'day: for round in 0..100 {
            let (browser, minute) = (Browser::new(&world.ids), round * 5);
            world.ask(JO, &browser, minute).expect("asked");
            let wrong = wrong_code(world);
            for _ in 0..5 {
                let (browser, wrong, now) = (browser.clone(), wrong.clone(), world.at(minute));
                match world.write(move |conn| sign_in::enter_code(conn, &browser, &wrong, now)) {
                    Ok(_) => guesses += 1,
                    Err(AppError::RateLimited { .. }) => break 'day,
                    Err(other) => panic!("{other}"),
                }
            }
        }
        assert_eq!(guesses, 20);
    }

    fn asking_too_often_is_refused_equally_for_known_and_unknown_addresses(world: &World) {
        world.person(JO);
        for email in [JO, "nobody@ambridge.gov.uk"] {
            for _ in 0..6 {
                world.ask(email, &Browser::new(&world.ids), 0).expect("within the burst");
            }
            let refused = world.ask(email, &Browser::new(&world.ids), 0);
            assert!(matches!(refused, Err(AppError::RateLimited { .. })), "{email}: {refused:?}");
        }
        world.ask(JO, &Browser::new(&world.ids), 5).expect("five minutes later");
    }

    fn a_forged_or_altered_link_opens_nothing(world: &World) {
        world.person(JO);
        world.ask(JO, &Browser::new(&world.ids), 0).expect("asked");
        let link = last_link(world);
        let token = link.rsplit('/').next().expect("a token");
        let flipped = if token.ends_with('A') { "E" } else { "A" };
        let altered = format!("{}{flipped}", &token[..token.len() - 1]);
        if let Ok(ticket) = altered.parse::<Ticket<LinkKey>>() {
            let now = world.at(0);
            assert_eq!(world.write(move |conn| sign_in::follow(conn, &ticket, now)).expect("answered"), None);
        }
        let foreign = Ticket::<LinkKey>::new(world.fresh(), &world.ids);
        let now = world.at(0);
        assert_eq!(world.write(move |conn| sign_in::follow(conn, &foreign, now)).expect("answered"), None);
    }

    fn no_secret_lies_readable_in_the_tables_of_sign_in(world: &World) {
        use diesel::prelude::*;
        use roundtable::db::schema::sign_in_links;
        world.person(JO);
        let here = Browser::new(&world.ids);
        world.ask(JO, &here, 0).expect("asked");
        let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = world
            .read(|conn| {
                Ok(sign_in_links::table
                    .select((sign_in_links::link, sign_in_links::code, sign_in_links::browser))
                    .load(conn)?)
            })
            .expect("read");
        for (link, code, browser) in rows {
            assert_eq!([link.len(), code.len(), browser.len()], [32, 32, 32]);
            assert_ne!(code, world.last_code().as_bytes());
        }
    }
}
