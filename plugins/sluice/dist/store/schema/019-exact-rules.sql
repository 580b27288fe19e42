-- Rules that a person made while allowing a call: for exactly this call, or for ordinary edits in its folder.
ALTER TABLE prompt_rules ADD COLUMN scope TEXT CHECK (scope IN ('exact', 'edits')); -- NULL: the patterns speak
ALTER TABLE prompt_rules ADD COLUMN exact TEXT;         -- digest of what the call does
ALTER TABLE prompt_rules ADD COLUMN folder TEXT;        -- where it may
ALTER TABLE prompt_rules ADD COLUMN shown TEXT;         -- the call as its person read it, masked
ALTER TABLE prompt_rules ADD COLUMN expires_at INTEGER; -- epoch ms; NULL: when it is removed
ALTER TABLE prompts ADD COLUMN exact TEXT NOT NULL DEFAULT '';
ALTER TABLE prompts ADD COLUMN is_ordinary_edit INTEGER NOT NULL DEFAULT 0;
