/**
 * A hub's inside for tests: a real database file, a virtual clock, and clients that do what the real one was seen to do.
 *
 * Owns: that scene. Never: the behaviour under test.
 */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Arrival, DeliveryState } from "../sdk/event.ts";
import { Database } from "../store/file/database.ts";
import { InboxLimit } from "../store/events/add-event.ts";
import { listDeliveries } from "../store/events/deliveries.ts";
import { findEvent } from "../store/events/inbox.ts";
import { makeFile, makeFolder, toArrival } from "../store/sample.fixture.ts";
import { accept } from "./intake/accept.ts";
import type { Attachment } from "./session/attachment.ts";
import type { ClientFacts, Remembered } from "./session/client.ts";
import { Delivery } from "./deliver/deliver.ts";
import { answerHook, type HookCall } from "./deliver/hook.ts";
import type { Lane } from "./lanes/lane.ts";
import type { LeaseMessage } from "./session/leases.ts";
import { toClient, toFrame, toHookCall } from "./sample.fixture.ts";
import { answerTool, type ToolName } from "./tools/tool.ts";
import type { Rule } from "./route/match.ts";
import type { QuietHours } from "./deliver/quiet.ts";
import { settle, VirtualClock } from "./virtual-clock.fixture.ts";

export type ConnectOptions = {
  bell?: boolean;
  plugin?: boolean;
  remembered?: Partial<Remembered>;
  /** The one that a host comes with. */
  lane?: Lane;
  repository?: string;
};

export class Rig {
  readonly path: string;
  readonly clock: VirtualClock;
  readonly delivery: Delivery;
  readonly db: Database;
  readonly dead = new Set<number>();
  readonly errors: string[] = [];
  readonly replied: string[] = [];
  readonly repositories = new Map<string, string>();
  readonly branches = new Map<string, string>();
  policy: string | undefined;
  /** Command lines that the policy does not hold. */
  letThrough: (argv: readonly string[]) => boolean = () => false;
  rules: Rule[] = [];
  quiet: QuietHours | undefined;

  constructor(
    path: string = join(makeFolder(), "inbox.db"),
    clock: VirtualClock = new VirtualClock(),
    /** Bursts are not gathered unless that is what a test is about: its events are few and meant one by one. */
    burstMs = 0,
    isShown = true,
  ) {
    this.path = path;
    this.clock = clock;
    this.db = new Database(makeFile(path));
    const ignore = (): void => {};
    this.delivery = new Delivery({
      db: this.db,
      clock,
      log: {
        debug: ignore,
        info: ignore,
        warn: ignore,
        error: (_, message) => this.errors.push(message),
      },
      isAlive: (pid) => !this.dead.has(pid),
      readProject: (folder) => ({
        repository: this.repositories.get(folder),
        branch: this.branches.get(folder),
      }),
      readPolicy: (argv = []) => (this.letThrough(argv) ? undefined : this.policy),
      readQuiet: () => this.quiet,
      readRules: () => this.rules,
      burstMs,
      isShown,
    });
    onTestFinished(() => this.stop());
  }

  /** Ends this life of the hub. The file stays. */
  stop(): void {
    this.delivery.close();
    try {
      this.db.close();
    } catch {
      // Stopped before.
    }
  }

  /** Another life of the hub on the same file. */
  restart(): Rig {
    this.stop();
    const next = new Rig(this.path, this.clock);
    for (const [folder, repository] of this.repositories) next.repositories.set(folder, repository);
    return next;
  }

  async post(changes: Partial<Arrival> = {}): Promise<string> {
    const accepted = await accept(toArrival(changes), this.clock.now(), {
      db: this.db,
      clock: this.clock,
      limit: new InboxLimit(this.db, this.clock),
      access: { get: () => ({ paused: false, allowUnsigned: false }) },
      assign: this.delivery.watchers.assign,
      pressing: this.delivery.pressing,
    });
    await settle();
    if (accepted.kind !== "stored") throw new Error(accepted.reason);
    return accepted.id;
  }

  connect(changes: Partial<ClientFacts> = {}, options: ConnectOptions = {}): Session {
    const client = toClient({ plugin: options.plugin ?? true, ...changes });
    if (options.repository !== undefined) this.repositories.set(client.cwd, options.repository);
    return new Session(this, client, options);
  }

