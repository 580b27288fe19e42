/**
 * People for whole-system tests: who sees prompts and answers them.
 *
 * Owns: a person at a terminal of their own, and a program on the socket. Never: a session (sessions.ts).
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { read } from "../../src/api/client.ts";
import { readCallerFacts } from "../../src/cli/access-terminal.ts";
import type { Prompt, PromptState, Verdict, VerdictOutcome } from "../../src/sdk/prompt.ts";
import { type Rig, until } from "./rig.ts";

const ANSWER = join(import.meta.dirname, "answer.fixture.ts");
let answers = 0;

/** Waits until exactly `count` prompts are in `state`; newest first. */
export async function untilPrompts(
  rig: Rig,
  state: PromptState,
  count: number,
  timeoutMs = 10_000,
): Promise<Prompt[]> {
  let found: Prompt[] = [];
  await until(
    `${count} prompts are ${state}`,
    async () => {
      found = await listPrompts(rig, state).catch(() => []);
      return found.length === count;
    },
    timeoutMs,
    async () => JSON.stringify(await listPrompts(rig)),
  );
  return found;
}

/** The one prompt that waits. */
export async function untilAsked(rig: Rig): Promise<Prompt> {
  const [prompt] = await untilPrompts(rig, "pending", 1);
  if (prompt === undefined) throw new Error("no prompt");
  return prompt;
}

export async function listPrompts(rig: Rig, state?: PromptState): Promise<Prompt[]> {
  const query = { limit: "1000", ...(state === undefined ? {} : { state }) };
  return (await read(rig.api.prompts.$get({ query }))) as Prompt[];
}

/**
 * A person answers at a terminal. The process belongs to nobody's family: a test's own process is the client of a session, and what runs
 * below it counts as that session's.
 */
export async function answer(
  rig: Rig,
  ref: string,
  verdict: Verdict,
  typedCode?: string,
): Promise<VerdictOutcome> {
  const result = join(rig.folder, `answer-${++answers}`);
  const words = [process.execPath, ANSWER, result, ref, JSON.stringify(verdict)];
  const command = [...words, ...(typedCode === undefined ? [] : [typedCode])]
    .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    .join(" ");
  let said = "";
  const child = spawn("setsid", ["-f", "script", "-qec", command, `${result}.log`], {
    cwd: rig.folder,
    env: { ...rig.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (said += text));
  await until(
    "the answer is given",
    () => existsSync(result),
    15_000,
    () => said,
  );
  return JSON.parse(readFileSync(result, "utf8")) as VerdictOutcome;
}

/** A program answers on the socket. */
export async function answerAsProgram(
  rig: Rig,
  ref: string,
  verdict: Verdict,
): Promise<VerdictOutcome> {
  const caller = { ...readCallerFacts(), tty: false };
  return (await read(
    rig.api.prompts[":ref"].verdict.$post({ param: { ref }, json: { verdict, caller } }),
  )) as VerdictOutcome;
}
