//! A round's own words of its mails: what is refused before they are kept, and what they can never do.

use roundtable::{
    mail::{
        Language,
        render::{render_own, standard},
        texts::{Family, Mail, Words, check::faults, mail, mails},
    },
    workflow::check::{MAILS, tells_outcome},
};
use serde_json::{Value, json};

fn words(subject: &str, body: &str) -> Words {
    Words { subject: subject.into(), body: body.into() }
}

fn funded() -> Mail {
    mail("outcome-funded").unwrap()
}

/// Words of an outcome that tell all that they must, with this added.
fn with(more: &str) -> Words {
    words("{{ reference }} is funded", &format!("{{{{ feedback|paragraphs }}}}\n\n{{{{ next }}}}\n\n{more}"))
}

#[track_caller]
fn refused(words: &Words, code: &str) -> String {
    match faults(funded(), words).as_slice() {
        [fault] => {
            assert_eq!(fault.code, code, "{}", fault.message);
            fault.message.clone()
        }
        other => panic!("one fault {code}: {other:?}"),
    }
}

fn data() -> Value {
    json!({ "base_url": "https://roundtable.example", "brand_name": "Roundtable", "name": "Jo", "leads": true,
        "title": "Shared repairs", "reference": "TEST-0001", "round": "Test round", "lead": "Ambridge", "label": "Funded",
        "next": "Sign the agreement.", "at": "9am", "link": "/bids/TEST-0001", "closes": null,
        "feedback": "Well made.", "amount": null, "interviews": null })
}

#[test]
fn every_mail_of_a_workflow_can_have_words_and_no_other_can() {
    let known: Vec<&str> = mails().iter().map(|mail| mail.template).collect();
    assert_eq!(known, MAILS);
    for mail in mails() {
        assert_eq!(mail.family == Family::Outcome, tells_outcome(mail.template), "{}", mail.template);
    }
    assert_eq!((mail("sign-in"), mail("fresh-code"), mail("approval-wanted")), (None, None, None));
}

#[test]
fn the_standard_words_of_every_mail_pass_what_is_asked_of_others() {
    for mail in mails() {
        let standard = standard(mail.template).unwrap();
        assert_eq!(faults(*mail, &standard), [], "{}", mail.template);
    }
}

#[test]
fn a_name_that_the_mail_does_not_have_is_refused_with_those_it_has() {
    let said = refused(&with("{{ hash }} and {{ email }}"), "unknown_name");
    assert!(said.starts_with("This mail has no “email”, “hash”. It has: amount, at,"), "{said}");
    let said = refused(&words("{{ base_url }}", &with("").body), "unknown_name");
    assert!(said.contains("“base_url”"), "{said}");
    for outside in ["{{ range(name) }}", "{{ lipsum() }}", "{{ namespace() }}"] {
        refused(&with(outside), "unknown_name");
    }
}

#[test]
fn a_value_that_is_not_always_there_has_to_be_asked_for_first() {
    let said = refused(&with("\n\nApply before {{ closes }}."), "not_always_there");
    assert!(
        said.starts_with("Line 7: “closes” is there only where a form closes later. Write {% if closes %}"),
        "{said}"
    );
    assert_eq!(
        faults(funded(), &with("{% if closes %}Apply before {{ closes }}.{% endif %} It awards {{ amount }}.")),
        []
    );
    refused(&with("{{ leads }}"), "syntax");
}

#[test]
fn a_condition_asks_whether_something_is_there_and_never_what_a_bid_says() {
    for text in [
        "{% if title == 'x' %}[y]({{ lead }}){% endif %}",
        "{{ title if lead == 'x' else round }}",
        "{{ title or lead }}",
        "{{ title == lead }}",
    ] {
        refused(&with(text), "not_allowed");
    }
    let said = refused(&with("{% if title %}x{% endif %}"), "always_there");
    assert_eq!(said, "“title” is always there: leave the condition out.");
    assert_eq!(
        faults(funded(), &with("{% if leads and not closes or interviews %}x{% elif closes %}y{% else %}z{% endif %}")),
        []
    );
}

#[test]
fn loops_other_files_and_what_takes_too_long_are_refused_with_place_and_reason() {
    let said = refused(&with("{% for a in name %}x{% endfor %}"), "not_allowed");
    assert!(said.starts_with("Line 5: “for” cannot be used here."), "{said}");
    for tag in ["include 'sign-in.md'", "import 'x' as y", "extends 'layout.html'", "macro a()", "set a = 1", "block a"]
    {
        refused(&with(&format!("{{% {tag} %}}")), "not_allowed");
    }
    let said = refused(&with("{% if leads %}never closed"), "syntax");
    assert!(said.starts_with("Line "), "{said}");
    refused(&with("{{ self }}"), "syntax");
    refused(&with("{{ name|upper }}"), "syntax");
    refused(&with("{{ name.upper() }}"), "not_allowed");
    refused(&with("{{ 'ab' * 100000000 }}"), "not_allowed");
    refused(&with("{{ name|safe }}"), "syntax");
}

