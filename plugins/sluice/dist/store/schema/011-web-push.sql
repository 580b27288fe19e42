-- The page from elsewhere: sessions that came through the user's own tunnel, and Web Push.
ALTER TABLE web_sessions ADD COLUMN place TEXT NOT NULL DEFAULT 'here';   -- here, remote
ALTER TABLE web_sessions ADD COLUMN idle_at INTEGER;                      -- then it ends, unless it is used before

-- Browsers that want prompts pushed. A subscription ends with the session that made it.
CREATE TABLE web_push (
  id         TEXT    PRIMARY KEY,
  session    TEXT    NOT NULL REFERENCES web_sessions (id) ON DELETE CASCADE,
  endpoint   TEXT    NOT NULL UNIQUE,        -- the push service's address of this browser
  p256dh     TEXT    NOT NULL,               -- the browser's public key, base64url
  auth       TEXT    NOT NULL,               -- what both sides know besides, base64url
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_push_session ON web_push (session);

-- Which prompt was shown where, and what its buttons may be answered with, once.
CREATE TABLE web_push_shown (
  prompt       TEXT    NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
  subscription TEXT    NOT NULL REFERENCES web_push (id) ON DELETE CASCADE,
  digest       TEXT    NOT NULL,             -- of the arguments as they were shown
  handle       TEXT    UNIQUE,               -- SHA-256; none where there are no buttons, or it was used
  PRIMARY KEY (prompt, subscription)
) STRICT, WITHOUT ROWID;
CREATE INDEX web_push_shown_subscription ON web_push_shown (subscription);
