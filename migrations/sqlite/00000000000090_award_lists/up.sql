-- Lists of awards of record: which bids are to be awarded money within the rules of the round, and why where that departs from
-- the ranking. What was chosen from and the list itself are kept as text, word for word as they were hashed and searched.
CREATE TABLE award_lists (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    made_by BLOB NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    basis TEXT NOT NULL,
    salt TEXT NOT NULL,
    result TEXT NOT NULL,
    UNIQUE (round_id, number)
) STRICT;
