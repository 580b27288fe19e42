-- Alerts that fire: of each entity the latest event that said so, until one says that it is over. Such an event does not expire.
CREATE TABLE firing (
  channel TEXT NOT NULL,
  entity  TEXT NOT NULL,
  event   TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  PRIMARY KEY (channel, entity)
) STRICT, WITHOUT ROWID;
CREATE INDEX firing_event ON firing (event);
