/**
 * Turns a verified GitHub delivery into an arrival.
 *
 * Owns: the envelope (headers, content type, JSON), who and where, and putting a description together. Never: what an event means (describe-*.ts).
 *
 * GITHUB-1 Free text of third parties goes to `quotes`. `text` and `meta` hold restricted fields only (sdk/field.ts).
 * GITHUB-2 A JSON object whose event name fits it becomes an arrival: an event that we do not know yet is a short line, not an error.
 * GITHUB-3 GitHub signs the body only, so no header decides alone: the event's name must fit the payload (fit.ts), a body of one
 *    content type is refused as another, and the same bytes are one event under any delivery id.
 * GITHUB-4 Of an account that the owner ignores, only what it did by hand is ignored: never what a machine found out about its work.
 * Envelope: https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
 */
import type { Description } from "../../catalogue/event-row.ts";
import { isByOwn, readContext, type Context } from "./context.ts";
import { isAscii } from "node:buffer";
import { hash } from "node:crypto";
import type { ChannelOptions, Received, VerifiedRequest } from "../../sdk/channel.ts";
import type { Arrival, Meta } from "../../sdk/event.ts";
import { cut, MAX_META_CHARS } from "../../sdk/field.ts";
import { idAt, parseJson, textAt } from "../../sdk/json.ts";
import { describe, isDescribed } from "./describe.ts";
import { findMisfit } from "./fit.ts";
import { isIgnored } from "./ignore.ts";
import { toKeptPayload } from "./payload.ts";

type Refusal = Extract<Received, { kind: "refuse" }>;

/** What GitHub itself never sends. */
const MISMATCH = "header_mismatch";

/** One field, as encoders write it: a `&`, `=` or byte of JSON in it was not written by one (GITHUB-3). */
const FORM = /^payload=[\w.~!*'()+%-]+$/;

export function receive(
  request: VerifiedRequest,
  { ignoreSenders = [] }: Pick<ChannelOptions, "ignoreSenders">,
): Received {
  const event = request.headers["x-github-event"] ?? "";
  const deliveryId = request.headers["x-github-delivery"];
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(event))
    return refuse(400, "header x-github-event is missing or malformed");
  if (deliveryId !== undefined && !/^[\w-]{1,128}$/.test(deliveryId)) {
    return refuse(400, "header x-github-delivery is malformed");
  }
  const read = readPayload(request);
  if (read.kind !== "json") return read;
  const { json } = read;
  const isPlain = typeof json !== "string" && isAscii(json);
  const parsed = parseJson(isPlain ? json.toString("latin1") : json);
  if (parsed.kind === "bad") return refuse(400, parsed.reason);
  const payload = parsed.value;
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    return refuse(400, "the payload is not a JSON object");
  }
  const misfit = findMisfit(event, payload);
  if (misfit !== undefined)
    return refuse(400, `X-GitHub-Event says ${event}, but ${misfit}`, MISMATCH);

  const context = readContext(event, payload);
  if (isIgnored(context, ignoreSenders, textAt(payload, "sender.login")))
    return { kind: "ignore", reason: "sender" };
  const { channel, verified } = request;
  const bodyDigest = hash("sha256", json, "hex");
  const arrival = toArrival({ channel, verified, deliveryId, bodyDigest }, payload, context);
  return { kind: "arrival", arrival };
}

/** How it came, and by what it is known again. */
type Envelope = Pick<Arrival, "channel" | "verified"> & {
  deliveryId?: string | undefined;
  bodyDigest?: string | undefined;
};

export function toArrival(
  { channel, verified, deliveryId, bodyDigest }: Envelope,
  payload: object,
  context: Context,
): Arrival {
  const { event } = context;
  const description = describe(payload, context);
  return {
    channel,
    kind: context.action === undefined ? event : `${event}.${context.action}`,
    sender: {
      id: idAt(payload, "sender.id") ?? "unknown",
      ...(textAt(payload, "sender.login") !== undefined && { name: context.login }),
    },
    text: [description.summary, ...(description.facts ?? []), description.url]
      .filter(Boolean)
      .join("\n"),
    quotes: description.quotes ?? [],
    meta: toMeta(description, {
      repository: context.repository,
      action: context.action,
      user: context.login,
      user_id: idAt(payload, "sender.id"),
      severity: description.severity ?? "info",
      url: description.url,
    }),
    priority: description.priority ?? "normal",
    ack: "auto",
    verified,
    ...(deliveryId !== undefined && { deliveryId }),
    ...(bodyDigest !== undefined && { bodyDigest }),
    ...(description.entity !== undefined && { entity: description.entity }),
    ...(description.stateOf !== undefined && { stateOf: description.stateOf }),
    ...(!isDescribed(event) && { payload: toKeptPayload(payload) }),
    ...(context.repository !== undefined && { repository: context.repository }),
    ...(description.occurredAt !== undefined && { occurredAt: description.occurredAt }),
    isKnown: isByOwn(payload, context),
  };
}

/** The content type decides, never a look at the bytes. A form's payload comes out as the JSON that it holds. */
function readPayload({
  headers,
  body,
}: VerifiedRequest): { kind: "json"; json: Buffer | string } | Refusal {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") return { kind: "json", json: body };
  if (type !== "application/x-www-form-urlencoded") {
    const types = "application/json or application/x-www-form-urlencoded";
    return refuse(415, `the content type must be ${types}`);
  }
  const form = body.toString("latin1");
  if (!FORM.test(form))
    return refuse(400, 'the form must be one field "payload" and nothing else', MISMATCH);
  try {
    const json = decodeURIComponent(form.slice("payload=".length).replaceAll("+", " "));
    return { kind: "json", json };
  } catch {
    // The only thing it throws for is the escapes.
    return refuse(400, "the form is not percent-encoded UTF-8");
  }
}

/** Facts that are present, as strings; flags only when true. A kind's own key never replaces one that every kind has. */
function toMeta(description: Description, shared: Description["meta"] & object): Meta {
  const meta: Meta = {};
  for (const [key, value] of Object.entries({ ...description.meta, ...shared })) {
    if (value !== undefined && value !== "" && value !== false)
      meta[key] = cut(String(value), MAX_META_CHARS);
  }
  return meta;
}

function refuse(status: 400 | 415, reason: string, code?: string): Refusal {
  return { kind: "refuse", status, reason, ...(code !== undefined && { code }) };
}
