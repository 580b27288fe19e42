/**
 * Secrets that are being replaced: each counts beside the new one until its time is over.
 *
 * Owns: those times, one timer a channel. Never: makes or verifies a secret.
 *
 * OLDKEYS-1 A key whose time is over opens nothing: not after a restart, and not while the hub runs.
 */
import type { Clock } from "../../sdk/clock.ts";
import type { ChannelSecrets } from "./secrets.ts";

export class OldKeys {
  readonly #clock: Clock;
  readonly #timers = new Map<string, () => void>();
  #ended: (channel: string) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Called when a key's time is over: the channel is to be opened anew. */
  onEnded(ended: (channel: string) => void): void {
    this.#ended = ended;
  }

  /** The secrets without those whose time is over; of the others it is kept in mind. */
  watch(channel: string, secrets: ChannelSecrets): ChannelSecrets {
    this.forget(channel);
    const now = this.#clock.now();
    const keys = secrets.keys.filter(({ until }) => until === undefined || until > now);
    const next = Math.min(...keys.map(({ until }) => until ?? Number.POSITIVE_INFINITY));
    if (Number.isFinite(next)) {
      const cancel = this.#clock.after(next - now, () => {
        this.#timers.delete(channel);
        this.#ended(channel);
      });
      this.#timers.set(channel, cancel);
    }
    return { ...secrets, keys };
  }

  forget(channel: string): void {
    this.#timers.get(channel)?.();
    this.#timers.delete(channel);
  }

  close(): void {
    for (const channel of this.#timers.keys()) this.forget(channel);
  }
}
