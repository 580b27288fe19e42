import { expect, test } from "vitest";
import type { ModelTurn } from "../../src/host/turns.ts";
import { answer, untilAsked } from "./people.ts";
import { openRigWithHub, until } from "./rig.ts";
import { makeWorkFolder, openLane } from "./sessions.ts";

test("the command line shows what a session asks, and denies it with a reason that the model reads", async () => {
  await using rig = await openRigWithHub();
  const outputs: { text: string; isError: boolean }[] = [];
  const session = await openLane(rig, "monitor", {
    approve: () => new Promise<boolean>(() => {}),
    model: async (turn: ModelTurn) => {
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
  expect(whole.stdout).toContain(
    "needs   its code: not read any further: it holds an unusual character",
  );
  const denied = await rig.run("answer", code, "deny", "--reason", "not today");
  expect(denied.stdout).toContain("denied: Bash in ");
  await until("the call is denied", () => outputs.length === 1);
  expect(outputs[0]).toMatchObject({ isError: true, text: expect.stringContaining("not today") });
  expect((await rig.run("answer", code, "deny")).stdout).toContain("too late");
  expect((await rig.run("status")).stdout).not.toContain("for your answer");
  expect((await rig.run("prompts", "--all")).stdout).toContain("denied by");
});

test("exactly this again: the same call is asked about once, the rule is listed, explained and removed, and then people are asked again", async () => {
  await using rig = await openRigWithHub();
  const outputs: string[] = [];
  const cwd = makeWorkFolder(rig);
  const session = await openLane(rig, "monitor", {
    cwd,
    approve: () => new Promise<boolean>(() => {}),
    model: async (turn: ModelTurn) => {
      if (turn.kind !== "typed") return;
      const { text } = await turn.useTool("Bash", {
        command: "npm run job",
        description: `attempt ${outputs.length + 1}`,
      });
      outputs.push(text);
    },
  });
  session.type("go");
  const { id, code } = await untilAsked(rig);
  const day = { kind: "allow", keep: "day" } as const;
  expect(await answer(rig, id, day)).toMatchObject({ kind: "needs-code" });
  expect(await answer(rig, id, day, code)).toMatchObject({ kind: "done" });
  await session.idle();
  session.type("again");
  await until("the same call ran unasked", () => outputs.length === 2);
  await session.idle();
  const list = await rig.run("rule");
  expect(list.stdout).toContain(
    `exactly "command: npm run job ⏎ description: attempt 1", in ${cwd}`,
  );
  expect(list.stdout).toMatch(/in 2[34] h/);
  const explained = await rig.run("rule", "explain", "1");
  expect(explained.stdout).toContain("what the command runs may change");
  expect(explained.stdout).toMatch(/until {4}\S+ \S+ \(in 2[34] h\); then people are asked again/);
  const [rule] = (await rig.run("rule", "--json")).stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rule).toMatchObject({ id: 1, action: "allow", scope: "exact", tool: "Bash", folder: cwd });
  const log = await rig.run("access", "log");
  expect(log.stdout).toMatch(/rule-add +rule 1: allow Bash, exactly the call [0-9a-f]{12}, in /);
  expect(log.stdout).not.toContain("npm run job");
  expect((await rig.run("rule", "remove", "1")).stdout).toContain("removed rule 1: allow Bash");
  session.type("and again");
  await untilAsked(rig);
});
