-- The owner's standing answers to prompts. Which one fits a call is decided in flow/prompt/rules/rules.ts.
CREATE TABLE prompt_rules (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- the audit names rules by their number: it is never another's
  action     TEXT    NOT NULL CHECK (action IN ('allow', 'ask', 'deny')),
  tool       TEXT    NOT NULL,                  -- name or glob
  path       TEXT,                              -- glob
  command    TEXT,                              -- glob over a whole command
  session    TEXT,                              -- name, id, or glob of the folder
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL
) STRICT;
