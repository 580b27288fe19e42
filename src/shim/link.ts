/**
 * The shim's link to the hub: it keeps a lease, and makes calls that never keep the client waiting.
 *
 * Owns: attaching, coming back to a restarted hub, the order of signals, the time limit of a hook answer.
 * Never: decides what a signal means.
 *
 * LINK-1 Signals reach the hub in the order in which the client gave them, also those that waited for a restart.
 * LINK-2 A hook is answered within its limit, with the hub's word or with none.
 * LINK-3 An answer that came too late for its hook is withdrawn, so its events are offered again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type HubClient, openClient, read, readStream } from "../api/client/client.ts";
import type { ContributedToolView, ToolAnswerView } from "../api/wire/client-wire.ts";
import type { HubView } from "../api/wire/wire.ts";
import type { AttachRequest, hookSchema } from "../api/wire/client-wire.ts";
import { within } from "../sdk/clock.ts";
import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.ts";
import type { LeaseMessage } from "../flow/session/leases.ts";
import type { z } from "zod";

export type HookSignal = z.infer<typeof hookSchema>;
export type ShimHookAnswer = Record<string, unknown>;

export type ChannelMessage = { content: string; meta: Record<string, string> };

export type RelayedVerdict = { requestId: string; behavior: "allow" | "deny" };

export type LinkOptions = {
  locate: () => string;
  /** Starts a hub where none answers; rejects when it cannot. */
  ensure: () => Promise<void>;
  onChannel: (message: ChannelMessage) => void;
  /** The answer to a permission request that the client relayed. */
  onVerdict: (verdict: RelayedVerdict) => void;
  /** The user wants the model to stop at its next hook. */
  onStop: (reason: string) => void;
  /** The hub that has given a lease, or refused one. */
  onHub: (hub: Pick<HubView, "pid" | "version">) => void;
  /** There is a lease, or channels offer other tools than before. */
  onTools?: () => void;
  warn: (message: string) => void;
};

/** Of the 50 ms that a hook may take: the rest is the pipe and the client. */
export const HOOK_LIMIT_MS = 35;
const BACKOFF_MS = [50, 100, 250, 500, 1_000, 2_000, 5_000];
/**
 * A hub that could not be started is looked for all the same; starting it again every few seconds, in each session, would be a load.
 * One that only ended, or was slow, is started again sooner at first: something may have killed it in its start.
 */
const START_PAUSE_MS = 60_000;
const SHORT_START_PAUSES_MS = [0, 2_000, 10_000];
/** Signals kept while no hub answers; the oldest are let go. */
const QUEUE_MAX = 1_000;
const ATTACH_WAIT_MS = 10_000;
const RETRY_MS = 250;

type Queued = {
  /** Throws `hub_unreachable` or `not_found` when it is to be tried again. */
  run: (id: string) => Promise<void>;
  /** It could not be handed on. */
  drop: () => void;
};
type QueuedSignal = {
  signal: HookSignal;
  answered: (answer: ShimHookAnswer) => void;
  expired: boolean;
};

