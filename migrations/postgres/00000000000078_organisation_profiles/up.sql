-- What an organisation says in each of its bids, kept once: whom to ask, its senior sponsor and its standard statements.
CREATE TABLE organisation_profiles (
    organisation_id uuid NOT NULL PRIMARY KEY REFERENCES organisations (id),
    said jsonb NOT NULL,
    version integer NOT NULL,
    changed_by uuid REFERENCES people (id),
    changed_at timestamptz NOT NULL
);
