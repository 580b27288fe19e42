-- The way out: what is sent, with a state that survives any death; and files on the way in.

-- Rebuilt: an effect may belong to no event, and outlives the event it answers.
CREATE TABLE outbox_new (
  id          INTEGER PRIMARY KEY,
  key         TEXT    NOT NULL UNIQUE,       -- makes an effect happen once
  kind        TEXT    NOT NULL DEFAULT 'reply', -- reply, send, notice, edit, react
  event       TEXT    REFERENCES events (id) ON DELETE SET NULL,
  channel     TEXT    NOT NULL,
  chat_id     TEXT,
  thread_id   TEXT,
  reply_to    TEXT,                          -- the platform's id of the message that is answered
  target      TEXT,                          -- of the message that is edited or reacted to
  session     TEXT    NOT NULL,
  text        TEXT    NOT NULL,
  files       TEXT    NOT NULL DEFAULT '[]', -- JSON: copies under our own folder
  state       TEXT    NOT NULL,              -- queued, sending, sent, failed, maybe
  attempts    INTEGER NOT NULL DEFAULT 0,
  due_at      INTEGER NOT NULL DEFAULT 0,
  reason      TEXT,                          -- why it is not sent
  message_ids TEXT    NOT NULL DEFAULT '[]', -- JSON: the platform's ids
  created_at  INTEGER NOT NULL,
  sent_at     INTEGER
) STRICT;
INSERT INTO outbox_new (id, key, kind, event, channel, chat_id, session, text, state, created_at, sent_at)
  SELECT id, key, 'reply', event, channel, chat_id, session, text, state, created_at, sent_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_channel ON outbox (channel, id);
CREATE INDEX outbox_open ON outbox (channel, chat_id, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_event ON outbox (event) WHERE event IS NOT NULL;

-- Where each channel's own connection stopped; written with the events before it.
CREATE TABLE cursors (
  channel    TEXT    PRIMARY KEY,
  cursor     TEXT    NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Files that came with an event: by reference until somebody wants them.
CREATE TABLE files (
  event      TEXT    NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,               -- from 1
  reference  TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  mime       TEXT,
  bytes      INTEGER,
  path       TEXT,                           -- set once it is fetched
  fetched_at INTEGER,
  PRIMARY KEY (event, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_fetched ON files (fetched_at) WHERE path IS NOT NULL;

-- Conversations that wait for an answer.
CREATE INDEX events_open_chats ON events (channel, chat_id) WHERE chat_id IS NOT NULL AND state IN ('stored', 'offered', 'seen');
