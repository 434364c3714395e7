-- Organisations that bids want as partners and that are not known here: the fund checks each before it counts.
CREATE TABLE organisation_requests (
    id uuid NOT NULL PRIMARY KEY,
    fund_id uuid NOT NULL REFERENCES funds (id),
    name text NOT NULL,
    kind text NOT NULL,
    nation text NOT NULL,
    about text NOT NULL,
    contact_name text NOT NULL,
    contact_email text NOT NULL,
    website text NOT NULL,
    state text NOT NULL,
    asked_by uuid NOT NULL REFERENCES people (id),
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    reason text,
    organisation_id uuid REFERENCES organisations (id)
);
CREATE INDEX organisation_requests_fund_id ON organisation_requests (fund_id);
-- The bids that wait for the answer, and what the organisation is to be in each.
CREATE TABLE organisation_request_bids (
    request_id uuid NOT NULL REFERENCES organisation_requests (id),
    bid_id uuid NOT NULL REFERENCES bids (id),
    terms jsonb NOT NULL,
    asked_by uuid NOT NULL REFERENCES people (id),
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (request_id, bid_id)
);
CREATE INDEX organisation_request_bids_bid_id ON organisation_request_bids (bid_id);
