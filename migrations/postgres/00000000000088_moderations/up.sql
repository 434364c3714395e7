-- The moderation of a round: from when bids are talked over, and the scores that assessors gave by themselves stay as they are.
CREATE TABLE moderations (
    round_id uuid NOT NULL PRIMARY KEY REFERENCES rounds (id),
    opened_by uuid NOT NULL REFERENCES people (id),
    opened_at timestamptz NOT NULL,
    reason text NOT NULL,
    salt text NOT NULL
);
