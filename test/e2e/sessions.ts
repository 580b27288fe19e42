/**
 * Sessions for whole-system tests: the reference session on each lane, in this process or in one of its own.
 *
 * Owns: what each lane's client looks like to a shim. Never: a hub (rig.ts).
 * A client is known by its process: two sessions at once need two processes, and a client can only be killed in one of its own.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostNote, Read } from "../../src/host/note.ts";
import { openSession, type ReferenceSession } from "../../src/host/session.ts";
import type { SessionOptions } from "../../src/host/session-options.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import { BELL, isRunning, type Rig, ROOT, SHIM, until } from "./rig.ts";

export type LaneName = "channel" | "monitor" | "pull";

const HOOKS: unknown = JSON.parse(readFileSync(join(ROOT, "plugin/hooks/hooks.json"), "utf8"));
const CLAUDE = { name: "claude-code", version: "2.1.332" };

/** A folder to work in that is not the home of its user: nothing in a home is known to be harmless. */
export function makeWorkFolder(rig: Pick<Rig, "folder">): string {
  const folder = join(rig.folder, "project");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What a client of this lane spawns, and how it calls itself. */
export function toSessionOptions(rig: Rig, lane: LaneName): SessionOptions {
  const shared = {
    command: process.execPath,
    env: rig.env,
    cwd: rig.folder,
    serverName: "plugin:sluice:sluice",
    closeBy: "sigint",
  } as const;
  if (lane === "pull") return { ...shared, args: [SHIM], serverName: "sluice", clientInfo: CLAUDE };
  const plugin = { ...shared, args: [SHIM, "--plugin"], hooks: HOOKS };
  return lane === "monitor" ? { ...plugin, clientInfo: CLAUDE, loadChannel: false } : plugin;
}

/** A session in this process, attached: the hub knows it. Closed with the rig. */
export async function openLane(
  rig: Rig,
  lane: LaneName,
  options: Partial<SessionOptions> = {},
): Promise<ReferenceSession> {
  const session = await openSession({ ...toSessionOptions(rig, lane), ...options });
  rig.add(() => session.close());
  if (lane === "monitor") ringBy(session);
  await untilAttached(rig, lane);
  return session;
}

/** The bell as the plugin's monitors.json starts it. */
export function ringBy(session: ReferenceSession) {
  return session.startMonitor({
    command: process.execPath,
    args: [BELL],
    description: "Sluice bell",
  });
}

export async function untilAttached(rig: Rig, lane: LaneName, count = 1): Promise<void> {
  await until(`${count} on the ${lane} lane`, async () => {
    const status = await rig.status().catch(() => undefined);
    const fits = (status?.sessions ?? []).filter(
      (one) => one.lane === lane && (lane !== "monitor" || one.bell),
    );
    return fits.length >= count;
  });
}

/**
 * True where a turn brings an event's text. A bell's turn may not: on a busy machine the hook's answer can miss its 50 ms,
 * and the bell rings again. A model that waits for its event must not hold such a turn.
 */
export function carriesEvent(turn: Pick<ModelTurn, "text">): boolean {
  return turn.text.includes('event_id="evt_');
}

/** How often the model read this event's text, by whatever way. */
export function countReads(reads: readonly Read[], id: string): number {
  const mark = `event_id="${id}"`;
  return reads.reduce((sum, { text }) => sum + text.split(mark).length - 1, 0);
}

/** The read that carried an event. */
export function findRead(reads: readonly Read[], id: string): Read {
  const found = reads.find(({ text }) => text.includes(`event_id="${id}"`));
  if (found === undefined) throw new Error(`${id} was not read`);
  return found;
}

/** The opening tag of an event, as it was read. */
export function findTag(reads: readonly Read[], id: string): string {
  const { text } = findRead(reads, id);
  const tag = text.match(/<channel [^>]*>/g)?.find((one) => one.includes(`event_id="${id}"`));
  if (tag === undefined) throw new Error(`${id} stands in no tag`);
  return tag;
}

/** A git checkout's outside: what tells which repository a project is. */
export function makeProject(rig: Rig, repository: string): string {
  const folder = join(rig.folder, repository.replace("/", "-"));
  mkdirSync(join(folder, ".git"), { recursive: true });
  writeFileSync(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  writeFileSync(
    join(folder, ".git/config"),
    `[remote "origin"]\n\turl = git@github.com:${repository}.git\n`,
  );
  return folder;
}

/** How the model of a client process behaves: it reads and ends its turn, or never ends one that brings an event. */
export type ModelName = "read" | "hold";

export type ClientOrder = {
  lane: LaneName;
  model: ModelName;
  session: Omit<SessionOptions, "model" | "approve" | "onStderr">;
};
export type ClientCommand = { type: string } | "close";
export type ClientReport =
  | { kind: "open"; serverPid: number | undefined; bellPid: number | undefined }
  | { kind: "note"; note: HostNote };

/** A client in a process of its own, which can be killed. */
export class ClientProcess {
  readonly notes: HostNote[] = [];
  serverPid = 0;
  bellPid = 0;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (report: ClientReport) => {
      if (report.kind === "note") this.notes.push(report.note);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get reads(): Read[] {
    return this.notes.filter((note) => note.kind === "read");
  }

  until(what: string, fits: (note: HostNote) => boolean): Promise<void> {
    return until(what, () => this.notes.some(fits));
  }

  send(command: ClientCommand): void {
    this.#child.send(command);
  }

  /** kill -9: neither shim nor bell is told. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await until("the client is gone", () => !isRunning(this.pid));
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.send("close");
    await gone;
  }
}

export async function spawnClient(
  rig: Rig,
  lane: LaneName,
  {
    model = "read",
    cwd = rig.folder,
    session = {},
  }: { model?: ModelName; cwd?: string; session?: Partial<ClientOrder["session"]> } = {},
): Promise<ClientProcess> {
  const options = { ...toSessionOptions(rig, lane), cwd, ...session };
  const order: ClientOrder = { lane, model, session: options };
  const child = fork(join(import.meta.dirname, "client-process.ts"), [], {
    cwd,
    env: { ...rig.env },
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const client = new ClientProcess(child);
  rig.add(() => client.close());
  const opened = new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the client ended with ${code}`)));
    child.on("message", (report: ClientReport) => {
      if (report.kind !== "open") return;
      client.serverPid = report.serverPid ?? 0;
      client.bellPid = report.bellPid ?? 0;
      resolve();
    });
  });
  child.send(order);
  await opened;
  await until(`client ${client.pid} is attached`, async () => {
    const { sessions } = await rig.status().catch(() => ({ sessions: [] }));
    return sessions.some(
      (one) => one.client.pid === client.pid && (lane !== "monitor" || one.bell),
    );
  });
  return client;
}
