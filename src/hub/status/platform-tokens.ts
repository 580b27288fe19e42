/**
 * Tokens that a platform handed out for its own settings, for the owner to read.
 *
 * Owns: the latest of each channel, for an hour, in memory. Never: writes or logs one.
 *
 * TOKENS-1 A token leaves by "sluice channels" alone: no file, no log, no event and no text of a session holds it.
 */
import type { HandshakeAnswer } from "../../sdk/channel.ts";
import type { Clock } from "../../sdk/clock.ts";

const SHOWN_MS = 3_600_000;
const MAX_CHARS = 512;

export type PlatformToken = NonNullable<HandshakeAnswer["tell"]> & { at: number };

export class PlatformTokens {
  readonly #clock: Clock;
  readonly #tokens = new Map<string, PlatformToken>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(channel: string, { what, text }: NonNullable<HandshakeAnswer["tell"]>): void {
    if (!/^[\x21-\x7e]+$/.test(text) || text.length > MAX_CHARS) return;
    this.#tokens.set(channel, { what, text, at: this.#clock.now() });
  }

  find(channel: string): PlatformToken | undefined {
    const token = this.#tokens.get(channel);
    if (token === undefined || Math.abs(this.#clock.now() - token.at) < SHOWN_MS) return token;
    this.#tokens.delete(channel);
    return undefined;
  }

  forget(channel: string): void {
    this.#tokens.delete(channel);
  }
}