  state(event: string): DeliveryState | undefined {
    return findEvent(this.db, event)?.state;
  }

  /** `[state, attempt]` of each delivery, oldest first. */
  attempts(event: string): [string, number][] {
    return listDeliveries(this.db, event).map(({ state, attempt }) => [state, attempt]);
  }
}

/** A session at work: it is attached, its bell stands, and it has ended a turn. */
export async function start(rig = new Rig()): Promise<{ rig: Rig; session: Session }> {
  const session = rig.connect();
  await rig.clock.advance(1_000);
  const promptId = session.nextPrompt();
  await session.type("hello", promptId);
  await session.stop(promptId);
  return { rig, session };
}

/** One client process with its shim and its bell. */
export class Session {
  readonly rig: Rig;
  readonly client: ClientFacts;
  readonly attachment: Attachment;
  readonly lines: string[] = [];
  readonly pushed: Extract<LeaseMessage, { kind: "channel" }>[] = [];
  /** What the person at its terminal was shown, one text for each hook. */
  readonly screen: string[] = [];
  /** What else came over the lease. */
  readonly told: Exclude<LeaseMessage, { kind: "channel" }>[] = [];
  readonly detach: () => void;
  closeBell: () => void = () => {};
  id: string;
  #prompts = 0;

  constructor(
    rig: Rig,
    client: ClientFacts,
    { bell = client.plugin && client.interactive, remembered = {}, lane }: ConnectOptions,
  ) {
    this.rig = rig;
    this.client = client;
    this.id = client.session;
    const memory = { session: undefined, promptId: undefined, stops: 0, ...remembered };
    const push = (message: LeaseMessage): void => {
      if (message.kind === "channel") this.pushed.push(message);
      else this.told.push(message);
    };
    const link = { plugin: client.plugin, push };
    const { attachment, detach } = rig.delivery.leases.attach(client, memory, link, lane);
    this.attachment = attachment;
    this.detach = detach;
    if (bell) this.openBell();
  }

  openBell(): void {
    this.closeBell = this.rig.delivery.leases.openBell(
      this.attachment.id,
      (line) => void this.lines.push(line),
    );
  }

  /** Calls a hook; the answer's context, its whole text, or undefined for `{}`. */
  async hook(event: string, changes: Partial<HookCall> = {}): Promise<string | undefined> {
    const { db, clock, delivery } = this.rig;
    const call = toHookCall({ event, session: this.id, ...changes });
    const answer = await answerHook(this.attachment, call, { db, clock, delivery });
    await settle();
    if (answer.systemMessage !== undefined) this.screen.push(answer.systemMessage);
    const output = answer.hookSpecificOutput;
    if (output === undefined) return undefined;
    const context = output["additionalContext"];
    return typeof context === "string" ? context : JSON.stringify(output);
  }

  nextPrompt(): string {
    return `${this.id}-p${++this.#prompts}`;
  }

  type(prompt: string, promptId = this.nextPrompt()): Promise<string | undefined> {
    return this.hook("UserPromptSubmit", { prompt, promptId });
  }

  /** The client hands the latest line of the bell, or the given one, to the model. */
  hear(promptId = this.nextPrompt(), line = this.lines.at(-1) ?? ""): Promise<string | undefined> {
    return this.hook("UserPromptSubmit", { prompt: toFrame(line), promptId });
  }

  stop(promptId: string, more: Partial<HookCall> = {}): Promise<string | undefined> {
    return this.hook("Stop", { promptId, ...more });
  }

  async tool(
    name: ToolName,
    input: Record<string, unknown> = {},
    toolUseId?: string,
  ): Promise<string> {
    const { db, clock, delivery } = this.rig;
    const answer = await answerTool(
      this.attachment,
      name,
      { arguments: input, toolUseId },
      {
        db,
        clock,
        delivery,
        canReply: (channel) => channel === "chat",
        replied: (channel) => this.rig.replied.push(channel),
      },
    );
    await settle();
    return `${answer.isError ? "ERROR " : ""}${answer.text}`;
  }
}
