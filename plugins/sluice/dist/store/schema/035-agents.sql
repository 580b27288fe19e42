-- What sessions of `sluice agent` have used, all of them together, by the day on this machine's calendar.
CREATE TABLE agent_days (
  day          TEXT    PRIMARY KEY,   -- 2026-12-01
  turns        INTEGER NOT NULL DEFAULT 0,
  tokens       INTEGER NOT NULL DEFAULT 0,
  microdollars INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
