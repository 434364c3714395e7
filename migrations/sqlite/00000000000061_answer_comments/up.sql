-- What the councils of a bid say to each other about one of its answers. Nobody else reads it, and it is no part of the bid.
CREATE TABLE answer_comments (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    stage TEXT NOT NULL,
    question TEXT NOT NULL,
    words TEXT NOT NULL,
    written_by BLOB NOT NULL REFERENCES people (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    written_at INTEGER NOT NULL,
    resolved_by BLOB REFERENCES people (id),
    resolved_at INTEGER
) STRICT;
CREATE INDEX answer_comments_bid ON answer_comments (bid_id, stage, question);
