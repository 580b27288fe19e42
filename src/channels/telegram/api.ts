/**
 * The Bot API, called so that every end of a call is a value; and its faults in our words.
 *
 * Owns: deadlines, which end means that nothing was done, and the one place where Telegram's errors become ours. Never: what is sent or when it is tried again.
 *
 * P1 The token is in every URL, so no message, cause or stack of the layers below is ever passed on: only codes.
 * P2 A call that broke behind the request may have been carried out: it says so.
 * Errors: https://core.telegram.org/bots/api#making-requests, https://core.telegram.org/bots/api#responseparameters
 */
import { Agent as HttpAgent, get as getHttp } from "node:http";
import { Agent as HttpsAgent, get as getHttps } from "node:https";
import { Api, GrammyError, HttpError, type RawApi } from "grammy";
import { SluiceError } from "../../sdk/errors.ts";
import { textAt } from "../../sdk/json.ts";
import type { Secret } from "../../sdk/secret.ts";

export const API_ROOT = "https://api.telegram.org";

export type Outcome<T = unknown> =
  | { kind: "ok"; result: T }
  /** Telegram said no: nothing was done. */
  | {
      kind: "refused";
      status: number;
      description: string;
      retryAfterMs?: number;
      movedTo?: string;
    }
  /** No answer that can be read. `maybeDone`: the request may have been carried out all the same. */
  | { kind: "lost"; reason: string; maybeDone: boolean };

export type Refusal = Exclude<Outcome, { kind: "ok" }>;

type Method = keyof RawApi & string;
type Payload<M extends Method> = M extends "getMe"
  ? Record<string, never>
  : NonNullable<Parameters<RawApi[M]>[0]>;

export type CallOptions = { timeoutMs: number; signal?: AbortSignal };

/** Errors of a connection that was never made. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
]);

export class TelegramApi {
  readonly #root: string;
  readonly #token: Secret;
  readonly #api: Api;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(token: Secret, root: string = API_ROOT) {
    this.#root = root;
    this.#token = token;
    // No connection is used twice: one that the other side has closed meanwhile would look like a message lost on its way (P2).
    // `proxyEnv` takes HTTPS_PROXY and NO_PROXY into account (Node 24.5 and later; older ones ignore it).
    const options = { keepAlive: false, proxyEnv: process.env };
    this.#agent = root.startsWith("https:") ? new HttpsAgent(options) : new HttpAgent(options);
    this.#api = new Api(token.reveal(), {
      apiRoot: root,
      // grammY hands these to node-fetch, which knows `agent`; their type does not.
      baseFetchConfig: { compress: true, agent: this.#agent } as object,
    });
  }

  async call<M extends Method>(
    method: M,
    payload: Payload<M>,
    options: CallOptions,
  ): Promise<Outcome> {
    const { timeoutMs, signal } = options;
    const deadline = AbortSignal.timeout(timeoutMs);
    const both = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    // `getMe` takes the signal alone; grammY's own type of a signal is that of a polyfill.
    const args = (method === "getMe" ? [both] : [payload, both]) as [never, never];
    try {
      const run = this.#api.raw[method] as (...given: [never, never]) => Promise<unknown>;
      return { kind: "ok", result: await run(...args) };
    } catch (thrown) {
      return toOutcome(thrown, deadline.aborted ? timeoutMs : undefined);
    }
  }

  /** The bytes of a file that `getFile` has named. `too-large` stops before more than `maxBytes` are kept. */
  async download(
    filePath: string,
    maxBytes: number,
    options: CallOptions,
  ): Promise<Outcome<Buffer> | { kind: "too-large" }> {
    const { timeoutMs, signal } = options;
    const deadline = AbortSignal.timeout(timeoutMs);
    const both = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    const address = `${this.#root}/file/bot${this.#token.reveal()}/${filePath.split("/").map(encodeURIComponent).join("/")}`;
    return new Promise((resolve) => {
      const lose = (reason: string): void => resolve({ kind: "lost", reason, maybeDone: false });
      const get = this.#root.startsWith("https:") ? getHttps : getHttp;
      const request = get(address, { agent: this.#agent, signal: both }, (response) => {
        const status = response.statusCode ?? 0;
        if (status !== 200) {
          // A redirect would carry the token to another host: not followed.
          response.resume();
          resolve({ kind: "refused", status, description: "file" });
          return;
        }
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on("data", (part: Buffer) => {
          bytes += part.length;
          if (bytes > maxBytes) {
            resolve({ kind: "too-large" });
            request.destroy();
          } else {
            parts.push(part);
          }
        });
        response.on("end", () => {
          if (response.complete) resolve({ kind: "ok", result: Buffer.concat(parts) });
          else lose("the connection broke");
        });
        response.on("error", (thrown) =>
          lose(toReason(thrown, deadline.aborted ? timeoutMs : undefined)),
        );
      });
      request.on("error", (thrown) =>
        lose(toReason(thrown, deadline.aborted ? timeoutMs : undefined)),
      );
    });
  }
}

