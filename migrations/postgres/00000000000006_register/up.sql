CREATE TABLE register_entries (
    id uuid NOT NULL PRIMARY KEY,
    entry_key text NOT NULL UNIQUE,
    title text NOT NULL,
    summary text NOT NULL,
    organisations text NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    url text,
    source text NOT NULL,
    started text,
    added_at timestamptz NOT NULL
);
CREATE TABLE prior_work (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    entry_id uuid NOT NULL REFERENCES register_entries (id),
    why text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (bid_id, entry_id)
);
-- What can be found by its words.
CREATE TABLE search_documents (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('english', title || ' ' || body)) STORED
);
CREATE INDEX search_documents_words ON search_documents USING gin (words);
