-- The thing that an event is a state of: only a later event of the same one supersedes it. Null, as in all that came before: nothing does.
ALTER TABLE events ADD COLUMN state_of TEXT;
-- An alert fires until the same one is resolved. So far the entity was the alert.
ALTER TABLE firing RENAME COLUMN entity TO state_of;
