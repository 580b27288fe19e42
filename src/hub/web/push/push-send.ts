/**
 * One push message to a browser's push service (RFC 8030), encrypted for that browser alone (RFC 8291), with who sends it (RFC 8292).
 *
 * Owns: which endpoints are allowed, the request and the meaning of its answer. Never: who is notified, or when it is tried again
 * (push.ts).
 * Neither the endpoint, which is a capability, nor the payload stands in a log or a fault.
 *
 * PUSHSEND-1 A signed-in browser names its endpoint and could name any address. Allowed is only https at the push services of the
 *    browsers, without port or credentials; and the address that is connected to is a public one, whatever the name resolved to a
 *    moment before. Where a proxy leads there, it is asked for that name, and this machine connects to no address that the browser named.
 * PUSHSEND-2 Every message has the same length, so its length tells nothing about the prompt.
 */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { LookupAddress } from "node:dns";
import { isSluiceError, SluiceError, toMessage } from "../../../sdk/errors.ts";
import { toPublicLookup } from "../../../sdk/net/fetch-file.ts";
import { openRequest, type RequestOptions, type RequestTimings } from "../../../sdk/net/request.ts";
import type { PushTarget } from "../../../store/page/web-push.ts";
import type { VapidKeys } from "./vapid.ts";

/** Exact, or `*.example.com` for every name below one. */
const SERVICES = [
  "fcm.googleapis.com", // Chrome, and most of its kin
  "*.push.services.mozilla.com", // Firefox
  "*.notify.windows.com", // Edge
  "*.push.apple.com", // Safari
];
const TIMEOUT_MS = 10_000;
const ENDPOINT_MAX_CHARS = 2_000;
/** RFC 8030 lets a service refuse more than 4,096 bytes; encryption and the header take 103 of them. */
const PAYLOAD_BYTES = 2_048;
const MAX_RETRY_MS = 3_600_000;

export type PushMessage = {
  /** JSON. */
  payload: string;
  ttlSeconds: number;
  /** A later message with the same one takes the place of one that was not handed over yet. */
  topic: string;
  urgency: "high" | "normal";
};

/**
 * `gone`: the browser has withdrawn the subscription. `later`: the service has no time, or cannot be reached. `refused`: trying again
 * changes nothing.
 */
export type PushOutcome =
  | { kind: "taken" }
  | { kind: "gone" }
  | { kind: "later"; why: string; retryAfterMs?: number }
  | { kind: "refused"; why: string };

/** For tests: a resolver, or where every connection goes instead and whose certificates it believes; and how long it may take. */
export type PushNetwork = {
  resolve?: (name: string, done: (fault: Error | null, addresses: LookupAddress[]) => void) => void;
  connect?: { host: string; port: number; ca: string };
  limits?: RequestTimings;
};

/** @throws SluiceError `bad_input` (PUSHSEND-1). */
export function checkEndpoint(text: string): URL {
  const refuse = (why: string): never => {
    throw new SluiceError("bad_input", `the browser's push endpoint was refused: ${why}`);
  };
  if (text.length > ENDPOINT_MAX_CHARS)
    return refuse(`longer than ${ENDPOINT_MAX_CHARS} characters`);
  if (!URL.canParse(text)) return refuse("it is no URL");
  const url = new URL(text);
  if (url.protocol !== "https:") return refuse(`${url.protocol} is not https`);
  if (url.username !== "" || url.password !== "") return refuse("it holds credentials");
  if (url.port !== "") return refuse(`port ${url.port} is no push service's`);
  if (isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0) return refuse("it names an address");
  const isKnown = SERVICES.some((host) =>
    host.startsWith("*.") ? url.hostname.endsWith(host.slice(1)) : url.hostname === host,
  );
  return isKnown ? url : refuse(`${url.hostname} is no push service that is known here`);
}

/** Says what became of it; throws only for an endpoint that may not be asked, or keys that are none. */
export async function sendPush(
  target: PushTarget,
  message: PushMessage,
  { keys, subject }: { keys: VapidKeys; subject: string },
  network: PushNetwork = {},
): Promise<PushOutcome> {
  const url = checkEndpoint(target.endpoint);
  // Loaded with the first push: most hubs never send one.
  const { default: webPush } = await import("web-push");
  const { endpoint, p256dh, auth } = target;
  const { headers, body } = webPush.generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    toPadded(message.payload),
    {
      vapidDetails: { subject, publicKey: keys.publicKey, privateKey: keys.privateKey.reveal() },
      TTL: Math.max(0, Math.round(message.ttlSeconds)),
      urgency: message.urgency,
      topic: message.topic,
      contentEncoding: "aes128gcm",
    },
  );
  try {
    const answer = await openRequest(toAddress(url, network), {
      method: "POST",
      headers: { ...headers, host: url.host },
      body,
      connectMs: TIMEOUT_MS,
      timeoutMs: TIMEOUT_MS,
      ...network.limits,
      ...toWay(network),
    });
    // The status says it all.
    answer.destroy();
    return toOutcome(answer, url.hostname);
  } catch (thrown) {
    // Whether the service has it or not: it comes again under the same topic, in the place of the first.
    return isSluiceError(thrown, "send_failed")
      ? { kind: "later", why: `${url.hostname} cannot be reached: ${thrown.message}` }
      : { kind: "refused", why: toMessage(thrown) };
  }
}

function toAddress(url: URL, { connect }: PushNetwork): URL {
  const address = new URL(url);
  if (connect !== undefined) address.port = String(connect.port);
  return address;
}

/** PUSHSEND-1 */
function toWay({ connect, resolve }: PushNetwork): Pick<RequestOptions, "lookup" | "ca"> {
  if (connect === undefined)
    return { lookup: toPublicLookup("the browser's push endpoint", resolve) };
  const { host: address, ca } = connect;
  return { lookup: (_name, _options, done) => done(null, [{ address, family: 4 }]), ca };
}

/** https://www.rfc-editor.org/rfc/rfc8030#section-5 and what the services say besides. */
function toOutcome({ statusCode = 0, headers }: IncomingMessage, host: string): PushOutcome {
  const why = `${host} answered ${statusCode}`;
  if (statusCode >= 200 && statusCode < 300) return { kind: "taken" };
  if (statusCode === 404 || statusCode === 410) return { kind: "gone" };
  if (statusCode !== 429 && statusCode < 500) return { kind: "refused", why };
  const retryAfterMs = toRetryMs(headers["retry-after"]);
  return { kind: "later", why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function toRetryMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_MS, Math.max(0, ms));
}

/** PUSHSEND-2. Spaces behind JSON mean nothing. */
function toPadded(payload: string): Buffer {
  const bytes = Buffer.from(payload);
  if (bytes.length > PAYLOAD_BYTES)
    throw new SluiceError(
      "too_large",
      `a push of ${bytes.length} bytes was not sent; at most ${PAYLOAD_BYTES} fit`,
    );
  return Buffer.concat([bytes, Buffer.alloc(PAYLOAD_BYTES - bytes.length, " ")]);
}
