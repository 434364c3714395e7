-- Until when a conflict of interest stands, where that was said; and why somebody else took it back.
ALTER TABLE conflicts ADD COLUMN until_at timestamptz;
ALTER TABLE conflicts ADD COLUMN lifted_by uuid REFERENCES people (id);
ALTER TABLE conflicts ADD COLUMN lifted_because text;
