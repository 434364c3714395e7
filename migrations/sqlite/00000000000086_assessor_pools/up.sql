-- The pool of a round: who was invited to assess in it. A round without a row here gives bids to whoever assesses for its fund.
CREATE TABLE assessor_pools (
    round_id BLOB NOT NULL PRIMARY KEY REFERENCES rounds (id),
    areas TEXT NOT NULL,
    terms TEXT NOT NULL,
    expected_bids INTEGER,
    reminder_days TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
-- The terms that assessors of a round were asked to agree to, word for word; what somebody has agreed to stays.
CREATE TABLE assessor_terms (
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    words TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (round_id, number)
) STRICT;
