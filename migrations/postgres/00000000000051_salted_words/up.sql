-- With its salt beside it, the hash of a text in the history tells nothing of words that were erased.
ALTER TABLE mail_texts ADD COLUMN salt text;
