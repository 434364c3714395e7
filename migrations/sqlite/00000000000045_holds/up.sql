-- A hold stands beside its bid and changes nothing of it. Since when something shows that came while the bid was on hold
-- follows from these rows.
CREATE TABLE holds (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    number INTEGER NOT NULL,
    reason TEXT NOT NULL,
    placed_by BLOB NOT NULL REFERENCES people (id),
    placed_at INTEGER NOT NULL,
    lifted_by BLOB REFERENCES people (id),
    lifted_at INTEGER,
    note TEXT,
    UNIQUE (bid_id, number)
) STRICT;
CREATE UNIQUE INDEX holds_standing ON holds (bid_id) WHERE lifted_at IS NULL;
