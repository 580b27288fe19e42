-- When an event is over that has a lifetime of its own, epoch ms; null: its channel's alone counts. So far in a table.
ALTER TABLE events ADD COLUMN expires_at INTEGER;
UPDATE events SET expires_at = (SELECT ends_at FROM lives WHERE event = events.id) WHERE id IN (SELECT event FROM lives);
DROP TABLE lives;
CREATE INDEX events_expiring ON events (expires_at, seq) WHERE state = 'stored' AND expires_at IS NOT NULL;
