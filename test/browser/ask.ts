/**
 * Sessions that ask people, for tests of the page: a real session's lease, and what its shim would say to the hub.
 *
 * Owns: asking in the name of an attached client, and what it is told. Never: answers.
 */
import { randomBytes } from "node:crypto";
import { read } from "../../src/api/client/client.ts";
import { readProcess } from "../../src/local/process.ts";
import { toAttachmentId } from "../../src/flow/session/client.ts";
import type { AskAnswer } from "../../src/flow/prompt/verdict.ts";
import { type Rig, until } from "../e2e/rig.ts";

export type Asked = {
  prompt: Prompt;
  /** What the call is told in the end. */
  answer: Promise<AskAnswer>;
};

/** `cwd`: the session's own folder unless it says otherwise. */
export type Call = { tool?: string; input: Record<string, unknown>; cwd?: string };

/** Asks as the session that is attached last; resolves when the prompt stands in the hub. */
export async function ask(rig: Rig, { tool = "Bash", input, cwd }: Call): Promise<Asked> {
  const { sessions } = await rig.status();
  const session = sessions.at(-1);
  if (session === undefined) throw new Error("no session is attached");
  const { pid } = session.client;
  const id = toAttachmentId({ pid, startTime: readProcess(pid)?.startTime ?? "" });
  const key = randomBytes(16).toString("hex");
  const call = {
    key,
    session: session.id,
    tool,
    input: JSON.stringify(input),
    cwd: cwd ?? session.cwd,
    agentId: "",
  };
  const before = new Set((await list(rig)).map((one) => one.id));
  await read(rig.api.attachments[":id"].asks.$post({ param: { id }, json: call }));
  let prompt: Prompt | undefined;
  await until("the prompt is known", async () => {
    prompt = (await list(rig)).find((one) => !before.has(one.id));
    return prompt !== undefined;
  });
  if (prompt === undefined) throw new Error("no prompt");
  const answer = wait(rig, id, key);
  // A test may end before it is told anything.
  answer.catch(() => undefined);
  return { prompt, answer };
}

async function wait(rig: Rig, id: string, key: string): Promise<AskAnswer> {
  for (;;) {
    const param = { id, key };
    const answer = await read(rig.api.attachments[":id"].asks[":key"].wait.$post({ param }));
    if (answer.kind !== "pending") return answer;
  }
}

export async function list(rig: Rig) {
  return read(rig.api.prompts.$get({ query: { limit: "1000" } }));
}
type Prompt = Awaited<ReturnType<typeof list>>[number];
