-- A round's own words of the mails that its workflow sends. A version never changes: one without subject and body says that the
-- standard words are sent again.
CREATE TABLE mail_texts (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    template text NOT NULL,
    language text NOT NULL,
    number integer NOT NULL,
    subject text,
    body text,
    made_by uuid REFERENCES people (id),
    made_at timestamptz NOT NULL,
    UNIQUE (round_id, template, language, number)
);
-- The version that a message was written with; none where it has the standard words.
ALTER TABLE outbox ADD COLUMN text_id uuid REFERENCES mail_texts (id);
-- The language in which somebody wants to read mail, where a round has words in it.
ALTER TABLE people ADD COLUMN language text NOT NULL DEFAULT 'en';
-- Why nobody is told of it by mail, where nobody is.
ALTER TABLE releases ADD COLUMN no_mail text;
ALTER TABLE decisions ADD COLUMN no_mail text;
