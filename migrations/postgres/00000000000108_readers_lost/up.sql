-- Who has lost a bid through a conflict of interest, so that somebody else is wanted in their place until the bid is given to somebody or
-- a manager closes it. That the conflict is lifted or expires brings no reader back.
CREATE TABLE readers_lost (
    bid_id uuid NOT NULL REFERENCES bids (id),
    person_id uuid NOT NULL REFERENCES people (id),
    lost_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by uuid REFERENCES people (id),
    PRIMARY KEY (bid_id, person_id, lost_at)
);
-- What was lost before: a conflict came at the instant at which the reading ended.
INSERT INTO readers_lost (bid_id, person_id, lost_at)
SELECT assignments.bid_id, assignments.person_id, assignments.ended_at
FROM assignments
WHERE assignments.ended_at IS NOT NULL
  AND EXISTS (
    SELECT 1 FROM conflicts
    WHERE conflicts.person_id = assignments.person_id
      AND conflicts.created_at = assignments.ended_at
      AND (conflicts.bid_id IS NULL OR conflicts.bid_id = assignments.bid_id)
  );
