CREATE TABLE assignments (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    person_id uuid NOT NULL REFERENCES people (id),
    assigned_by uuid NOT NULL REFERENCES people (id),
    assigned_at timestamptz NOT NULL,
    submitted_at timestamptz,
    ended_at timestamptz,
    version integer NOT NULL,
    UNIQUE (bid_id, person_id)
);
CREATE INDEX assignments_person_id ON assignments (person_id);
CREATE TABLE conflicts (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    bid_id uuid REFERENCES bids (id),
    organisation_id uuid REFERENCES organisations (id),
    origin text NOT NULL,
    reason text NOT NULL,
    created_by uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    lifted_at timestamptz
);
CREATE INDEX conflicts_person_id ON conflicts (person_id);
-- Scores and sift marks are only added to: the newest number counts.
CREATE TABLE scores (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    person_id uuid NOT NULL REFERENCES people (id),
    criterion text NOT NULL,
    number integer NOT NULL,
    value integer NOT NULL,
    justification text NOT NULL,
    confidence text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (bid_id, person_id, criterion, number)
);
CREATE TABLE sift_marks (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    question text NOT NULL,
    number integer NOT NULL,
    mark text NOT NULL,
    caveat text,
    person_id uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    UNIQUE (bid_id, question, number)
);
