//! The pages of the account room.

pub mod account;
mod cookies;
pub mod kept_forms;
pub mod members;
pub mod organisations;
pub mod outbox;
pub mod roles;
pub mod sign_in;
pub mod written;

use crate::http::App;

/// In bytes: a filter of a list with every field filled in.
const LONGEST_PATH: usize = 2_000;

/// A path of ours to go to, or `otherwise`: whatever leads elsewhere, could be read as another address or is longer than any
/// address of ours is dropped.
fn local_path<'a>(app: &App, wanted: &'a str, otherwise: &'a str) -> &'a str {
    let base = url::Url::parse(&app.config.web.base_url).ok();
    let plain = wanted.len() <= LONGEST_PATH
        && wanted.starts_with('/')
        && !wanted.chars().any(|letter| letter == '\\' || letter.is_control());
    let stays = base.is_some_and(|base| base.join(wanted).is_ok_and(|target| target.origin() == base.origin()));
    if plain && stays && !wanted.starts_with("//") { wanted } else { otherwise }
}
