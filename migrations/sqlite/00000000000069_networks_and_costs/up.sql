-- Declarations that organisations sign, and networks that they belong to, and who is how far.
CREATE TABLE networks (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;
CREATE TABLE network_members (
    network TEXT NOT NULL REFERENCES networks (code),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    from_day TEXT,
    recorded_by BLOB REFERENCES people (id),
    recorded_at INTEGER,
    PRIMARY KEY (network, organisation_id)
) STRICT;
CREATE INDEX network_members_organisation_id ON network_members (organisation_id);
-- What was one mark on an organisation until now. Since which day each is a member was never kept.
INSERT INTO networks (code, name) VALUES ('local-digital-declaration', 'Local Digital Declaration');
INSERT INTO network_members (network, organisation_id, state)
SELECT 'local-digital-declaration', id, 'member' FROM organisations WHERE signed_declaration = 1;
-- Which of the round's kinds of cost a line is, and whether it is given in kind, so that no money is asked for it.
ALTER TABLE cost_lines ADD COLUMN kind TEXT;
ALTER TABLE cost_lines ADD COLUMN in_kind INTEGER NOT NULL DEFAULT 0;
