import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { toCallDigest } from "../../sdk/call-digest.ts";
import type { Input } from "./risk/assess.ts";
import { PAGE, PromptRig } from "./prompt-rig.fixture.ts";

/** Two commands of which only the first has been read, as a session with a shell would look for them. */
function findLookalike(bits: number): [Input, Input] {
  const seen = new Map<string, Input>();
  for (let i = 0; ; i++) {
    const input = { command: `${i % 2 === 0 ? "ls" : "./deploy"} # ${i}` };
    const start = createHash("sha256")
      .update(JSON.stringify(input))
      .digest("hex")
      .slice(0, bits / 4);
    const other = seen.get(start);
    if (other !== undefined) return i % 2 === 0 ? [input, other] : [other, input];
    seen.set(start, input);
  }
}

test("calls whose digests only begin alike are two prompts", async () => {
  const rig = new PromptRig();
  const session = rig.rig.connect();
  const [shown, hidden] = findLookalike(24);
  expect(toCallDigest(shown)).toHaveLength(32);
  await rig.ask(session, { input: shown });
  const other = await rig.ask(session, { input: hidden });
  expect(rig.prompts.list({ state: "pending" })).toHaveLength(2);
  const [, first] = rig.prompts.list({ state: "pending" });
  await rig.prompts.decide(PAGE, first?.id ?? "", { kind: "allow" });
  expect(other.told()).toBe("waiting");
});

test("the same words in another folder are another call", async () => {
  const rig = new PromptRig();
  const session = rig.rig.connect();
  await rig.ask(session, { cwd: "/app" });
  await rig.ask(session, { cwd: "/app/live" });
  expect(rig.prompts.list({ state: "pending" }).map(({ count }) => count)).toEqual([1, 1]);
});

test.each([
  ['{"command":"make"}', "make deploy"],
  ['{"command":"echo *** done"}', "echo a; ./deploy; echo done"],
  ["…", "./deploy"],
])("the preview %s does not become the call %s", async (preview, command) => {
  const rig = new PromptRig();
  const session = rig.rig.connect();
  await rig.relay(session, "abcde", preview);
  await rig.ask(session, { input: { command } });
  expect(rig.prompts.list({ state: "pending" })).toHaveLength(2);
});
