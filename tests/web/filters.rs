//! How pages write amounts, dates, times and counts.

use minijinja::context;
use roundtable::web::{Branding, Renderer};

fn shown(expression: &str) -> String {
    let template = format!("{{{{ {expression} }}}}");
    Renderer::new(Branding::default()).environment().render_str(&template, context! {}).expect("it renders")
}

#[test]
fn amounts_dates_times_and_counts_are_written_as_people_read_them() {
    let cases = [
        ("125149200|pounds", "£1,251,492"),
        ("125149250|pounds", "£1,251,492.50"),
        ("(-100005)|pounds", "-£1,000.05"),
        ("0|pounds", "£0"),
        ("'2027-01-30T17:00:00Z'|moment", "5pm on 30 January 2027"),
        ("'2027-07-01T16:30:00Z'|moment", "5:30pm on 1 July 2027"),
        ("'2027-01-30T12:00:00+00:00'|moment", "midday on 30 January 2027"),
        ("'2027-06-30T23:00:00Z'|moment", "midnight on 1 July 2027"),
        ("'2027-01-30T09:05:00.123456Z'|time", "9:05am"),
        ("'2027-06-30T23:00:00Z'|date", "1 July 2027"),
        ("'2027-01-30'|date", "30 January 2027"),
        ("1|plural('bid')", "1 bid"),
        ("0|plural('bid')", "0 bids"),
        ("1204|plural('council')", "1,204 councils"),
        ("2|plural('county', 'counties')", "2 counties"),
    ];
    for (expression, wanted) in cases {
        assert_eq!(shown(expression), wanted, "{expression}");
    }
}

#[test]
fn what_is_no_instant_is_an_error_and_not_an_odd_date() {
    let renderer = Renderer::new(Branding::default());
    assert!(renderer.environment().render_str("{{ 'tomorrow'|moment }}", context! {}).is_err());
}
