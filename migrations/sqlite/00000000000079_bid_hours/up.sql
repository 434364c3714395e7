-- How many hours a bid took an organisation, where it says so; nothing where it has taken that back. No part of what
-- the bid says. What was said before stays: what is published moves on only with several organisations at once, and until
-- then it is of what they said before.
CREATE TABLE bid_hours (
    bid_id BLOB NOT NULL REFERENCES bids (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    hours INTEGER,
    version INTEGER NOT NULL,
    given_by BLOB REFERENCES people (id),
    given_at INTEGER NOT NULL,
    PRIMARY KEY (bid_id, organisation_id, version)
) STRICT;
