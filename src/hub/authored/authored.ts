/**
 * The authors' channels of a hub: each configured one with its code, its process and its tools.
 *
 * Owns: making one of a configuration, and which of them there are. Never: the configuration, or ingress.
 *
 * AUTHORED-1 A process that an earlier hub has left behind is ended before another one of its channel is started.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { AuthorArrival, OwnToolAnswer } from "../../author/port.ts";
import { isAlive, readProcess } from "../../local/process.ts";
import type { Env } from "../../local/home.ts";
import type { ChannelOutline, ToolOutline } from "../../sdk/author/describe.ts";
import type { PushResult } from "../../sdk/author/new-event.ts";
import type { ChannelDefinition } from "../../sdk/channel.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { IngressChannel } from "../../ingress/contract.ts";
import { readCursor } from "../../store/events/cursors.ts";
import type { Core } from "../core.ts";
import type { ChannelConfig } from "../settings/config.ts";
import type { ChannelSecrets } from "../channels/secrets.ts";
import { AuthoredChannel, type AuthoredFigures } from "./authored-channel.ts";
import type { ChildLimits } from "./child.ts";
import { openDoors } from "./doors.ts";
import {
  FILES_FOLDER,
  type Manifest,
  openKeptCode,
  PID_FILE,
  sweepCode,
  toCodeFolder,
} from "./kept-code.ts";

export type AuthoredTake = (
  channel: string,
  arrivals: readonly AuthorArrival[],
  cursor: string | undefined,
  mayAnswer: boolean,
) => Promise<readonly PushResult[]>;

export type OpenAuthored = {
  doors: ReadonlyMap<string, IngressChannel>;
  outline: ChannelOutline;
  open: NonNullable<ChannelDefinition["open"]>;
};

export type AuthoredView = {
  from: string;
  digest: string;
  version: string | undefined;
  /** Names of its secrets. */
  secrets: readonly string[];
  figures: AuthoredFigures;
  /** Files that are not any more what was added. */
  changed: readonly string[];
};

type Entry = {
  channel: AuthoredChannel;
  manifest: Manifest;
  digest: string;
  changed: readonly string[];
};

const LOOK_EVERY_MS = 5_000;

export class Authored {
  readonly #core: Core;
  readonly #env: Env;
  readonly #limits: Partial<ChildLimits>;
  readonly #entries = new Map<string, Entry>();
  readonly #looks: NodeJS.Timeout;
  #isLooking = false;
  readonly #toolsChanged = new Set<() => void>();
  #take: AuthoredTake = () =>
    Promise.reject(new SluiceError("hub_stopping", "nobody takes events yet", { retryable: true }));

  constructor(core: Core, env: Env, limits: Partial<ChildLimits> = {}) {
    this.#core = core;
    this.#env = env;
    this.#limits = limits;
    this.#looks = setInterval(() => void this.#lookForChanges(), LOOK_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#looks);
  }

  /** Who takes what they bring. One. */
  onTake(take: AuthoredTake): void {
    this.#take = take;
  }

  /** Call the result to hear no more. */
  onToolsChanged(listener: () => void): () => void {
    this.#toolsChanged.add(listener);
    return () => this.#toolsChanged.delete(listener);
  }

