-- Voice notes that are to become text: their events are kept, and wait for it.
CREATE TABLE transcriptions (
  event    TEXT    PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
  notes    TEXT    NOT NULL,                 -- JSON: positions of the files, and their lengths where the platform tells
  attempts INTEGER NOT NULL DEFAULT 0        -- begun: one that ends the hub is not begun for ever
) STRICT, WITHOUT ROWID;
