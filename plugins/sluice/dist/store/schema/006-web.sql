-- The page in the browser: who is signed in, and the chats of the channel that lives on it.

-- Both halves of a sign-in are kept as hashes only.
CREATE TABLE web_sessions (
  id         TEXT    PRIMARY KEY,            -- names it for people
  cookie     TEXT    NOT NULL UNIQUE,        -- SHA-256
  key        TEXT    NOT NULL,               -- SHA-256 of what the page itself holds
  label      TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE chats (
  id         TEXT    PRIMARY KEY,
  title      TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE chat_messages (
  seq        INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  chat       TEXT    NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  author     TEXT    NOT NULL,               -- you, session
  text       TEXT    NOT NULL,
  reply_to   TEXT,
  event      TEXT,                           -- what became of the user's message stands there
  files      TEXT    NOT NULL,               -- JSON
  reactions  TEXT    NOT NULL,               -- JSON
  created_at INTEGER NOT NULL,
  edited_at  INTEGER
) STRICT;
CREATE INDEX chat_messages_chat ON chat_messages (chat, seq);
CREATE INDEX chat_messages_event ON chat_messages (event) WHERE event IS NOT NULL;

CREATE TABLE chat_files (
  id         TEXT    PRIMARY KEY,
  name       TEXT    NOT NULL,
  mime       TEXT    NOT NULL,               -- as it is sent back: by its content, never as claimed
  bytes      INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
