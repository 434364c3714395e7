-- Flags and questions of assessors to the fund team, about a bid. What follows on one is added to it and never changed: an answer, to
-- whoever asked or to all who read the bid, a follow-up, a closing. The newest step says where it stands.
CREATE TABLE queries (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    number integer NOT NULL,
    kind text NOT NULL,
    words text NOT NULL,
    salt text NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    UNIQUE (bid_id, number)
);
CREATE TABLE query_steps (
    id uuid NOT NULL PRIMARY KEY,
    query_id uuid NOT NULL REFERENCES queries (id),
    number integer NOT NULL,
    step text NOT NULL,
    words text NOT NULL,
    said_to text NOT NULL,
    salt text NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    UNIQUE (query_id, number)
);
