-- Flags and questions of assessors to the fund team, about a bid. What follows on one is added to it and never changed: an answer, to
-- whoever asked or to all who read the bid, a follow-up, a closing. The newest step says where it stands.
CREATE TABLE queries (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    salt TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    UNIQUE (bid_id, number)
) STRICT;
CREATE TABLE query_steps (
    id BLOB NOT NULL PRIMARY KEY,
    query_id BLOB NOT NULL REFERENCES queries (id),
    number INTEGER NOT NULL,
    step TEXT NOT NULL,
    words TEXT NOT NULL,
    said_to TEXT NOT NULL,
    salt TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    UNIQUE (query_id, number)
) STRICT;
