-- Organisations that bids want as partners and that are not known here: the fund checks each before it counts.
CREATE TABLE organisation_requests (
    id BLOB NOT NULL PRIMARY KEY,
    fund_id BLOB NOT NULL REFERENCES funds (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    nation TEXT NOT NULL,
    about TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    website TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    answered_at INTEGER,
    reason TEXT,
    organisation_id BLOB REFERENCES organisations (id)
) STRICT;
CREATE INDEX organisation_requests_fund_id ON organisation_requests (fund_id);
-- The bids that wait for the answer, and what the organisation is to be in each.
CREATE TABLE organisation_request_bids (
    request_id BLOB NOT NULL REFERENCES organisation_requests (id),
    bid_id BLOB NOT NULL REFERENCES bids (id),
    terms TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (request_id, bid_id)
) STRICT;
CREATE INDEX organisation_request_bids_bid_id ON organisation_request_bids (bid_id);
