//! What a method answers can be kept as text and read back.

use std::fmt::Debug;

use methods::{assign, portfolio, rank};
use serde::{Serialize, de::DeserializeOwned};

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(answer: &T) {
    let text = serde_json::to_string(answer).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), answer, "{text}");
}

#[test]
fn answers_come_back_from_the_text_that_they_were_kept_as() {
    let scores = rank::read(b"bid,assessor,score\na,x,4\na,y,2\nb,x,2\nb,y,2\nc,x,6\nc,y,4\n").unwrap();
    let ranking = rank::rank(&scores, &rank::Wish::line(1)).unwrap();
    let kept: rank::Ranking = serde_json::from_str(&serde_json::to_string(&ranking).unwrap()).unwrap();
    // The last bit of a fraction may fall, and nothing else.
    assert_eq!(format!("{kept:.9?}"), format!("{ranking:.9?}"));

    let matrix = assign::read(b"1,5\n7,-1\n").unwrap();
    for least in [0, 2] {
        let limits = vec![assign::Limits { least, most: 2 }; 2];
        comes_back(&assign::assign(&matrix, &assign::Wish { per_bid: 1, limits, ..assign::Wish::default() }).unwrap());
    }

    let text = r#"{"budget":2,"bids":[{"bid":"a","value":3,"amount":2},{"bid":"b","value":2,"amount":1}],
        "rules":[{"rule":"exclusive","bids":["a","b"]}]}"#;
    let problem = portfolio::Problem::read(text.as_bytes()).unwrap();
    for costs in [false, true] {
        comes_back(&portfolio::choose(&problem, portfolio::Wish { gap: 0.0, costs }, &|| true).unwrap());
    }
}
