-- Copies: an event that several sessions asked for is there once more for each of them, as a row of its own that leads to it.

ALTER TABLE events ADD COLUMN copy_of TEXT REFERENCES events (id) ON DELETE CASCADE;
-- Its session has a copy of what it covers, whoever else gets it.
ALTER TABLE subscriptions ADD COLUMN copy INTEGER NOT NULL DEFAULT 0;

CREATE INDEX events_copies ON events (copy_of, state) WHERE copy_of IS NOT NULL;
-- What waits for one recipient, so that there is never too much of it.
CREATE INDEX events_copies_waiting ON events (target, watchers, seq) WHERE copy_of IS NOT NULL AND state = 'stored';

-- A channel's quota counts events, not copies; without a look at each.
DROP INDEX events_waiting_on;
CREATE INDEX events_waiting_on ON events (channel, stored_at, copy_of) WHERE state = 'stored';
