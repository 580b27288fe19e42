-- Prompts: what sessions ask people, and what became of it.
CREATE TABLE prompts (
  seq          INTEGER PRIMARY KEY,
  id           TEXT    NOT NULL UNIQUE,
  code         TEXT    NOT NULL,
  kind         TEXT    NOT NULL,               -- tool, question, plan
  attachment   TEXT    NOT NULL,
  session      TEXT    NOT NULL,
  session_name TEXT    NOT NULL,
  cwd          TEXT    NOT NULL,
  tool         TEXT    NOT NULL,
  description  TEXT,
  arguments    TEXT    NOT NULL,               -- masked: the raw input is kept nowhere
  digest       TEXT    NOT NULL,
  is_cut       INTEGER NOT NULL,
  questions    TEXT    NOT NULL,               -- JSON
  risk         TEXT    NOT NULL,               -- JSON
  agent        TEXT    NOT NULL DEFAULT '',
  handed_to    TEXT,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  state        TEXT    NOT NULL,               -- pending, answered, expired, retired
  outcome      TEXT,                           -- JSON, set by the one verdict that counted
  reason       TEXT,
  closed_at    INTEGER
) STRICT;
-- What a person types names one prompt.
CREATE UNIQUE INDEX prompts_code ON prompts (code) WHERE state = 'pending';
CREATE INDEX prompts_of_code ON prompts (code, seq);
CREATE INDEX prompts_pending ON prompts (attachment) WHERE state = 'pending';
CREATE INDEX prompts_closed ON prompts (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX prompts_session ON prompts (session, seq);

-- The calls that wait for a prompt's verdict: identical ones share it, and one call may come in both ways.
CREATE TABLE prompt_asks (
  key        TEXT    PRIMARY KEY,              -- 128 random bits of the shim; of the relay: its attachment and request id
  prompt     TEXT    NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
  way        TEXT    NOT NULL,                 -- hook, relay
  state      TEXT    NOT NULL,                 -- waiting, left (its answer is on its way), over (without one)
  asked_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX prompt_asks_prompt ON prompt_asks (prompt);

-- Sessions in which everything is denied for a while.
CREATE TABLE prompt_holds (
  session TEXT    PRIMARY KEY,
  kind    TEXT    NOT NULL,                    -- deny (until then), stop (until the user types again)
  until   INTEGER NOT NULL,
  by      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
