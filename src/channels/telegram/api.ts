/**
 * Calls of the Bot API, in which every outcome of a call is a value; and its faults in our words.
 *
 * Owns: which outcomes mean that nothing was done; here alone Telegram's errors become ours. Never: what is sent, or when it is tried
 * again.
 *
 * BOTAPI-1 Every URL contains the token, so no message, cause or stack of the layers below is passed on: only codes.
 * BOTAPI-2 Every call goes through `request` (sdk): a fault after the request was written may have been carried out, a fault before it
 *    was not.
 * Errors: https://core.telegram.org/bots/api#making-requests, https://core.telegram.org/bots/api#responseparameters
 */
import type { Readable } from "node:stream";
import { Api, GrammyError, HttpError, type RawApi } from "grammy";
import { isSluiceError, SluiceError } from "../../sdk/errors.ts";
import { MaybeSent } from "../../sdk/message.ts";
import { request, type RequestTimings } from "../../sdk/net/request.ts";
import type { Secret } from "../../sdk/secret.ts";

export const API_ROOT = "https://api.telegram.org";

export type TelegramOutcome<T = unknown> =
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

export type TelegramRefusal = Exclude<TelegramOutcome, { kind: "ok" }>;

type Method = keyof RawApi & string;
type Payload<M extends Method> = M extends "getMe"
  ? Record<string, never>
  : NonNullable<Parameters<RawApi[M]>[0]>;

export type CallOptions = { timeoutMs?: number; signal?: AbortSignal };

/** What grammY hands to `fetch`. */
type Fetched = {
  method: string;
  headers: Record<string, string>;
  body: string | Readable;
  /** It aborts when a file of the body cannot be read; of a polyfill, so no `AbortSignal.any` takes it. */
  signal: { addEventListener(type: "abort", listener: () => void): void };
};

export class TelegramApi {
  readonly #root: string;
  readonly #token: Secret;
  readonly #timings: RequestTimings;

  constructor(token: Secret, root: string = API_ROOT, timings: RequestTimings = {}) {
    this.#root = root;
    this.#token = token;
    this.#timings = timings;
  }

  async call<M extends Method>(
    method: M,
    payload: Payload<M>,
    options: CallOptions = {},
  ): Promise<TelegramOutcome> {
    const fetch = (url: string, init: Fetched): Promise<{ json(): unknown }> =>
      this.#fetch(url, init, options);
    // grammY's type of `fetch` is that of node-fetch; this is what it uses of it.
    const api = new Api(this.#token.reveal(), { apiRoot: this.#root, fetch: fetch as never });
    try {
      const run = api.raw[method] as (...given: unknown[]) => Promise<unknown>;
      return { kind: "ok", result: await (method === "getMe" ? run() : run(payload)) };
    } catch (thrown) {
      return toOutcome(thrown);
    }
  }

  /** The bytes of a file that `getFile` has named. `too-large` stops before more than `maxBytes` are kept. */
  async download(
    filePath: string,
    maxBytes: number,
    options: CallOptions,
  ): Promise<TelegramOutcome<Buffer> | { kind: "too-large" }> {
    const address = `${this.#root}/file/bot${this.#token.reveal()}/${filePath.split("/").map(encodeURIComponent).join("/")}`;
    try {
      const limits = { ...this.#timings, ...options, maxBytes };
      const { status, body } = await request(address, limits);
      return status === 200
        ? { kind: "ok", result: body }
        : { kind: "refused", status, description: "file" };
    } catch (thrown) {
      if (isSluiceError(thrown, "too_large")) return { kind: "too-large" };
      return toOutcome(thrown);
    }
  }

  async #fetch(
    url: string,
    { method, headers, body, signal }: Fetched,
    { signal: given, ...limits }: CallOptions,
  ): Promise<{ json(): unknown }> {
    const ended = new AbortController();
    signal.addEventListener("abort", () => ended.abort());
    const type = headers["content-type"];
    const answer = await request(url, {
      method,
      headers: type === undefined ? {} : { "content-type": type },
      body,
      ...this.#timings,
      ...limits,
      signal: AbortSignal.any([ended.signal, ...(given === undefined ? [] : [given])]),
    });
    return {
      json() {
        try {
          return JSON.parse(answer.body.toString()) as unknown;
        } catch {
          // A gateway's page, which is not quoted (BOTAPI-1): whether it asked the server behind it, nobody knows.
          const message = `an answer that is no JSON (${answer.status})`;
          throw new SluiceError("send_failed", message, { cause: new MaybeSent(message) });
        }
      },
    };
  }
}

function toOutcome(thrown: unknown): TelegramRefusal {
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
  // Whatever else it is (a file that vanished on its way up), nobody knows how far it got (BOTAPI-1).
  if (!isSluiceError(inner)) return { kind: "lost", reason: "the call broke", maybeDone: true };
  return { kind: "lost", reason: inner.message, maybeDone: inner.cause instanceof MaybeSent };
}

/** What a person reads of a call that failed. */
export function toFaultLine({
  method,
  outcome,
}: {
  method: string;
  outcome: TelegramRefusal;
}): string {
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
 * @param cause given where the message may be with the platform.
 */
export function toFault(method: string, outcome: TelegramRefusal, cause?: Error): SluiceError {
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

function isTokenRefused(outcome: TelegramOutcome): boolean {
  // A token of the wrong shape is "Not Found": its URL leads nowhere.
  return outcome.kind === "refused" && (outcome.status === 401 || outcome.status === 404);
}
