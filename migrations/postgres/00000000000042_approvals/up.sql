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
    counts_as uuid NOT NULL REFERENCES people (id),
    hash bytea NOT NULL,
    approved_at timestamptz NOT NULL,
    UNIQUE (request_id, person_id)
);
-- Who acts in approvals in the place of whom, from the first to the last day as London counts them.
CREATE TABLE deputies (
    id uuid NOT NULL PRIMARY KEY,
    fund_id uuid NOT NULL REFERENCES funds (id),
    principal_id uuid NOT NULL REFERENCES people (id),
    deputy_id uuid NOT NULL REFERENCES people (id),
    from_day date NOT NULL,
    until_day date NOT NULL,
    reason text NOT NULL,
    named_by uuid NOT NULL REFERENCES people (id),
    named_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX deputies_fund_id ON deputies (fund_id);
