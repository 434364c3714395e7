-- Declarations that organisations sign, and networks that they belong to, and who is how far.
CREATE TABLE networks (
    code text NOT NULL PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE network_members (
    network text NOT NULL REFERENCES networks (code),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    state text NOT NULL,
    from_day date,
    recorded_by uuid REFERENCES people (id),
    recorded_at timestamptz,
    PRIMARY KEY (network, organisation_id)
);
CREATE INDEX network_members_organisation_id ON network_members (organisation_id);
-- What was one mark on an organisation until now. Since which day each is a member was never kept.
INSERT INTO networks (code, name) VALUES ('local-digital-declaration', 'Local Digital Declaration');
INSERT INTO network_members (network, organisation_id, state)
SELECT 'local-digital-declaration', id, 'member' FROM organisations WHERE signed_declaration = true;
-- Which of the round's kinds of cost a line is, and whether it is given in kind, so that no money is asked for it.
ALTER TABLE cost_lines ADD COLUMN kind text;
ALTER TABLE cost_lines ADD COLUMN in_kind boolean NOT NULL DEFAULT false;
