/**
 * The typed client of the hub's API, over its Unix socket.
 *
 * Owns: carrying calls and streams. Never: starts a hub (start-hub.ts) or decides anything.
 * Hono's client gives the types alone: what it runs needs fetch's classes, which cost a process a third of its memory and of its start.
 */
import { createParser } from "eventsource-parser";
import type { hc } from "hono/client";
import { ERROR_CODES, type ErrorCode, SluiceError, toMessage } from "../../sdk/errors.ts";
import type { Api } from "../routes/app.ts";
import { type AnswerHead, exchange } from "./exchange.ts";
import type { FaultView } from "../wire/wire.ts";

export type HubClient = {
  /** Typed routes: `client.api.v1.status.$get()`; give the promise to `read`. */
  api: ReturnType<typeof hc<Api>>["v1"];
  close(): void;
};

type AnswerLike<T> = { ok: boolean; status: number; json(): Promise<T> };
type CallArguments = {
  param?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  json?: unknown;
};
type CallOptions = { init?: { signal?: AbortSignal } };
type Call = (
  path: readonly string[],
  args?: CallArguments,
  options?: CallOptions,
) => Promise<AnswerLike<unknown>>;

/** Where the hub is may change with its restart: `locate` is asked for each call. */
export function openClient(locate: () => string): HubClient {
  const closing = new AbortController();
  const call: Call = (path, args, options) => carry(closing.signal, locate(), path, args, options);
  // The types are those of hono's client, and the routes are what it makes of them.
  return { api: toRoutes(call, ["v1"]) as HubClient["api"], close: () => closing.abort() };
}

/** A route by the names on its way: `routes.events[":id"].$get({ param })`. */
function toRoutes(call: Call, path: readonly string[]): unknown {
  return new Proxy(() => {}, {
    get: (_target, key) =>
      typeof key !== "string" || key === "then" ? undefined : toRoutes(call, [...path, key]),
    apply: (_target, _self, [args, options]: [CallArguments?, CallOptions?]) =>
      call(path, args, options),
  });
}

/**
 * The names of a route as a path, its values encoded: a session called `app (feature/login)` is one name, and a tool that a model calls
 * `../../../hub/stop?` ends no hub.
 */
function toPath(names: readonly string[], { param = {}, query = {} }: CallArguments): string {
  const parts = names.map((name) =>
    name.startsWith(":") ? toPathValue(param[name.slice(1)]) : name,
  );
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) if (value !== undefined) search.append(name, value);
  }
  return `/${parts.join("/")}${search.size === 0 ? "" : `?${search}`}`;
}

function toPathValue(value = ""): string {
  // These no encoding keeps from being steps in the path, or from being left out.
  if (["", ".", ".."].includes(value))
    throw new SluiceError("bad_input", `"${value}" is no name or id`);
  return encodeURIComponent(value);
}

/**
 * The answer of a call.
 * @throws SluiceError as the hub threw it, or `hub_unreachable` where none answers.
 */
export async function read<T>(call: Promise<AnswerLike<T>>): Promise<Exclude<T, FaultView>> {
  const answer = await call;
  const value: unknown = await answer.json().catch((cause: unknown) => {
    throw toForeign(answer.status, cause);
  });
  // The hub answers either with the route's type or, with a 4xx or 5xx, with a FaultView.
  if (answer.ok) return value as Exclude<T, FaultView>;
  throw toFault(value as FaultView);
}

export type StreamOptions = {
  socket: string;
  path: string;
  /** Sent as a POST when present. */
  body?: unknown;
  onMessage: (data: unknown) => void;
  signal?: AbortSignal;
};

/** Reads a stream until it ends. Resolves when the hub ends it or `signal` aborts; rejects as the hub refused it, or with `hub_unreachable`. */
export async function readStream({
  socket,
  path,
  body,
  onMessage,
  signal,
}: StreamOptions): Promise<void> {
  const parser = createParser({ onEvent: ({ data }) => onMessage(JSON.parse(data)) });
  let isOpen = false;
  let refusal = "";
  let head: AnswerHead;
  try {
    head = await exchange({
      socket,
      method: body === undefined ? "GET" : "POST",
      path,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      onText: (text, { status }) => {
        isOpen = status === 200;
        if (isOpen) parser.feed(text);
        else refusal += text;
      },
    });
  } catch (thrown) {
    // A stream that breaks has ended: whoever reads it opens the next one.
    if (isOpen || signal?.aborted === true) return;
    throw toUnreachable(thrown);
  }
  if (head.status !== 200) throw readFault(refusal, head.status);
}

/** One call. @throws what `signal` aborts with, or SluiceError `hub_unreachable`. */
async function carry(
  closing: AbortSignal,
  socket: string,
  path: readonly string[],
  args: CallArguments = {},
  { init: { signal } = {} }: CallOptions = {},
): Promise<AnswerLike<unknown>> {
  const target = toPath(path.slice(0, -1), args);
  const pieces: string[] = [];
  let head: AnswerHead;
  try {
    head = await exchange({
      socket,
      method: path.at(-1)?.slice(1).toUpperCase() ?? "",
      path: target,
      body: args.json === undefined ? undefined : JSON.stringify(args.json),
      signal: signal === undefined ? closing : AbortSignal.any([closing, signal]),
      onText: (text) => pieces.push(text),
    });
  } catch (thrown) {
    if (signal?.aborted === true) throw thrown;
    throw toUnreachable(thrown);
  }
  const { status, length } = head;
  const text = pieces.join("");
  // A hub that dies in the middle of its answer: nothing was answered.
  if (length !== undefined && Buffer.byteLength(text) < length)
    throw toUnreachable(new Error("the answer broke off"));
  return {
    ok: status >= 200 && status < 300,
    status,
    json: async () => JSON.parse(text) as unknown,
  };
}

/** Of an answer that is no success. */
function readFault(text: string, status = 0): SluiceError {
  try {
    return toFault(JSON.parse(text) as FaultView);
  } catch (cause) {
    return toForeign(status, cause);
  }
}

function toForeign(status: number, cause: unknown): SluiceError {
  return new SluiceError(
    "unsupported",
    `the hub answered ${status} in a form that is not known here, so it is of another version; run "sluice up"`,
    { cause },
  );
}

function toFault({ error }: FaultView): SluiceError {
  const code = ERROR_CODES.find((known): known is ErrorCode => known === error.code) ?? "internal";
  return new SluiceError(code, error.message, {
    retryable: error.retryable,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

function toUnreachable(cause: unknown): SluiceError {
  return new SluiceError(
    "hub_unreachable",
    `no hub answers (${toMessage(cause)}); run "sluice up"`,
    { cause, retryable: true },
  );
}
