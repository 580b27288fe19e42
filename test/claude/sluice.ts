// Sluice in the home of one test, used as its owner does: by the command line, and by
// what the outside sends. Owns the hub that it started, and ends it.
// Never reaches into the store.
//
// Looks again and again go to the hub's API: a command would take the processor from
// what is measured, and start the hub that a shim has to start.
import { execFile } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { openClient, read } from "../../src/api/client/client.ts";
import type { HubClient } from "../../src/api/client/client.ts";
import { locateSocket } from "../../src/local/home.ts";
import type { TraceView } from "../../src/api/wire/trace-wire.ts";
import type { AddedChannel, HubView, StatusView } from "../../src/api/wire/wire.ts";
import { isSluiceError } from "../../src/sdk/errors.ts";
import type { Place } from "../e2e/people.ts";
import { endAll, isAlive, listDescendants, signal } from "./processes.ts";
import { waitUntil } from "./wait.ts";
import type { Stage } from "./with-client.ts";

const entry = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));
// Made up here: the tests sign what they send as GitHub does, without our own code.
const githubSecret = "a secret that only this test and its hub know";

export type Ran = { code: number; stdout: string; stderr: string };

/** What one POST was answered with. */
export type Posted = { status: number; id: string; duplicate: boolean };
/** One that was kept, by the words it can be found by. */
export type Kept = Posted & { marker: string };

/** A channel that carries replies back, and what has come out of it. */
export type TwoWay = { url: string; token: string; replies: Reply[]; close(): void };
type Reply = { kind: string; event_id: string; chat_id: string | null; text: string };

export class Sluice {
  readonly #stage: Pick<Stage, "home" | "claude" | "defer">;
  readonly #client: HubClient;
  #github = "";
  /** Every hub that has answered here. */
  readonly #hubs = new Set<number>();
  readonly #entry: string;

  /** `own`: the command line that is used, in place of the repository's. */
  constructor(stage: Pick<Stage, "home" | "claude" | "defer">, own = entry) {
    this.#stage = stage;
    this.#entry = own;
    this.#client = openClient(() => locateSocket(stage.home.env));
    stage.defer(() => this.#end());
  }

  /** The hub, as people reach it. */
  get place(): Place {
    const { home } = this.#stage;
    return { api: this.#client.api, env: home.env, folder: home.project };
  }

  /** What a user does once: connect the client, add a channel. */
  async install(): Promise<void> {
    await this.run("connect", "claude");
    await this.addGithub();
  }

  async addGithub(): Promise<void> {
    this.#github = (await this.#add("github", "--secret-stdin", githubSecret)).url ?? "";
    await this.readHub();
  }

  /** Runs `sluice …` and expects it to succeed. */
  async run(...args: string[]): Promise<string> {
    const ran = await this.try(args);
    if (ran.code !== 0)
      throw new Error(`sluice ${args.join(" ")} ended with ${ran.code}: ${ran.stderr}`);
    return ran.stdout;
  }

  /** Runs `sluice …`; a failure is a value. */
  try(args: string[], stdin = ""): Promise<Ran> {
    const { home, claude } = this.#stage;
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [this.#entry, ...args],
        { cwd: home.project, env: { ...home.env, SLUICE_CLAUDE: claude }, timeout: 60_000 },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
      );
      child.stdin?.end(stdin);
    });
  }

