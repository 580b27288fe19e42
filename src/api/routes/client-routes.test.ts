/** Which hooks concern prompts. */
import { expect, test } from "vitest";
import { Rig } from "../../flow/rig.fixture.ts";
import { toHookCall } from "../../flow/sample.fixture.ts";
import type { Prompt } from "../../sdk/prompt.ts";
import type { ApiOptions } from "./options.ts";
import { createClientRoutes } from "./client-routes.ts";

/** What prompts were told of, by one hook call of a session. */
async function tell(call: Parameters<typeof toHookCall>[0], waiting = 0): Promise<string[]> {
  const rig = new Rig();
  const { attachment } = rig.connect();
  const told: string[] = [];
  const pending = new Map(Array.from({ length: waiting }, (_, i) => [`prm_${i}`, {} as Prompt]));
  const routes = createClientRoutes({
    delivery: rig.delivery,
    // Of the prompts a hook asks only whether one waits.
    prompts: {
      pending,
      noteHook: (_: unknown, { event }: { event: string }) => told.push(event),
    } as unknown as ApiOptions["prompts"],
    authored: {
      listTools: () => [],
      callTool: () => undefined,
      onToolsChanged: () => () => undefined,
    },
    tools: {
      db: rig.db,
      clock: rig.clock,
      delivery: rig.delivery,
    } as unknown as ApiOptions["tools"],
  });
  const answer = await routes.request(`/attachments/${attachment.id}/hooks`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(toHookCall({ session: attachment.session, ...call })),
  });
  expect(answer.status).toBe(200);
  return told;
}

test("prompts hear of each hook while one waits, and else only of a person who may have typed", async () => {
  for (const event of ["Stop", "PostToolUse", "SessionEnd", "UserPromptSubmit"]) {
    expect(await tell({ event, typed: false }, 1)).toEqual([event]);
    expect(await tell({ event, typed: false })).toEqual([]);
  }
  expect(await tell({ event: "Stop" })).toEqual([]);
  expect(await tell({ event: "UserPromptSubmit", prompt: "go on", typed: true })).toHaveLength(1);
  // A shim of an earlier version does not say who wrote it: the hub decides.
  expect(await tell({ event: "UserPromptSubmit", prompt: "go on" })).toHaveLength(1);
});
