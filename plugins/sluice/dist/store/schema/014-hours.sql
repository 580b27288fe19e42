-- Wakes of an hour, of all sessions.
CREATE INDEX wakes_at ON wakes (at);
