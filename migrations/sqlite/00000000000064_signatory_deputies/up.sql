-- Who signs for an organisation in the place of one of its signatories, and on which days; and for whom a signature was given,
-- where a deputy gave it.
CREATE TABLE signatory_deputies (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    principal_id BLOB NOT NULL REFERENCES people (id),
    deputy_id BLOB NOT NULL REFERENCES people (id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    named_by BLOB NOT NULL REFERENCES people (id),
    named_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX signatory_deputies_organisation_id ON signatory_deputies (organisation_id);
CREATE INDEX signatory_deputies_deputy_id ON signatory_deputies (deputy_id);
ALTER TABLE sign_offs ADD COLUMN signed_for BLOB REFERENCES people (id);
