-- Who signs for an organisation in the place of one of its signatories, and on which days; and for whom a signature was given,
-- where a deputy gave it.
CREATE TABLE signatory_deputies (
    id uuid NOT NULL PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    principal_id uuid NOT NULL REFERENCES people (id),
    deputy_id uuid NOT NULL REFERENCES people (id),
    from_day date NOT NULL,
    until_day date NOT NULL,
    reason text NOT NULL,
    named_by uuid NOT NULL REFERENCES people (id),
    named_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX signatory_deputies_organisation_id ON signatory_deputies (organisation_id);
CREATE INDEX signatory_deputies_deputy_id ON signatory_deputies (deputy_id);
ALTER TABLE sign_offs ADD COLUMN signed_for uuid REFERENCES people (id);
