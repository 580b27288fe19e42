-- Events that end earlier than their channel's others: their sender said when.
CREATE TABLE lives (
  event   TEXT    PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
  ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lives_end ON lives (ends_at);
