CREATE TABLE bids (
    id BLOB NOT NULL PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    lead_id BLOB NOT NULL REFERENCES organisations (id),
    workflow_id BLOB NOT NULL REFERENCES workflows (id),
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    phase TEXT,
    ask_pence INTEGER,
    submitted_at INTEGER,
    known TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX bids_round_id_state ON bids (round_id, state);
CREATE INDEX bids_lead_id ON bids (lead_id);
CREATE TABLE answers (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    stage TEXT NOT NULL,
    question TEXT NOT NULL,
    value TEXT NOT NULL,
    complete INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_by BLOB NOT NULL REFERENCES people (id),
    updated_at INTEGER NOT NULL,
    UNIQUE (bid_id, stage, question)
) STRICT;
-- A submitted version is the exact text that was hashed and signed.
CREATE TABLE bid_versions (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    stage TEXT NOT NULL,
    number INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash BLOB NOT NULL,
    submitted_at INTEGER NOT NULL,
    submitted_by BLOB NOT NULL REFERENCES people (id),
    UNIQUE (bid_id, stage, number)
) STRICT;
CREATE TABLE cost_lines (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    position INTEGER NOT NULL,
    category TEXT NOT NULL,
    organisation_id BLOB REFERENCES organisations (id),
    description TEXT NOT NULL,
    pence INTEGER NOT NULL
) STRICT;
CREATE INDEX cost_lines_bid_id ON cost_lines (bid_id);
CREATE TABLE promises (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    position INTEGER NOT NULL,
    measure TEXT NOT NULL,
    unit TEXT NOT NULL,
    baseline REAL,
    target REAL NOT NULL,
    due_on TEXT
) STRICT;
CREATE INDEX promises_bid_id ON promises (bid_id);
