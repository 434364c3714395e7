-- A question about a round, as it was asked. Who asked is for the fund's staff alone.
CREATE TABLE round_questions (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    number integer NOT NULL,
    asked text NOT NULL,
    asked_by uuid NOT NULL REFERENCES people (id),
    asked_at timestamptz NOT NULL,
    state text NOT NULL,
    refused_because text,
    version integer NOT NULL
);
CREATE UNIQUE INDEX round_questions_number ON round_questions (round_id, number);
-- What is published of it. A correction is a further row, and nothing changes an earlier one.
CREATE TABLE round_answers (
    question_id uuid NOT NULL REFERENCES round_questions (id),
    number integer NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    answered_by uuid NOT NULL REFERENCES people (id),
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (question_id, number)
);
-- What the fund asks one bid's councils once a stage has closed. The answer is a draft until it is submitted; then nothing
-- changes it.
CREATE TABLE clarifications (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    number integer NOT NULL,
    question text NOT NULL,
    asked_by uuid NOT NULL REFERENCES people (id),
    asked_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    answer text NOT NULL,
    answered_by uuid REFERENCES people (id),
    answered_at timestamptz,
    taken_back_at timestamptz,
    taken_back_because text,
    version integer NOT NULL,
    drafts integer NOT NULL,
    salt text
);
CREATE UNIQUE INDEX clarifications_number ON clarifications (bid_id, number);
