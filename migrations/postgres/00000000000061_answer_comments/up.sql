-- What the councils of a bid say to each other about one of its answers. Nobody else reads it, and it is no part of the bid.
CREATE TABLE answer_comments (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    stage text NOT NULL,
    question text NOT NULL,
    words text NOT NULL,
    written_by uuid NOT NULL REFERENCES people (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    written_at timestamptz NOT NULL,
    resolved_by uuid REFERENCES people (id),
    resolved_at timestamptz
);
CREATE INDEX answer_comments_bid ON answer_comments (bid_id, stage, question);
