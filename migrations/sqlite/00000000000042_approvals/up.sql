-- What several people have to stand behind before it happens: the release of a milestone's outcomes, which is about no
-- single bid, or a transition of a bid. Whether an approval still holds follows from its hash and is not kept.
CREATE TABLE approval_requests (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    bid_id BLOB REFERENCES bids (id),
    subject TEXT NOT NULL,
    body TEXT,
    requested_by BLOB NOT NULL REFERENCES people (id),
    requested_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by BLOB REFERENCES people (id),
    ending TEXT,
    reason TEXT
) STRICT;
CREATE UNIQUE INDEX approval_requests_of_round ON approval_requests (round_id, subject)
WHERE bid_id IS NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX approval_requests_of_bid ON approval_requests (bid_id, subject)
WHERE bid_id IS NOT NULL AND ended_at IS NULL;
CREATE TABLE approvals (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES approval_requests (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    counts_as BLOB NOT NULL REFERENCES people (id),
    hash BLOB NOT NULL,
    approved_at INTEGER NOT NULL,
    UNIQUE (request_id, person_id)
) STRICT;
-- Who acts in approvals in the place of whom, from the first to the last day as London counts them.
CREATE TABLE deputies (
    id BLOB NOT NULL PRIMARY KEY,
    fund_id BLOB NOT NULL REFERENCES funds (id),
    principal_id BLOB NOT NULL REFERENCES people (id),
    deputy_id BLOB NOT NULL REFERENCES people (id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    named_by BLOB NOT NULL REFERENCES people (id),
    named_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX deputies_fund_id ON deputies (fund_id);
