-- The last version of a decision that was taken back: the next one at the gate counts on from it, so that nobody changes or
-- takes back a decision that they have not read.
CREATE TABLE decisions_taken_back (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    gate TEXT NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (bid_id, gate)
) STRICT;
