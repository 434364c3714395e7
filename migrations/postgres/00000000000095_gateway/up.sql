-- What was found of a bid's gateway checks, added to and never changed: the check by its id in the round's rules, whether it passes or
-- fails, why, and for which version of the full application. The newest mark on a check counts.
CREATE TABLE gateway_marks (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    number integer NOT NULL,
    item text NOT NULL,
    mark text NOT NULL,
    reason text NOT NULL,
    about integer NOT NULL,
    salt text NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    UNIQUE (bid_id, number)
);
