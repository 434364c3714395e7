CREATE TABLE organisations (
    id uuid NOT NULL PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    kind text NOT NULL,
    nation text NOT NULL,
    ons_code text UNIQUE,
    org_id text UNIQUE,
    mail_domain text,
    starts_on date,
    ends_on date,
    replaced_by uuid,
    signed_declaration boolean NOT NULL,
    version integer NOT NULL
);
CREATE INDEX organisations_name ON organisations (name);
-- Every name that an organisation has or had, folded, so that an old bid or an import finds it.
CREATE TABLE organisation_names (
    folded text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    name text NOT NULL,
    PRIMARY KEY (folded, organisation_id)
);
CREATE INDEX organisation_names_organisation_id ON organisation_names (organisation_id);
CREATE TABLE people (
    id uuid NOT NULL PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    service_admin boolean NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE TABLE memberships (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    role text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    UNIQUE (person_id, organisation_id, role)
);
CREATE INDEX memberships_organisation_id ON memberships (organisation_id);
CREATE TABLE sign_in_links (
    id uuid NOT NULL PRIMARY KEY,
    email text NOT NULL,
    person_id uuid REFERENCES people (id),
    browser bytea NOT NULL,
    link bytea NOT NULL UNIQUE,
    code bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    wrong integer NOT NULL,
    used_at timestamptz
);
CREATE INDEX sign_in_links_email_created_at ON sign_in_links (email, created_at);
CREATE INDEX sign_in_links_browser ON sign_in_links (browser, created_at);
CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    token bytea NOT NULL UNIQUE,
    device text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    fresh_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX sessions_person_id ON sessions (person_id);
CREATE TABLE api_clients (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    fund_id uuid,
    role text NOT NULL,
    secret bytea NOT NULL,
    created_by uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    version integer NOT NULL
);
