-- Pins and bans: that a plan gives a bid to somebody, or never does, until whoever leads the panel takes it back. The cost is what
-- the best plan was worth less with it when it was made; none where there was no plan to hold it against.
CREATE TABLE assignment_pins (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    bid_id BLOB NOT NULL REFERENCES bids (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    cost INTEGER,
    made_by BLOB NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    lifted_by BLOB REFERENCES people (id),
    lifted_at INTEGER
) STRICT;
CREATE INDEX assignment_pins_round_id ON assignment_pins (round_id);
CREATE INDEX assignment_pins_bid_id ON assignment_pins (bid_id);
