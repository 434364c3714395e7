-- A round has one working copy of its workflow, which may be unsound, so that it is text. Where there is no text there is
-- no copy, and the version counts on: what was read of an earlier copy can never change a later one.
CREATE TABLE workflow_drafts (
    round_id uuid NOT NULL PRIMARY KEY REFERENCES rounds (id),
    data text,
    updated_by uuid REFERENCES people (id),
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
-- Why it was put into force; the first needs no reason.
ALTER TABLE workflows ADD COLUMN reason text;
