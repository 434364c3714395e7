-- Bids that their councils took back, and when: they are not held against what the lead may submit in the round. Until now only
-- the state told; every workflow that ships calls it so.
CREATE TABLE withdrawals (
    bid_id BLOB NOT NULL PRIMARY KEY REFERENCES bids (id),
    withdrawn_at INTEGER NOT NULL
) STRICT;
INSERT INTO withdrawals (bid_id, withdrawn_at)
SELECT id, updated_at FROM bids WHERE state = 'withdrawn' AND kind = 'closed';
-- What the administrator of the lead chose where more bids are written than it may submit: whether a draft goes forward.
CREATE TABLE choices_of_bids (
    bid_id BLOB NOT NULL PRIMARY KEY REFERENCES bids (id),
    put_forward INTEGER NOT NULL
) STRICT;
CREATE INDEX bids_lead_id_round_id ON bids (lead_id, round_id);
