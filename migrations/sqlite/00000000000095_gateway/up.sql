-- What was found of a bid's gateway checks, added to and never changed: the check by its id in the round's rules, whether it passes or
-- fails, why, and for which version of the full application. The newest mark on a check counts.
CREATE TABLE gateway_marks (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    number INTEGER NOT NULL,
    item TEXT NOT NULL,
    mark TEXT NOT NULL,
    reason TEXT NOT NULL,
    about INTEGER NOT NULL,
    salt TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    UNIQUE (bid_id, number)
) STRICT;
