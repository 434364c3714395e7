//! The browser without JavaScript sends what a browser sends, and stops at pages that are not right.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::site::{Answer, Asked, page, serve};
use crate::harness::browser::Browser;

const FORM: &str = r##"<h1>Your bid</h1>
<div class="govuk-error-summary"><h2>There is a problem</h2><a href="#title">Enter a title</a></div>
<form method="post" action="/echo">
  <input type="hidden" name="version" value="7">
  <label for="title">Title</label><input id="title" name="title" value="Old">
  <label for="problem">Problem</label><textarea id="problem" name="problem">
one
two</textarea>
  <label for="theme">Theme</label><select id="theme" name="theme"><option value="h">Housing</option><option>Planning</option></select>
  <fieldset><legend>Phase</legend>
    <label><input type="radio" name="phase" value="discovery" checked>Discovery</label>
    <label><input type="radio" name="phase" value="alpha">Alpha</label></fieldset>
  <fieldset><legend>Partners</legend>
    <label><input type="checkbox" name="partner" value="1" checked>Ambridge</label>
    <label><input type="checkbox" name="partner" value="2">Borchester</label></fieldset>
  <fieldset><legend>Starts</legend><label>Day<input name="start-day"></label></fieldset>
  <fieldset><legend>Ends</legend><label>Day<input name="end-day"></label></fieldset>
  <input name="gone" aria-label="Gone" disabled value="x">
  <button name="next" value="task-list">Save and come back</button>
  <button formaction="/echo?preview" formmethod="get">Preview <span>bid</span></button>
</form>"##;

fn answer(asked: &Asked) -> Answer {
    let echo = || {
        page(
            "Echo",
            &format!(
                "<h1>Echo</h1><p>{} {} [{}] {}</p>",
                asked.method,
                asked.path,
                asked.body,
                asked.header("cookie").unwrap_or("-")
            ),
        )
    };
    match asked.path.as_str() {
        "/" => page("Error: Your bid", FORM),
        "/sign-in" => (
            303,
            vec![("location", "/echo".into()), ("set-cookie", "session=abc; Path=/; HttpOnly".into())],
            String::new(),
        ),
        "/sign-out" => {
            (303, vec![("location", "/echo".into()), ("set-cookie", "session=; Max-Age=0".into())], String::new())
        }
        "/home" => page(
            "Home",
            "<h1>Home</h1><p><a href=\"/echo?a\">Go on</a> <a href=\"/echo?b\">Twice</a> <a href=\"/echo?c\">Twice</a></p>",
        ),
        "/csv" => (200, vec![("content-type", "text/csv".into())], "a,b".into()),
        "/no-heading" => page("Home", "<p>Nothing</p>"),
        "/no-title" => page("", "<h1>Home</h1>"),
        "/unsaid-error" => page("Your bid", FORM),
        "/no-label" => page("Home", "<h1>Home</h1><input name=\"bare\">"),
        "/same-ids" => page("Home", "<h1 id=\"a\">Home</h1><p id=\"a\">Again</p>"),
        "/inline-style" => page("Home", "<h1 style=\"color: red\">Home</h1>"),
        "/inline-script" => page("Home", "<h1>Home</h1><script>alert(1)</script>"),
        "/nowhere" => page("Home", "<h1>Home</h1><a href=\"#missing\">Jump</a>"),
        "/no-legend" => page(
            "Home",
            "<h1>Home</h1><label><input type=\"radio\" name=\"a\">A</label><label><input type=\"radio\" name=\"a\">B</label>",
        ),
        _ => echo(),
    }
}

fn browser() -> Browser {
    Browser::new(&serve(answer))
}

fn why_it_stopped<'a>(act: impl FnOnce() -> &'a mut Browser) -> String {
    let stopped = catch_unwind(AssertUnwindSafe(act)).expect_err("it should have stopped");
    stopped.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_form_sends_its_present_values_and_the_button_pressed() {
    let mut browser = browser();
    browser.open("/").press("Save and come back");
    let sent = "[version=7&title=Old&problem=one%0D%0Atwo&theme=h&phase=discovery&partner=1&start-day=&end-day=&next=task-list]";
    browser.sees("POST /echo").sees(sent);
}

#[test]
fn fields_are_filled_by_their_labels() {
    let mut browser = browser();
    browser.open("/").fill("Title", "Café & co").fill("Problem", "a\nb").select("Theme", "Planning").choose("Alpha");
    browser.untick("Ambridge").choose("Borchester").fill_in("Ends", "Day", "3");
    assert_eq!((browser.value("Title").as_str(), browser.value("Theme").as_str()), ("Café & co", "Planning"));
    assert!(browser.is_chosen("Alpha") && !browser.is_chosen("Discovery"));
    browser.press("Save and come back");
    browser.sees("title=Caf%C3%A9+%26+co&problem=a%0D%0Ab&theme=Planning&phase=alpha&partner=2&start-day=&end-day=3&");
}

#[test]
fn a_button_may_lead_elsewhere_by_another_method() {
    let mut browser = browser();
    browser.open("/").press("Preview bid");
    assert!(browser.path().starts_with("/echo?version=7&title=Old"), "{}", browser.path());
    browser.sees("GET /echo");
}

#[test]
fn the_error_summary_is_read() {
    let mut browser = browser();
    assert_eq!(browser.open("/").errors(), [("#title".to_owned(), "Enter a title".to_owned())]);
    assert_eq!((browser.h1().as_str(), browser.title().as_str()), ("Your bid", "Error: Your bid"));
}

#[test]
fn cookies_last_until_they_are_taken_away() {
    let mut browser = browser();
    browser.open("/sign-in").sees("GET /echo [] session=abc");
    browser.open("/home").follow("Go on").sees("GET /echo?a [] session=abc");
    browser.open("/sign-out").sees("GET /echo [] -");
}

#[test]
fn what_is_no_page_is_not_checked_as_one() {
    let mut browser = browser();
    assert_eq!((browser.open("/csv").source().as_str(), browser.status()), ("a,b", 200));
}

#[test]
fn what_is_not_there_or_there_twice_stops_the_journey() {
    let mut browser = browser();
    browser.open("/home");
    assert!(why_it_stopped(|| browser.follow("Go off")).contains("no link \"Go off\"; links"));
    assert!(why_it_stopped(|| browser.follow("Twice")).contains("2 times the link"));
    browser.open("/");
    assert!(why_it_stopped(|| browser.fill("Day", "3")).contains("2 times the field"));
    assert!(why_it_stopped(|| browser.open("http://elsewhere.example/")).contains("leads away"));
}

#[test]
fn each_fault_of_a_page_stops_the_journey() {
    let faults = [
        ("/no-heading", "0 h1 elements"),
        ("/no-title", "no title"),
        ("/unsaid-error", "begins with \"Error: \""),
        ("/no-label", "the field \"bare\" has no label"),
        ("/same-ids", "id \"a\" stands twice"),
        ("/inline-style", "h1 has an inline style"),
        ("/inline-script", "an inline script element"),
        ("/nowhere", "a points at \"missing\""),
        ("/no-legend", "the choice \"a\" stands in no fieldset"),
    ];
    let mut browser = browser();
    for (path, words) in faults {
        let why = why_it_stopped(|| browser.open(path));
        assert!(why.contains(words), "{path}: {why}");
    }
}
