-- What each bid says of an organisation that it wants; where it is not known, what was said first.
ALTER TABLE organisation_request_bids ADD COLUMN said TEXT;
