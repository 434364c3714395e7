-- Rankings of record: what a round's scores said when somebody had them ranked. What was ranked, the scores without names and
-- what came of them are kept as text, word for word as they were hashed and computed.
CREATE TABLE rankings (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    made_by uuid NOT NULL REFERENCES people (id),
    made_at timestamptz NOT NULL,
    basis text NOT NULL,
    scores text NOT NULL,
    salt text NOT NULL,
    result text NOT NULL,
    UNIQUE (round_id, number)
);
