-- With its salt beside it, the hash of why somebody was absent tells nothing in the history of words that were erased.
ALTER TABLE interview_seats ADD COLUMN absent_salt text;
