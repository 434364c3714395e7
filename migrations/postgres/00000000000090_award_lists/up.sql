-- Lists of awards of record: which bids are to be awarded money within the rules of the round, and why where that departs from
-- the ranking. What was chosen from and the list itself are kept as text, word for word as they were hashed and searched.
CREATE TABLE award_lists (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    made_by uuid NOT NULL REFERENCES people (id),
    made_at timestamptz NOT NULL,
    basis text NOT NULL,
    salt text NOT NULL,
    result text NOT NULL,
    UNIQUE (round_id, number)
);
