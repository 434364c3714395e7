-- Plans of who reads what in a round, each with what it was made of and what came of it, word for word as they were hashed and
-- computed. The plan that was applied says when and by whom.
CREATE TABLE assignment_plans (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    made_by uuid NOT NULL REFERENCES people (id),
    made_at timestamptz NOT NULL,
    inputs text NOT NULL,
    salt text NOT NULL,
    result text NOT NULL,
    applied_by uuid REFERENCES people (id),
    applied_at timestamptz,
    UNIQUE (round_id, number)
);
