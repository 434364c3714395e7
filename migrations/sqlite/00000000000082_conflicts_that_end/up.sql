-- Until when a conflict of interest stands, where that was said; and why somebody else took it back.
ALTER TABLE conflicts ADD COLUMN until_at INTEGER;
ALTER TABLE conflicts ADD COLUMN lifted_by BLOB REFERENCES people (id);
ALTER TABLE conflicts ADD COLUMN lifted_because TEXT;
