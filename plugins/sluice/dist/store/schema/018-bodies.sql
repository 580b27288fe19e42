-- What was signed, where the signature covers no delivery id: the same bytes again are a duplicate under whatever id. Kept as long as ids.
CREATE TABLE delivery_bodies (
  channel     TEXT    NOT NULL,
  digest      TEXT    NOT NULL,
  event       TEXT    NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (channel, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_bodies_age ON delivery_bodies (received_at);
