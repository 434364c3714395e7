//! The layout and the web room's own pages, rendered with sample values.

use roundtable::web::{
    Branding, FieldError, Flash, FlashKind, Layout, NavItem, Page, Renderer, Written,
    errors::{Conflict, Forbidden, NotFound, Problem, SignInNeeded, TooLarge, TooMany},
    pages::{Accessibility, Licences, Privacy},
    security_headers,
};

/// Renders with everything that a layout can show.
fn html<P: Page>(page: &P) -> String {
    Renderer::new(Branding::default()).html(&full_layout(), page).expect("it renders")
}

fn full_layout() -> Layout {
    let nav = |text: &str, active| NavItem { text: text.into(), href: "/bids".into(), active };
    Layout {
        signed_in_as: Some("Ó <Brien>".into()),
        csrf: Some("token\"".into()),
        now: None,
        navigation: vec![nav("Bids", true), nav("Rounds", false)],
        flash: Some(Flash { kind: FlashKind::Success, text: "Saved <b>".into() }),
        errors: vec![FieldError { field: "title".into(), message: "Enter a title".into() }],
    }
}

#[test]
fn every_page_of_the_room_renders_with_and_without_a_reader_who_is_signed_in() {
    fn check<P: Page>(page: &P, wanted: &str) {
        let bare = Renderer::new(Branding::default()).html(&Layout::default(), page).expect(P::TEMPLATE);
        for html in [bare, html(page)] {
            assert!(html.contains(wanted), "{}: {html}", P::TEMPLATE);
            assert_eq!(html.matches("<h1").count(), 1, "{}", P::TEMPLATE);
            assert!(html.contains("– Roundtable</title>"), "{}", P::TEMPLATE);
            assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains("onclick"));
        }
    }
    let written = vec![Written { label: "Title".into(), text: "Ours <i>".into() }];
    check(&NotFound, "check that it is correct");
    check(&Forbidden { reason: "Only the lead authority can submit.".into() }, "Only the lead authority can submit.");
    check(&SignInNeeded { return_to: "%2Fbids".into(), kept: true }, "/sign-in?return_to=%2Fbids");
    let (title, message) = ("Someone else changed this", "Ambridge changed this.".into());
    let conflict = Conflict { title, message, path: "/b".into(), current: "/b".into(), draft: None, written };
    check(&conflict, "Ours &lt;i&gt;");
    check(&Conflict { draft: Some("/bids/B-1/draft".into()), ..conflict }, "/bids/B-1/draft/file.pdf");
    check(&TooMany { minutes: 1 }, "in 1 minute.");
    check(&TooLarge { limit: "10MB".into() }, "smaller than 10MB");
    check(&Problem { request_id: "r-1".into(), passing: false }, "r-1");
    check(&Problem { request_id: "r-1".into(), passing: true }, "The service is busy");
    check(&Licences, "Crown Copyright");
    check(&Accessibility { contact: "help@example.org".into() }, "mailto:help@example.org");
    check(&Privacy { contact: "help@example.org".into() }, "mailto:help@example.org");
}

#[test]
fn the_layout_puts_the_errors_into_the_title_and_a_summary_that_links_to_the_fields() {
    let html = html(&NotFound);
    assert!(html.contains("<title>Error: Page not found – Roundtable</title>"), "{html}");
    assert!(html.contains("There is a problem") && html.contains("<a href=\"#title\">Enter a title</a>"), "{html}");
    let bare = Renderer::new(Branding::default()).html(&Layout::default(), &NotFound).expect("it renders");
    assert!(bare.contains("<title>Page not found – Roundtable</title>") && !bare.contains("There is a problem"));
}

#[test]
fn every_page_of_a_demonstration_says_so_and_no_other_does() {
    let said = "This is a demonstration.";
    let demo = Renderer::new(Branding { demo: true, ..Branding::default() });
    for html in [demo.html(&full_layout(), &Licences), demo.html(&Layout::default(), &NotFound)] {
        assert_eq!(html.expect("it renders").matches(said).count(), 1);
    }
    assert!(!html(&Licences).contains(said));
}

#[test]
fn values_in_the_layout_are_escaped() {
    let html = html(&NotFound);
    assert!(html.contains("Signed in as Ó &lt;Brien&gt;"), "{html}");
    assert!(html.contains("name=\"csrf\" value=\"token&quot;\""), "{html}");
}

#[test]
fn what_the_last_action_did_is_shown_unless_there_are_faults_to_mend_first() {
    assert!(!html(&NotFound).contains("Saved"));
    for (kind, title) in [(FlashKind::Success, "Success"), (FlashKind::Notice, "Important")] {
        let flash = Some(Flash { kind, text: "Saved <b>".into() });
        let layout = Layout { flash, ..Layout::default() };
        let html = Renderer::new(Branding::default()).html(&layout, &NotFound).expect("it renders");
        assert!(html.contains(title) && html.contains("Saved &lt;b&gt;"), "{html}");
    }
}

#[test]
fn a_field_shows_its_own_message_and_no_other() {
    let renderer = Renderer::new(Branding::default());
    let layout = minijinja::Value::from(minijinja::value::Serde(full_layout()));
    let render = |template| {
        renderer
            .environment()
            .render_str(template, minijinja::context! { layout => layout.clone() })
            .expect("it renders")
    };
    let field = "{{ govukInput({'id': 'title', 'name': 'title', 'errorMessage': error_message('title')}) }}";
    assert!(render(field).contains("Enter a title"));
    let other = "{{ govukInput({'id': 'ask', 'name': 'ask', 'errorMessage': error_message('ask')}) }}";
    assert!(!render(other).contains("govuk-error-message"));
}

#[test]
fn the_policy_of_a_page_allows_nothing_inline_and_nothing_from_elsewhere() {
    let headers = security_headers();
    let policy = headers.iter().find(|(name, _)| *name == "Content-Security-Policy").expect("it is set").1;
    assert!(
        !policy.contains("unsafe")
            && policy.starts_with("default-src 'none'")
            && policy.contains("frame-ancestors 'none'")
    );
    assert!(!policy.contains("  "), "{policy}");
}
