CREATE TABLE organisations (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    nation TEXT NOT NULL,
    ons_code TEXT UNIQUE,
    org_id TEXT UNIQUE,
    mail_domain TEXT,
    starts_on TEXT,
    ends_on TEXT,
    replaced_by BLOB,
    signed_declaration INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX organisations_name ON organisations (name);
-- Every name that an organisation has or had, folded, so that an old bid or an import finds it.
CREATE TABLE organisation_names (
    folded TEXT NOT NULL,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    PRIMARY KEY (folded, organisation_id)
) STRICT;
CREATE INDEX organisation_names_organisation_id ON organisation_names (organisation_id);
CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    service_admin INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE memberships (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    UNIQUE (person_id, organisation_id, role)
) STRICT;
CREATE INDEX memberships_organisation_id ON memberships (organisation_id);
CREATE TABLE sign_in_links (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    person_id BLOB REFERENCES people (id),
    browser BLOB NOT NULL,
    link BLOB NOT NULL UNIQUE,
    code BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    wrong INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX sign_in_links_email_created_at ON sign_in_links (email, created_at);
CREATE INDEX sign_in_links_browser ON sign_in_links (browser, created_at);
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    token BLOB NOT NULL UNIQUE,
    device TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    fresh_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX sessions_person_id ON sessions (person_id);
CREATE TABLE api_clients (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    organisation_id BLOB REFERENCES organisations (id),
    fund_id BLOB,
    role TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
