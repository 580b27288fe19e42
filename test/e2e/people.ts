/**
 * People for whole-system tests: who sees prompts and answers them.
 *
 * Owns: a person on the page, and a program on the socket. Never: a session (sessions.ts).
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PageOutcome, PageVerdict } from "../../src/api/wire/approvals-wire.ts";
import { type HubClient, read } from "../../src/api/client/client.ts";
import { readCallerFacts } from "../../src/cli/access-terminal.ts";
import type { Prompt, PromptState, Verdict, VerdictOutcome } from "../../src/sdk/prompt.ts";
import { CLI, until } from "./rig.ts";

/** A hub, the environment of whoever speaks to it, and a folder for what they leave. A rig is one. */
export type Place = {
  api: HubClient["api"];
  env: Readonly<Record<string, string>>;
  folder: string;
};

/** Waits until exactly `count` prompts are in `state`; newest first. */
export async function untilPrompts(
  at: Place,
  state: PromptState,
  count: number,
  timeoutMs = 60_000,
): Promise<Prompt[]> {
  let found: Prompt[] = [];
  await until(
    `${count} prompts are ${state}`,
    async () => {
      found = await listPrompts(at, state).catch(() => []);
      return found.length === count;
    },
    timeoutMs,
    async () => JSON.stringify(await listPrompts(at)),
  );
  return found;
}

/** The one prompt that waits. */
export async function untilAsked(at: Place): Promise<Prompt> {
  const [prompt] = await untilPrompts(at, "pending", 1);
  if (prompt === undefined) throw new Error("no prompt");
  return prompt;
}

export async function listPrompts(at: Place, state?: PromptState): Promise<Prompt[]> {
  const query = { limit: "1000", ...(state === undefined ? {} : { state }) };
  return (await read(at.api.prompts.$get({ query }))) as Prompt[];
}

/** A person answers on the page, having read the prompt as it is now. */
export async function answer(
  at: Place,
  id: string,
  verdict: Verdict,
  typedCode?: string,
): Promise<PageOutcome> {
  const prompt = (await read(at.api.prompts[":ref"].$get({ param: { ref: id } }))) as Prompt;
  const given: PageVerdict["verdict"] =
    verdict.kind === "answers"
      ? {
          kind: "answers",
          answers: prompt.questions.map(({ question }) => ({
            options: [],
            text: verdict.answers[question] ?? "",
          })),
        }
      : verdict;
  const post = await openPage(at);
  return (await post(`prompts/${id}/verdict`, {
    verdict: given,
    digest: prompt.digest,
    ...(typedCode === undefined ? {} : { typedCode }),
  })) as PageOutcome;
}

/** A program answers on the socket. */
export async function answerAsProgram(
  at: Place,
  ref: string,
  verdict: Verdict,
): Promise<VerdictOutcome> {
  const caller = { ...readCallerFacts(), tty: false };
  return (await read(
    at.api.prompts[":ref"].verdict.$post({ param: { ref }, json: { verdict, caller } }),
  )) as VerdictOutcome;
}

/** A command that a person types in a terminal. @throws Error with what it printed, where it fails. */
export async function typeCommand(at: Place, ...args: string[]): Promise<string> {
  const command = [process.execPath, toCli(at), ...args].map((word) => `'${word}'`).join(" ");
  const env = { ...at.env };
  const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: at.folder, env });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`sluice ${args.join(" ")}: ${code}: ${screen}`);
  return screen;
}

function toCli({ env }: Place): string {
  return env["SLUICE_CLI"] ?? CLI;
}

type Post = (path: string, json?: object) => Promise<unknown>;
const pages = new WeakMap<object, Promise<Post>>();

/** A person's browser, signed in by `sluice open` in a terminal of their own; one for each hub. */
export function openPage(at: Place): Promise<Post> {
  const page = pages.get(at.api) ?? openTerminal(at).then(signIn);
  pages.set(at.api, page);
  return page;
}

/**
 * The link that `sluice open` prints. Its process belongs to nobody's family: a test's own process is the client of a session, and what
 * runs below it counts as that session's.
 */
async function openTerminal(at: Place): Promise<URL> {
  const log = join(at.folder, `terminal-${randomUUID()}`);
  const command = [process.execPath, toCli(at), "open", "--print"]
    .map((word) => `'${word}'`)
    .join(" ");
  const child = spawn("setsid", ["-f", "script", "-qefc", command, log], {
    cwd: at.folder,
    env: { ...at.env, NO_COLOR: "1" },
    stdio: "ignore",
  });
  await once(child, "close");
  let link: string | undefined;
  await until(
    "sluice open prints a link",
    () => {
      const said = existsSync(log) ? readFileSync(log, "utf8") : "";
      [link] = /http:\/\/127\.0\.0\.1:\d+\/#open=[\w-]+(?=\s)/.exec(said) ?? [];
      return link !== undefined;
    },
    60_000,
    () => (existsSync(log) ? readFileSync(log, "utf8") : "nothing was said"),
  );
  return new URL(link ?? "");
}

async function signIn(link: URL): Promise<Post> {
  const post = async (path: string, json: object, headers: Record<string, string>) => {
    const answered = await fetch(new URL(`/v1/${path}`, link), {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(json),
    });
    if (!answered.ok) throw new Error(`${path}: ${answered.status} ${await answered.text()}`);
    return answered;
  };
  const signedIn = await post("sign-in", { token: link.hash.replace("#open=", "") }, {});
  const { key } = (await signedIn.json()) as { key: string };
  const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
  return async (path, json = {}) =>
    (await post(path, json, { cookie, "x-sluice-key": key })).json();
}