#[test]
fn the_worst_words_that_fit_are_refused_or_filled_in() {
    let nested = format!("{}x{}", "{% if leads %}".repeat(700), "{% endif %}".repeat(700));
    let chain = format!("{{{{ {} name }}}}", "name ~ ".repeat(2_800));
    let hidden = format!("{{{{ \"}}}}\" ~ {} name }}}}", "name ~ ".repeat(2_800));
    let elses = format!("{{% if leads %}}{}{{% endif %}}", "{% elif leads %}".repeat(1_200));
    for text in
        [nested, chain, hidden, elses, "(".repeat(19_000), "{{ feedback|paragraphs }}".repeat(790), "> ".repeat(9_000)]
    {
        drop(faults(funded(), &with(&text)));
    }
    refused(&with(&"{{ feedback|paragraphs }}".repeat(10)), "too_long");
    refused(&with(&"{{ feedback|paragraphs }}".repeat(700)), "too_much");
}

#[test]
fn what_is_too_long_blank_of_two_lines_or_has_nul_is_refused_by_field() {
    let codes = |subject: &str, body: &str| {
        let found = faults(funded(), &words(subject, body)).into_iter();
        found.map(|fault| format!("{} {}", fault.field, fault.code)).collect::<Vec<_>>()
    };
    let body = with("").body;
    assert_eq!(codes(&"x".repeat(201), &body), ["subject too_long"]);
    assert_eq!(codes("One\nBcc: two", &body), ["subject two_lines"]);
    assert_eq!(codes("One\u{0}", "\u{0}"), ["subject control", "body control"]);
    assert_eq!(codes(" ", &"x".repeat(20_001)), ["subject missing", "body too_long"]);
    assert_eq!(codes("[x](https://a.example)", &body), ["subject link"]);
}

#[test]
fn only_the_markdown_of_notify_is_taken() {
    for odd in ["*emphasis*", "**strong**", "`code`", "![x](https://a.example/x.png)", "<b>bold</b>", "```\ncode\n```"]
    {
        let said = refused(&with(odd), "markdown");
        assert!(said.starts_with("This uses "), "{said}");
    }
    assert_eq!(faults(funded(), &with("# One\n\n* two\n\n^ three\n\n---\n\n[four](https://www.gov.uk/guidance)")), []);
}

#[test]
fn a_value_never_becomes_a_link_or_markup() {
    for link in [
        "[x]({{ title }})",
        "[x](https://a.example/{{ reference }}{{ title }})",
        "[x]({{ title|link }})",
        "{{ title|link }}",
        "{{ (\"/\" ~ title) | link }}",
        "[x]: {{ title }}\n\n[x]",
    ] {
        refused(&with(link), "link");
    }
    for link in ["[x](javascript:alert)", "[x](/bids)", "<mail@a.example>"] {
        refused(&with(link), "link");
    }
    for link in ["[Your bid]({{ link|link }})", "{{ (\"/bids/\" ~ reference)|link }}"] {
        assert_eq!(faults(funded(), &with(link)), []);
    }
    let mut evil = data();
    evil["title"] = json!("[x](https://evil.example) <b>bold</b> # {{ name }}\n\n---\n\n* one");
    let said = render_own("outcome-funded", &with("Title: {{ title }}"), Language::Welsh, &evil).unwrap();
    assert!(said.text.contains("Title: [x](https://evil.example) <b>bold</b> # {{ name }} --- * one"), "{}", said.text);
    assert!(!said.html.contains("<a ") && !said.html.contains("<b>") && !said.html.contains("<ul"), "{}", said.html);
    assert!(said.html.contains("<html lang=\"cy\">"), "{}", said.html);
}

#[test]
fn an_outcome_tells_its_bid_its_feedback_and_what_to_do_next_whatever_its_words() {
    let left_out = |subject: &str, body: &str| refused(&words(subject, body), "leaves_out");
    assert!(left_out("{{ reference }}", "{{ next }}").contains("the feedback"));
    assert!(left_out("{{ reference }}", "{{ feedback }}").contains("what to do next"));
    assert!(left_out("Funded", "{{ feedback }} {{ next }}").contains("which bid"));
    let hidden = "{% if closes %}{{ feedback }}{% endif %} {{ next }}";
    assert!(left_out("{{ reference }}", hidden).contains("the feedback"), "it must be there always");
    let any = mail("outcome").unwrap();
    let found = faults(any, &with(""));
    assert!(found[0].message.contains("{{ label }}"), "{found:?}");
    let receipt = mail("submitted-full").unwrap();
    let found = faults(receipt, &words("{{ reference }}", "We have it, at {{ at }}."));
    assert!(found[0].message.contains("{{ hash }}"), "{found:?}");
}