  /** @throws SluiceError `hub_unreachable` where none runs. */
  status(): Promise<StatusView> {
    return read(this.#client.api.status.$get());
  }

  /** @throws SluiceError `hub_unreachable` where none runs. */
  trace(id: string): Promise<TraceView> {
    return read(this.#client.api.events[":id"].trace.$get({ param: { id } }));
  }

  /** Waits until an event is in this state. */
  async waitForState(id: string, state: string, timeoutMs = 30_000): Promise<TraceView> {
    return waitUntil(
      async () => {
        const trace = await orNothing(this.trace(id));
        return trace?.event.state === state ? trace : undefined;
      },
      { timeoutMs, what: `${id} ${state}` },
    );
  }

  /** Waits until as many sessions are there with shim and bell, ready to be woken. */
  async waitForSessions(count = 1): Promise<StatusView> {
    return waitUntil(
      async () => {
        const status = await orNothing(this.status());
        const ready = status?.sessions.filter(({ bell, target }) => bell && target) ?? [];
        return ready.length >= count ? status : undefined;
      },
      { timeoutMs: 15_000, what: `${count} sessions with a bell` },
    );
  }

  /** Waits until the bell has rung, some 200 ms before the client asks its hooks: it batches monitors' lines. */
  async waitForRing(): Promise<void> {
    await waitUntil(
      async () => {
        const { sessions } = await this.status();
        return sessions.some(({ wakesToday }) => wakesToday > 0) || undefined;
      },
      { what: "a bell", everyMs: 10 },
    );
    // It is counted before it leaves.
    await sleep(50);
  }

  /** The hub that runs now. @throws SluiceError `hub_unreachable` where none runs. */
  async readHub(): Promise<HubView> {
    const { hub } = await this.status();
    this.#hubs.add(hub.pid);
    return hub;
  }

  /** Ends the hub as a power cut does. */
  async killHub(pid: number): Promise<void> {
    signal(pid, "SIGKILL");
    await waitUntil(() => !isAlive(pid) || undefined, { what: `the end of hub ${pid}` });
  }

  /** A failed CI run, signed as GitHub does. `marker` stands in the commit's message: others' words. */
  async fail(
    marker: string,
    more = "",
    { repository = "octo-org/octo-app", delivery = randomUUID() as string } = {},
  ): Promise<Kept> {
    const run = toFailedRun(`${marker}${more}`, repository);
    const posted = await this.github("workflow_run", run, delivery);
    if (!isKept(posted)) throw new Error(`the hub answered ${posted.status}`);
    return { ...posted, marker };
  }

  /** One GitHub delivery, whole and signed. */
  async github(event: string, payload: object, delivery: string = randomUUID()): Promise<Posted> {
    const body = JSON.stringify(payload);
    const signature = createHmac("sha256", githubSecret).update(body).digest("hex");
    return post(this.#github, body, {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": delivery,
      "x-hub-signature-256": `sha256=${signature}`,
    });
  }

  /** Adds a two-way webhook channel and listens to what comes out of it. */
  async addTwoWay(name: string): Promise<TwoWay> {
    const {
      url = "",
      token = "",
      listenToken = "",
    } = JSON.parse(
      await this.run("add", "webhook", "--name", name, "--two-way", "--json"),
    ) as AddedChannel;
    const out = new URL(`/out/${name}`, url);
    const replies: Reply[] = [];
    const headers = { authorization: `Bearer ${listenToken}` };
    const listening = request(out, { headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const frames = text.split("\n\n");
        text = frames.pop() ?? "";
        for (const frame of frames) {
          const data = frame.split("\n").find((line) => line.startsWith("data:"));
          if (data !== undefined) replies.push(JSON.parse(data.slice(5)) as Reply);
        }
      });
      // Ends with its hub; what came until then is in `replies`.
      answer.on("error", () => undefined);
    });
    listening.on("error", () => undefined);
    listening.end();
    const close = (): void => void listening.destroy();
    this.#stage.defer(close);
    return { url, token, replies, close };
  }

  /** What a person says on a two-way channel. */
  async say(
    channel: TwoWay,
    text: string,
    priority = "normal",
    delivery: string = randomUUID(),
  ): Promise<Kept> {
    const posted = await post(channel.url, text, {
      "content-type": "text/plain",
      authorization: `Bearer ${channel.token}`,
      "x-sluice-sender": "person-1",
      "x-sluice-priority": priority,
      "idempotency-key": delivery,
    });
    if (!isKept(posted)) throw new Error(`the hub answered ${posted.status}`);
    return { ...posted, marker: text };
  }

  async #add(kind: string, flag: string, secret: string): Promise<AddedChannel> {
    const ran = await this.try(["add", kind, flag, "--json"], secret);
    if (ran.code !== 0) throw new Error(`sluice add ${kind} ended with ${ran.code}: ${ran.stderr}`);
    return JSON.parse(ran.stdout) as AddedChannel;
  }

  async #end(): Promise<void> {
    // A shim may have started another one: whichever runs now is told to leave.
    this.#client.close();
    await this.try(["down"]);
    await endAll([...this.#hubs], 2_000);
  }
}

/** Undefined while no hub answers: another one is on its way. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    if (isSluiceError(thrown, "hub_unreachable")) return undefined;
    throw thrown;
  }
}

/** The shims and bells of ours under a client. */
export async function listOurs(pid: number): Promise<{ shims: number[]; bells: number[] }> {
  const ours = await listDescendants(pid);
  const having = (file: string): number[] =>
    ours.filter(({ command }) => command.includes(file)).map((child) => child.pid);
  return { shims: having("shim.js"), bells: having("bell.js") };
}

/** Waits until a client has one shim and one bell, and gives them. */
export async function waitForOurs(pid: number): Promise<{ shim: number; bell: number }> {
  return waitUntil(
    async () => {
      const { shims, bells } = await listOurs(pid);
      const [shim, bell] = [shims[0], bells[0]];
      return shim === undefined || bell === undefined ? undefined : { shim, bell };
    },
    { what: "a shim and a bell" },
  );
}

/** Holds a process still, as a machine under load does, until told to go on. */
export function hold(pid: number): { release(): void } {
  signal(pid, "SIGSTOP");
  return { release: () => void signal(pid, "SIGCONT") };
}

/** A repetition of what is kept already is kept too. */
function isKept({ status, duplicate }: Posted): boolean {
  return status === 202 || (status === 200 && duplicate);
}

function toFailedRun(message: string, repository: string): object {
  const html = `https://github.com/${repository}`;
  return {
    action: "completed",
    workflow: { id: 2_823_525, name: "test" },
    workflow_run: {
      id: 289_782_451,
      name: "test",
      run_number: 562,
      run_attempt: 1,
      event: "push",
      status: "completed",
      conclusion: "failure",
      // Of its own: builds of one branch are one entity, and events of one entity travel as one.
      head_branch: `topic-${randomUUID()}`,
      head_sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
      head_commit: { message },
      html_url: `${html}/actions/runs/289782451`,
      head_repository: { id: 1_296_269, full_name: repository },
      pull_requests: [],
      updated_at: "2026-11-20T12:00:00Z",
    },
    repository: { id: 1_296_269, full_name: repository, html_url: html },
    sender: { login: "monalisa", id: 1_024_025, type: "User" },
  };
}

function post(url: string, body: string, headers: Record<string, string>): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => {
        const { id = "", duplicate = false } = JSON.parse(text || "{}") as Partial<Posted>;
        resolve({ status: answer.statusCode ?? 0, id, duplicate });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
