-- Whether a browser may allow what a session asks, or only look and deny: it may when its link was made by a person at a terminal.
ALTER TABLE web_sessions ADD COLUMN may_allow INTEGER NOT NULL DEFAULT 0;
