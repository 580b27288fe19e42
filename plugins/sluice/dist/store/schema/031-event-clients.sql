-- MCP clients that take events by MCP Events, and how far each has taken them.

CREATE TABLE event_clients (
  name       TEXT    PRIMARY KEY,
  token      TEXT    NOT NULL UNIQUE,        -- SHA-256
  channels   TEXT    NOT NULL,               -- JSON: names, or "*" for every channel
  unverified INTEGER NOT NULL,               -- also what came without a proof
  loopback   INTEGER NOT NULL,               -- callbacks on this machine
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- All behind `since` and up to `position` was taken by the client's program. Nothing here says that a model read it.
CREATE TABLE event_takes (
  client    TEXT    NOT NULL REFERENCES event_clients (name) ON DELETE CASCADE,
  name      TEXT    NOT NULL,                -- of the subscription
  arguments TEXT    NOT NULL,                -- JSON, keys in order
  scope     TEXT    NOT NULL,                -- JSON: what it covered when it was asked last
  since     INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  taken_at  INTEGER NOT NULL,
  PRIMARY KEY (client, name, arguments)
) STRICT, WITHOUT ROWID;

-- Callbacks that events are posted to.
CREATE TABLE event_callbacks (
  id           TEXT    PRIMARY KEY,          -- a hash of the next four
  client       TEXT    NOT NULL REFERENCES event_clients (name) ON DELETE CASCADE,
  url          TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  arguments    TEXT    NOT NULL,
  scope        TEXT    NOT NULL,
  secret       TEXT    NOT NULL,             -- signs, so it is kept as it is
  old_secret   TEXT,                         -- signs as well, until old_until
  old_until    INTEGER,
  since        INTEGER NOT NULL,             -- it began behind this position
  position     INTEGER NOT NULL,             -- all up to here was taken, or given up
  attempts     INTEGER NOT NULL DEFAULT 0,   -- of the next event
  retry_at     INTEGER,
  active       INTEGER NOT NULL DEFAULT 1,
  failed_since INTEGER,
  last_error   TEXT,
  last_at      INTEGER,                      -- the last delivery that was taken
  verified_at  INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX event_callbacks_client ON event_callbacks (client, url);

-- Positions of events for those who come back later: a seq is given again where the newest event was deleted, a position never is.
-- The position of an event is its seq, and the shift of the last row here whose after_seq is below that.
CREATE TABLE seq_shifts (
  after_seq INTEGER PRIMARY KEY,
  shift     INTEGER NOT NULL
) STRICT;

-- The last position at which an event of the channel was deleted: who had not come so far has missed something.
CREATE TABLE gone_events (
  channel  TEXT    PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_gone AFTER DELETE ON events
BEGIN
  INSERT INTO gone_events (channel, position)
    SELECT OLD.channel, OLD.seq + coalesce((SELECT shift FROM seq_shifts WHERE after_seq < OLD.seq ORDER BY after_seq DESC LIMIT 1), 0)
    WHERE OLD.copy_of IS NULL
    ON CONFLICT (channel) DO UPDATE SET position = max(position, excluded.position);
  INSERT OR REPLACE INTO seq_shifts (after_seq, shift)
    SELECT coalesce((SELECT max(seq) FROM events), 0),
      OLD.seq - coalesce((SELECT max(seq) FROM events), 0) + coalesce((SELECT max(shift) FROM seq_shifts), 0)
    WHERE NOT EXISTS (SELECT 1 FROM events WHERE seq > OLD.seq);
  DELETE FROM seq_shifts WHERE after_seq > coalesce((SELECT max(seq) FROM events), 0);
END;

-- Which inbox it is: a backup that was put back is another one, whose positions come again. One row.
CREATE TABLE inbox_epoch (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT    NOT NULL
) STRICT;
INSERT INTO inbox_epoch VALUES (1, lower(hex(randomblob(6))));
