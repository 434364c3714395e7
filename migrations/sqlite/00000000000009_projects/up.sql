CREATE TABLE projects (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL UNIQUE REFERENCES bids (id),
    round_id BLOB NOT NULL REFERENCES rounds (id),
    lead_id BLOB NOT NULL REFERENCES organisations (id),
    title TEXT NOT NULL,
    award_pence INTEGER NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX projects_round_id ON projects (round_id);
CREATE TABLE outcomes (
    id BLOB NOT NULL PRIMARY KEY,
    project_id BLOB NOT NULL REFERENCES projects (id),
    position INTEGER NOT NULL,
    measure TEXT NOT NULL,
    unit TEXT NOT NULL,
    baseline REAL,
    target REAL NOT NULL,
    due_on TEXT
) STRICT;
CREATE TABLE deliveries (
    id BLOB NOT NULL PRIMARY KEY,
    outcome_id BLOB NOT NULL REFERENCES outcomes (id),
    value REAL NOT NULL,
    note TEXT NOT NULL,
    reported_by BLOB NOT NULL REFERENCES people (id),
    reported_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_outcome_id ON deliveries (outcome_id);
