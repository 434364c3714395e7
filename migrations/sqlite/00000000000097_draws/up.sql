-- Draws by lot for places at the funding line: what was committed to before the public value existed, which never changes, and how
-- it ended: why it was withdrawn, or the value and what was drawn. What was drawn from, the commitment and the draw are kept as text, word
-- for word as they are hashed and published.
CREATE TABLE draws (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    made_by BLOB NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    basis TEXT NOT NULL,
    commitment TEXT NOT NULL,
    known_from INTEGER NOT NULL,
    places_reason TEXT,
    again_reason TEXT,
    ended_by BLOB REFERENCES people (id),
    ended_at INTEGER,
    withdrawn_reason TEXT,
    looked_up TEXT,
    entered_by BLOB REFERENCES people (id),
    drawn TEXT,
    UNIQUE (round_id, number)
) STRICT;
