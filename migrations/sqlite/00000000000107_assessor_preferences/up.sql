-- Which bids an assessor would like to read, and which they would rather not. Who has said nothing of a bid has no row.
CREATE TABLE assessor_preferences (
    person_id BLOB NOT NULL REFERENCES people (id),
    bid_id BLOB NOT NULL REFERENCES bids (id),
    preference TEXT NOT NULL,
    said_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, bid_id)
) STRICT;
CREATE INDEX assessor_preferences_bid_id ON assessor_preferences (bid_id);
