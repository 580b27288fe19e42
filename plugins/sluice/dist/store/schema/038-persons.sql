-- Which senders of several channels are one person. Sealed with the four tables of rules.
CREATE TABLE persons (
  channel   TEXT    NOT NULL,
  id        TEXT    NOT NULL,                -- as in senders
  person    TEXT    NOT NULL,                -- the same for all places of one person
  preferred INTEGER NOT NULL,                -- 1 where they want to be told
  PRIMARY KEY (channel, id)
) STRICT, WITHOUT ROWID;
