//! Migrations: the same names on both databases, the tables that src/db/schema.rs says, and no harm in running them again.

use std::{collections::BTreeMap, fs, path::Path, thread};

use diesel::{PgConnection, connection::SimpleConnection, prelude::*, sql_query, sql_types::Text};
use roundtable::db::{Db, OpenError, Settings, migrate_url};

use crate::harness::databases::{Engine, TestDatabase, fresh_database, on_each_database};

/// Columns by table: the name with the type as the database says it.
type Tables = BTreeMap<String, BTreeMap<String, String>>;

/// What the databases keep beside the tables of the schema: Diesel's list of migrations, and the index of words.
const OWN_OF_A_DATABASE: [&str; 3] = ["__diesel_schema_migrations", "search_documents", "search_words"];

struct Migrated(TestDatabase);

impl Migrated {
    fn start(engine: Engine) -> Self {
        Self(fresh_database(engine, |url| migrate_url(url).unwrap()))
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    holder: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

const SQLITE_COLUMNS: &str = "SELECT t.name AS holder, c.name AS name,
    lower(c.type) || CASE WHEN c.\"notnull\" = 1 THEN '' ELSE '?' END AS kind
    FROM pragma_table_list t JOIN pragma_table_info(t.name) c
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text AS holder, column_name::text AS name,
    data_type::text || CASE is_nullable WHEN 'NO' THEN '' ELSE '?' END AS kind
    FROM information_schema.columns WHERE table_schema = 'public'";

fn tables(database: &TestDatabase) -> Tables {
    let columns: Vec<Column> = match database.engine {
        Engine::Sqlite => {
            let mut conn = SqliteConnection::establish(database.url.trim_start_matches("sqlite://")).unwrap();
            sql_query(SQLITE_COLUMNS).load(&mut conn).unwrap()
        }
        Engine::Postgres => {
            let mut conn = PgConnection::establish(&database.url).unwrap();
            sql_query(POSTGRES_COLUMNS).load(&mut conn).unwrap()
        }
    };
    let mut tables = Tables::new();
    for column in columns {
        tables.entry(column.holder).or_default().insert(column.name, column.kind);
    }
    tables.retain(|name, _| !OWN_OF_A_DATABASE.contains(&name.as_str()));
    tables
}

/// The tables of src/db/schema.rs, with the types that an engine has for ours.
fn schema(engine: Engine) -> Tables {
    let text = fs::read_to_string(root().join("src/db/schema.rs")).unwrap();
    let mut tables = Tables::new();
    for table in text.split("diesel::table! {").skip(1) {
        let body = table.split("\n}").next().unwrap();
        let name = body.lines().find_map(|line| line.trim().split_once(" (")).unwrap().0.to_owned();
        let columns = body.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once(" -> "));
        tables.insert(name, columns.map(|(name, kind)| (name.to_owned(), type_on(engine, kind))).collect());
    }
    tables
}

fn type_on(engine: Engine, kind: &str) -> String {
    if let Some(inner) = kind.strip_prefix("Nullable<") {
        return type_on(engine, inner.trim_end_matches('>')) + "?";
    }
    let (sqlite, postgres) = match kind {
        "Id" => ("blob", "uuid"),
        "Moment" => ("integer", "timestamp with time zone"),
        "Doc" => ("text", "jsonb"),
        "Text" => ("text", "text"),
        "Binary" => ("blob", "bytea"),
        "BigInt" => ("integer", "bigint"),
        "Integer" => ("integer", "integer"),
        "Bool" => ("integer", "boolean"),
        "Double" => ("real", "double precision"),
        "Date" => ("text", "date"),
        other => panic!("{other} is a column type that this test does not know"),
    };
    String::from(if engine == Engine::Sqlite { sqlite } else { postgres })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join("migrations").join(folder)).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A database without a single table, by its address.
fn emptied(database: &TestDatabase) -> String {
    if database.engine == Engine::Sqlite {
        return format!("{}.empty", database.url);
    }
    let mut conn = PgConnection::establish(&database.url).unwrap();
    conn.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
    database.url.clone()
}

#[test]
fn both_folders_hold_the_same_names() {
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

on_each_database! {
    fn the_database_has_exactly_the_tables_and_columns_of_the_schema(migrated: &Migrated) {
        let (found, expected) = (tables(&migrated.0), schema(migrated.0.engine));
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (table, columns) in &expected {
            assert_eq!(&found[table], columns, "{table}");
        }
    }

    fn migrating_again_changes_nothing(migrated: &Migrated) {
        let before = tables(&migrated.0);
        migrate_url(&migrated.0.url).unwrap();
        assert_eq!(tables(&migrated.0), before);
    }

    fn several_replicas_that_start_at_once_migrate_once(migrated: &Migrated) {
        let url = emptied(&migrated.0);
        let starting: Vec<_> = (0..12).map(|_| { let url = url.clone(); thread::spawn(move || migrate_url(&url)) }).collect();
        for replica in starting {
            replica.join().unwrap().unwrap();
        }
        migrate_url(&url).unwrap();
    }
}

#[test]
fn an_unknown_scheme_is_refused_and_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for scheme in ["mysql", "sqlit", "postgress"] {
        let url = format!("{scheme}://{}/x.db", folder.path().display());
        let refused = Db::open(&Settings { url, pool: 1, queue: 1 }).err();
        assert!(matches!(refused, Some(OpenError::UnknownScheme)), "{scheme}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
