-- A place in a round's pool: what somebody was asked, and what they have said. Nobody has two in one round.
CREATE TABLE pool_places (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    areas TEXT NOT NULL,
    least_asked INTEGER,
    most_asked INTEGER,
    answer_by INTEGER NOT NULL,
    message TEXT NOT NULL,
    invited_by BLOB NOT NULL REFERENCES people (id),
    invited_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    answered_at INTEGER,
    said TEXT NOT NULL,
    gave_role INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (round_id, person_id)
) STRICT;
CREATE INDEX pool_places_person_id ON pool_places (person_id);
