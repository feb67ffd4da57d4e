-- Administrators are told before a service's last token ends: once a month ahead, once a week ahead.

ALTER TABLE api_token ADD COLUMN month_told_at BIGINT;  -- NULL: not told that it ends within a month
ALTER TABLE api_token ADD COLUMN week_told_at BIGINT;   -- NULL: not told that it ends within a week
