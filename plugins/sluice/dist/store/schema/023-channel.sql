-- Events of a channel: what waits is found by events_waiting_on, so that a new event has one entry less; all others by this.
DROP INDEX events_channel;
CREATE INDEX events_channel ON events (channel, seq) WHERE state <> 'stored';