export class HubLink {
  readonly #options: LinkOptions;
  readonly #client: HubClient;
  readonly #stop = new AbortController();
  readonly #queue: Queued[] = [];
  readonly #waiters: (() => void)[] = [];
  readonly #remembered: AttachRequest["remembered"] = { stops: 0 };
  #isOpen = false;
  /** Of the hub that holds the lease: calls are made to no other. */
  #socket = "";
  #id: string | undefined;
  #draining = false;
  /** Of `performance.now()`. */
  #nextStartAt = 0;
  #failedStarts = 0;
  #warned = "";
  /** What the hub that answers said instead of a lease. */
  #refusal: string | undefined;
  /** For the person at the terminal, from an end of turn that was answered too late; at most of one. */
  #lateScreen: string | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#client = openClient(() => this.#socket);
  }

  /** Starts to hold a lease, and goes on until closed. Later calls change nothing, and read nothing: each hook makes one. */
  open(readFacts: () => AttachRequest["client"]): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    void this.#keepLease(readFacts());
  }

  /**
   * Hands a signal on. Resolves with the hub's answer, or after the limit with `{}` (LINK-2). One that is `stale` was given up by the
   * client before it was read: the hub hears of it, and its answer carries nothing.
   */
  signal(signal: HookSignal, limitMs: number, stale = false): Promise<ShimHookAnswer> {
    this.#remember(signal);
    return new Promise((resolve) => {
      const queued: QueuedSignal = { signal, answered: resolve, expired: stale };
      const timer = setTimeout(() => {
        queued.expired = true;
        resolve({});
      }, limitMs);
      queued.answered = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.#enqueue({
        run: (id) => this.#send(id, queued),
        drop: () => queued.answered({}),
      });
    });
  }

  /**
   * Makes a call of the hub's API in the order of the signals (LINK-1), and as often as it takes. Resolves with its answer; undefined
   * when the hub refused it, or too much waited.
   */
  inOrder<T>(call: (api: HubClient["api"], id: string) => Promise<T>): Promise<T | undefined> {
    return new Promise((resolve) => {
      this.#enqueue({
        run: async (id) => resolve(await call(this.#client.api, id)),
        drop: () => resolve(undefined),
      });
    });
  }

  /** What the person at the terminal has not been shown yet; once. */
  takeLateScreen(): string | undefined {
    const late = this.#lateScreen;
    this.#lateScreen = undefined;
    return late;
  }

  /** Aborts when the link is closed. */
  get closed(): AbortSignal {
    return this.#stop.signal;
  }

  /** The attachment's id; undefined while there is no lease. */
  get id(): string | undefined {
    return this.#id;
  }

  /** One line for people: why the hub that answers does not take this session, and what to do. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** What the user's own channels offer besides; none where no hub answers in time. */
  async contributed(limitMs: number): Promise<ContributedToolView[]> {
    try {
      return await within(limitMs, read<ContributedToolView[]>(this.#client.api.tools.$get()), []);
    } catch {
      // No hub, or an older one: once there is a lease the list is asked for again.
      return [];
    }
  }

  /** Calls a tool; waits for a lease first. @throws SluiceError `hub_unreachable` */
  async tool(
    name: string,
    input: Record<string, unknown>,
    { toolUseId, session }: { toolUseId?: string | undefined; session?: string | undefined },
  ): Promise<ToolAnswerView> {
    const id = this.#id ?? (await this.#waitForLease());
    return read(
      this.#client.api.attachments[":id"].tools[":name"].$post({
        param: { id, name },
        json: { arguments: input, toolUseId, session },
      }),
    );
  }

  /** Gives what waits a last moment, then ends the lease. */
  async close(graceMs: number): Promise<void> {
    const deadline = Date.now() + graceMs;
    while (
      (this.#queue.length > 0 || this.#draining) &&
      this.#id !== undefined &&
      Date.now() < deadline
    )
      await sleep(10);
    this.#stop.abort();
    this.#client.close();
  }

  async #keepLease(client: AttachRequest["client"]): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        this.#socket = this.#options.locate();
        await readStream({
          socket: this.#socket,
          path: "/v1/attachments",
          body: { client, remembered: this.#remembered },
          signal: this.#stop.signal,
          onMessage: (message) => {
            failures = 0;
            this.#onMessage(message);
          },
        });
      } catch (thrown) {
        await this.#recover(thrown);
      }
      this.#id = undefined;
      if (this.#stop.signal.aborted) return;
      const delay = BACKOFF_MS[Math.min(failures++, BACKOFF_MS.length - 1)] ?? 0;
      // The wait of one shim must not beat time with the others'.
      await sleep(delay * (0.5 + Math.random()), undefined, { ref: false });
    }
  }

  async #recover(thrown: unknown): Promise<void> {
    // A hub that is only away is looked for in silence.
    const isAway =
      isSluiceError(thrown, "hub_unreachable") || isSluiceError(thrown, "hub_stopping");
    if (!isAway) {
      this.#refusal = toRefusal(thrown);
      this.#warnOnce(this.#refusal);
      for (const wake of this.#waiters.splice(0)) wake();
      void this.#warmUp();
    }
    if (performance.now() < this.#nextStartAt) return;
    try {
      await this.#options.ensure();
    } catch (failure) {
      this.#warnOnce(failure);
      const hasEnded = isSluiceError(failure, "hub_unreachable");
      const short = hasEnded ? SHORT_START_PAUSES_MS[this.#failedStarts++] : undefined;
      const pauseMs = short ?? START_PAUSE_MS;
      this.#nextStartAt = performance.now() + pauseMs;
    }
  }

  /** What keeps the lease from coming about is met again every few seconds. */
  #warnOnce(thrown: unknown): void {
    const message = typeof thrown === "string" ? thrown : toMessage(thrown);
    if (message === this.#warned) return;
    this.#warned = message;
    this.#options.warn(message);
  }

  #onMessage(message: unknown): void {
    // The hub's side of this stream is written by us.
    const told = message as
      | LeaseMessage
      | { kind: "tools" }
      | { kind: "attached"; id: string; refusal?: string };
    if (told.kind === "attached") {
      this.#id = told.id;
      this.#refusal = undefined;
      if (told.refusal !== undefined) this.#warnOnce(told.refusal);
      this.#failedStarts = 0;
      for (const wake of this.#waiters.splice(0)) wake();
      void this.#drain();
      void this.#warmUp();
      this.#options.onTools?.();
    } else if (told.kind === "channel") {
      this.#options.onChannel({ content: told.content, meta: told.meta });
    } else if (told.kind === "verdict") {
      this.#options.onVerdict({ requestId: told.requestId, behavior: told.behavior });
    } else if (told.kind === "tools") {
      this.#options.onTools?.();
    } else if (told.kind === "stop") {
      this.#options.onStop(told.reason);
    }
  }

  /** A first call connects and compiles, 10 ms and more: too long for the first hook of a busy machine (LINK-2). */
  async #warmUp(): Promise<void> {
    try {
      this.#options.onHub(await read(this.#client.api.hub.$get()));
    } catch {
      // Only the next call matters, and it says what is wrong.
    }
  }

  /** Sends what waits, one after the other (LINK-1). */
  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    try {
      while (this.#id !== undefined) {
        // Out of the queue while it is on its way: what is let go for want of room is one that waits.
        const next = this.#queue.shift();
        if (next === undefined) return;
        if (await this.#try(this.#id, next)) continue;
        this.#queue.unshift(next);
        // The lease may be alive all the same: a connection that was just closed for being idle. Nobody else would try again.
        setTimeout(() => void this.#drain(), RETRY_MS).unref();
        return;
      }
    } finally {
      this.#draining = false;
    }
  }

  #enqueue(queued: Queued): void {
    this.#queue.push(queued);
    if (this.#queue.length > QUEUE_MAX) this.#queue.shift()?.drop();
    void this.#drain();
  }

  /** True when it needs no further try. */
  async #try(id: string, queued: Queued): Promise<boolean> {
    try {
      await queued.run(id);
      return true;
    } catch (thrown) {
      if (isSluiceError(thrown, "hub_unreachable") || isSluiceError(thrown, "not_found"))
        return false;
      this.#options.warn(toMessage(thrown));
      queued.drop();
      return true;
    }
  }

  async #send(id: string, queued: QueuedSignal): Promise<void> {
    const { signal } = queued;
    // Too late to carry anything: the prompt still tells that a turn began.
    const json = queued.expired ? { ...signal, prompt: "" } : signal;
    const sentLate = queued.expired;
    const answer = await read<ShimHookAnswer>(
      this.#client.api.attachments[":id"].hooks.$post({ param: { id }, json }),
    );
    if (queued.expired && !sentLate && signal.event === "UserPromptSubmit")
      await this.#withdraw(id, signal.promptId);
    const { systemMessage } = answer;
    // What was sent and who answered is as true a moment later. What a prompt brings is withdrawn, and comes again by itself.
    if (queued.expired && signal.event === "Stop" && typeof systemMessage === "string")
      this.#lateScreen = systemMessage;
    queued.answered(answer);
  }

  async #withdraw(id: string, promptId: string): Promise<void> {
    if (promptId === "") return;
    await read(
      this.#client.api.attachments[":id"].withdraw.$post({ param: { id }, json: { promptId } }),
    );
  }

  /** What a restarted hub must know of a conversation that goes on. */
  #remember({ event, session, promptId }: HookSignal): void {
    if (session !== "") this.#remembered.session = session;
    if (event === "UserPromptSubmit") this.#remembered.promptId = promptId;
    if (event === "Stop" || event === "StopFailure") delete this.#remembered.promptId;
    if (event === "Stop") this.#remembered.stops++;
  }

  async #waitForLease(): Promise<string> {
    const deadline = Date.now() + ATTACH_WAIT_MS;
    while (this.#id === undefined) {
      if (this.#refusal !== undefined) throw new SluiceError("unsupported", this.#refusal);
      const left = deadline - Date.now();
      if (left <= 0) {
        throw new SluiceError(
          "hub_unreachable",
          'no hub answers; run "sluice up", and "sluice doctor" if that does not help',
        );
      }
      const attached = new Promise<void>((resolve) => this.#waiters.push(resolve));
      await Promise.race([attached, sleep(left, undefined, { ref: false })]);
    }
    return this.#id;
  }
}

/** Whatever it is that two versions do not understand of each other, the cure is the same. */
function toRefusal(thrown: unknown): string {
  const why = toMessage(thrown);
  return `the hub does not take this session (${why}); run "sluice up", then restart the session (/mcp, reconnect)`;
}
