-- A round's own words of the mails that its workflow sends. A version never changes: one without subject and body says that the
-- standard words are sent again.
CREATE TABLE mail_texts (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    template TEXT NOT NULL,
    language TEXT NOT NULL,
    number INTEGER NOT NULL,
    subject TEXT,
    body TEXT,
    made_by BLOB REFERENCES people (id),
    made_at INTEGER NOT NULL,
    UNIQUE (round_id, template, language, number)
) STRICT;
-- The version that a message was written with; none where it has the standard words.
ALTER TABLE outbox ADD COLUMN text_id BLOB REFERENCES mail_texts (id);
-- The language in which somebody wants to read mail, where a round has words in it.
ALTER TABLE people ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
-- Why nobody is told of it by mail, where nobody is.
ALTER TABLE releases ADD COLUMN no_mail TEXT;
ALTER TABLE decisions ADD COLUMN no_mail TEXT;
