-- The pool of a round: who was invited to assess in it. A round without a row here gives bids to whoever assesses for its fund.
CREATE TABLE assessor_pools (
    round_id uuid NOT NULL PRIMARY KEY REFERENCES rounds (id),
    areas jsonb NOT NULL,
    terms text NOT NULL,
    expected_bids integer,
    reminder_days jsonb NOT NULL,
    version integer NOT NULL
);
-- The terms that assessors of a round were asked to agree to, word for word; what somebody has agreed to stays.
CREATE TABLE assessor_terms (
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    words text NOT NULL,
    sha256 text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (round_id, number)
);
