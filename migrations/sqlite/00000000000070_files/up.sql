-- Uploaded files by the SHA-256 of their bytes, which lie outside the database: how far each is, and when it was last asked for.
CREATE TABLE files (
    hash TEXT NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL,
    touched_at INTEGER NOT NULL,
    scanned_at INTEGER
) STRICT;
CREATE INDEX files_state_touched_at ON files (state, touched_at);
