-- What a channel must know to answer an event, in words of its own: of a mail its thread and subject.
CREATE TABLE answering (
  event TEXT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
  facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
