/**
 * A prompt for tests.
 *
 * Owns: one that is complete. Never: behaviour.
 */
import type { Prompt } from "../../sdk/prompt.ts";

export function toPrompt(changes: Partial<Prompt> = {}): Prompt {
  return {
    id: "prm_01",
    code: "abcde",
    kind: "tool",
    session: "s-1",
    sessionName: "app (main)",
    cwd: "/home/ada/app",
    tool: "Bash",
    description: "Run the tests",
    arguments: "command: npm test",
    digest: "0123456789ab",
    exact: "ba9876543210",
    isOrdinaryEdit: false,
    isCut: false,
    questions: [],
    risk: { isRisky: false, reasons: [] },
    count: 1,
    createdAt: 0,
    expiresAt: 600_000,
    state: "pending",
    ...changes,
  };
}
