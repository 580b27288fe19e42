/**
 * Deduplicates permission requests: one call may come in twice, by the plugin's hook and by the client's relay.
 *
 * Owns: which request belongs to which prompt, for the few seconds in which both may come. Never: keeps raw arguments longer than that.
 */
import type { Clock } from "../../sdk/clock.ts";
import { isPreviewOf } from "./call.ts";
import type { Input } from "./risk/assess.ts";

/** Both ways leave the client within milliseconds; a machine that stands still for a moment makes it more. */
const PAIR_MS = 3_000;

export type Way = "hook" | "relay";

type Seen = {
  prompt: string;
  session: string;
  tool: string;
  at: number;
  way: Way;
  /** Whole arguments of a hook; the preview of a relay. */
  arguments: Input | string;
  isPaired: boolean;
};

export class RequestDedup {
  readonly #clock: Clock;
  #seen: Seen[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The prompt that the same call has come in for by its other way; it is taken once. */
  take(
    way: Way,
    call: { session: string; tool: string; arguments: Input | string },
  ): string | undefined {
    this.#forget();
    const other = this.#seen.find(
      (seen) =>
        !seen.isPaired &&
        seen.way !== way &&
        seen.session === call.session &&
        seen.tool === call.tool &&
        isSameCall(seen.arguments, call.arguments),
    );
    if (other === undefined) return undefined;
    other.isPaired = true;
    return other.prompt;
  }

  note(way: Way, call: Omit<Seen, "way" | "at" | "isPaired">): void {
    this.#seen.push({ ...call, way, at: this.#clock.now(), isPaired: false });
    this.#clock.after(PAIR_MS + 1, () => this.#forget());
  }

  /** A clock that was set back makes no pair of what lies apart. */
  #forget(): void {
    const now = this.#clock.now();
    this.#seen = this.#seen.filter(({ at }) => at <= now && now - at <= PAIR_MS);
  }
}

function isSameCall(a: Input | string, b: Input | string): boolean {
  if (typeof a === "string") return typeof b !== "string" && isPreviewOf(a, b);
  return typeof b === "string" && isPreviewOf(b, a);
}
