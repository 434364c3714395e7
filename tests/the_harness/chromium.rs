//! The real browser passes a sound page and names each kind of fault.

use super::site::{Answer, Asked, page, serve};
use crate::harness::chromium::{Visit, Window, look_at};

fn answer(asked: &Asked) -> Answer {
    match asked.path.as_str() {
        "/sound" => page("Sound", &format!("<h1>Sound</h1><p>{}</p>", asked.header("cookie").unwrap_or("nobody"))),
        "/missing" => (404, page("", "").1, page("Page not found", "<h1>Page not found</h1>").2),
        "/wide" => page("Wide", "<h1>Wide</h1><link rel=\"stylesheet\" href=\"/wide.css\">"),
        "/wide.css" => (200, vec![("content-type", "text/css".into())], "h1 { width: 900px }".into()),
        "/faint" => page("Faint", "<h1>Faint</h1><link rel=\"stylesheet\" href=\"/faint.css\">"),
        "/faint.css" => (200, vec![("content-type", "text/css".into())], "h1 { color: #ddd }".into()),
        "/refused" => page("Refused", "<h1>Refused</h1><script>window.ran = true</script>"),
        "/invalid" => page("Invalid", "<h1>Invalid</h1><p><div>Within</div></p>"),
        _ => {
            (200, vec![("content-type", "image/svg+xml".into())], "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".into())
        }
    }
}

#[test]
fn a_sound_page_passes_for_whoever_looks() {
    let public = Visit::public("/sound");
    let officer = Visit::signed_in("/sound", "session=abc; other=d=e", "officer");
    assert_eq!(officer.name, "officer-sound");
    look_at(&serve(answer), &[public, officer, Visit::public("/missing").answering(404)]);
}

#[test]
fn each_kind_of_fault_is_named() {
    let paths = ["/wide", "/faint", "/refused", "/invalid", "/missing"];
    let Some(mut window) = Window::open(&serve(answer)) else {
        return;
    };
    let faults = window.faults_of(&paths.map(Visit::public));
    let said = faults.join("\n");
    let words = [
        "/wide scrolls sideways at 320 px",
        "color-contrast",
        "Content Security Policy",
        "no-implicit-close",
        "/missing answers 404",
    ];
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(faults.len(), paths.len(), "{said}");
}
