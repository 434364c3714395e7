CREATE TABLE funds (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    summary TEXT NOT NULL,
    funder TEXT NOT NULL,
    funder_org_id TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE fund_roles (
    id BLOB NOT NULL PRIMARY KEY,
    fund_id BLOB NOT NULL REFERENCES funds (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    UNIQUE (fund_id, person_id, role)
) STRICT;
CREATE INDEX fund_roles_person_id ON fund_roles (person_id);
CREATE TABLE rounds (
    id BLOB NOT NULL PRIMARY KEY,
    fund_id BLOB NOT NULL REFERENCES funds (id),
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    prefix TEXT NOT NULL UNIQUE,
    budget_pence INTEGER NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    published_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE milestones (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    passed_at INTEGER,
    version INTEGER NOT NULL,
    UNIQUE (round_id, name)
) STRICT;
-- The rules are kept as the exact text that was hashed: on PostgreSQL jsonb would lose the order of the keys.
CREATE TABLE rulebooks (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash BLOB NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (round_id, number)
) STRICT;
CREATE TABLE workflows (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (round_id, number)
) STRICT;
