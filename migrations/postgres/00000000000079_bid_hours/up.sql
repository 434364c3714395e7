-- How many hours a bid took an organisation, where it says so; nothing where it has taken that back. No part of what
-- the bid says.
CREATE TABLE bid_hours (
    bid_id uuid NOT NULL REFERENCES bids (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    hours integer,
    version integer NOT NULL,
    given_by uuid REFERENCES people (id),
    given_at timestamptz NOT NULL,
    PRIMARY KEY (bid_id, organisation_id)
);
