-- What councils propose about who leads a bid, who joins it, and which two become one; and who has agreed to exactly what.
CREATE TABLE partnership_proposals (
    id uuid NOT NULL PRIMARY KEY,
    -- The bid that it is about; of two that become one, the one that stays.
    bid_id uuid NOT NULL REFERENCES bids (id),
    kind text NOT NULL,
    -- The bid that ends, of two that become one.
    other_bid_id uuid REFERENCES bids (id),
    -- Who is to lead, who asks to join, or who leads the bid that ends.
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    stage text NOT NULL,
    terms jsonb NOT NULL,
    words text NOT NULL,
    state text NOT NULL,
    proposed_by uuid NOT NULL REFERENCES people (id),
    -- For which organisation that was.
    proposed_for uuid NOT NULL REFERENCES organisations (id),
    proposed_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_why text,
    version integer NOT NULL
);
CREATE INDEX partnership_proposals_bid_id ON partnership_proposals (bid_id);
CREATE INDEX partnership_proposals_other_bid_id ON partnership_proposals (other_bid_id);
CREATE INDEX partnership_proposals_organisation_id ON partnership_proposals (organisation_id);
-- Who is asked to agree, and has; nobody has as long as there is no instant.
CREATE TABLE partnership_consents (
    proposal_id uuid NOT NULL REFERENCES partnership_proposals (id),
    side text NOT NULL,
    -- None for the fund.
    organisation_id uuid REFERENCES organisations (id),
    asked_at timestamptz NOT NULL,
    agreed_at timestamptz,
    person_id uuid REFERENCES people (id),
    -- The hash of the terms that were agreed to.
    seen text,
    PRIMARY KEY (proposal_id, side)
);
CREATE INDEX partnership_consents_organisation_id ON partnership_consents (organisation_id);
