/**
 * Whether the user is away: then chats and phones are notified of a prompt at once.
 *
 * Owns: the mode that people set, and the idle time. Never: notifies anybody of a prompt.
 * Idle time is measured in this life of the hub: a change of the system clock makes nobody away.
 *
 * AWAY-1 `on` ends when somebody types at a session or answers a prompt at the terminal: that person is not away.
 */
import type { Clock } from "../../../sdk/clock.ts";
import type { Database } from "../../../store/file/database.ts";
import { type AwayMode, readAway, setAway } from "../../../store/prompts/prompt-posts.ts";

export type AwayOptions = {
  db: Database;
  clock: Clock;
  readIdleMs: () => number;
  /** Puts a line into the audit; inside `db.write`. */
  note: (actor: string, action: string, detail: string) => void;
};

/** `since` is when the mode was set, epoch ms; absent for `auto` that nobody set. */
export type AwayView = {
  mode: AwayMode;
  isAway: boolean;
  by?: string | undefined;
  since?: number | undefined;
};

export class Away {
  readonly #options: AwayOptions;
  readonly #listeners = new Set<(isAway: boolean) => void>();
  #isIdle = false;
  #wasAway: boolean;
  #cancel: () => void = () => {};

  constructor(options: AwayOptions) {
    this.#options = options;
    this.#arm();
    this.#wasAway = this.isAway;
  }

  get isAway(): boolean {
    const { mode } = this.view;
    return mode === "on" || (mode === "auto" && this.#isIdle);
  }

  get view(): AwayView {
    const row = readAway(this.#options.db);
    const mode = row?.mode ?? "auto";
    const isAway = mode === "on" || (mode === "auto" && this.#isIdle);
    return row === undefined ? { mode, isAway } : { mode, isAway, by: row.by, since: row.at };
  }

  /** `by` is for people and the audit. */
  async set(mode: AwayMode, by: string): Promise<AwayView> {
    const { db, clock, note } = this.#options;
    await db.write(() => {
      if (readAway(db)?.mode !== mode) note(by, "away", `away ${mode}`);
      setAway(db, { mode, by, at: clock.now() });
    });
    // Whoever says so is there to say it: the idle time begins anew.
    this.#isIdle = false;
    this.#arm();
    this.#tell();
    return this.view;
  }

  /** Somebody is at the terminal (AWAY-1). */
  noteHere(): void {
    this.#isIdle = false;
    this.#arm();
    if (readAway(this.#options.db)?.mode === "on") {
      // A fault leaves the mode as it was: people are told a little sooner than needed, nothing else.
      this.set("auto", "typed at a terminal").catch(() => this.#tell());
      return;
    }
    this.#tell();
  }

  /** Calls `listener` whenever the user leaves or comes back. Returns how to stop. */
  watch(listener: (isAway: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#cancel();
    this.#listeners.clear();
  }

  #arm(): void {
    this.#cancel();
    this.#cancel = this.#options.clock.after(this.#options.readIdleMs(), () => {
      this.#isIdle = true;
      this.#tell();
    });
  }

  #tell(): void {
    const { isAway } = this;
    if (isAway === this.#wasAway) return;
    this.#wasAway = isAway;
    for (const listener of this.#listeners) listener(isAway);
  }
}
