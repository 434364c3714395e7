-- Whether an organisation pays a line from its own money, so that it comes beside the ask and is no part of it.
ALTER TABLE cost_lines ADD COLUMN own_money boolean NOT NULL DEFAULT false;
