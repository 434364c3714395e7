-- The moderation of a round: from when bids are talked over, and the scores that assessors gave by themselves stay as they are.
CREATE TABLE moderations (
    round_id BLOB NOT NULL PRIMARY KEY REFERENCES rounds (id),
    opened_by BLOB NOT NULL REFERENCES people (id),
    opened_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    salt TEXT NOT NULL
) STRICT;
