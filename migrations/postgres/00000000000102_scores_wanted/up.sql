-- By when the scores of a round are wanted, and on how many working days before whoever still reads is reminded.
CREATE TABLE scores_wanted (
    round_id uuid NOT NULL PRIMARY KEY REFERENCES rounds (id),
    wanted_by timestamptz,
    reminder_days jsonb NOT NULL,
    version integer NOT NULL
);