function toOutcome(thrown: unknown, timedOutMs: number | undefined): Refusal {
  if (thrown instanceof GrammyError) {
    const { retry_after: retryAfter, migrate_to_chat_id: movedTo } = thrown.parameters;
    return {
      kind: "refused",
      status: thrown.error_code,
      description: thrown.description,
      ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter * 1_000 }),
      ...(movedTo === undefined ? {} : { movedTo: String(movedTo) }),
    };
  }
  const inner: unknown = thrown instanceof HttpError ? thrown.error : thrown;
  const code = textAt(inner, "code") ?? textAt(inner, "errno");
  return {
    kind: "lost",
    reason: toReason(inner, timedOutMs),
    maybeDone: code === undefined || !NOT_CONNECTED.has(code),
  };
}

/** P1: a code, or a word of ours. */
function toReason(thrown: unknown, timedOutMs: number | undefined): string {
  if (timedOutMs !== undefined) return `no answer in ${Math.round(timedOutMs / 1_000)} s`;
  const code = textAt(thrown, "code") ?? textAt(thrown, "errno");
  if (code !== undefined && /^[A-Z_0-9]{2,40}$/.test(code)) return code;
  if (textAt(thrown, "type") === "invalid-json") return "an answer that is no JSON";
  return "the connection broke";
}

/** What a person reads of a call that failed. */
export function toFaultLine({ method, outcome }: { method: string; outcome: Refusal }): string {
  if (outcome.kind === "lost") return `telegram: ${method}: ${outcome.reason}`;
  const { status, description } = outcome;
  if (isTokenRefused(outcome) && method !== "download") {
    return `telegram: token rejected (${status}); run "sluice add telegram" with a token from @BotFather`;
  }
  if (status === 409) {
    return /webhook/i.test(description)
      ? "telegram: the bot has a webhook set, so it cannot be polled (409); call deleteWebhook for it, or make a bot of its own for Sluice"
      : "telegram: another program polls this bot (409); stop it, or make a bot of its own for Sluice";
  }
  return `telegram: ${method}: ${description} (${status})`;
}

/**
 * A call's failure as the fault that the hub knows.
 * @param cause given where part of the message is, or may be, with the platform.
 */
export function toFault(method: string, outcome: Refusal, cause?: Error): SluiceError {
  const message = toFaultLine({ method, outcome });
  if (cause !== undefined) return new SluiceError("send_failed", message, { cause });
  if (outcome.kind === "lost") return new SluiceError("send_failed", message, { retryable: true });
  if (isTokenRefused(outcome) && method !== "download")
    return new SluiceError("unauthorized", message);
  const retryable = outcome.status === 429 || outcome.status >= 500;
  return new SluiceError("send_failed", message, {
    retryable,
    ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
  });
}

function isTokenRefused(outcome: Outcome): boolean {
  // A token of the wrong shape is "Not Found": its URL leads nowhere.
  return outcome.kind === "refused" && (outcome.status === 401 || outcome.status === 404);
}
