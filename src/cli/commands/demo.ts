/**
 * `sluice demo`: shows the whole way once, from a signed webhook to the text that a model reads, and keeps nothing.
 *
 * Owns: a temporary home, and its removal. Never: replaces a part of the product by another.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openClient, read, readStream } from "../../api/client/client.ts";
import { hasTerminal } from "../../local/hangup.ts";
import { locateSocket } from "../../local/home.ts";
import type { EventView } from "../../api/wire/wire.ts";
import type { TraceView } from "../../api/wire/trace-wire.ts";
import { newRenderer, wantsColour } from "../../host/render.ts";
import { openSession, type ReferenceSession } from "../../host/session.ts";
import { toCleanEnvironment } from "../../host/session-options.ts";
import type { Model } from "../../host/turns.ts";
import { type Hub, openHub } from "../../hub/hub.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import { request } from "../../sdk/net/request.ts";
import { Secret } from "../../sdk/secret.ts";
import { sign } from "../../verify/sign.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { locateInstallation } from "../claude/installation.ts";
import { defineCommand, flag } from "../command.ts";
import { paint, printLine, printNote, toLine, writeError } from "../output/print.ts";

const GITHUB_SECRET = "demo-secret-that-only-this-run-knows";
const READY_TIMEOUT_MS = 10_000;
/** A client that has just attached may not listen yet: the hub gives it this long. */
const SETTLE_MS = 350;

export const demo = defineCommand({
  description:
    "Shows the whole way once: starts a hub, two channels and a session in this terminal and sends one signed sample event. Nothing is kept.",
  args: {
    once: flag("Exit after the sample event"),
  },
  examples: ["sluice demo", "sluice demo --once"],
  async run({ args }) {
    const ended = waitForSignal();
    const folder = mkdtempSync(join(tmpdir(), "sluice-demo-"));
    const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    // Also where there is no time to close anything: a reader that has enough, a terminal that is gone, a second Ctrl-C.
    process.once("exit", remove);
    const closers: (() => unknown)[] = [remove];
    try {
      const { env, url } = await openStage(folder, closers);
      await deliverSample(env);
      printCurl(url);
      if (args.once !== true) {
        closers.push(followOwnEvents(env));
        await printPage(env);
        closers.push(printPageOnEnter(env));
        printLine(paint("dim", "Ctrl-C ends the demo; nothing is kept."));
        await ended;
        printLine();
      }
    } finally {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
    }
  },
});

type Stage = { env: NodeJS.ProcessEnv; url: { address: string; token: string } };

async function openStage(folder: string, closers: (() => unknown)[]): Promise<Stage> {
  const env = { ...process.env, SLUICE_HOME: join(folder, "home"), SLUICE_LANE: "auto" };
  printLine(`${paint("bold", "Sluice demo")}  a hub in ${env.SLUICE_HOME}, gone at the end`);
  const hub: Hub = await openHub({
    env,
    log: quietLog,
    isDemo: true,
    stop: () => process.kill(process.pid, "SIGTERM"),
  });
  closers.push(() => hub.close());
  const { ingress } = hub.describe();
  printLine(`ingress    http://${ingress.host}:${ingress.port}`);

  const client = openClient(() => locateSocket(env));
  closers.push(() => client.close());
  // Asked of the hub itself: over its socket no session changes the set-up, and somebody may try the demo in one.
  const github = await hub.addChannel({ kind: "github", secret: GITHUB_SECRET });
  const webhook = await hub.addChannel({ kind: "webhook" });
  printLine(`channels   github   ${github.url ?? ""}`);
  printLine(`           webhook  ${webhook.url ?? ""}`);

  const session = await openDemoSession(env);
  closers.push(() => session.close());
  await waitForSession(client.api);
  printLine(`session    a reference session: each frame shows exactly what the model would read\n`);
  session.observe(
    newRenderer({
      write: (text) => process.stdout.write(text),
      colour: wantsColour(process.stdout, process.env),
      isPlain: true,
    }),
  );
  return { env, url: { address: webhook.url ?? "", token: webhook.token ?? "" } };
}

function openDemoSession(env: NodeJS.ProcessEnv): Promise<ReferenceSession> {
  const { client, plugin } = locateInstallation();
  return openSession({
    command: process.execPath,
    args: [join(client, "shim.js"), "--plugin"],
    env: toCleanEnvironment(env),
    // The hooks that the plugin brings into a real client.
    hooks: JSON.parse(readFileSync(join(plugin, "hooks/hooks.json"), "utf8")) as unknown,
    model: answerChat,
    onStderr: writeError,
  });
}

/** Until the session is one that events go to: what follows is then the time of the way, not of the start. */
async function waitForSession(api: ReturnType<typeof openClient>["api"]): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while ((await read(api.status.$get())).sessions.length === 0) {
    if (Date.now() > deadline) {
      throw new SluiceError("internal", "demo: the session did not attach; please report this");
    }
    await sleep(50);
  }
  await sleep(SETTLE_MS);
}

/** Posts one event as GitHub would, and shows how it went. */
async function deliverSample(env: NodeJS.ProcessEnv): Promise<void> {
  const client = openClient(() => locateSocket(env));
  try {
    const [github] = await read(client.api.channels.$get());
    const body = Buffer.from(JSON.stringify(newDemoPayload(new Date())));
    const signed = sign(
      "github",
      { keyId: "demo", secret: new Secret(GITHUB_SECRET) },
      { id: "demo-1", sentAt: Date.now(), body },
    );
    const answer = await request(github?.url ?? "", {
      method: "POST",
      headers: {
        ...signed,
        "content-type": "application/json",
        "x-github-event": "workflow_run",
        "x-github-delivery": "demo-1",
      },
      body,
    });
    const { id } = JSON.parse(answer.body.toString()) as { id: string };
    printLine(`POST /in/github  ->  ${answer.status}  ${id}\n`);
    printTrace(await waitForDone(client.api, id));
  } finally {
    client.close();
  }
}

