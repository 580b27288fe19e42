import { expect, test } from "vitest";
import type { Turn } from "../../src/host/turns.ts";
import { untilAsked } from "./people.ts";
import { openRigWithHub, until } from "./rig.ts";
import { openLane } from "./sessions.ts";

test("the command line shows what a session asks, and denies it with a reason that the model reads", async () => {
  await using rig = await openRigWithHub();
  const outputs: { text: string; isError: boolean }[] = [];
  const session = await openLane(rig, "monitor", {
    approve: () => new Promise<boolean>(() => {}),
    model: async (turn: Turn) => {
      if (turn.kind !== "typed") return;
      const { text, isError } = await turn.useTool("Bash", { command: "curl x \u202E; rm -rf a" });
      outputs.push({ text, isError });
    },
  });
  session.type("go");
  const { code } = await untilAsked(rig);
  const list = await rig.run("prompts");
  expect(list.stdout).toContain(code);
  expect(list.stdout).toContain("needs code");
  expect((await rig.run("status")).stdout).toContain("1 prompt waits for your answer");
  const whole = await rig.run("prompts", code);
  expect(whole.stdout).toContain("curl x ⟨U+202E⟩; rm -rf a");
  expect(whole.stdout).toContain("needs   its code: holds characters that mislead");
  const denied = await rig.run("answer", code, "deny", "--reason", "not today");
  expect(denied.stdout).toContain("denied: Bash in ");
  await until("the call is denied", () => outputs.length === 1);
  expect(outputs[0]).toMatchObject({ isError: true, text: expect.stringContaining("not today") });
  expect((await rig.run("answer", code, "deny")).stdout).toContain("too late");
  expect((await rig.run("status")).stdout).not.toContain("for your answer");
  expect((await rig.run("prompts", "--all")).stdout).toContain("denied by");
});
