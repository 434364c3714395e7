-- A change of a milestone is a new version beside the others: of a whole round, or of one bid alone. The instant in force
-- follows from these rows; `milestones.at` holds it for the round.
CREATE TABLE milestone_changes (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    bid_id uuid REFERENCES bids (id),
    milestone text NOT NULL,
    number integer NOT NULL,
    from_at timestamptz NOT NULL,
    to_at timestamptz NOT NULL,
    ground text NOT NULL,
    reason text NOT NULL,
    at_once boolean NOT NULL,
    made_by uuid NOT NULL REFERENCES people (id),
    made_at timestamptz NOT NULL,
    confirmed_by uuid REFERENCES people (id),
    confirmed_at timestamptz,
    ended jsonb,
    objection jsonb
);
CREATE UNIQUE INDEX milestone_changes_of_round ON milestone_changes (round_id, number) WHERE bid_id IS NULL;
CREATE UNIQUE INDEX milestone_changes_of_bid ON milestone_changes (bid_id, number) WHERE bid_id IS NOT NULL;
