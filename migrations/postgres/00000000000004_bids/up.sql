CREATE TABLE bids (
    id uuid NOT NULL PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    round_id uuid NOT NULL REFERENCES rounds (id),
    lead_id uuid NOT NULL REFERENCES organisations (id),
    workflow_id uuid NOT NULL REFERENCES workflows (id),
    state text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    phase text,
    ask_pence bigint,
    submitted_at timestamptz,
    known jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE INDEX bids_round_id_state ON bids (round_id, state);
CREATE INDEX bids_lead_id ON bids (lead_id);
CREATE TABLE answers (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    stage text NOT NULL,
    question text NOT NULL,
    value jsonb NOT NULL,
    complete boolean NOT NULL,
    version integer NOT NULL,
    updated_by uuid NOT NULL REFERENCES people (id),
    updated_at timestamptz NOT NULL,
    UNIQUE (bid_id, stage, question)
);
-- A submitted version is the exact text that was hashed and signed.
CREATE TABLE bid_versions (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    stage text NOT NULL,
    number integer NOT NULL,
    data text NOT NULL,
    hash bytea NOT NULL,
    submitted_at timestamptz NOT NULL,
    submitted_by uuid NOT NULL REFERENCES people (id),
    UNIQUE (bid_id, stage, number)
);
CREATE TABLE cost_lines (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    position integer NOT NULL,
    category text NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    description text NOT NULL,
    pence bigint NOT NULL
);
CREATE INDEX cost_lines_bid_id ON cost_lines (bid_id);
CREATE TABLE promises (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    position integer NOT NULL,
    measure text NOT NULL,
    unit text NOT NULL,
    baseline double precision,
    target double precision NOT NULL,
    due_on date
);
CREATE INDEX promises_bid_id ON promises (bid_id);
