-- A question about a round, as it was asked. Who asked is for the fund's staff alone.
CREATE TABLE round_questions (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    number INTEGER NOT NULL,
    asked TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    refused_because TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX round_questions_number ON round_questions (round_id, number);
-- What is published of it. A correction is a further row, and nothing changes an earlier one.
CREATE TABLE round_answers (
    question_id BLOB NOT NULL REFERENCES round_questions (id),
    number INTEGER NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_by BLOB NOT NULL REFERENCES people (id),
    answered_at INTEGER NOT NULL,
    PRIMARY KEY (question_id, number)
) STRICT;
-- What the fund asks one bid's councils once a stage has closed. The answer is a draft until it is submitted; then nothing
-- changes it.
CREATE TABLE clarifications (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    number INTEGER NOT NULL,
    question TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    answer TEXT NOT NULL,
    answered_by BLOB REFERENCES people (id),
    answered_at INTEGER,
    taken_back_at INTEGER,
    taken_back_because TEXT,
    version INTEGER NOT NULL,
    drafts INTEGER NOT NULL,
    salt TEXT
) STRICT;
CREATE UNIQUE INDEX clarifications_number ON clarifications (bid_id, number);
