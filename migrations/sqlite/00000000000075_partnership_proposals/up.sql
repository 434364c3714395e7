-- What councils propose about who leads a bid, who joins it, and which two become one; and who has agreed to exactly what.
CREATE TABLE partnership_proposals (
    id BLOB NOT NULL PRIMARY KEY,
    -- The bid that it is about; of two that become one, the one that stays.
    bid_id BLOB NOT NULL REFERENCES bids (id),
    kind TEXT NOT NULL,
    -- The bid that ends, of two that become one.
    other_bid_id BLOB REFERENCES bids (id),
    -- Who is to lead, who asks to join, or who leads the bid that ends.
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    stage TEXT NOT NULL,
    terms TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_by BLOB NOT NULL REFERENCES people (id),
    -- For which organisation that was.
    proposed_for BLOB NOT NULL REFERENCES organisations (id),
    proposed_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_why TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX partnership_proposals_bid_id ON partnership_proposals (bid_id);
CREATE INDEX partnership_proposals_other_bid_id ON partnership_proposals (other_bid_id);
CREATE INDEX partnership_proposals_organisation_id ON partnership_proposals (organisation_id);
-- Who is asked to agree, and has; nobody has as long as there is no instant.
CREATE TABLE partnership_consents (
    proposal_id BLOB NOT NULL REFERENCES partnership_proposals (id),
    side TEXT NOT NULL,
    -- None for the fund.
    organisation_id BLOB REFERENCES organisations (id),
    asked_at INTEGER NOT NULL,
    agreed_at INTEGER,
    person_id BLOB REFERENCES people (id),
    -- The hash of the terms that were agreed to.
    seen TEXT,
    PRIMARY KEY (proposal_id, side)
) STRICT;
CREATE INDEX partnership_consents_organisation_id ON partnership_consents (organisation_id);
