-- What was done about a bid in moderation, added to and never changed: that it is to be talked over, that it is passed over, what
-- was agreed and who was in the room. The newest step of a bid counts.
CREATE TABLE moderation_steps (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    number INTEGER NOT NULL,
    step TEXT NOT NULL,
    reason TEXT NOT NULL,
    scores TEXT NOT NULL,
    present TEXT NOT NULL,
    salt TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    UNIQUE (bid_id, number)
) STRICT;
