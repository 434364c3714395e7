-- Which council of a bid is asked to write which answer, until when. It asks and locks nothing. The row stays where nobody is
-- asked any more, so that the versions, which count the changes of the whole, only grow.
CREATE TABLE question_assignments (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    stage text NOT NULL,
    question text NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    due_on date,
    version integer NOT NULL,
    UNIQUE (bid_id, stage, question)
);
