-- The times at which bids of a round can be interviewed; the council that leads an invited bid chooses one. Who asks the questions is
-- named for each. What was scored there lies beside the other scores, under the interview's own criteria.
CREATE TABLE interview_slots (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    number INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    place TEXT NOT NULL,
    joining TEXT NOT NULL,
    bid_id BLOB REFERENCES bids (id),
    chosen_at INTEGER,
    chosen_by BLOB REFERENCES people (id),
    cancelled_at INTEGER,
    reason TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (round_id, number)
) STRICT;
CREATE INDEX interview_slots_bid_id ON interview_slots (bid_id);
CREATE TABLE interview_seats (
    id BLOB NOT NULL PRIMARY KEY,
    slot_id BLOB NOT NULL REFERENCES interview_slots (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    named_by BLOB NOT NULL REFERENCES people (id),
    named_at INTEGER NOT NULL,
    submitted_at INTEGER,
    ended_at INTEGER,
    absent TEXT,
    version INTEGER NOT NULL,
    UNIQUE (slot_id, person_id)
) STRICT;
CREATE INDEX interview_seats_person_id ON interview_seats (person_id);
