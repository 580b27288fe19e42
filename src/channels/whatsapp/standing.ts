/**
 * Whether Meta's API answers for our number, as the owner's status shows it.
 *
 * Owns: that state, and asking again. Never: what is sent (send.ts).
 *
 * WASTAND-1 While the API does not answer for the number it is asked again, with longer pauses, until it does. Messages come in all the
 *    same: a request needs no token.
 * WASTAND-2 A message that the API took shows that it answers; one that could not be brought there, that it does not. A token that is
 *    refused for a message is the owner's to mend: that the number can be asked for proves nothing then.
 */
import type { ChannelContext } from "../../sdk/channel.ts";
import { sleep } from "../../sdk/clock.ts";
import { isSluiceError, type SluiceError, toMessage } from "../../sdk/errors.ts";
import { textAt } from "../../sdk/json.ts";
import { MaybeSent } from "../../sdk/message.ts";
import type { GraphApi } from "./api.ts";

/** First and last pause after a fault. */
export const FAULT_MS: readonly [first: number, last: number] = [1_000, 60_000];

type StandingOptions = {
  api: GraphApi;
  /** The id of our number. */
  number: string;
  context: Pick<ChannelContext, "clock" | "log" | "report">;
  signal: AbortSignal;
  faultMs: readonly [first: number, last: number];
};

export class Standing {
  readonly #options: StandingOptions;
  #shown: string | undefined;
  #stands = false;
  /** WASTAND-2: the token, for a message. */
  #isRefused = false;
  /** In a row; of asking and of sending. */
  #faults = 0;
  #asking: Promise<void> | undefined;

  constructor(options: StandingOptions) {
    this.#options = options;
  }

  /** The number as people see it, once the API has named it. */
  get shown(): string | undefined {
    return this.#shown;
  }

  /** Resolves once the API has answered, or has not: `report` says which. */
  async open(): Promise<void> {
    if (!(await this.#ask())) this.#askOn();
  }

  /** Resolves once nothing is asked any more: after the signal. */
  async over(): Promise<void> {
    await this.#asking;
  }

  /** WASTAND-2. What `send` rejects with is passed on. */
  async watch<T>(send: () => Promise<T>): Promise<T> {
    try {
      const sent = await send();
      this.#faults = 0;
      this.#isRefused = false;
      this.#report();
      return sent;
    } catch (thrown) {
      if (isSluiceError(thrown) && isOfTheWay(thrown)) {
        this.#isRefused ||= thrown.code === "unauthorized";
        this.#report(thrown);
        if (!this.#isRefused) this.#askOn();
      }
      throw thrown;
    }
  }

  /** WASTAND-1 */
  #askOn(): void {
    this.#asking ??= this.#askUntil().finally(() => (this.#asking = undefined));
  }

  async #askUntil(): Promise<void> {
    const { context, signal, faultMs } = this.#options;
    const [first, last] = faultMs;
    do {
      const pauseMs = Math.min(last, first * 2 ** Math.min(this.#faults - 1, 16));
      await sleep(pauseMs, context.clock, signal);
    } while (!signal.aborted && !this.#stands && !this.#isRefused && !(await this.#ask()));
  }

  async #ask(): Promise<boolean> {
    const { api, number } = this.#options;
    try {
      const found = await api.call("GET", `${number}?fields=display_phone_number,verified_name`);
      this.#shown = textAt(found, "display_phone_number") ?? this.#shown;
      if (!this.#isRefused) this.#report();
      return true;
    } catch (thrown) {
      this.#report(thrown);
      return false;
    }
  }

  /** Of what went wrong, or that all is well. */
  #report(thrown?: unknown): void {
    const { context, signal } = this.#options;
    if (signal.aborted) return;
    if (thrown === undefined) {
      if (!this.#stands) context.report({ kind: "connected" });
      this.#stands = true;
      return;
    }
    this.#stands = false;
    this.#faults += 1;
    const isPassing = isSluiceError(thrown) && (thrown.retryable || isMaybe(thrown));
    const reason = toMessage(thrown);
    context.report({ kind: "retrying", reason, ...(isPassing ? {} : { alarm: true }) });
  }
}

/** It says something of the way to the API, and not of one message. */
function isOfTheWay(fault: SluiceError): boolean {
  if (fault.code === "rate_limited") return false;
  return fault.code === "unauthorized" || fault.retryable || isMaybe(fault);
}

function isMaybe({ cause }: SluiceError): boolean {
  return cause instanceof MaybeSent;
}
