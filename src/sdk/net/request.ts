/**
 * A request to an outside system. Whatever breaks, the fault says whether the request may have arrived.
 *
 * Owns: the deadlines, and that knowledge: no channel guesses it from the name of an error. Never: reads an answer's meaning, tries again,
 * or chooses the way (connect.ts).
 *
 * REQ-1 The whole connection is made before a byte of the request is written: name, address, proxy and its tunnel, TLS, certificate. A
 *    fault before that has told the other side nothing: it is retryable and no more.
 * REQ-2 After a fault behind that point and before the whole answer, the request may have arrived: such a fault has a `MaybeSent` as
 *    its cause. A 2xx whose body broke off is one, too: the body is the answer, and names the message.
 * REQ-3 No connection is used twice: one that the other side has closed meanwhile would look like a request lost on its way.
 * REQ-4 A redirect is not followed: it would carry the credential to another host. A redirect, 407 and 511 are not the platform's
 *    answers: a proxy or the portal of a hotel sent them, and the platform was not asked. Who asks whether something has changed is
 *    answered 304, and who reads a page anywhere may be given the redirect to judge it (`takesRedirect`).
 * REQ-5 A URL may hold a token: a fault holds codes and our own words, nothing of the layers below.
 */
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestPlain,
} from "node:http";
import { request as requestTls } from "node:https";
import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { connect, type Connected, toCode } from "./connect.ts";
import { isSluiceError, SluiceError } from "../errors.ts";
import { MaybeSent } from "../message.ts";
import { type Proxy, toRefusal } from "./proxy.ts";

export type RequestOptions = {
  /** Default GET. */
  method?: string;
  headers?: Readonly<OutgoingHttpHeaders>;
  body?: string | Uint8Array | Readable;
  /** How long the connection may take to stand. Default 15,000. */
  connectMs?: number;
  /** How long the answer may take from then on: its end for `request`, its head for `openRequest`. Default 30,000. */
  timeoutMs?: number;
  /** Of the answer of `request`. Default 16 MiB. */
  maxBytes?: number;
  signal?: AbortSignal;
  /**
   * Finds the address of a name where the way is direct: for a host that came from outside, whose address is to be looked at. Where a proxy
   * leads there (proxy.ts), it finds the address.
   */
  lookup?: LookupFunction;
  /** A redirect is an answer like any other: for a request that carries nothing of ours. */
  takesRedirect?: boolean;
  /** For tests: the certificate to believe. Default: the system's. */
  ca?: string;
};

/** How long a request may take, where a channel says so at all: in tests. */
export type RequestTimings = Pick<RequestOptions, "connectMs" | "timeoutMs">;

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

const CONNECT_MS = 15_000;
const ANSWER_MS = 30_000;
const MAX_BYTES = 16 * 1024 ** 2;

/**
 * Resolves with the whole answer, whatever its status, but for those of REQ-4.
 * @throws SluiceError `send_failed`, retryable, with a `MaybeSent` as its cause where the request may have arrived (REQ-1, REQ-2);
 * `too_large` for an answer of more than `maxBytes`; what `lookup` failed with.
 */
export function request(url: string | URL, options: RequestOptions = {}): Promise<Answer> {
  const { maxBytes = MAX_BYTES } = options;
  return carry(url, options, async (answer) => ({
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: await readBody(answer, maxBytes, `an answer of more than ${maxBytes} bytes`),
  }));
}

/** Resolves once the head of the answer is there: for a stream, which `signal` ends. @throws as `request`. */
export function openRequest(
  url: string | URL,
  options: RequestOptions = {},
): Promise<IncomingMessage> {
  return carry(url, options, async (answer) => answer);
}

/** How far it got, in the words of its fault. */
type Stage = "no connection" | "no answer" | "the answer broke off";

