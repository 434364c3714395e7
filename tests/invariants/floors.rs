//! The floors of the house: a room imports only rooms that stand before it in the table of src/lib.rs.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// They put the house together, so they know every room.
const EXEMPT: [&str; 4] = ["main", "lib", "command", "server"];
/// What the words know of the floor above them.
const COLUMN_TYPES: &str = "db::columns";
/// The settings hold those of the database.
const SETTINGS: [&str; 2] = ["db::Settings", "db::Engine"];

/// The rooms of each floor, lowest first, as the table in src/lib.rs names them.
fn floors() -> Vec<Vec<String>> {
    let map = fs::read_to_string(source().join("lib.rs")).unwrap();
    let rows = map.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split(" | ").next());
    rows.map(|row| row.split("[`").map(|room| room.split('`').next().unwrap().to_owned()).collect()).collect()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// The room that a file belongs to: its first folder, or its own name.
fn room_of(file: &Path) -> String {
    let first = file.strip_prefix(source()).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// Every path that begins with `crate::`, groups in braces spread out, comments left out.
fn paths(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
    let code = code.join(" ");
    code.split("crate::").skip(1).flat_map(|rest| spread("", rest).0).collect()
}

/// The paths that `text` begins with, each behind `prefix`, and what comes after them.
fn spread<'a>(prefix: &str, text: &'a str) -> (Vec<String>, &'a str) {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        return spread_group(prefix, group);
    }
    let end =
        text.find(|letter: char| !letter.is_alphanumeric() && !['_', '*'].contains(&letter)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let path = format!("{prefix}{name}");
    match rest.strip_prefix("::") {
        Some(deeper) => spread(&format!("{path}::"), deeper),
        None => (vec![path], rest),
    }
}

fn spread_group<'a>(prefix: &str, group: &'a str) -> (Vec<String>, &'a str) {
    let (mut all, mut rest) = (Vec::new(), group);
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if let Some(after) = rest.strip_prefix('}') {
            return (all, after);
        }
        let (paths, after) = spread(prefix, rest);
        assert!(after.len() < rest.len(), "an import that this test cannot read: {rest:.80}");
        all.extend(paths);
        rest = after.split_once([',', '}']).map_or("", |(passed, _)| &after[passed.len()..]);
    }
}

/// Whether something in `room` may say this path.
fn is_allowed(floors: &[Vec<String>], room: &str, path: &str) -> bool {
    let target = path.split("::").next().unwrap();
    let floor = |name: &str| floors.iter().position(|rooms| rooms.iter().any(|room| room == name));
    let Some(there) = floor(target) else { return !EXEMPT.contains(&target) };
    let here = floor(room).unwrap_or_else(|| panic!("{room} is missing from the table in src/lib.rs"));
    let word_of_columns = here == 0 && path.starts_with(COLUMN_TYPES);
    let setting = room == "config" && (path == "db" || SETTINGS.contains(&path));
    there <= here && (here == 0 || there < here || target == room) || word_of_columns || setting
}

#[test]
fn no_import_climbs() {
    let floors = floors();
    let mut climbing = Vec::new();
    for file in files(&source()) {
        let room = room_of(&file);
        if EXEMPT.contains(&room.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let found = paths(&text).into_iter().filter(|path| !is_allowed(&floors, &room, path));
        climbing.extend(found.map(|path| format!("{}: crate::{path}", file.display())));
    }
    assert!(climbing.is_empty(), "these imports climb:\n{}", climbing.join("\n"));
}

#[test]
fn the_map_of_the_house_names_every_room_once() {
    let mapped: Vec<String> = floors().concat();
    let known: BTreeSet<String> = mapped.iter().cloned().collect();
    assert_eq!(known.len(), mapped.len(), "a room stands twice in the table of src/lib.rs");
    let rooms = files(&source()).into_iter().map(|file| room_of(&file)).filter(|room| !EXEMPT.contains(&room.as_str()));
    assert_eq!(rooms.collect::<BTreeSet<_>>(), known);
}

#[test]
fn the_test_of_floors_finds_what_climbs() {
    let floors = floors();
    let text = "use crate::{\n    db::{Conn, schema::{bids, events}}, // crate::server\n    awards::model::Gate,\n};\nfn f() { crate::journey::service::take() }";
    let found = paths(text);
    let expected =
        ["db::Conn", "db::schema::bids", "db::schema::events", "awards::model::Gate", "journey::service::take"];
    assert_eq!(found, expected);
    let climbing: Vec<_> = found.iter().filter(|path| !is_allowed(&floors, "bids", path)).collect();
    assert_eq!(climbing, ["awards::model::Gate", "journey::service::take"]);
    assert!(is_allowed(&floors, "ids", "db::columns::sql"));
    assert!(!is_allowed(&floors, "ids", "db::Conn"));
    assert!(!is_allowed(&floors, "bids", "server::Server"));
}
