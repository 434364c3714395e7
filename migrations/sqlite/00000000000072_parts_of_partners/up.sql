-- What kind of partner an organisation is, where that was said: one that was invited before there were kinds goes by what it is. And
-- the partner that came in its place.
ALTER TABLE partners ADD COLUMN kind TEXT;
ALTER TABLE partners ADD COLUMN replaced_by BLOB REFERENCES partners (id);
-- From when to when a partner takes part, and what it puts in itself.
CREATE TABLE partner_parts (
    partner_id BLOB NOT NULL PRIMARY KEY REFERENCES partners (id),
    from_on TEXT,
    to_on TEXT,
    cash_pence INTEGER NOT NULL,
    in_kind_pence INTEGER NOT NULL,
    in_kind TEXT NOT NULL
) STRICT;
-- Who answers for it and whom to ask: personal data, apart from what is signed and published, so that it can be erased.
CREATE TABLE partner_people (
    partner_id BLOB NOT NULL PRIMARY KEY REFERENCES partners (id),
    sponsor_name TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL
) STRICT;
