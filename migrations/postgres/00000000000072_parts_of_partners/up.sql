-- What kind of partner an organisation is, where that was said: one that was invited before there were kinds goes by what it is. And
-- the partner that came in its place.
ALTER TABLE partners ADD COLUMN kind text;
ALTER TABLE partners ADD COLUMN replaced_by uuid REFERENCES partners (id);
-- From when to when a partner takes part, and what it puts in itself.
CREATE TABLE partner_parts (
    partner_id uuid NOT NULL PRIMARY KEY REFERENCES partners (id),
    from_on date,
    to_on date,
    cash_pence bigint NOT NULL,
    in_kind_pence bigint NOT NULL,
    in_kind text NOT NULL
);
-- Who answers for it and whom to ask: personal data, apart from what is signed and published, so that it can be erased.
CREATE TABLE partner_people (
    partner_id uuid NOT NULL PRIMARY KEY REFERENCES partners (id),
    sponsor_name text NOT NULL,
    contact_name text NOT NULL,
    contact_email text NOT NULL
);
