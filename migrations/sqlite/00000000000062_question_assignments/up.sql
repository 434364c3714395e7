-- Which council of a bid is asked to write which answer, until when. It asks and locks nothing. The row stays where nobody is
-- asked any more, so that the versions, which count the changes of the whole, only grow.
CREATE TABLE question_assignments (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    stage TEXT NOT NULL,
    question TEXT NOT NULL,
    organisation_id BLOB REFERENCES organisations (id),
    due_on TEXT,
    version INTEGER NOT NULL,
    UNIQUE (bid_id, stage, question)
) STRICT;
