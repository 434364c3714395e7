-- How many hours a bid took an organisation, where it says so; nothing where it has taken that back. No part of what
-- the bid says. What was said before stays: what is published moves on only with several organisations at once, and until
-- then it is of what they said before.
CREATE TABLE bid_hours (
    bid_id uuid NOT NULL REFERENCES bids (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    hours integer,
    version integer NOT NULL,
    given_by uuid REFERENCES people (id),
    given_at timestamptz NOT NULL,
    PRIMARY KEY (bid_id, organisation_id, version)
);
