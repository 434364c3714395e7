CREATE TABLE projects (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL UNIQUE REFERENCES bids (id),
    round_id uuid NOT NULL REFERENCES rounds (id),
    lead_id uuid NOT NULL REFERENCES organisations (id),
    title text NOT NULL,
    award_pence bigint NOT NULL,
    starts_on date,
    ends_on date,
    created_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE INDEX projects_round_id ON projects (round_id);
CREATE TABLE outcomes (
    id uuid NOT NULL PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES projects (id),
    position integer NOT NULL,
    measure text NOT NULL,
    unit text NOT NULL,
    baseline double precision,
    target double precision NOT NULL,
    due_on date
);
CREATE TABLE deliveries (
    id uuid NOT NULL PRIMARY KEY,
    outcome_id uuid NOT NULL REFERENCES outcomes (id),
    value double precision NOT NULL,
    note text NOT NULL,
    reported_by uuid NOT NULL REFERENCES people (id),
    reported_at timestamptz NOT NULL
);
CREATE INDEX deliveries_outcome_id ON deliveries (outcome_id);
