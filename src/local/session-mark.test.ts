import { expect, test } from "vitest";
import { marksSession } from "./session-mark.ts";

test.each([
  [{ CLAUDECODE: "1" }, true],
  [{ CLAUDE_CODE_SESSION_ID: "0f2c" }, true],
  [{ CLAUDE_CODE_ENTRYPOINT: "cli" }, true],
  [{}, false],
  [{ CLAUDECODE: "" }, false],
  // Set by people in their profile, and by editors in every terminal: no session.
  [{ CLAUDE_CODE_USE_BEDROCK: "1", CLAUDE_CODE_MAX_OUTPUT_TOKENS: "8000" }, false],
  [{ CLAUDE_CODE_SSE_PORT: "1234" }, false],
])("%j: %s", (env, expected) => expect(marksSession(env)).toBe(expected));
