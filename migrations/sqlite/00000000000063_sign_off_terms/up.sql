-- A signature stands as long as the terms that were signed do: their hash, and the text in which they stood. Sign-offs of before
-- have neither, and go by the hash of everything that was said.
ALTER TABLE sign_offs ADD COLUMN terms_hash BLOB;
ALTER TABLE sign_offs ADD COLUMN signed_text TEXT;
