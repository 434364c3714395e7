-- When a round was called off and why; the round that is run again in its place points back to it.
ALTER TABLE rounds ADD COLUMN cancelled_at INTEGER;
ALTER TABLE rounds ADD COLUMN cancelled_because TEXT;
ALTER TABLE rounds ADD COLUMN replaces_id BLOB REFERENCES rounds (id);
CREATE INDEX rounds_replaces_id ON rounds (replaces_id);
-- How the budget of a published round was changed; the round's own row holds what is in force.
CREATE TABLE budget_changes (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    from_pence INTEGER NOT NULL,
    to_pence INTEGER NOT NULL,
    reason TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    UNIQUE (round_id, number)
) STRICT;
