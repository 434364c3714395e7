-- Forms that were sent when the session had ended, kept for a day so that nothing is lost over signing in.
CREATE TABLE kept_forms (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    browser bytea NOT NULL,
    path text NOT NULL,
    body text NOT NULL,
    kept_at timestamptz NOT NULL
);
CREATE INDEX kept_forms_person_id ON kept_forms (person_id, kept_at);