  /** Before the first is opened: what is left of others goes. */
  sweep(channels: readonly ChannelConfig[]): void {
    if (!existsSync(toCodeFolder(this.#core.home))) return;
    const kept = channels.flatMap(({ name, code }) =>
      code === undefined ? [] : ([[name, code.digest]] as const),
    );
    sweepCode(this.#core.home, new Map(kept));
  }

  /** Nothing is started by it. @throws SluiceError `bad_config`, `bad_secret`. */
  async prepare(config: ChannelConfig, secrets: ChannelSecrets): Promise<OpenAuthored> {
    const { home, db } = this.#core;
    const { name, code } = config;
    if (code === undefined)
      throw new SluiceError("internal", `channel ${name} is no author's channel`);
    const { manifest } = await openKeptCode(home, name, code.digest);
    const { outline } = manifest;
    this.#endLeftover(name);
    const needed = toNeeded(secrets, outline);
    const take = (arrivals: readonly AuthorArrival[], cursor?: string) =>
      this.#take(name, arrivals, cursor, outline.permission);
    const channel = new AuthoredChannel({
      name,
      readCode: () => openKeptCode(home, name, code.digest),
      secrets: needed.named ?? {},
      env: this.#env,
      take,
      readCursor: () => readCursor(db, name),
      chat: outline.chat,
      noteProcess: (pid) => this.#notePid(name, pid),
      limits: this.#limits,
    });
    this.#entries.set(name, { channel, manifest, digest: code.digest, changed: [] });
    void this.#lookForChanges();
    this.#tellTools();
    const doors = openDoors({ config, outline, secrets: needed, channel, take });
    return { doors, outline, open: (context) => channel.open(context) };
  }

  forget(name: string): void {
    if (this.#entries.delete(name)) this.#tellTools();
  }

  /** Tools of all that are configured, with the channel of each. */
  listTools(): (ToolOutline & { channel: string })[] {
    return [...this.#entries].flatMap(([channel, { manifest }]) =>
      manifest.outline.tools.map((tool) => ({ ...tool, channel })),
    );
  }

  /** Undefined where no channel has such a tool. */
  callTool(name: string, input: unknown): Promise<OwnToolAnswer> | undefined {
    for (const { channel, manifest } of this.#entries.values())
      if (manifest.outline.tools.some((tool) => tool.name === name))
        return channel.callTool(name, input);
    return undefined;
  }

  describe(name: string): AuthoredView | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const { manifest, digest, channel, changed } = entry;
    const own = manifest.packages.find((one) => manifest.from.startsWith(`npm:${one.name}@`));
    return {
      from: manifest.from,
      digest,
      version: own?.version,
      secrets: manifest.outline.secrets,
      figures: channel.figures,
      changed,
    };
  }

  manifestOf(name: string): Manifest | undefined {
    return this.#entries.get(name)?.manifest;
  }

  /** Beside everything else: the files may lie on a disk that does not answer. */
  async #lookForChanges(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (const [name, entry] of this.#entries) {
        const { manifest, digest } = entry;
        const kept = join(toCodeFolder(this.#core.home), name, digest, FILES_FOLDER);
        entry.changed = await listChanged(manifest.root, kept, manifest.local);
      }
    } finally {
      this.#isLooking = false;
    }
  }

  #tellTools(): void {
    for (const tell of this.#toolsChanged) tell();
  }

  /** AUTHORED-1: one that spins does not see that its pipe is closed. */
  #endLeftover(name: string): void {
    const path = this.#toPidFile(name);
    if (this.#entries.has(name) || !existsSync(path)) return;
    const [pid = "", startTime = ""] = readFileSync(path, "utf8").split("\n");
    if (isAlive(Number(pid), startTime)) process.kill(Number(pid), "SIGKILL");
    rmSync(path, { force: true });
  }

  #notePid(name: string, pid: number | undefined): void {
    const path = this.#toPidFile(name);
    const startTime = pid === undefined ? undefined : readProcess(pid)?.startTime;
    try {
      if (startTime === undefined) rmSync(path, { force: true });
      else writeFileSync(path, `${pid}\n${startTime}`, { mode: 0o600 });
    } catch (thrown) {
      this.#core.log.warn({ channel: name, error: String(thrown) }, "a process could not be noted");
    }
  }

  #toPidFile(name: string): string {
    return join(toCodeFolder(this.#core.home), name, PID_FILE);
  }
}

/** While code is changed, the secrets of both are kept: each gets what it asked for. */
function toNeeded({ keys, named = {}, listen }: ChannelSecrets, outline: ChannelOutline) {
  const own = outline.secrets.flatMap((key) => {
    const value = Object.hasOwn(named, key) ? named[key] : undefined;
    return value === undefined ? [] : [[key, value] as const];
  });
  const isHeard = outline.reply === "stream" && listen !== undefined;
  return { keys, named: Object.fromEntries(own), ...(isHeard ? { listen } : {}) };
}

/** Which files are not any more what was kept. */
async function listChanged(
  root: string,
  kept: string,
  files: readonly string[],
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const file of files)
    if (!(await isSame(join(root, file), join(kept, file)))) changed.push(file);
  return changed;
}

async function isSame(now: string, then: string): Promise<boolean> {
  try {
    if ((await stat(now)).size !== (await stat(then)).size) return false;
    return (await readFile(now)).equals(await readFile(then));
  } catch {
    // It is gone, or cannot be read now: it is not what it was.
    return false;
  }
}
