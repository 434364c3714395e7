-- A hold stands beside its bid and changes nothing of it. Since when something shows that came while the bid was on hold
-- follows from these rows.
CREATE TABLE holds (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    number integer NOT NULL,
    reason text NOT NULL,
    placed_by uuid NOT NULL REFERENCES people (id),
    placed_at timestamptz NOT NULL,
    lifted_by uuid REFERENCES people (id),
    lifted_at timestamptz,
    note text,
    UNIQUE (bid_id, number)
);
CREATE UNIQUE INDEX holds_standing ON holds (bid_id) WHERE lifted_at IS NULL;
