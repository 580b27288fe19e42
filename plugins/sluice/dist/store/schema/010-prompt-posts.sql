-- Prompts on their way to people: which were pushed, which messages tell of them, and whether the user is away.

-- Told beyond the page, once. The times are what fatigue counts.
CREATE TABLE prompt_pushes (
  prompt  TEXT    PRIMARY KEY REFERENCES prompts (id) ON DELETE CASCADE,
  session TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  is_open INTEGER NOT NULL DEFAULT 1           -- 0 once its end was passed on as well
) STRICT, WITHOUT ROWID;
CREATE INDEX prompt_pushes_session ON prompt_pushes (session, at);
CREATE INDEX prompt_pushes_open ON prompt_pushes (prompt) WHERE is_open = 1;

-- One message in the chat of one approver. Its buttons carry the handle, which counts for this approver in this chat alone.
CREATE TABLE prompt_posts (
  id      INTEGER PRIMARY KEY,
  handle  TEXT    NOT NULL UNIQUE,             -- 128 random bits, base64url
  prompt  TEXT    REFERENCES prompts (id) ON DELETE CASCADE, -- null: a summary of several
  session TEXT    NOT NULL,
  channel TEXT    NOT NULL,
  account TEXT    NOT NULL,
  sender  TEXT    NOT NULL,
  chat_id TEXT    NOT NULL,
  outbox  INTEGER NOT NULL UNIQUE,             -- the row by which it leaves
  message TEXT,                                -- the platform's id, once it is known
  digest  TEXT    NOT NULL,                    -- of the arguments that it shows; its handle is about these alone
  changed_at INTEGER,                          -- when it last began to show other ones
  choice  TEXT    NOT NULL DEFAULT '{}',       -- JSON: options chosen and not yet sent
  used_at INTEGER,                             -- when its handle gave a verdict
  at      INTEGER NOT NULL,
  is_open INTEGER NOT NULL DEFAULT 1           -- 0 once it says how the prompt ended
) STRICT;
CREATE INDEX prompt_posts_prompt ON prompt_posts (prompt);
CREATE INDEX prompt_posts_message ON prompt_posts (channel, chat_id, message) WHERE message IS NOT NULL;
CREATE INDEX prompt_posts_open ON prompt_posts (outbox) WHERE is_open = 1;

-- Where people who are listed by their id alone write to us: the owner did not say, so they have to.
CREATE TABLE direct_chats (
  channel TEXT    NOT NULL,
  account TEXT    NOT NULL,
  sender  TEXT    NOT NULL,
  chat_id TEXT    NOT NULL,
  PRIMARY KEY (channel, account, sender)
) STRICT, WITHOUT ROWID;

CREATE TABLE away (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  mode TEXT    NOT NULL,                       -- on, off, auto
  by   TEXT    NOT NULL,
  at   INTEGER NOT NULL
) STRICT;
