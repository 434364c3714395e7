-- Where somebody wanted to go who asked to sign in: the link in the message leads there, on whatever device it is opened.
ALTER TABLE sign_in_links ADD COLUMN return_to TEXT;
