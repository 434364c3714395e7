CREATE TABLE funds (
    id uuid NOT NULL PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    summary text NOT NULL,
    funder text NOT NULL,
    funder_org_id text,
    created_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE TABLE fund_roles (
    id uuid NOT NULL PRIMARY KEY,
    fund_id uuid NOT NULL REFERENCES funds (id),
    person_id uuid NOT NULL REFERENCES people (id),
    role text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    UNIQUE (fund_id, person_id, role)
);
CREATE INDEX fund_roles_person_id ON fund_roles (person_id);
CREATE TABLE rounds (
    id uuid NOT NULL PRIMARY KEY,
    fund_id uuid NOT NULL REFERENCES funds (id),
    slug text NOT NULL UNIQUE,
    title text NOT NULL,
    summary text NOT NULL,
    prefix text NOT NULL UNIQUE,
    budget_pence bigint NOT NULL,
    state text NOT NULL,
    note text,
    published_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE TABLE milestones (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    name text NOT NULL,
    at timestamptz NOT NULL,
    passed_at timestamptz,
    version integer NOT NULL,
    UNIQUE (round_id, name)
);
-- The rules are kept as the exact text that was hashed: on PostgreSQL jsonb would lose the order of the keys.
CREATE TABLE rulebooks (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    data text NOT NULL,
    hash bytea NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (round_id, number)
);
CREATE TABLE workflows (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    data text NOT NULL,
    hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (round_id, number)
);
