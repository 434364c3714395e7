//! Messages: what their readers get, and what a value cannot do to them.

use roundtable::mail::render::{RenderError, render, templates};
use serde_json::{Value, json};

fn sign_in(name: &str, link: &str) -> Result<roundtable::mail::render::Rendered, RenderError> {
    let base_url = "https://roundtable.example";
    render(
        "sign-in",
        &of_roundtable(json!({"base_url": base_url, "name": name, "link": link, "code": "012345", "until": "3:40pm"})),
    )
}

fn of_roundtable(mut data: Value) -> Value {
    data["brand_name"] = json!("Roundtable");
    data
}

#[test]
fn the_sign_in_message_gives_link_and_code_as_text_and_as_html() {
    let mail = sign_in("Bridget", "/sign-in/link?token=a_b_c-_d_").expect("it renders");
    assert_eq!(mail.subject, "Sign in to Roundtable: your code is 012345");
    assert_eq!(
        mail.text,
        "Sign in to Roundtable\n\n\
         Hello Bridget\n\n\
         Open this link and select “Sign in”:\n\n\
         https://roundtable.example/sign-in/link?token=a_b_c-_d_\n\n\
         Or enter this code on the page where you asked for it:\n\n\
         012345\n\n\
         Link and code work once, until 3:40pm.\n\n\
         If you did not ask for this\n\n\
         Ignore this email. Nobody can sign in without the link or the code, so do not forward it. \
         We will never ask you for the code.\n"
    );
    assert!(mail.html.contains("href=\"https://roundtable.example/sign-in/link?token=a_b_c-_d_\""), "{}", mail.html);
    assert!(mail.html.contains("<title>Sign in to Roundtable: your code is 012345</title>"));
}

#[test]
fn a_value_stays_text_whatever_is_in_it() {
    let names = [
        "Bob](http://evil.example) <b>bold</b>",
        "# Not a heading",
        "1. not a list",
        "![x](http://evil.example/pixel.png)",
        "{{ code }}",
        "*a* _b_ `c` &amp; ^ > | ~~d~~",
    ];
    for name in names {
        let mail = sign_in(name, "/x").expect("it renders");
        assert!(mail.text.contains(&format!("Hello {name}\n")), "{name}: {}", mail.text);
        assert_eq!(mail.html.matches("<a ").count(), 1, "{name}: {}", mail.html);
        assert!(!mail.html.contains("<b>") && !mail.html.contains("<img"), "{}", mail.html);
    }
}

#[test]
fn a_value_with_line_ends_starts_no_second_header_paragraph_or_body() {
    let mail = sign_in("Bob\r\n---\r\n\r\n# Heading\u{0}", "/x").expect("it renders");
    assert!(mail.text.contains("Hello Bob --- # Heading\n"), "{}", mail.text);
    let data = json!({"base_url": "https://a.example", "name": "B", "link": "/x", "code": "1\nBcc: all@a.example", "until": "3pm"});
    let mail = render("sign-in", &of_roundtable(data)).expect("it renders");
    assert_eq!(mail.subject, "Sign in to Roundtable: your code is 1 Bcc: all@a.example");
}

#[test]
fn links_lead_to_this_service_or_the_message_is_not_rendered() {
    for evil in ["https://evil.example/x", "//evil.example", "javascript:alert(1)", "http://roundtable.example/x"] {
        let refusal = sign_in("Bob", evil).expect_err(evil).to_string();
        assert!(refusal.contains("leads away"), "{refusal}");
    }
    assert!(sign_in("Bob", "https://roundtable.example/x").is_ok());
    let mail = sign_in("Bob", "/x) [y](z").expect("it renders");
    assert_eq!(mail.html.matches("<a ").count(), 1, "{}", mail.html);
}

#[test]
fn missing_data_and_unknown_messages_are_errors() {
    let refusal = render("sign-in", &json!({"name": "Bob"})).unwrap_err().to_string();
    assert!(refusal.starts_with("the message sign-in could not be rendered"), "{refusal}");
    assert!(render("none", &json!({})).is_err());
    assert!(render("../layout", &json!({})).is_err());
    assert!(templates().contains(&"sign-in".to_owned()));
}

#[test]
fn a_message_carries_the_name_of_the_instance_that_sends_it() {
    let data = json!({
        "base_url": "https://funding.example", "brand_name": "Fund & <Friends>", "name": "Bob", "link": "/x",
        "code": "012345", "until": "3pm"
    });
    let mail = render("sign-in", &data).expect("it renders");
    assert_eq!(mail.subject, "Sign in to Fund & <Friends>: your code is 012345");
    assert!(mail.html.contains(">Fund &amp; &lt;Friends&gt;</span>"), "{}", mail.html);
    assert!(!format!("{mail:?}").contains("Roundtable"), "{mail:?}");
}
