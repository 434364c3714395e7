-- What was done about a bid in moderation, added to and never changed: that it is to be talked over, that it is passed over, what
-- was agreed and who was in the room. The newest step of a bid counts.
CREATE TABLE moderation_steps (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    number integer NOT NULL,
    step text NOT NULL,
    reason text NOT NULL,
    scores jsonb NOT NULL,
    present jsonb NOT NULL,
    salt text NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    UNIQUE (bid_id, number)
);
