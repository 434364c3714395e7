-- The times at which bids of a round can be interviewed; the council that leads an invited bid chooses one. Who asks the questions is
-- named for each. What was scored there lies beside the other scores, under the interview's own criteria.
CREATE TABLE interview_slots (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    number integer NOT NULL,
    starts_at timestamptz NOT NULL,
    minutes integer NOT NULL,
    place text NOT NULL,
    joining text NOT NULL,
    bid_id uuid REFERENCES bids (id),
    chosen_at timestamptz,
    chosen_by uuid REFERENCES people (id),
    cancelled_at timestamptz,
    reason text NOT NULL,
    created_by uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    UNIQUE (round_id, number)
);
CREATE INDEX interview_slots_bid_id ON interview_slots (bid_id);
CREATE TABLE interview_seats (
    id uuid NOT NULL PRIMARY KEY,
    slot_id uuid NOT NULL REFERENCES interview_slots (id),
    person_id uuid NOT NULL REFERENCES people (id),
    named_by uuid NOT NULL REFERENCES people (id),
    named_at timestamptz NOT NULL,
    submitted_at timestamptz,
    ended_at timestamptz,
    absent text,
    version integer NOT NULL,
    UNIQUE (slot_id, person_id)
);
CREATE INDEX interview_seats_person_id ON interview_seats (person_id);
