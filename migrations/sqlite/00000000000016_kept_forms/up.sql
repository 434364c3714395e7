-- Forms that were sent when the session had ended, kept for a day so that nothing is lost over signing in.
CREATE TABLE kept_forms (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    browser BLOB NOT NULL,
    path TEXT NOT NULL,
    body TEXT NOT NULL,
    kept_at INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_forms_person_id ON kept_forms (person_id, kept_at);
