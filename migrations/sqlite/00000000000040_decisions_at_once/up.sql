-- Where bids are decided on one by one, a decision waits for no milestone and shows at once.
CREATE TABLE decisions_at_once (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    gate TEXT NOT NULL,
    transition TEXT NOT NULL,
    to_state TEXT NOT NULL,
    release TEXT,
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
INSERT INTO decisions_at_once
SELECT id, bid_id, gate, transition, to_state, release, amount_pence, place, reason, feedback, decided_by, decided_at,
    recorded_at, version
FROM decisions;
DROP TABLE decisions;
ALTER TABLE decisions_at_once RENAME TO decisions;
