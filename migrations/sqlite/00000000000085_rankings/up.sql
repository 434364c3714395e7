-- Rankings of record: what a round's scores said when somebody had them ranked. What was ranked, the scores without names and
-- what came of them are kept as text, word for word as they were hashed and computed.
CREATE TABLE rankings (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    made_by BLOB NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    basis TEXT NOT NULL,
    scores TEXT NOT NULL,
    salt TEXT NOT NULL,
    result TEXT NOT NULL,
    UNIQUE (round_id, number)
) STRICT;
