-- Possible conflicts of interest that somebody has looked at and found to be none: on which grounds, and why. What the grounds are
-- is computed; one that is not named here waits for an answer.
CREATE TABLE suggestions_set_aside (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    bid_id uuid NOT NULL REFERENCES bids (id),
    grounds jsonb NOT NULL,
    reason text NOT NULL,
    answered_by uuid NOT NULL REFERENCES people (id),
    answered_at timestamptz NOT NULL
);
CREATE INDEX suggestions_set_aside_bid_id ON suggestions_set_aside (bid_id);
