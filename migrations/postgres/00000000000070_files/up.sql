-- Uploaded files by the SHA-256 of their bytes, which lie outside the database: how far each is, and when it was last asked for.
CREATE TABLE files (
    hash text NOT NULL PRIMARY KEY,
    bytes bigint NOT NULL,
    state text NOT NULL,
    touched_at timestamptz NOT NULL,
    scanned_at timestamptz
);
CREATE INDEX files_state_touched_at ON files (state, touched_at);
