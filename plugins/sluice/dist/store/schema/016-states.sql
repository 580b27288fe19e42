-- The same indexes, their conditions in other words: of a list of three states SQLite builds a table at every change of an event, and
-- alternatives it only compares. A query that is to use one says its condition in these very words, or names one of its states.
DROP INDEX events_over;
DROP INDEX events_ended;
DROP INDEX events_open_chats;
CREATE INDEX events_over ON events (state, changed_at) WHERE state = 'done' OR state = 'expired' OR state = 'dead';
CREATE INDEX events_ended ON events (state, seq) WHERE state = 'done' OR state = 'expired' OR state = 'dead';
CREATE INDEX events_open_chats ON events (channel, chat_id)
  WHERE chat_id IS NOT NULL AND (state = 'stored' OR state = 'offered' OR state = 'seen');
