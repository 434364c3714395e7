-- Where bids are decided on one by one, a decision waits for no milestone and shows at once.
ALTER TABLE decisions ALTER COLUMN release DROP NOT NULL;
