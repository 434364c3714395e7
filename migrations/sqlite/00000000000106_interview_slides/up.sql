-- The slides of a bid's interview. A row stays: what was replaced or taken out says when, by whom, and for which others.
CREATE TABLE interview_slides (
    id BLOB NOT NULL PRIMARY KEY,
    bid_id BLOB NOT NULL REFERENCES bids (id),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    hash TEXT NOT NULL REFERENCES files (hash),
    uploaded_by BLOB REFERENCES people (id),
    organisation_id BLOB REFERENCES organisations (id),
    uploaded_at INTEGER NOT NULL,
    taken_out_at INTEGER,
    taken_out_by BLOB REFERENCES people (id),
    replaced_by BLOB REFERENCES interview_slides (id)
) STRICT;
CREATE INDEX interview_slides_bid_id ON interview_slides (bid_id);
CREATE INDEX interview_slides_hash ON interview_slides (hash);
