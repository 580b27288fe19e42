/**
 * What a channel's process says of its sources, as often as an owner can read it.
 *
 * Owns: one state of several, and how often it is passed on. Never: believes that more is news.
 *
 * REPORTS-1 A state is passed on once a second at most, the latest; an alarm, which reaches the owner's chats, once in ten minutes.
 */
import type { ConnectionState } from "../../sdk/channel.ts";
import type { Clock } from "../../sdk/clock.ts";

const EVERY_MS = 1_000;
const ALARM_EVERY_MS = 600_000;
const MAX_SOURCES = 100;

type Pass = { report(state: ConnectionState): void; leftBehind(count: number): void };

export class Reports {
  readonly #clock: Clock;
  readonly #pass: Pass;
  readonly #sources = new Map<string, ConnectionState>();
  #left = 0;
  #alarmedAt = Number.NEGATIVE_INFINITY;
  #passedAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, pass: Pass) {
    this.#clock = clock;
    this.#pass = pass;
  }

  /** Has none of its sources said anything? */
  get isSilent(): boolean {
    return this.#sources.size === 0;
  }

  note(source: string, state: ConnectionState): void {
    if (!this.#sources.has(source) && this.#sources.size >= MAX_SOURCES) return;
    this.#sources.set(source, state);
    this.#plan();
  }

  left(count: number): void {
    this.#left += count;
    this.#plan();
  }

  /** Its process has ended: what its sources said is over. */
  clear(): void {
    this.#sources.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #plan(): void {
    if (this.#cancel !== undefined) return;
    const waitMs = Math.max(0, this.#passedAt + EVERY_MS - this.#clock.now());
    if (waitMs === 0) return this.#flush();
    this.#cancel = this.#clock.after(Math.min(EVERY_MS, waitMs), () => {
      this.#cancel = undefined;
      this.#flush();
    });
  }

  /** REPORTS-1 */
  #flush(): void {
    this.#passedAt = this.#clock.now();
    const left = this.#left;
    this.#left = 0;
    if (left > 0) this.#pass.leftBehind(left);
    if (this.#sources.size > 0) this.#pass.report(this.#calm(toOneState(this.#sources)));
  }

  #calm(state: ConnectionState): ConnectionState {
    const isAlarm = state.kind === "paused" || (state.kind === "retrying" && state.alarm === true);
    if (!isAlarm) return state;
    const now = this.#clock.now();
    if (now - this.#alarmedAt < ALARM_EVERY_MS) return { kind: "retrying", reason: state.reason };
    this.#alarmedAt = now;
    return state;
  }
}

/** Of several sources the worst counts; what only the owner can mend does not stop the others. Pure. */
export function toOneState(sources: ReadonlyMap<string, ConnectionState>): ConnectionState {
  const bad = [...sources].flatMap(([name, state]) =>
    state.kind === "connected" ? [] : [{ name, state }],
  );
  if (bad.length === 0) return { kind: "connected" };
  const reason = bad
    .map(({ name, state }) => `${name}: ${state.reason}`)
    .join("; ")
    .slice(0, 1_000);
  if (bad.length === sources.size && bad.every(({ state }) => state.kind === "paused"))
    return { kind: "paused", reason };
  const isAlarm = bad.some(
    ({ state }) => state.kind === "paused" || (state.kind === "retrying" && state.alarm === true),
  );
  return { kind: "retrying", reason, ...(isAlarm ? { alarm: true } : {}) };
}
