-- What is looked for is found by an index, however much is kept.

-- Events that are over, by state in order of acceptance: for lists of one state, and for what makes room.
CREATE INDEX events_ended ON events (state, seq) WHERE state IN ('done', 'expired', 'dead');

-- Messages that have not left: for lists, counts, and the copies of their files.
CREATE INDEX outbox_unsent ON outbox (state, id) WHERE state IN ('queued', 'sending', 'failed', 'maybe');
-- Messages that belong to no event: for the purge.
CREATE INDEX outbox_loose ON outbox (created_at) WHERE event IS NULL;
-- Earlier changes of a message.
CREATE INDEX outbox_target ON outbox (channel, chat_id, kind, target, id) WHERE target IS NOT NULL;
