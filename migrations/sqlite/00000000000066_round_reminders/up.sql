-- On which working days before each closing people are reminded, where a round has chosen others than the usual ones.
CREATE TABLE round_reminders (
    round_id BLOB NOT NULL PRIMARY KEY REFERENCES rounds (id),
    days TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
