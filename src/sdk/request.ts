/**
 * A request to an outside system. Whatever breaks, the fault says whether the request may have arrived.
 *
 * Owns: the connection, the deadlines, and that knowledge: no channel guesses it from the name of an error. Never: reads an answer's
 * meaning, or tries again.
 *
 * REQ-1 The whole connection is made before a byte of the request is written: name, address, proxy and its tunnel, TLS, certificate. A
 *    fault before that has told the other side nothing: it is retryable and no more.
 * REQ-2 After a fault behind that point and before the whole answer, the request may have arrived: such a fault has a `MaybeSent` as
 *    its cause. A 2xx whose body broke off is one, too: the body is the answer, and names the message.
 * REQ-3 No connection is used twice: one that the other side has closed meanwhile would look like a request lost on its way.
 * REQ-4 A redirect is not followed: it would carry the credential to another host. A redirect, 407 and 511 are not the platform's
 *    answers: a proxy or the portal of a hotel sent them, and the platform was not asked.
 * REQ-5 A URL may hold a token: a fault holds codes and our own words, nothing of the layers below.
 */
import {
  Agent as PlainAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestPlain,
} from "node:http";
import { Agent as TlsAgent, request as requestTls } from "node:https";
import type { LookupFunction, Socket } from "node:net";
import { Readable } from "node:stream";
import { TLSSocket } from "node:tls";
import { isSluiceError, SluiceError } from "./errors.ts";
import { textAt } from "./json.ts";
import { MaybeSent } from "./message.ts";

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
   * Straight to the address that this finds, past any proxy: for a host that came from outside, whose address is to be looked at. Otherwise
   * HTTPS_PROXY, HTTP_PROXY and NO_PROXY count (Node 22.21, 24.5 or newer), but for this machine.
   */
  lookup?: LookupFunction;
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

function carry<T>(
  url: string | URL,
  options: RequestOptions,
  take: (answer: IncomingMessage) => Promise<T>,
): Promise<T> {
  const { connectMs = CONNECT_MS, timeoutMs = ANSWER_MS, signal, body } = options;
  return new Promise((resolve, reject) => {
    let begun: Begun | undefined;
    let stage: Stage = "no connection";
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      settle();
    };
    const fail = (thrown: unknown, isUnsent = stage === "no connection"): void =>
      end(() => {
        reject(
          toFault(typeof thrown === "string" ? thrown : toWords(stage, thrown), {
            thrown,
            isUnsent,
          }),
        );
        begun?.close();
      });
    const stop = (): void => fail(`${stage} (stopped)`);
    const limit = (what: string, ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(`${what} in ${Math.ceil(ms / 1_000)} s`), ms);
    };
    if (signal?.aborted === true) return stop();
    signal?.addEventListener("abort", stop);
    limit("no connection", connectMs);
    try {
      begun = begin(new URL(url), options);
    } catch (thrown) {
      return fail(thrown);
    }
    const { outgoing } = begun;
    outgoing.once("socket", (socket: Socket) =>
      onceWhole(socket, () => {
        // It may have ended in this very moment: then its error is on its way.
        if (isOver || !socket.writable) return;
        stage = "no answer";
        limit("no answer", timeoutMs);
        if (body instanceof Readable) body.pipe(outgoing);
        else outgoing.end(body);
      }),
    );
    outgoing.on("error", (thrown) => {
      // Of an upload that was answered before its end, the answer counts.
      if (stage !== "the answer broke off") fail(thrown);
    });
    if (body instanceof Readable) body.on("error", (thrown) => fail(thrown));
    outgoing.once("response", (answer) => {
      stage = "the answer broke off";
      const other = toOther(answer);
      if (other !== undefined) return fail(other, true);
      take(answer).then(
        (taken) => end(() => resolve(taken)),
        (thrown: unknown) => fail(thrown),
      );
    });
  });
}

/** How far it got, in the words of its fault. */
type Stage = "no connection" | "no answer" | "the answer broke off";

type Begun = { outgoing: ReturnType<typeof requestPlain>; close: () => void };

/** Begins to connect. Nothing is written before `end` or a first byte of the body (REQ-1). */
function begin(target: URL, options: RequestOptions): Begun {
  const { method = "GET", headers, body, signal, lookup, ca } = options;
  const isTls = target.protocol === "https:";
  const isDirect = lookup !== undefined || isThisMachine(target.hostname);
  const ways = { keepAlive: false, ...(isDirect ? {} : { proxyEnv: process.env }) };
  const agent = isTls ? new TlsAgent(ways) : new PlainAgent(ways);
  const connect = agent.createConnection.bind(agent);
  let first: ReturnType<typeof connect>;
  // The agent tells of a tunnel only once it stands: one that hangs has to be ended by us.
  agent.createConnection = (...how) => (first = connect(...how));
  const outgoing = (isTls ? requestTls : requestPlain)(target, {
    method,
    headers: { "accept-encoding": "identity", ...headers },
    agent,
    // Whatever the environment says.
    rejectUnauthorized: true,
    signal,
    lookup,
    ca,
  });
  const drop = (): void => {
    if (body instanceof Readable) body.destroy();
  };
  outgoing.once("close", drop);
  return {
    outgoing,
    close() {
      outgoing.destroy();
      first?.destroy();
      drop();
    },
  };
}

/** Calls `then` once a request may be written: with TLS only after the certificate was found good. Never for one that fails before. */
function onceWhole(socket: Socket, then: () => void): void {
  if (socket instanceof TLSSocket) {
    // At the end of a tunnel it stands already.
    if (socket.authorized) then();
    else socket.once("secureConnect", then);
  } else if (socket.connecting) socket.once("connect", then);
  else then();
}

/** REQ-4: who answered in the platform's place; undefined for an answer of its own. */
function toOther({ statusCode = 0, headers: { location = "" } }: IncomingMessage) {
  // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8 https://www.rfc-editor.org/rfc/rfc6585#section-6
  if (statusCode === 407 || statusCode === 511)
    return `${statusCode} of a proxy or a portal, and not of the server`;
  if (statusCode < 300 || statusCode >= 400) return undefined;
  const to = URL.canParse(location) ? ` to ${new URL(location).hostname}` : "";
  return `a redirect${to}, which is not followed (${statusCode})`;
}

/** No proxy leads back here. */
function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
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
  if (isSluiceError(thrown)) return thrown.message;
  const status = thrown instanceof Error && "statusCode" in thrown ? thrown.statusCode : undefined;
  if (typeof status === "number") return `${stage} (the proxy answered ${status})`;
  const code = textAt(thrown, "code") ?? "";
  return `${stage} (${/^[A-Z_0-9]{2,60}$/.test(code) ? code : "it broke"})`;
}
