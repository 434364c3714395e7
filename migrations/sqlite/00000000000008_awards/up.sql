-- A decision touches no row of bids: until its release nothing may tell it.
CREATE TABLE decisions (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    gate TEXT NOT NULL,
    transition TEXT NOT NULL,
    to_state TEXT NOT NULL,
    release TEXT NOT NULL,
    amount_pence INTEGER,
    place INTEGER,
    reason TEXT,
    feedback TEXT NOT NULL,
    decided_by BLOB NOT NULL REFERENCES people (id),
    decided_at INTEGER NOT NULL,
    recorded_at INTEGER,
    version INTEGER NOT NULL,
    UNIQUE (bid_id, gate)
) STRICT;
CREATE TABLE releases (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    milestone TEXT NOT NULL,
    approved_by BLOB NOT NULL REFERENCES people (id),
    approved_at INTEGER NOT NULL,
    recorded_at INTEGER,
    UNIQUE (round_id, milestone)
) STRICT;