function carry<T>(
  url: string | URL,
  options: RequestOptions,
  take: (answer: IncomingMessage) => Promise<T>,
): Promise<T> {
  const { connectMs = CONNECT_MS, timeoutMs = ANSWER_MS, signal, body } = options;
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    let outgoing: ClientRequest | undefined;
    let stage: Stage = "no connection";
    let waitsFor = "";
    let timer: NodeJS.Timeout | undefined;
    const end = (settle: () => void): void => {
      if (over.signal.aborted) return;
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      settle();
      over.abort();
    };
    const fail = (thrown: unknown, isUnsent = stage === "no connection"): void =>
      end(() => {
        const words = typeof thrown === "string" ? thrown : toWords(stage, thrown);
        reject(toFault(words, { thrown, isUnsent }));
        outgoing?.destroy();
        if (body instanceof Readable) body.destroy();
      });
    const stop = (): void => fail(`${stage} (stopped)`);
    const limit = (what: Stage, ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const whom =
          what === "no connection" && waitsFor !== "" ? ` (waiting for ${waitsFor})` : "";
        fail(`${what} in ${Math.ceil(ms / 1_000)} s${whom}`);
      }, ms);
    };
    const send = (target: URL, connected: Connected): void => {
      const { socket, relay } = connected;
      // It may have ended in this very moment.
      if (over.signal.aborted || !socket.writable) {
        socket.destroy();
        return fail("no connection (it ended at once)");
      }
      stage = "no answer";
      limit("no answer", timeoutMs);
      outgoing = begin(target, connected, options);
      outgoing.on("error", (thrown) => {
        // Of an upload that was answered before its end, the answer counts.
        if (stage !== "the answer broke off") fail(thrown);
      });
      outgoing.once("response", (answer) => {
        stage = "the answer broke off";
        const other =
          relay === undefined
            ? toOther(answer, options)
            : toRelayed(relay, target, answer, options);
        if (other !== undefined) return fail(other.fault, other.isUnsent);
        take(answer).then(
          (taken) => end(() => resolve(taken)),
          (thrown: unknown) => fail(thrown),
        );
      });
      if (body instanceof Readable) body.pipe(outgoing);
      else outgoing.end(body);
    };
    if (signal?.aborted === true) return stop();
    signal?.addEventListener("abort", stop);
    if (body instanceof Readable) body.on("error", (thrown) => fail(thrown));
    limit("no connection", connectMs);
    void (async (): Promise<void> => {
      try {
        const target = new URL(url);
        const waits = (whom: string): void => void (waitsFor = whom);
        const { lookup, ca } = options;
        send(target, await connect(target, { lookup, ca, signal: over.signal, waits }));
      } catch (thrown) {
        fail(thrown);
      }
    })();
  });
}

/** A request on a connection that stands. */
function begin(
  target: URL,
  { socket, relay }: Connected,
  { method = "GET", headers, body, signal }: RequestOptions,
): ClientRequest {
  const isTls = target.protocol === "https:";
  const outgoing = (isTls ? requestTls : requestPlain)(target, {
    method,
    headers: {
      "accept-encoding": "identity",
      ...headers,
      ...(relay?.authorization !== undefined && { "proxy-authorization": relay.authorization }),
    },
    createConnection: () => socket,
    // https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
    ...(relay !== undefined && { path: `${target.origin}${target.pathname}${target.search}` }),
    signal,
  });
  outgoing.once("close", () => {
    if (body instanceof Readable) body.destroy();
  });
  return outgoing;
}

type Other = { fault: string | SluiceError; isUnsent: boolean };

/** REQ-4: who answered in the platform's place; undefined for an answer of its own. */
function toOther(
  { statusCode = 0, headers: { location = "" } }: IncomingMessage,
  { headers, takesRedirect = false }: RequestOptions,
): Other | undefined {
  // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8 https://www.rfc-editor.org/rfc/rfc6585#section-6
  if (statusCode === 407 || statusCode === 511)
    return { fault: `${statusCode} of a proxy or a portal, and not of the server`, isUnsent: true };
  if (statusCode < 300 || statusCode >= 400 || takesRedirect) return undefined;
  if (statusCode === 304 && isConditional(headers)) return undefined;
  const to = URL.canParse(location) ? ` to ${new URL(location).hostname}` : "";
  return { fault: `a redirect${to}, which is not followed (${statusCode})`, isUnsent: true };
}

function isConditional(headers: RequestOptions["headers"] = {}): boolean {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return names.includes("if-none-match") || names.includes("if-modified-since");
}

/** Without a tunnel, where the proxy passes requests on, some answers are its own: it has not passed this one on, or heard nothing. */
function toRelayed(
  relay: Proxy,
  target: URL,
  answer: IncomingMessage,
  options: RequestOptions,
): Other | undefined {
  const { statusCode: status = 0, headers } = answer;
  if (status === 407 || status === 503) {
    const challenge = headers["proxy-authenticate"];
    return { fault: toRefusal(relay, target, { status, challenge }), isUnsent: true };
  }
  if (status !== 502 && status !== 504) return toOther(answer, options);
  return {
    fault: `no answer (${status} came through the proxy ${relay.url.host})`,
    isUnsent: false,
  };
}

/** All of a body. @throws SluiceError `too_large` with that message, as soon as it is. */
export async function readBody(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  tooLarge: string,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new SluiceError("too_large", tooLarge);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toFault(
  message: string,
  { thrown, isUnsent }: { thrown: unknown; isUnsent: boolean },
): SluiceError {
  // Of `lookup`, or of `readBody`.
  const own = isSluiceError(thrown) ? thrown : undefined;
  if (own !== undefined && isUnsent) return own;
  return new SluiceError(own?.code ?? "send_failed", message, {
    retryable: own?.retryable ?? true,
    ...(isUnsent ? {} : { cause: new MaybeSent(message) }),
  });
}

/** REQ-5 */
function toWords(stage: Stage, thrown: unknown): string {
  return isSluiceError(thrown) ? thrown.message : `${stage} (${toCode(thrown)})`;
}
