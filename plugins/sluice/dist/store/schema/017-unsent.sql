-- The same index, its condition in words that cost a change nothing (016): what has not left.
DROP INDEX outbox_unsent;
CREATE INDEX outbox_unsent ON outbox (state, id)
  WHERE state = 'queued' OR state = 'sending' OR state = 'failed' OR state = 'maybe';
