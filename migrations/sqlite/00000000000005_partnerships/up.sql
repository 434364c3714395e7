CREATE TABLE partners (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    share_pence INTEGER NOT NULL,
    sponsor TEXT NOT NULL,
    reason TEXT,
    invited_by BLOB NOT NULL REFERENCES people (id),
    invited_at INTEGER NOT NULL,
    answered_by BLOB REFERENCES people (id),
    answered_at INTEGER,
    version INTEGER NOT NULL,
    UNIQUE (bid_id, organisation_id)
) STRICT;
CREATE INDEX partners_organisation_id ON partners (organisation_id);
CREATE TABLE sign_offs (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    hash BLOB NOT NULL,
    state TEXT NOT NULL,
    requested_by BLOB NOT NULL REFERENCES people (id),
    requested_at INTEGER NOT NULL,
    person_id BLOB REFERENCES people (id),
    answered_at INTEGER,
    words TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_offs_bid_id ON sign_offs (bid_id);
