/**
 * Calls of Discord's HTTP API, in which every outcome is a value; and its faults in our words.
 *
 * Owns: which outcomes mean that nothing was done; here alone Discord's errors become ours. Never: what is sent, or when it is tried again.
 *
 * DISAPI-1 The token goes in a header, to the API's own address alone: no redirect is followed, and no address comes from an answer.
 * DISAPI-2 The token of an interaction stands in its path: no message, cause or log holds a path.
 * DISAPI-3 A call whose route is quiet (limits.ts) is not made.
 * Errors: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
 */
import type { Clock } from "../../sdk/clock.ts";
import { isSluiceError, SluiceError } from "../../sdk/errors.ts";
import { at, parseJson, textAt } from "../../sdk/json.ts";
import { MaybeSent } from "../../sdk/message.ts";
import { request, type RequestTimings } from "../../sdk/net/request.ts";
import type { Secret } from "../../sdk/secret.ts";
import { Limits } from "./limits.ts";
import { API_ROOT } from "./wire.ts";

export type DiscordOutcome<T = unknown> =
  | { kind: "ok"; result: T }
  /** Discord said no: nothing was done. */
  | { kind: "refused"; status: number; code: number; description: string; retryAfterMs?: number }
  /** No answer that can be read. `maybeDone`: it may have been carried out all the same. */
  | { kind: "lost"; reason: string; maybeDone: boolean };

export type DiscordRefusal = Exclude<DiscordOutcome, { kind: "ok" }>;

export type UploadFile = { name: string; content: Uint8Array };

export type DiscordCall = {
  body?: object;
  files?: readonly UploadFile[];
  timeoutMs?: number;
  signal?: AbortSignal;
  /** The path proves it: the answer to an interaction. */
  isOpen?: boolean;
};

export type DiscordApiOptions = {
  root?: string | undefined;
  clock: Clock;
  timings?: RequestTimings;
};

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** https://docs.discord.com/developers/reference#user-agent */
const USER_AGENT = "DiscordBot (https://www.npmjs.com/package/sluice, 1)";

export class DiscordApi {
  readonly #root: string;
  readonly #token: Secret;
  readonly #timings: RequestTimings;
  readonly #limits: Limits;

  constructor(token: Secret, { root = API_ROOT, clock, timings = {} }: DiscordApiOptions) {
    this.#root = root;
    this.#token = token;
    this.#timings = timings;
    this.#limits = new Limits(clock);
  }

  /** How long the next such call has to wait. */
  quietMs(method: Method, path: string): number {
    return this.#limits.quietMs(method, path);
  }

  /** `what` names the call for people: it never holds an id. */
  async call(method: Method, path: string, options: DiscordCall = {}): Promise<DiscordOutcome> {
    const quietMs = this.#limits.quietMs(method, path);
    if (quietMs > 0) return toQuiet(quietMs); // DISAPI-3
    const { timeoutMs, signal, isOpen = false } = options;
    try {
      const { headers, body } = await toBody(options);
      const answer = await request(`${this.#root}${path}`, {
        method,
        headers: {
          "user-agent": USER_AGENT,
          ...headers,
          ...(isOpen ? {} : { authorization: `Bot ${this.#token.reveal()}` }),
        },
        ...(body === undefined ? {} : { body }),
        ...this.#timings,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(signal === undefined ? {} : { signal }),
      });
      const read = answer.body.length === 0 ? undefined : parseJson(answer.body);
      const value = read?.kind === "ok" ? read.value : undefined;
      const { status } = answer;
      const waitMs = this.#limits.note(method, path, { ...answer, body: value });
      if (status >= 200 && status < 300 && read?.kind !== "bad")
        return { kind: "ok", result: value };
      return toRefused({ status, value, waitMs });
    } catch (thrown) {
      if (!isSluiceError(thrown))
        return { kind: "lost", reason: "the call broke", maybeDone: true };
      return { kind: "lost", reason: thrown.message, maybeDone: thrown.cause instanceof MaybeSent };
    }
  }
}

type Refused = { status: number; value: unknown; waitMs: number };

