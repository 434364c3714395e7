//! The harness itself: a test that cannot fail is a defect, so each part is shown to accept what is right and to refuse
//! what is wrong.

mod browser;
mod chromium;
mod databases;
mod site;
mod smtp;
