-- Keep the head of each hash chain, so that an event is appended without reading the whole chain.
CREATE TABLE chains (
    subject BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    length INTEGER NOT NULL,
    head BLOB NOT NULL
) STRICT;
CREATE TABLE events (
    chain BLOB NOT NULL REFERENCES chains (subject),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT;
CREATE INDEX events_at ON events (at);
CREATE TABLE checkpoints (
    id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    signature BLOB NOT NULL
) STRICT;
CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until INTEGER,
    unique_key TEXT UNIQUE,
    error TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_state_run_at ON jobs (state, run_at);
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY,
    template TEXT NOT NULL,
    recipient TEXT NOT NULL,
    person_id BLOB,
    bid_id BLOB,
    round_id BLOB,
    data TEXT NOT NULL,
    unique_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    error TEXT
) STRICT;
CREATE INDEX outbox_state_next_at ON outbox (state, next_at);
CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT;
CREATE TABLE rate_limits (
    bucket TEXT NOT NULL PRIMARY KEY,
    arrival INTEGER NOT NULL
) STRICT;
