-- Whether an organisation pays a line from its own money, so that it comes beside the ask and is no part of it.
ALTER TABLE cost_lines ADD COLUMN own_money INTEGER NOT NULL DEFAULT 0;
