/** The attacker's list and a developer's day, held against what one tap may allow and what rules let pass. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type CorpusCall,
  makeScene,
  readCorpus,
  type Scene,
} from "../../../../test/corpora/approvals/folder.ts";
import type { PromptRule } from "../../../store/prompts/prompt-rules.ts";
import { hidesSomething, toFacts } from "../call.ts";
import { lookAtCall } from "../look.ts";
import { findRule } from "../rules/rules.ts";
import { realDisk } from "./disk.ts";
import { DEFAULT_PROJECT_COMMANDS } from "./project-commands.ts";

type Expected = CorpusCall & { expected: "tap" | "code" };

let scene: Scene;
const before = process.env["HOME"];
beforeAll(() => {
  scene = makeScene();
  process.env["HOME"] = scene.home;
});
afterAll(() => {
  process.env["HOME"] = before;
  rmSync(scene.root, { recursive: true, force: true });
});

async function judge(call: CorpusCall, rules: readonly PromptRule[] = []) {
  const { tool, input } = scene.resolve({ tool: call.tool, input: call.input });
  const { folder } = scene;
  const options = {
    disk: realDisk,
    readRules: () => rules,
    readProjectCommands: () => DEFAULT_PROJECT_COMMANDS,
  };
  const look = await lookAtCall(options, { tool, input, cwd: folder, folder });
  const facts = toFacts(tool, input, look.assessment);
  const found = findRule(rules, {
    tool,
    input,
    cwd: folder,
    folder,
    session: "s-1",
    sessionName: "shop",
    exact: facts.exact,
    hidesSomething: hidesSomething(facts),
    ...look,
  });
  return { facts, found };
}

async function listTaps(calls: readonly CorpusCall[]): Promise<string[]> {
  const taps: string[] = [];
  for (const call of calls)
    if (!(await judge(call)).facts.risk.isRisky)
      taps.push(`${call.tool} ${JSON.stringify(call.input).slice(0, 200)}`);
  return taps;
}

// KNOWN-1, SHELL-2
test("RISK-1: no dangerous form goes by one tap", async () => {
  const dangerous = readCorpus<(CorpusCall & { contested?: boolean })[]>("dangerous");
  expect(dangerous.length).toBeGreaterThan(150);
  // The shim asks about objects only (src/shim/ask.ts).
  const isObject = ({ input }: CorpusCall) =>
    typeof input === "object" && input !== null && !Array.isArray(input);
  expect(
    await listTaps(dangerous.filter((one) => one.contested !== true && isObject(one))),
  ).toEqual([]);
});

test("RISK-2: of sixty daily commands that read, at least 45 go by one tap, and none that should not", async () => {
  const daily = readCorpus<Expected[]>("daily-reading");
  const taps = await listTaps(daily);
  expect(taps.length / daily.length).toBeGreaterThanOrEqual(0.75);
  expect(await listTaps(daily.filter(({ expected }) => expected === "code"))).toEqual([]);
});

// EDIT-1, PROJECT-1
test("RISK-2: edits, project commands, installs and pushes of a day are judged as a developer would", async () => {
  const other = readCorpus<Expected[]>("daily-other");
  const wrong: string[] = [];
  for (const call of other)
    if ((await judge(call)).facts.risk.isRisky !== (call.expected === "code"))
      wrong.push(`${call.expected}: ${JSON.stringify(call.input).slice(0, 160)}`);
  expect(wrong).toEqual([]);
});

test("a value behind an operand is no place to look through: a search with a glob at its end goes by one tap", async () => {
  for (const command of [
    'rg -n total src -g "*.ts"',
    "grep -rn total src -A 2",
    "head src/a.ts -n 5",
  ])
    expect((await judge({ tool: "Bash", input: { command } })).facts.risk.reasons).toEqual([]);
});

test("three sessions' worth of work needs a code for at most a quarter of its calls", async () => {
  const calls = readCorpus<{ calls: Expected[] }[]>("sessions").flatMap((one) => one.calls);
  const taps = await listTaps(calls);
  expect((calls.length - taps.length) / calls.length).toBeLessThanOrEqual(0.25);
});

test("rules: what a deny speaks of is never allowed, in any spelling; what may be read is", async () => {
  type Row = { rules: Pick<PromptRule, "action" | "tool">[]; call: CorpusCall; expected: string };
  const wrong: string[] = [];
  for (const row of readCorpus<Row[]>("rules")) {
    const rules = scene
      .resolve(row.rules)
      .map((one, at): PromptRule => ({ ...one, id: at + 1, createdAt: 1, by: "x" }));
    const { found } = await judge(row.call, rules);
    const said =
      found === undefined ? "ask" : found.isCertain ? found.rule.action : "ask-with-code";
    if (!isAsExpected(row.expected, said))
      wrong.push(
        `${row.expected}, not ${said}: ${JSON.stringify(row.call.input).slice(0, 120)} under ${JSON.stringify(row.rules).slice(0, 200)}`,
      );
  }
  expect(wrong).toEqual([]);
});

/** "ask-with-code": not allowed, and not refused; whether its code is needed without a rule is another test. */
function isAsExpected(expected: string, said: string): boolean {
  if (expected === "never-allow") return said !== "allow";
  return expected === said || (expected.startsWith("ask") && said.startsWith("ask"));
}
