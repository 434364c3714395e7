-- The documents of a bid's stage. One that was taken out is kept where a submitted version names it or a reopening set it aside.
CREATE TABLE documents (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    stage text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    bytes bigint NOT NULL,
    hash text NOT NULL REFERENCES files (hash),
    uploaded_by uuid REFERENCES people (id),
    organisation_id uuid REFERENCES organisations (id),
    uploaded_at timestamptz NOT NULL,
    taken_out_at timestamptz,
    kept boolean NOT NULL
);
CREATE INDEX documents_bid_id ON documents (bid_id);
CREATE INDEX documents_hash ON documents (hash);
