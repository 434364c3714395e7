-- What several people have to stand behind before it happens: the release of a milestone's outcomes, which is about no
-- single bid, or a transition of a bid. Whether an approval still holds follows from its hash and is not kept.
CREATE TABLE approval_requests (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    bid_id uuid REFERENCES bids (id),
    subject text NOT NULL,
    body jsonb,
    requested_by uuid NOT NULL REFERENCES people (id),
    requested_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by uuid REFERENCES people (id),
    ending text,
    reason text
);
CREATE UNIQUE INDEX approval_requests_of_round ON approval_requests (round_id, subject)
WHERE bid_id IS NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX approval_requests_of_bid ON approval_requests (bid_id, subject)
WHERE bid_id IS NOT NULL AND ended_at IS NULL;
CREATE TABLE approvals (
    id uuid NOT NULL PRIMARY KEY,
    request_id uuid NOT NULL REFERENCES approval_requests (id),
    person_id uuid NOT NULL REFERENCES people (id),
    hash bytea NOT NULL,
    approved_at timestamptz NOT NULL,
    UNIQUE (request_id, person_id)
);
