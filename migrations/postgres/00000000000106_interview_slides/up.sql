-- The slides of a bid's interview. A row stays: what was replaced or taken out says when, by whom, and for which others.
CREATE TABLE interview_slides (
    id uuid NOT NULL PRIMARY KEY,
    bid_id uuid NOT NULL REFERENCES bids (id),
    name text NOT NULL,
    media_type text NOT NULL,
    bytes bigint NOT NULL,
    hash text NOT NULL REFERENCES files (hash),
    uploaded_by uuid REFERENCES people (id),
    organisation_id uuid REFERENCES organisations (id),
    uploaded_at timestamptz NOT NULL,
    taken_out_at timestamptz,
    taken_out_by uuid REFERENCES people (id),
    replaced_by uuid REFERENCES interview_slides (id)
);
CREATE INDEX interview_slides_bid_id ON interview_slides (bid_id);
CREATE INDEX interview_slides_hash ON interview_slides (hash);
