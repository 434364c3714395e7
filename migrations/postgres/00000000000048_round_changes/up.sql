-- When a round was called off and why; the round that is run again in its place points back to it.
ALTER TABLE rounds ADD COLUMN cancelled_at timestamptz;
ALTER TABLE rounds ADD COLUMN cancelled_because text;
ALTER TABLE rounds ADD COLUMN replaces_id uuid REFERENCES rounds (id);
CREATE INDEX rounds_replaces_id ON rounds (replaces_id);
-- How the budget of a published round was changed; the round's own row holds what is in force.
CREATE TABLE budget_changes (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    from_pence bigint NOT NULL,
    to_pence bigint NOT NULL,
    reason text NOT NULL,
    made_at timestamptz NOT NULL,
    UNIQUE (round_id, number)
);
