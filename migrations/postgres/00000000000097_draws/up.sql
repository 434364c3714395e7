-- Draws by lot for places at the funding line: what was committed to before the public value existed, which never changes, and how
-- it ended: why it was withdrawn, or the value and what was drawn. What was drawn from, the commitment and the draw are kept as text, word
-- for word as they are hashed and published.
CREATE TABLE draws (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    made_by uuid NOT NULL REFERENCES people (id),
    made_at timestamptz NOT NULL,
    basis text NOT NULL,
    commitment text NOT NULL,
    known_from timestamptz NOT NULL,
    places_reason text,
    again_reason text,
    ended_by uuid REFERENCES people (id),
    ended_at timestamptz,
    withdrawn_reason text,
    looked_up text,
    entered_by uuid REFERENCES people (id),
    drawn text,
    UNIQUE (round_id, number)
);
