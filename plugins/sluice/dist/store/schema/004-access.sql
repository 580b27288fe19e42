-- Who may speak. The four tables of rules are sealed: their digest stands in the last row of audit.

CREATE TABLE senders (
  channel  TEXT    NOT NULL,
  account  TEXT    NOT NULL,                 -- the account of ours they wrote to; empty: whichever the channel has
  id       TEXT    NOT NULL,                 -- the platform's immutable id
  roles    TEXT    NOT NULL,                 -- JSON; empty: blocked
  name     TEXT    NOT NULL,                 -- for people, never identity
  chat_id  TEXT    NOT NULL,                 -- where they can be written to, empty where nobody knows
  added_at INTEGER NOT NULL,
  added_by TEXT    NOT NULL,
  PRIMARY KEY (channel, account, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE groups (
  channel         TEXT    NOT NULL,
  id              TEXT    NOT NULL,
  senders         TEXT    NOT NULL,          -- JSON: ids, or "*" for everybody in it
  require_mention INTEGER NOT NULL,
  patterns        TEXT    NOT NULL,          -- JSON: words that count as a mention, taken literally
  PRIMARY KEY (channel, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE policies (
  channel TEXT PRIMARY KEY,
  policy  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Chats in which a session may begin a conversation.
CREATE TABLE contacts (
  channel TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  name    TEXT NOT NULL,
  PRIMARY KEY (channel, chat_id)
) STRICT, WITHOUT ROWID;

-- The rules as they were last changed: what a damaged table is restored from.
CREATE TABLE access_copy (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  rules TEXT    NOT NULL
) STRICT;

-- Every change of the rules; each row holds the hash of the one before.
CREATE TABLE audit (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  actor    TEXT    NOT NULL,
  action   TEXT    NOT NULL,
  detail   TEXT    NOT NULL,
  rules    TEXT    NOT NULL,                 -- SHA-256 of the rules after the change
  previous TEXT    NOT NULL,
  hash     TEXT    NOT NULL
) STRICT;
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'audit is append-only');
END;
CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'audit is append-only');
END;

-- Strangers who were given a code; at most three a channel. Codes are kept as hashes only.
CREATE TABLE pairings (
  hash       TEXT    PRIMARY KEY,
  channel    TEXT    NOT NULL,
  account    TEXT    NOT NULL,
  sender     TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  chat_id    TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (channel, account, sender)
) STRICT, WITHOUT ROWID;

-- Codes that the owner made. The hash covers channel, roles and end of life too: none of them can be widened.
CREATE TABLE invites (
  hash       TEXT    PRIMARY KEY,
  channel    TEXT    NOT NULL,
  roles      TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong codes of the last hours, and the locks that follow. At most twenty an hour a channel: locked ones are not written.
CREATE TABLE code_tries (
  id      INTEGER PRIMARY KEY,
  channel TEXT    NOT NULL,
  sender  TEXT    NOT NULL,
  at      INTEGER NOT NULL
) STRICT;
CREATE TABLE code_locks (
  channel TEXT    NOT NULL,
  sender  TEXT    NOT NULL,                  -- empty: the whole channel
  until   INTEGER NOT NULL,
  PRIMARY KEY (channel, sender)
) STRICT, WITHOUT ROWID;

-- Changes that were asked for without a terminal: the owner confirms them in one.
CREATE TABLE access_requests (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- a number that was told is never another change's
  change     TEXT    NOT NULL,
  origin     TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
