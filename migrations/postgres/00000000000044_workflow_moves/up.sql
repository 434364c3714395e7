-- Bids that were moved together from one version of their round's workflow to another.
CREATE TABLE workflow_moves (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    from_number integer NOT NULL,
    to_number integer NOT NULL,
    moved_at timestamptz NOT NULL,
    undone_at timestamptz
);
CREATE INDEX workflow_moves_round_id ON workflow_moves (round_id);
-- How each stood right after the move: a bid to which nothing has happened since can go back.
CREATE TABLE workflow_moved_bids (
    move_id uuid NOT NULL REFERENCES workflow_moves (id),
    bid_id uuid NOT NULL REFERENCES bids (id),
    from_state text NOT NULL,
    to_state text NOT NULL,
    bid_version integer NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (move_id, bid_id)
);
