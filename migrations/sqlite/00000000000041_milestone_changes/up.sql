-- A change of a milestone is a new version beside the others: of a whole round, or of one bid alone. The instant in force
-- follows from these rows; `milestones.at` holds it for the round.
CREATE TABLE milestone_changes (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    bid_id BLOB REFERENCES bids (id),
    milestone TEXT NOT NULL,
    number INTEGER NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    ground TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_once INTEGER NOT NULL,
    made_by BLOB NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    confirmed_by BLOB REFERENCES people (id),
    confirmed_at INTEGER,
    ended TEXT,
    objection TEXT
) STRICT;
CREATE UNIQUE INDEX milestone_changes_of_round ON milestone_changes (round_id, number) WHERE bid_id IS NULL;
CREATE UNIQUE INDEX milestone_changes_of_bid ON milestone_changes (bid_id, number) WHERE bid_id IS NOT NULL;
