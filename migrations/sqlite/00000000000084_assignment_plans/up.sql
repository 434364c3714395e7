-- Plans of who reads what in a round, each with what it was made of and what came of it, word for word as they were hashed and
-- computed. The plan that was applied says when and by whom.
CREATE TABLE assignment_plans (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    made_by BLOB NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    inputs TEXT NOT NULL,
    salt TEXT NOT NULL,
    result TEXT NOT NULL,
    applied_by BLOB REFERENCES people (id),
    applied_at INTEGER,
    UNIQUE (round_id, number)
) STRICT;
