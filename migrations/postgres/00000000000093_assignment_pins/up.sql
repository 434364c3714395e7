-- Pins and bans: that a plan gives a bid to somebody, or never does, until whoever leads the panel takes it back. The cost is what
-- the best plan was worth less with it when it was made; none where there was no plan to hold it against.
CREATE TABLE assignment_pins (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    bid_id uuid NOT NULL REFERENCES bids (id),
    person_id uuid NOT NULL REFERENCES people (id),
    kind text NOT NULL,
    reason text NOT NULL,
    cost bigint,
    made_by uuid NOT NULL REFERENCES people (id),
    made_at timestamptz NOT NULL,
    lifted_by uuid REFERENCES people (id),
    lifted_at timestamptz
);
CREATE INDEX assignment_pins_round_id ON assignment_pins (round_id);
CREATE INDEX assignment_pins_bid_id ON assignment_pins (bid_id);
