-- Bids that were moved together from one version of their round's workflow to another.
CREATE TABLE workflow_moves (
    id BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    from_number INTEGER NOT NULL,
    to_number INTEGER NOT NULL,
    moved_at INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;
CREATE INDEX workflow_moves_round_id ON workflow_moves (round_id);
-- How each stood right after the move: a bid to which nothing has happened since can go back.
CREATE TABLE workflow_moved_bids (
    move_id BLOB NOT NULL REFERENCES workflow_moves (id),
    bid_id BLOB NOT NULL REFERENCES bids (id),
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    bid_version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (move_id, bid_id)
) STRICT;
