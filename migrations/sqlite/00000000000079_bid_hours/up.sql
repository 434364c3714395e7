-- How many hours a bid took an organisation, where it says so; nothing where it has taken that back. No part of what
-- the bid says.
CREATE TABLE bid_hours (
    bid_id BLOB NOT NULL REFERENCES bids (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    hours INTEGER,
    version INTEGER NOT NULL,
    given_by BLOB REFERENCES people (id),
    given_at INTEGER NOT NULL,
    PRIMARY KEY (bid_id, organisation_id)
) STRICT;
