-- A decision touches no row of bids: until its release nothing may tell it.
CREATE TABLE decisions (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    gate text NOT NULL,
    transition text NOT NULL,
    to_state text NOT NULL,
    release text NOT NULL,
    amount_pence bigint,
    place integer,
    reason text,
    feedback text NOT NULL,
    decided_by uuid NOT NULL REFERENCES people (id),
    decided_at timestamptz NOT NULL,
    recorded_at timestamptz,
    version integer NOT NULL,
    UNIQUE (bid_id, gate)
);
CREATE TABLE releases (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    milestone text NOT NULL,
    approved_by uuid NOT NULL REFERENCES people (id),
    approved_at timestamptz NOT NULL,
    recorded_at timestamptz,
    UNIQUE (round_id, milestone)
);
