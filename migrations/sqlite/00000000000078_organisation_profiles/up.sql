-- What an organisation says in each of its bids, kept once: whom to ask, its senior sponsor and its standard statements.
CREATE TABLE organisation_profiles (
    organisation_id BLOB NOT NULL PRIMARY KEY REFERENCES organisations (id),
    said TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_by BLOB REFERENCES people (id),
    changed_at INTEGER NOT NULL
) STRICT;
