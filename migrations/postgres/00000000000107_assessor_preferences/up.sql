-- Which bids an assessor would like to read, and which they would rather not. Who has said nothing of a bid has no row.
CREATE TABLE assessor_preferences (
    person_id uuid NOT NULL REFERENCES people (id),
    bid_id uuid NOT NULL REFERENCES bids (id),
    preference text NOT NULL,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, bid_id)
);
CREATE INDEX assessor_preferences_bid_id ON assessor_preferences (bid_id);
