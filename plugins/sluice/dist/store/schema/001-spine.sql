-- Times are epoch milliseconds, UTC. JSON columns hold what the SDK's types say.

CREATE TABLE events (
  seq          INTEGER PRIMARY KEY,          -- order of acceptance
  id           TEXT    NOT NULL UNIQUE,
  channel      TEXT    NOT NULL,
  kind         TEXT    NOT NULL,
  sender_id    TEXT    NOT NULL,
  sender_name  TEXT,
  sender_role  TEXT    NOT NULL,
  text         TEXT    NOT NULL,
  quotes       TEXT    NOT NULL,
  meta         TEXT    NOT NULL,
  priority     TEXT    NOT NULL,
  ack          TEXT    NOT NULL,
  verified     TEXT    NOT NULL,
  delivery_id  TEXT,
  entity       TEXT,
  chat_id      TEXT,
  repository   TEXT,
  occurred_at  INTEGER,
  received_at  INTEGER NOT NULL,
  stored_at    INTEGER NOT NULL,
  state        TEXT    NOT NULL,
  attempts     INTEGER NOT NULL DEFAULT 0,
  first_offered_at INTEGER,
  changed_at   INTEGER NOT NULL
) STRICT;

-- What waits, urgent first: the index a session's next note is read from.
CREATE INDEX events_waiting ON events (seq) WHERE state = 'stored';
CREATE INDEX events_of_repository ON events (repository, seq) WHERE state = 'stored' AND repository IS NOT NULL;
CREATE INDEX events_urgent ON events (seq) WHERE state = 'stored' AND priority = 'urgent';
CREATE INDEX events_open ON events (state, seq) WHERE state IN ('offered', 'seen');
CREATE INDEX events_channel ON events (channel, seq);

-- Outlives its event: a redelivery after the purge is still a duplicate.
CREATE TABLE delivery_ids (
  channel     TEXT    NOT NULL,
  delivery_id TEXT    NOT NULL,
  event       TEXT    NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (channel, delivery_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_ids_age ON delivery_ids (received_at);

-- One attempt to get one event into one session. Open while ended_at is null.
CREATE TABLE deliveries (
  id         INTEGER PRIMARY KEY,
  event      TEXT    NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  attachment TEXT    NOT NULL,
  session    TEXT    NOT NULL,
  lane       TEXT    NOT NULL,
  attempt    INTEGER NOT NULL,
  state      TEXT    NOT NULL,               -- offered, seen, done, or back: returned to the inbox
  receipt    TEXT,                           -- the prompt id or tool use id that will prove it
  bell       TEXT,                           -- the bell that was answered with it
  offered_at INTEGER NOT NULL,
  seen_at    INTEGER,
  ended_at   INTEGER
) STRICT;
CREATE INDEX deliveries_event ON deliveries (event);
-- One event, one lane: a second open attempt is refused by the file itself.
CREATE UNIQUE INDEX deliveries_one_open ON deliveries (event) WHERE ended_at IS NULL;
CREATE INDEX deliveries_open ON deliveries (attachment) WHERE ended_at IS NULL;

-- The trace: append-only.
CREATE TABLE steps (
  id      INTEGER PRIMARY KEY,
  event   TEXT    NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  at      INTEGER NOT NULL,
  stage   TEXT    NOT NULL,
  lane    TEXT,
  session TEXT,
  attempt INTEGER,
  reason  TEXT
) STRICT;
CREATE INDEX steps_event ON steps (event);

-- Conversations that hooks have told of, for people: labels, last activity.
CREATE TABLE sessions (
  id             TEXT    PRIMARY KEY,
  attachment     TEXT    NOT NULL,
  cwd            TEXT    NOT NULL,
  repository     TEXT,
  lane           TEXT    NOT NULL,
  started_at     INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  ended_at       INTEGER
) STRICT, WITHOUT ROWID;

-- Every wake of a session by the bell or a notification: the wake budget survives a restart.
CREATE TABLE wakes (
  id       INTEGER PRIMARY KEY,
  session  TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  urgent   INTEGER NOT NULL,
  chars    INTEGER NOT NULL,
  bell     TEXT                              -- the bell id in the line, so that a restarted hub knows its own bells
) STRICT;
CREATE INDEX wakes_session ON wakes (session, at);
CREATE INDEX wakes_bell ON wakes (bell) WHERE bell IS NOT NULL;

-- Replies on their way out. The key makes an effect happen once.
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY,
  key        TEXT    NOT NULL UNIQUE,
  event      TEXT    NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  channel    TEXT    NOT NULL,
  chat_id    TEXT,
  session    TEXT    NOT NULL,
  text       TEXT    NOT NULL,
  state      TEXT    NOT NULL,               -- queued, sent
  created_at INTEGER NOT NULL,
  sent_at    INTEGER
) STRICT;
CREATE INDEX outbox_channel ON outbox (channel, id);

-- Counters that outlive a restart: arrivals refused or dropped, by channel and reason.
CREATE TABLE counters (
  channel TEXT    NOT NULL,
  reason  TEXT    NOT NULL,
  count   INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (channel, reason)
) STRICT, WITHOUT ROWID;
