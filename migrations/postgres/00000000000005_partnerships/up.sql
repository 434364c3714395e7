CREATE TABLE partners (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    role text NOT NULL,
    state text NOT NULL,
    share_pence bigint NOT NULL,
    sponsor text NOT NULL,
    reason text,
    invited_by uuid NOT NULL REFERENCES people (id),
    invited_at timestamptz NOT NULL,
    answered_by uuid REFERENCES people (id),
    answered_at timestamptz,
    version integer NOT NULL,
    UNIQUE (bid_id, organisation_id)
);
CREATE INDEX partners_organisation_id ON partners (organisation_id);
CREATE TABLE sign_offs (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    hash bytea NOT NULL,
    state text NOT NULL,
    requested_by uuid NOT NULL REFERENCES people (id),
    requested_at timestamptz NOT NULL,
    person_id uuid REFERENCES people (id),
    answered_at timestamptz,
    words text,
    version integer NOT NULL
);
CREATE INDEX sign_offs_bid_id ON sign_offs (bid_id);
