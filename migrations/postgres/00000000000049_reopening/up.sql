-- A change of one bid's closing time that reopens the bid for named questions: for which, what was written and not submitted
-- when it came into force, and when a newer version ended it.
CREATE TABLE reopenings (
    change_id uuid NOT NULL PRIMARY KEY REFERENCES milestone_changes (id),
    questions jsonb NOT NULL,
    set_aside jsonb,
    used_at timestamptz
);
