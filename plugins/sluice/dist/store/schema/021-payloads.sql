-- What a sender sent, reduced and compressed, of events that their channel cannot tell in words of its own.
CREATE TABLE payloads (
  event   TEXT    PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
  body    BLOB    NOT NULL, -- UTF-8, raw deflate
  omitted INTEGER NOT NULL  -- characters that were not kept
) STRICT;
