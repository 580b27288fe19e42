-- Which event's text stood for this one in the same note; null where its own was shown.
ALTER TABLE deliveries ADD COLUMN merged_into TEXT;
CREATE INDEX deliveries_merged ON deliveries (merged_into) WHERE merged_into IS NOT NULL;

-- What waits is found by its address, urgent or not.
DROP INDEX events_urgent;
-- All that waits of one entity goes together.
CREATE INDEX events_of_entity ON events (channel, entity, seq) WHERE state = 'stored' AND entity IS NOT NULL;
