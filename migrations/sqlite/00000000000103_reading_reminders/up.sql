-- When somebody was last reminded of the bids of a round that they still have to score: nobody is reminded twice on one day.
CREATE TABLE reading_reminders (
    round_id BLOB NOT NULL REFERENCES rounds (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    reminded_at INTEGER NOT NULL,
    PRIMARY KEY (round_id, person_id)
) STRICT;
