-- A round has one working copy of its workflow, which may be unsound, so that it is text. Where there is no text there is
-- no copy, and the version counts on: what was read of an earlier copy can never change a later one.
CREATE TABLE workflow_drafts (
    round_id BLOB NOT NULL PRIMARY KEY REFERENCES rounds (id),
    data TEXT,
    updated_by BLOB REFERENCES people (id),
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
-- Why it was put into force; the first needs no reason.
ALTER TABLE workflows ADD COLUMN reason TEXT;
