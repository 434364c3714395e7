//! What the tests stand on: databases, a browser without JavaScript, a real browser, a mail server. It never reaches past
//! the service's public faces, and it never mocks a part that can be had for real.
#![allow(dead_code, reason = "each part offers what any test may need, and the rooms' tests come one by one")]

pub mod app;
pub mod browser;
pub mod chromium;
pub mod client;
pub mod databases;
pub mod letters;
pub mod pdf;
pub mod smtp;
pub mod world;

/// Says what was left out, past the capture of the test runner; with CI set nothing may be left out.
pub fn leave_out(what: &str, why: &str) {
    use std::io::Write;
    assert!(std::env::var_os("CI").is_none(), "{what} left out: {why}. With CI set nothing may be.");
    let _ = writeln!(std::io::stderr(), "\n*** LEFT OUT: {what}: {why} ***");
}
