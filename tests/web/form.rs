//! Bodies of forms, well and badly made.

use roundtable::web::{Form, FormError};

#[test]
fn fields_are_read_in_order_with_blanks_trimmed_and_line_ends_made_one() {
    let body = "title=+Repairs+%26+caf%C3%A9s+&why=one%0D%0Atwo%0Dthree&theme=b&theme=a&csrf=token&empty=&alone";
    let form = Form::parse(body.as_bytes()).expect("a form");
    assert_eq!(form.text("title"), "Repairs & cafés");
    assert_eq!(form.text("why"), "one\ntwo\nthree");
    assert_eq!(form.all("theme"), ["b", "a"]);
    assert_eq!(form.csrf(), Some("token"));
    assert_eq!((form.text("empty"), form.filled("empty"), form.has("empty")), (String::new(), None, true));
    assert!(form.has("alone") && !form.has("absent"));
    assert_eq!(form.fields().map(|(name, _)| name).last(), Some("alone"));
}

#[test]
fn a_percent_sign_that_encodes_nothing_stands_for_itself() {
    let form = Form::parse(b"a=100%&b=%zz&c=%4").expect("a form");
    assert_eq!((form.text("a"), form.text("b"), form.text("c")), ("100%".into(), "%zz".into(), "%4".into()));
}

#[test]
fn what_cannot_be_stored_or_is_too_much_is_refused() {
    assert_eq!(Form::parse(b"a=%00"), Err(FormError::Nul));
    assert_eq!(Form::parse(b"a\0=1"), Err(FormError::Nul));
    assert_eq!(Form::parse(b"a=%ff"), Err(FormError::NotUtf8));
    assert_eq!(Form::parse("a=1&".repeat(1_001).as_bytes()), Err(FormError::TooManyFields));
    assert!(Form::parse("a=1&".repeat(1_000).as_bytes()).is_ok());
    assert_eq!(Form::parse(b""), Ok(Form::default()));
}
