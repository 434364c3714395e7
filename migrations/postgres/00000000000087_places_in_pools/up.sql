-- A place in a round's pool: what somebody was asked, and what they have said. Nobody has two in one round.
CREATE TABLE pool_places (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    person_id uuid NOT NULL REFERENCES people (id),
    areas jsonb NOT NULL,
    least_asked integer,
    most_asked integer,
    answer_by timestamptz NOT NULL,
    message text NOT NULL,
    invited_by uuid NOT NULL REFERENCES people (id),
    invited_at timestamptz NOT NULL,
    state text NOT NULL,
    answered_at timestamptz,
    said jsonb NOT NULL,
    gave_role boolean NOT NULL,
    version integer NOT NULL,
    UNIQUE (round_id, person_id)
);
CREATE INDEX pool_places_person_id ON pool_places (person_id);
