-- Who an event is for, and who asked for it.

-- Subscriptions (their ids) and routing rules (r and their id) that covered it when it was stored, as "3,7,r1".
ALTER TABLE events ADD COLUMN watchers TEXT;
-- All that routing knows of an event, as one text: events of one address always go to the same session, so what
-- waits is found by its few addresses, however much waits.
ALTER TABLE events ADD COLUMN address TEXT GENERATED ALWAYS AS (json_array(target, watchers, repository, channel)) VIRTUAL;

CREATE INDEX events_at ON events (address, priority, seq) WHERE state = 'stored';
CREATE INDEX events_owed_at ON events (address, seq) WHERE state = 'stored' AND ack = 'reply';
DROP INDEX events_of_repository;

CREATE TABLE subscriptions (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used again: events remember it
  session    TEXT    NOT NULL,
  channel    TEXT    NOT NULL,
  entity     TEXT,                                -- exactly this, or null
  pattern    TEXT,                                -- of the entity or the kind, * stands for anything; or null
  until      TEXT,                                -- merged, closed, done; or null: until it is taken back
  created_at INTEGER NOT NULL,
  ended_at   INTEGER                              -- its `until` was met: what it covered until then is still its session's
) STRICT;
CREATE INDEX subscriptions_session ON subscriptions (session);

-- What people call a session: their own word, else its folder and branch.
ALTER TABLE sessions ADD COLUMN label TEXT;
ALTER TABLE sessions ADD COLUMN name TEXT;
-- Why it ended, as the client said; and the conversation that took its place in the same client.
ALTER TABLE sessions ADD COLUMN end_reason TEXT;
ALTER TABLE sessions ADD COLUMN successor TEXT;

-- Waiting events that their owner was told of, by address: since when the oldest of them waits.
CREATE TABLE told_waiting (
  address TEXT    PRIMARY KEY,
  since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
