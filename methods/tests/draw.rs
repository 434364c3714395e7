//! The draw: RFC 3797's example, our own method replayed by hand, fair chances, and whatever was changed afterwards.

use methods::draw::{self, CERTAIN, Commitment, Entry, Method};
use serde_json::Value;
use sha2::{Digest, Sha256};

const LIST: &str = "LDF-3,0.5\nLDF-1,0.50\nLDF-2,0.5\nLDF-4,0.500000000\n";

fn committed(list: &str, awards: usize) -> Commitment {
    draw::commit(&draw::read(list.as_bytes()).unwrap(), Method::Sha256, awards, "NIST beacon 2.0, pulse 1234").unwrap()
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[test]
fn the_worked_example_of_rfc_3797_comes_out_digest_by_digest() {
    let example: Value = serde_json::from_str(include_str!("published/rfc3797_worked_example.json")).unwrap();
    let inputs: Vec<String> = serde_json::from_value(example["inputs"].clone()).unwrap();
    let key = draw::key(&inputs.join("\n")).unwrap();
    assert_eq!(key, example["key"].as_str().unwrap());
    let rows = example["rows"].as_array().unwrap();
    let steps = draw::select(&key, example["pool"].as_u64().unwrap() as usize, rows.len());
    assert_eq!((steps.len(), rows.len()), (16, 16));
    for (step, row) in steps.iter().zip(rows) {
        assert_eq!(step.digest, row["md5"].as_str().unwrap());
        assert_eq!(
            (step.divisor as u64, step.selected as u64),
            (row["divisor"].as_u64().unwrap(), row["selected"].as_u64().unwrap())
        );
    }
}

#[test]
fn the_list_is_hashed_as_sorted_lines_whatever_order_it_came_in() {
    let commitment = committed(LIST, 2);
    let lines = "LDF-1,0.5\nLDF-2,0.5\nLDF-3,0.5\nLDF-4,0.5\n";
    assert_eq!((commitment.list.as_str(), commitment.list_sha256.as_str()), (lines, digest(lines).as_str()));
    let whole = format!("sha256\n2\nNIST beacon 2.0, pulse 1234\n{}\n", digest(lines));
    assert_eq!(commitment.commitment, digest(&whole));
    assert_eq!(
        committed("reference,probability\r\nLDF-4,0.5\r\nLDF-2,0.5\r\nLDF-1,.5\n".replace(",.5", ",0.5").as_str(), 1)
            .list
            .lines()
            .count(),
        3
    );
}

#[test]
fn a_salt_hides_the_list_behind_the_commitment_and_is_part_of_what_cannot_be_changed() {
    let (plain, salted) = (committed(LIST, 2), committed(LIST, 2).salted("a1"));
    assert_eq!(salted.list_sha256, plain.list_sha256);
    let whole = format!("sha256\n2\nNIST beacon 2.0, pulse 1234\n{}\na1\n", plain.list_sha256);
    assert_eq!(salted.commitment, digest(&whole));
    let drawn = salted.run("8A1F").unwrap();
    assert_eq!((&drawn.chosen, draw::verify(&drawn).unwrap()), (&plain.run("8A1F").unwrap().chosen, Vec::new()));
    for salt in [None, Some("a2".to_owned())] {
        let mut changed = drawn.clone();
        changed.before.salt = salt;
        let told = draw::verify(&changed).unwrap_err().to_string();
        assert!(told.contains("it was changed after it was committed to"), "{told}");
    }
}

#[test]
fn equal_chances_draw_the_first_by_the_hash_of_seed_and_reference() {
    let drawn = committed(LIST, 2).run("8A1F").unwrap();
    let mut order: Vec<&str> = vec!["LDF-1", "LDF-2", "LDF-3", "LDF-4"];
    order.sort_by_key(|reference| digest(&format!("8A1F|{reference}")));
    assert_eq!(drawn.order, order);
    assert_eq!(drawn.chosen, order[..2]);
    assert_eq!(draw::verify(&drawn).unwrap(), []);
}

#[test]
fn unequal_chances_are_kept_over_many_seeds() {
    let list = "A,0.9\nB,0.6\nC,0.4\nD,0.1\n";
    let commitment = committed(list, 2);
    let mut counts = [0.0; 4];
    const TIMES: usize = 4_000;
    for seed in 0..TIMES {
        let drawn = commitment.run(&format!("seed {seed}")).unwrap();
        assert_eq!(drawn.chosen.len(), 2);
        for reference in drawn.chosen {
            counts["ABCD".find(&reference).unwrap()] += 1.0 / TIMES as f64;
        }
    }
    for (count, chance) in counts.into_iter().zip([0.9, 0.6, 0.4, 0.1]) {
        assert!((count - chance).abs() < 0.03, "{count} in the place of {chance}");
    }
    // Who is certain is always drawn.
    let certain = committed("A,1\nB,0.5\nC,0.5\n", 2);
    assert!((0..200).all(|seed| certain.run(&seed.to_string()).unwrap().chosen.contains(&"A".to_owned())));
}

#[test]
fn a_draw_by_rfc_3797_is_replayed_from_its_file() {
    let entries = draw::read(LIST.as_bytes()).unwrap();
    let commitment = draw::commit(&entries, Method::Rfc3797, 2, "two lotteries of 5 December").unwrap();
    let drawn = commitment.run("9319\n2 5 12 8 10\n").unwrap();
    let told: draw::Drawn = serde_json::from_str(&serde_json::to_string(&drawn).unwrap()).unwrap();
    assert_eq!(told, drawn);
    assert_eq!(draw::verify(&told).unwrap(), []);
    let first = format!("LDF-{}", draw::select("9319./2.5.8.10.12./", 4, 1)[0].selected);
    assert_eq!(drawn.chosen[0], first);
}

#[test]
fn whatever_was_changed_is_found() {
    let drawn = committed(LIST, 2).run("8A1F").unwrap();
    let mut swapped = drawn.clone();
    swapped.chosen.swap(0, 1);
    assert_eq!(draw::verify(&swapped).unwrap()[0].field, "chosen");
    let mut order = drawn.clone();
    order.order.reverse();
    assert_eq!(draw::verify(&order).unwrap()[0].field, "order");
    let other_seed = draw::Drawn { seed: "8A20".to_owned(), ..drawn.clone() };
    assert!(!draw::verify(&other_seed).unwrap().is_empty());
    let refused = |change: &dyn Fn(&mut Commitment), field: &str| {
        let mut changed = drawn.clone();
        change(&mut changed.before);
        let faults = draw::verify(&changed).unwrap_err().to_string();
        assert!(faults.contains(&format!("{field}: does not belong to the rest")), "{faults}");
    };
    refused(&|before| before.list = before.list.replace("LDF-1", "LDF-9"), "list_sha256");
    refused(&|before| before.awards = 3, "commitment");
    refused(&|before| before.source = "another".to_owned(), "commitment");
    refused(&|before| before.list = LIST.to_owned(), "list");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let list = |text: &str| draw::read(text.as_bytes()).unwrap_err().to_string();
    assert!(list("").contains("there is nobody in the list"));
    assert!(list("A\n").contains("row 1: must be a reference, a comma and a probability"));
    assert!(list("A,0.5\nA,0.5\n").contains("A stands more than once"));
    assert!(list("A,0.5\n,0.5\n").contains("is empty"));
    for probability in ["0", "1.1", "-0.5", "NaN", "0.1234567891", "", "1e-3", "."] {
        assert!(list(&format!("A,1\nB,{probability}\n")).contains("row 2, column probability"), "{probability}");
    }
    let refused = |entries: &[Entry], method, awards, source: &str| {
        draw::commit(entries, method, awards, source).unwrap_err().to_string()
    };
    let two =
        [("A", CERTAIN / 4), ("B", CERTAIN / 2)].map(|(name, chance)| Entry { reference: name.to_owned(), chance });
    assert!(refused(&two, Method::Sha256, 1, "x").contains("they add up to 0.75"));
    assert!(refused(&two, Method::Rfc3797, 1, "x").contains("equal chances"));
    assert!(refused(&two, Method::Sha256, 3, "x").contains("must be from 1 to 2"));
    assert!(refused(&two, Method::Sha256, 0, "x").contains("must be from 1 to 2"));
    assert!(refused(&two, Method::Sha256, 1, " ").contains("source: name the public value"));
    let commitment = committed(LIST, 2);
    assert!(
        commitment.run(" \n").unwrap_err().to_string().contains("seed: give the public value that was named: NIST")
    );
    let entries = draw::read(LIST.as_bytes()).unwrap();
    let rfc = draw::commit(&entries, Method::Rfc3797, 2, "x").unwrap();
    assert!(rfc.run("1 two 3").unwrap_err().to_string().contains("source 1 must be whole numbers"));
}

#[test]
fn names_with_spaces_cannot_be_cut_otherwise_in_a_result() {
    let drawn = committed("A,0.5\nB C,0.5\nA B,0.5\nC,0.5\n", 2).run("4").unwrap();
    assert_eq!(drawn.chosen, ["A", "B C"]);
    let forged = draw::Drawn { chosen: vec!["A B".into(), "C".into()], ..drawn.clone() };
    let told = draw::verify(&forged).unwrap();
    assert_eq!((told.len(), told[0].field, told[0].told.as_str()), (1, "chosen", r#"["A B", "C"]"#));
    assert_eq!(draw::verify(&drawn).unwrap(), []);
}

#[test]
fn one_public_value_decides_and_a_chance_that_is_not_everybodys_is_named() {
    let told = committed(LIST, 2).run("a\nb").unwrap_err().to_string();
    assert!(told.contains("seed: must be one line"), "{told}");
    let note = |list: &str, awards: usize| draw::note(&draw::read(list.as_bytes()).unwrap(), awards);
    assert_eq!(
        note("a,0.1\nb,0.1\nc,0.1\n", 2).unwrap(),
        "Each bid has the same chance, 2 of 3, and the list says 0.1."
    );
    assert!(note("a,1\nb,1\n", 1).is_some());
    for (list, awards) in
        [("a,0.67\nb,0.67\nc,0.67\n", 2), ("a,0.666666666\nb,0.666666666\nc,0.666666666\n", 2), ("a,1\nb,1\n", 2)]
    {
        assert_eq!(note(list, awards), None, "{list}");
    }
}