/** A gateway's page is no word of Discord's: whether the server behind it did anything, nobody knows. */
function toRefused({ status, value, waitMs }: Refused): DiscordRefusal {
  const code = at(value, "code");
  if (status === 429)
    return {
      kind: "refused",
      status,
      code: typeof code === "number" ? code : 0,
      description: "too many requests",
      retryAfterMs: waitMs,
    };
  const description = textAt(value, "message");
  if (description === undefined && (status >= 500 || status < 300))
    return {
      kind: "lost",
      reason: `an answer that is none of Discord's (${status})`,
      maybeDone: true,
    };
  return {
    kind: "refused",
    status,
    code: typeof code === "number" ? code : 0,
    description: (description ?? "no reason given").slice(0, 200),
  };
}

/** https://docs.discord.com/developers/reference#uploading-files */
async function toBody({
  body,
  files = [],
}: DiscordCall): Promise<{ headers: Record<string, string>; body?: string | Uint8Array }> {
  if (files.length === 0) {
    if (body === undefined) return { headers: {} };
    return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  }
  const form = new FormData();
  form.set("payload_json", JSON.stringify(body ?? {}));
  for (const [index, { name, content }] of files.entries())
    form.set(`files[${index}]`, new Blob([new Uint8Array(content)]), name);
  const whole = new Response(form);
  return {
    headers: { "content-type": whole.headers.get("content-type") ?? "" },
    body: new Uint8Array(await whole.arrayBuffer()),
  };
}

export function toQuiet(quietMs: number): DiscordRefusal {
  return {
    kind: "refused",
    status: 429,
    code: 0,
    description: `Discord asked for ${Math.ceil(quietMs / 1_000)} s of silence`,
    retryAfterMs: quietMs,
  };
}

/** What a person can do about it, by Discord's own number. */
const ADVICE: Readonly<Record<number, string>> = {
  10003: "there is no such channel any more",
  10008: "the message is not there any more",
  20016: "the channel is in slow mode",
  30046: "that message was changed too often",
  40005: "the files are larger than the server takes",
  50001: "the bot may not see that channel; give it View Channel there",
  50007:
    "that person takes no direct messages from the bot; they share no server with it, or have switched them off",
  50013:
    "the bot lacks a permission there: Send Messages, Send Messages in Threads, Attach Files, Embed Links, Add Reactions or Read Message History",
  50083: "the thread is archived",
  50278: "that person takes no direct messages from the bot; they share no server with it",
};

/** What a person reads of a call that failed. */
export function toFaultLine(what: string, outcome: DiscordRefusal): string {
  if (outcome.kind === "lost") return `discord: ${what}: ${outcome.reason}`;
  const { status, code, description } = outcome;
  if (isTokenRefused(outcome)) return `discord: ${TOKEN_REFUSED}`;
  const advice = ADVICE[code];
  return `discord: ${what}: ${advice === undefined ? description : `${advice}: ${description}`} (${code === 0 ? status : code})`;
}

export const TOKEN_REFUSED =
  'the bot token is refused; discord.com/developers/applications > your application > Bot > Reset Token, then run "sluice add discord" with the new one';

/**
 * A call's failure as the fault that the hub knows.
 * @param cause given where the message may be with Discord.
 */
export function toFault(what: string, outcome: DiscordRefusal, cause?: Error): SluiceError {
  const message = toFaultLine(what, outcome);
  if (cause !== undefined) return new SluiceError("send_failed", message, { cause });
  if (outcome.kind === "lost") return new SluiceError("send_failed", message, { retryable: true });
  if (isTokenRefused(outcome)) return new SluiceError("unauthorized", message);
  if (outcome.code === 40005) return new SluiceError("too_large", message);
  if (outcome.status === 429)
    return new SluiceError("rate_limited", message, {
      retryable: true,
      retryAfterMs: outcome.retryAfterMs ?? 1_000,
    });
  return new SluiceError("send_failed", message, { retryable: outcome.status >= 500 });
}

export function isTokenRefused(outcome: DiscordOutcome): boolean {
  return outcome.kind === "refused" && outcome.status === 401;
}
