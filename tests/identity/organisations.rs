use chrono::NaiveDate;
use roundtable::{error::AppError, identity::import::Imported, identity::store::organisations};

use super::world::World;
use crate::harness::databases::on_each_database;

const CUMBRIA: &str = "code,name,kind,nation,ons_code,org_id,starts_on,ends_on,replaced_by,other_names
ALL,Allerdale Borough Council,district,england,E07000026,GB-LAE-ALL,,2023-04-01,CBD,Allerdale
CBD,Cumberland Council,unitary,england,E06000063,GB-LAE-CBD,2023-04-01,,,Cumberland
BAN,Basingstoke and Deane Borough Council,district,england,E07000084,GB-LAE-BAN,,,,Basingstoke & Deane
";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

on_each_database! {
    fn an_organisation_is_found_by_code_ons_code_org_id_and_any_name_in_any_case(world: &World) {
        let imported = world.import(CUMBRIA).expect("imported");
        assert_eq!(imported, Imported { added: 3, changed: 0, unchanged: 0 });
        for text in ["ban", "e07000084", "gb-lae-ban", "BASINGSTOKE AND DEANE", " Basingstoke & Deane borough council "] {
            assert_eq!(world.council(text).expect(text).code, "BAN", "{text}");
        }
        assert_eq!(world.council("Ambridge"), None);
        assert_eq!(world.council(""), None);
    }

    fn whoever_took_over_is_found_from_the_day_of_the_change(world: &World) {
        world.import(CUMBRIA).expect("imported");
        let allerdale = world.council("Allerdale").expect("known").id;
        let on = |text: &str| {
            let day = day(text);
            world.read(move |conn| organisations::successor(conn, allerdale, day)).expect("known").code
        };
        assert_eq!(on("2018-10-05"), "ALL");
        assert_eq!(on("2023-03-31"), "ALL");
        assert_eq!(on("2023-04-01"), "CBD");
    }

    fn importing_again_changes_only_what_the_file_changes(world: &World) {
        world.import(CUMBRIA).expect("imported");
        let again = world.import(CUMBRIA).expect("imported");
        assert_eq!(again, Imported { added: 0, changed: 0, unchanged: 3 });
        let renamed = CUMBRIA.replace("Cumberland Council", "Cumberland Unitary Council");
        let changed = world.import(&renamed).expect("imported");
        assert_eq!(changed, Imported { added: 0, changed: 1, unchanged: 2 });
        assert_eq!(world.council("CBD").expect("known").version, 2);
    }

    fn a_file_with_one_fault_changes_nothing(world: &World) {
        world.import(CUMBRIA).expect("imported");
        let file = "code,name,kind,nation,ons_code,replaced_by\n\
                    NEW,New Council,unitary,england,,\n\
                    TWO,Second Council,unitary,england,E06000063,NONE\n";
        let Err(AppError::Invalid(faults)) = world.import(file) else { panic!("not refused") };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["lines/3/replaced_by", "lines/3/ons_code"]);
        assert_eq!(world.council("NEW"), None);
    }

    fn organisations_are_searched_by_part_of_a_name_and_paged(world: &World) {
        world.import(CUMBRIA).expect("imported");
        let codes = |search: &str, after: Option<&str>, limit: i64| -> Vec<String> {
            let (search, after) = (search.to_owned(), after.map(str::to_owned));
            let page = world.read(move |conn| organisations::page(conn, &search, after.as_deref(), limit));
            page.expect("read").into_iter().map(|organisation| organisation.code).collect()
        };
        assert_eq!(codes("council", None, 2), ["ALL", "BAN"]);
        assert_eq!(codes("council", Some("BAN"), 2), ["CBD"]);
        assert_eq!(codes("& deane", None, 10), ["BAN"]);
        assert_eq!(codes("%", None, 10), ["ALL", "BAN", "CBD"], "no wildcard, only nothing to look for");
    }
}
