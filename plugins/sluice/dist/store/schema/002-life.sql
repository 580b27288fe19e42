-- The end of an event's life: expiry, replay, history.

-- The one session that may have it; null: whichever the routing finds.
ALTER TABLE events ADD COLUMN target TEXT;
-- When it was last given a new life by hand; its time to live counts from then.
ALTER TABLE events ADD COLUMN renewed_at INTEGER;
-- Attempts of earlier lives: they count on, but not against the five.
ALTER TABLE events ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0;

-- What waits on a channel, oldest first: for expiry and for the channel's quota.
CREATE INDEX events_waiting_on ON events (channel, stored_at) WHERE state = 'stored';
-- What is over, by age: for the history's purge and for counts.
CREATE INDEX events_over ON events (state, changed_at) WHERE state IN ('done', 'expired', 'dead');
-- Ends that their owner is told of.
CREATE INDEX steps_ends ON steps (id) WHERE stage IN ('expired', 'dead');

-- How far the hub got with something, so that a restart goes on from there.
CREATE TABLE marks (
  name  TEXT    PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
