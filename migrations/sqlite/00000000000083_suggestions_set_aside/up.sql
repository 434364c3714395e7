-- Possible conflicts of interest that somebody has looked at and found to be none: on which grounds, and why. What the grounds are
-- is computed; one that is not named here waits for an answer.
CREATE TABLE suggestions_set_aside (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    bid_id BLOB NOT NULL REFERENCES bids (id),
    grounds TEXT NOT NULL,
    reason TEXT NOT NULL,
    answered_by BLOB NOT NULL REFERENCES people (id),
    answered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX suggestions_set_aside_bid_id ON suggestions_set_aside (bid_id);
