-- The documents of a bid's stage. One that was taken out is kept where a submitted version names it or a reopening set it aside.
CREATE TABLE documents (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    stage TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    hash TEXT NOT NULL REFERENCES files (hash),
    uploaded_by BLOB REFERENCES people (id),
    organisation_id BLOB REFERENCES organisations (id),
    uploaded_at INTEGER NOT NULL,
    taken_out_at INTEGER,
    kept INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_bid_id ON documents (bid_id);
CREATE INDEX documents_hash ON documents (hash);
