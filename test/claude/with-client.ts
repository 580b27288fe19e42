// Everything one real-client test needs, opened in order and closed in reverse:
// scripted model, empty home, client. On failure the evidence (screen, requests,
// processes) is kept under .artifacts/claude/<test>. Holds no scenario.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { findClaude } from "./available.ts";
import { Client } from "./client.ts";
import { openHome } from "./home.ts";
import type { ClientHome } from "./home.ts";
import { runClaude } from "./run-claude.ts";
import type { RunResult } from "./run-claude.ts";
import { ScriptedApi } from "./scripted-api.ts";
import type { Script } from "./scripted-api.ts";

export type Stage = {
  claude: string;
  version: string;
  api: ScriptedApi;
  home: ClientHome;
  /** Runs the client once, headless, in the same home. */
  run(args: string[], options?: { stdin?: string; timeoutMs?: number }): Promise<RunResult>;
  /** Starts one more interactive session in the same home. */
  open(args?: string[], options?: { waitForPrompt?: boolean }): Promise<Client>;
  /** Runs at the end, newest first, before the home is removed. */
  defer(close: () => void | Promise<void>): void;
};

export type StageOptions = {
  /** Names the folder of artifacts. */
  name: string;
  script?: Script | undefined;
  env?: Record<string, string> | undefined;
  settings?: object | undefined;
  trusted?: boolean | undefined;
};

export type ClientOptions = StageOptions & {
  args?: string[] | undefined;
  /** Before the client starts: install a plugin, start a hub. */
  before?: ((stage: Stage) => void | Promise<void>) | undefined;
};

/** A stage without an interactive client: for `-p`, `mcp list`, `plugin …`. */
export async function withStage(
  options: StageOptions,
  body: (stage: Stage) => Promise<void>,
): Promise<void> {
  const found = findClaude();
  if (found.kind === "missing") throw new Error(found.reason);
  await using stack = new AsyncDisposableStack();
  const api = stack.use(await ScriptedApi.open());
  if (options.script) api.script = options.script.fresh?.() ?? options.script;
  const { env, settings, trusted } = options;
  const home = stack.use(await openHome({ apiUrl: api.url, env, settings, trusted }));
  const clients: Client[] = [];
  const { claude, version } = found;
  const stage: Stage = {
    claude,
    version,
    api,
    home,
    run: (args, more) => runClaude({ claude, home, args, ...more }),
    open: async (args = [], more) => {
      const client = stack.use(await Client.open({ claude, home, args, ...more }));
      clients.push(client);
      return client;
    },
    defer: (close) => stack.defer(close),
  };
  try {
    await body(stage);
  } catch (cause) {
    await keepArtifacts(options.name, stage, clients);
    throw cause;
  }
}

/** A stage with one interactive session, idle at its first prompt. */
export async function withClient(
  options: ClientOptions,
  body: (stage: Stage & { client: Client }) => Promise<void>,
): Promise<void> {
  await withStage(options, async (stage) => {
    await options.before?.(stage);
    const client = await stage.open(options.args);
    await body({ ...stage, client });
  });
}

async function keepArtifacts(name: string, stage: Stage, clients: Client[]): Promise<void> {
  const folder = join(".artifacts", "claude", name.replaceAll(/[^a-zA-Z0-9]+/g, "-").slice(0, 80));
  await mkdir(folder, { recursive: true });
  const requests = stage.api.requests.map((request) => JSON.stringify(request)).join("\n");
  await writeFile(join(folder, "requests.jsonl"), requests);
  await writeFile(join(folder, "api-faults.txt"), stage.api.faults.join("\n"));
  for (const [index, client] of clients.entries()) {
    // A terminal that is gone has no screen; the reason is the evidence then.
    const screen = await client.screen({ history: true }).catch(String);
    const children = await client.children();
    await writeFile(join(folder, `screen-${index}.txt`), screen);
    await writeFile(join(folder, `processes-${index}.json`), JSON.stringify(children, null, 2));
  }
}
