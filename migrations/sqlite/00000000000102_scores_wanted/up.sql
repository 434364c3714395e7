-- By when the scores of a round are wanted, and on how many working days before whoever still reads is reminded.
CREATE TABLE scores_wanted (
    round_id BLOB NOT NULL PRIMARY KEY REFERENCES rounds (id),
    wanted_by INTEGER,
    reminder_days TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
