/**
 * A POST to the callback of a client.
 *
 * Owns: which addresses may be one, the signature, and what a failure is called. Never: when, or what follows.
 *
 * CALLBACK-1 Only https, and only addresses of the public internet, looked at as they are connected to, at each delivery; no redirect is
 *    followed. A literal loopback address only where the owner allowed this client to have one.
 * CALLBACK-2 Every body is signed with the subscription's secret, and for a while with the one before it as well.
 * CALLBACK-3 A client learns no more of a failure than its class: what an address answers is not read out to it.
 */
import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { isSluiceError, toMessage } from "../sdk/errors.ts";
import { type FetchFileOptions, isPrivateAddress, toPublicLookup } from "../sdk/net/fetch-file.ts";
import { openRequest, readBody } from "../sdk/net/request.ts";
import { Secret } from "../sdk/secret.ts";
import type { CallbackError } from "../store/clients/event-callbacks.ts";
import { sign } from "../verify/sign.ts";
import { EventFault } from "./protocol.ts";

const CONNECT_MS = 5_000;
const ANSWER_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export type PostOptions = {
  signal: AbortSignal;
  /** For tests. Default: the system's resolver. */
  resolve?: FetchFileOptions["resolve"];
};

export type CallbackMessage = {
  url: string;
  subscription: string;
  /** The newest first. */
  secrets: readonly string[];
  /** `webhook-id`. */
  id: string;
  sentAt: number;
  body: string;
};

export type CallbackAnswer = { status: number; body: string } | { error: CallbackError };

/** @throws EventFault `invalidParams` for an address that can be none (CALLBACK-1). */
export function checkUrl(text: string, loopback: boolean): void {
  const refuse = (why: string): never => {
    throw new EventFault("invalidParams", `delivery.url: ${why}`);
  };
  if (!URL.canParse(text)) return refuse("it is no URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return refuse("it holds credentials");
  if (url.hash !== "") return refuse("it holds a fragment");
  if (isLoopback(url)) {
    if (loopback && /^https?:$/.test(url.protocol)) return;
    return refuse(
      "this machine is posted to only where the owner allowed it (sluice access client add --loopback)",
    );
  }
  if (url.protocol !== "https:") return refuse("it must be https");
  const host = toHost(url);
  if (isIP(host) !== 0 && isPrivateAddress(host))
    return refuse("its address is not one of the public internet");
}

/** @throws EventFault `invalidParams` for a secret of another form. */
export function checkSecret(secret: string): void {
  const [, text = ""] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const { length } = Buffer.from(text, "base64");
  const isWhole =
    Buffer.from(text, "base64").toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  if (!isWhole || length < 24 || length > 64)
    throw new EventFault(
      "invalidParams",
      "delivery.secret: it must be whsec_ and the base64 of 24 to 64 bytes",
    );
}

/** Of a message to a callback that is no event. */
export function toControlId(type: string): string {
  return `msg_${type}_${randomBytes(12).toString("hex")}`;
}

/** Never rejects. */
export async function post(
  message: CallbackMessage,
  options: PostOptions,
): Promise<CallbackAnswer> {
  const url = new URL(message.url);
  try {
    const answer = await openRequest(url, {
      method: "POST",
      headers: toHeaders(message),
      body: message.body,
      connectMs: CONNECT_MS,
      timeoutMs: ANSWER_MS,
      takesRedirect: true,
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(CONNECT_MS + ANSWER_MS)]),
      ...(isLoopback(url) ? {} : { lookup: toPublicLookup("a callback", options.resolve) }),
    });
    const { statusCode: status = 0 } = answer;
    const body = await readBody(answer, MAX_ANSWER_BYTES, "").catch(() => Buffer.alloc(0));
    answer.destroy();
    return { status, body: body.toString("utf8") };
  } catch (thrown) {
    return { error: toError(thrown) };
  }
}

/** CALLBACK-2 */
function toHeaders({
  subscription,
  secrets,
  id,
  sentAt,
  body,
}: CallbackMessage): Record<string, string> {
  const bytes = Buffer.from(body);
  const signed = secrets.map((secret) =>
    sign(
      "standard",
      { keyId: "callback", secret: new Secret(secret) },
      { id, sentAt, body: bytes },
    ),
  );
  const [first = {}] = signed;
  const signatures = signed.map((headers) => headers["webhook-signature"] ?? "");
  return {
    ...first,
    "webhook-signature": signatures.join(" "),
    "content-type": "application/json",
    "content-length": String(bytes.length),
    "x-mcp-subscription-id": subscription,
    "user-agent": "sluice",
  };
}

/** CALLBACK-3 */
function toError(thrown: unknown): CallbackError {
  const message = toMessage(thrown);
  if (isSluiceError(thrown, "bad_input")) return "connection_refused";
  if (/ in \d+ s\b|\(stopped\)|ETIMEDOUT/.test(message)) return "timeout";
  if (/certificate|TLS|SSL|CERT_|EPROTO/i.test(message)) return "tls_error";
  return "connection_refused";
}

function isLoopback(url: URL): boolean {
  return ["127.0.0.1", "::1"].includes(toHost(url));
}

function toHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}
