/**
 * The typed client of the hub's API, over its Unix socket.
 *
 * Owns: carrying calls and streams. Never: starts a hub (start-hub.ts) or decides anything.
 * Global fetch cannot reach a Unix socket: hono's client gets a fetch made of node:http.
 */
import type { Agent as HttpAgent, IncomingMessage } from "node:http";
import { createParser } from "eventsource-parser";
import { hc } from "hono/client";
import { ERROR_CODES, type ErrorCode, SluiceError } from "../../sdk/errors.ts";
import type { Api } from "../routes/app.ts";
import { Agent, request } from "./node-http.ts";
import type { FaultView } from "../wire/wire.ts";

export type HubClient = {
  /** Typed routes: `client.api.v1.status.$get()`; give the promise to `read`. */
  api: ReturnType<typeof hc<Api>>["v1"];
  close(): void;
};

type AnswerLike<T> = { ok: boolean; status: number; json(): Promise<T> };

/** Where the hub is may change with its restart: `locate` is asked for each call. */
export function openClient(locate: () => string, maxSockets = 8): HubClient {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const carry = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
    fetchOver(agent, locate(), input, init);
  const { v1 } = hc<Api>("http://localhost", { fetch: carry });
  return { api: withSafePaths(v1), close: () => agent.destroy() };
}

/**
 * The same routes, their path values encoded. hono's client puts them into the path as they are, and then a name with a slash is
 * another call: a session called `app (feature/login)` is not found, and a tool that a model calls `../../../hub/stop?` ends the hub.
 */
function withSafePaths<T extends object>(routes: T): T {
  return new Proxy(routes, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      const isRoute = (typeof value === "object" && value !== null) || typeof value === "function";
      return isRoute ? withSafePaths(value) : value;
    },
    apply(target, self, [request, ...rest]: [{ param?: Record<string, string> }?, ...unknown[]]) {
      const param = request?.param && mapPathValues(request.param);
      const safe = param === undefined ? request : { ...request, param };
      // hono's client is made of functions; a route that is none would have failed on the call all the same.
      return Reflect.apply(target as () => unknown, self, [safe, ...rest]);
    },
  });
}

function mapPathValues(param: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(param).map(([name, value]) => {
      // These no encoding keeps from being steps in the path, or from being left out.
      if (["", ".", ".."].includes(value))
        throw new SluiceError("bad_input", `"${value}" is no name or id`);
      return [name, encodeURIComponent(value)];
    }),
  );
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
export function readStream({
  socket,
  path,
  body,
  onMessage,
  signal,
}: StreamOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const outgoing = request(
      {
        socketPath: socket,
        path,
        method: text === undefined ? "GET" : "POST",
        headers: {
          host: "localhost",
          ...(text === undefined ? {} : { "content-type": "application/json" }),
        },
        agent: false,
        ...(signal === undefined ? {} : { signal }),
      },
      (answer) => {
        if (answer.statusCode !== 200) {
          readAll(answer).then(
            (bytes) => reject(readFault(bytes.toString(), answer.statusCode)),
            (cause) => reject(toUnreachable(cause)),
          );
          return;
        }
        const parser = createParser({ onEvent: ({ data }) => onMessage(JSON.parse(data)) });
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => parser.feed(chunk));
        answer.on("error", () => resolve());
        answer.on("close", () => resolve());
      },
    );
    outgoing.on("error", (error) => (signal?.aborted ? resolve() : reject(toUnreachable(error))));
    outgoing.end(text);
  });
}

async function fetchOver(
  agent: HttpAgent,
  socket: string,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const headers = Object.fromEntries(new Headers(init?.headers ?? {}));
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        socketPath: socket,
        path: url.pathname + url.search,
        method: init?.method ?? "GET",
        headers: { ...headers, host: "localhost" },
        ...(init?.signal ? { signal: init.signal } : {}),
      },
      resolve,
    );
    outgoing.on("error", (error) =>
      reject(error.name === "AbortError" ? error : toUnreachable(error)),
    );
    // hono/client sends JSON as text.
    outgoing.end(typeof init?.body === "string" ? init.body : undefined);
  });
  const bytes = await readAll(answer).catch((cause: Error) => {
    // A hub that dies in the middle of its answer: nothing was answered.
    throw cause.name === "AbortError" ? cause : toUnreachable(cause);
  });
  return new Response(bytes.length === 0 ? null : new Uint8Array(bytes), {
    status: answer.statusCode ?? 500,
  });
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

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function toUnreachable(cause: Error): SluiceError {
  return new SluiceError("hub_unreachable", `no hub answers (${cause.message}); run "sluice up"`, {
    cause,
    retryable: true,
  });
}
