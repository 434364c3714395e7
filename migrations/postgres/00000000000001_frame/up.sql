-- Keep the head of each hash chain, so that an event is appended without reading the whole chain.
CREATE TABLE chains (
    subject uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    length bigint NOT NULL,
    head bytea NOT NULL
);
CREATE TABLE events (
    chain uuid NOT NULL REFERENCES chains (subject),
    seq bigint NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    data text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (chain, seq)
);
CREATE INDEX events_at ON events (at);
CREATE TABLE checkpoints (
    id uuid NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    data text NOT NULL,
    signature bytea NOT NULL
);
CREATE TABLE jobs (
    id uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    run_at timestamptz NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    lease_until timestamptz,
    unique_key text UNIQUE,
    error text,
    created_at timestamptz NOT NULL
);
CREATE INDEX jobs_state_run_at ON jobs (state, run_at);
CREATE TABLE outbox (
    id uuid NOT NULL PRIMARY KEY,
    template text NOT NULL,
    recipient text NOT NULL,
    person_id uuid,
    bid_id uuid,
    round_id uuid,
    data jsonb NOT NULL,
    unique_key text NOT NULL UNIQUE,
    state text NOT NULL,
    attempts integer NOT NULL,
    next_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    error text
);
CREATE INDEX outbox_state_next_at ON outbox (state, next_at);
CREATE TABLE idempotency (
    actor text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    answer text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE TABLE rate_limits (
    bucket text NOT NULL PRIMARY KEY,
    arrival timestamptz NOT NULL
);
