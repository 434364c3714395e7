CREATE TABLE assignments (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    assigned_by BLOB NOT NULL REFERENCES people (id),
    assigned_at INTEGER NOT NULL,
    submitted_at INTEGER,
    ended_at INTEGER,
    version INTEGER NOT NULL,
    UNIQUE (bid_id, person_id)
) STRICT;
CREATE INDEX assignments_person_id ON assignments (person_id);
CREATE TABLE conflicts (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    bid_id BLOB REFERENCES bids (id),
    organisation_id BLOB REFERENCES organisations (id),
    origin TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    lifted_at INTEGER
) STRICT;
CREATE INDEX conflicts_person_id ON conflicts (person_id);
-- Scores and sift marks are only added to: the newest number counts.
CREATE TABLE scores (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    criterion TEXT NOT NULL,
    number INTEGER NOT NULL,
    value INTEGER NOT NULL,
    justification TEXT NOT NULL,
    confidence TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (bid_id, person_id, criterion, number)
) STRICT;
CREATE TABLE sift_marks (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    question TEXT NOT NULL,
    number INTEGER NOT NULL,
    mark TEXT NOT NULL,
    caveat TEXT,
    person_id BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    UNIQUE (bid_id, question, number)
) STRICT;