async function waitForDone(
  api: ReturnType<typeof openClient>["api"],
  id: string,
): Promise<TraceView> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const trace = await read(api.events[":id"].trace.$get({ param: { id } }));
    if (trace.event.state === "done") return trace;
    if (Date.now() > deadline) {
      const last = trace.steps.at(-1);
      throw new SluiceError(
        "internal",
        `demo: the sample event is still ${trace.event.state} (${last?.reason ?? ""}); please report this`,
      );
    }
    await sleep(50);
  }
}

function printTrace(trace: TraceView): void {
  printLine(`\n${toReceipt(trace)}\n`);
}

function toReceipt({ steps }: TraceView): string {
  const start = steps[0]?.at ?? 0;
  return steps
    .filter((step) => step.stage !== "gated")
    .map((step) => `${step.stage} ${paint("dim", `+${step.at - start} ms`)}`)
    .join("  ");
}

/** What the user sends gets its receipt too, once it is done. Returns how to stop. */
function followOwnEvents(env: NodeJS.ProcessEnv): () => void {
  const stopped = new AbortController();
  const socket = locateSocket(env);
  const client = openClient(() => socket);
  const told = new Set<string>();
  const show = async ({ id, channel }: EventView): Promise<void> => {
    const trace = await read(client.api.events[":id"].trace.$get({ param: { id } }));
    printLine(`\nyour event in ${toLine(channel)}: ${toReceipt(trace)}\n`);
  };
  const onMessage = (data: unknown): void => {
    // The hub sends event views on this path.
    const event = data as EventView;
    if (event.state !== "done" || told.has(event.id)) return;
    told.add(event.id);
    show(event).catch(noteUnlessStopped);
  };
  const noteUnlessStopped = (thrown: unknown): void => {
    if (!stopped.signal.aborted) printNote(toMessage(thrown));
  };
  readStream({ socket, path: "/v1/events/stream", onMessage, signal: stopped.signal }).catch(
    noteUnlessStopped,
  );
  return () => {
    stopped.abort();
    client.close();
  };
}

function printCurl({ address, token }: Stage["url"]): void {
  printLine("Send one yourself, from another terminal:\n");
  printLine(
    `  curl -X POST ${address} -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '{"title":"Disk almost full","host":"db-1","used":"94%"}'\n`,
  );
}

/** The page, with a session behind it that reads what is typed there and says so. */
async function printPage(env: NodeJS.ProcessEnv): Promise<void> {
  const client = openClient(() => locateSocket(env));
  try {
    const { url } = await read(client.api.web.links.$post({ json: { caller: readCallerFacts() } }));
    const again = process.stdin.isTTY ? "; Enter prints another one" : "";
    printLine(`Or write to the session in your browser (once, within two minutes${again}):\n`);
    printLine(`  ${url}\n`);
  } finally {
    client.close();
  }
}

/** A link is good for two minutes, and people read. Returns how to stop. */
function printPageOnEnter(env: NodeJS.ProcessEnv): () => void {
  if (!process.stdin.isTTY) return () => undefined;
  const print = (): void => {
    printPage(env).catch((thrown: unknown) => printNote(toMessage(thrown)));
  };
  process.stdin.on("data", print);
  return () => {
    process.stdin.off("data", print);
    process.stdin.pause();
  };
}

/** What the session says to whoever writes on the page: there is no model behind it. */
const answerChat: Model = async (turn) => {
  const tags = turn.text.match(/<channel [^>]*channel="chat"[^>]*>/g) ?? [];
  for (const tag of tags) {
    const [, id] = /event_id="(evt_\w+)"/.exec(tag) ?? [];
    if (id === undefined) continue;
    await turn.callTool("reply", {
      event_id: id,
      text: "Your message is in the session: look at the terminal. No model is behind this demo, so **this line** is all that it can say.",
    });
  }
};

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A first signal ends the demo in order, a second one at once. */
function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      if (signal === "SIGHUP" && !hasTerminal()) continue;
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(130));
      });
    }
  });
}

/** The demo's screen belongs to the session; only what went wrong is said. */
const quietLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (facts, message) => printNote(`${message} ${toFacts(facts)}`),
  error: (facts, message) => printNote(`${message} ${toFacts(facts)}`),
};

/** In words: nobody who tries a demo reads JSON. */
function toFacts(facts: object): string {
  const parts = Object.entries(facts).map(
    ([name, value]) => `${name}: ${value instanceof Error ? toMessage(value) : String(value)}`,
  );
  return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}

/** The payload of a `workflow_run` that ended now. */
function newDemoPayload(now: Date): object {
  const at = now.toISOString();
  return {
    action: "completed",
    workflow_run: {
      id: 30433642,
      name: "CI",
      head_branch: "retry-upload",
      head_sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
      run_number: 562,
      run_attempt: 1,
      event: "push",
      status: "completed",
      conclusion: "failure",
      html_url: "https://github.com/octo-org/octo-app/actions/runs/30433642",
      created_at: at,
      updated_at: at,
      pull_requests: [],
      head_commit: {
        id: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
        message: "Retry the upload three times",
      },
    },
    repository: {
      id: 1296269,
      name: "octo-app",
      full_name: "octo-org/octo-app",
      default_branch: "main",
      html_url: "https://github.com/octo-org/octo-app",
    },
    sender: { login: "octocat", id: 583231, type: "User" },
  };
}
