-- Every text that an answer has had, as it was saved; nothing changes or removes one. Where no person is named a program of the
-- organisation wrote it, and where no organisation is named the service itself.
CREATE TABLE answer_versions (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    stage text NOT NULL,
    question text NOT NULL,
    number integer NOT NULL,
    value jsonb NOT NULL,
    complete boolean NOT NULL,
    written_by uuid REFERENCES people (id),
    organisation_id uuid REFERENCES organisations (id),
    written_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX answer_versions_number ON answer_versions (bid_id, stage, question, number);
-- Until now only people of the lead wrote, and of each answer only the last text was kept.
INSERT INTO answer_versions
SELECT answers.id, bid_id, stage, question, answers.version, value, complete, updated_by, lead_id, answers.updated_at
FROM answers JOIN bids ON bids.id = bid_id;
