-- The last look at the clocks: what has really passed until the next one. One row.
CREATE TABLE clock_look (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  wall_at       INTEGER NOT NULL,
  since_boot_ms INTEGER,                     -- null where the system does not tell
  boot          TEXT
) STRICT;

-- Where the clock went forward and no time passed.
CREATE TABLE clock_gaps (
  id        INTEGER PRIMARY KEY,
  from_at   INTEGER NOT NULL,
  to_at     INTEGER NOT NULL,
  after_seq INTEGER NOT NULL                 -- later events were stored by the clock that had gone forward
) STRICT;
