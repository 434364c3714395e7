CREATE TABLE register_entries (
    id BLOB NOT NULL PRIMARY KEY,
    entry_key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    organisations TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    url TEXT,
    source TEXT NOT NULL,
    started TEXT,
    added_at INTEGER NOT NULL
) STRICT;
CREATE TABLE prior_work (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    entry_id BLOB NOT NULL REFERENCES register_entries (id),
    why TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (bid_id, entry_id)
) STRICT;
-- What can be found by its words. The text stands in search_documents; the index refers to it by rowid.
CREATE TABLE search_documents (
    position INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search_words USING fts5(title, body, content='search_documents', content_rowid='position', tokenize='porter unicode61');
