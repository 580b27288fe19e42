-- Which event's text stood for this one in the same note; null where its own was shown.
ALTER TABLE deliveries ADD COLUMN merged_into TEXT;
CREATE INDEX deliveries_merged ON deliveries (merged_into) WHERE merged_into IS NOT NULL;

-- When the next wake is due is asked at every change: the oldest that waits, by priority.
CREATE INDEX events_due ON events (priority, seq) WHERE state = 'stored';
DROP INDEX events_urgent;
CREATE INDEX events_owed ON events (seq) WHERE state = 'stored' AND ack = 'reply';
CREATE INDEX events_of_entity ON events (channel, entity, seq) WHERE state = 'stored' AND entity IS NOT NULL;
