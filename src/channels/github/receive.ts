/**
 * Turns a verified GitHub delivery into an arrival.
 *
 * Owns: the envelope (headers, content type, JSON), who and where, and putting a description together. Never: what an event means (describe-*.ts).
 *
 * G1 Free text of third parties goes to `quotes`; `text` and `meta` hold restricted fields only (sdk/field.ts).
 * G2 Any JSON object under any event name gives an arrival: an event that we do not know yet is a short line, not an error.
 * Envelope: https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
 */
import type { Received, VerifiedRequest } from "../../sdk/channel.ts";
import type { Arrival, Meta } from "../../sdk/event.ts";
import { MAX_META_CHARS } from "../../sdk/field.ts";
import type { ParsedJson } from "../../sdk/json.ts";
import { decodeUtf8, idAt, JSON_LIMITS, parseJson, textAt } from "../../sdk/json.ts";
import { describe } from "./describe.ts";
import type { Description } from "./description.ts";
import { isWordy, readContext } from "./description.ts";

/** A push carries up to 2,048 commits of about twenty keys: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
const LIMITS = { ...JSON_LIMITS, maxKeys: 100_000 };

export function receive(request: VerifiedRequest): Received {
  const event = request.headers["x-github-event"] ?? "";
  const deliveryId = request.headers["x-github-delivery"];
  if (!isWordy(event)) return refuse(400, "header x-github-event is missing or malformed");
  if (deliveryId !== undefined && !/^[\w-]{1,128}$/.test(deliveryId)) {
    return refuse(400, "header x-github-delivery is malformed");
  }
  const parsed = readPayload(request);
  if (parsed === undefined) {
    return refuse(
      415,
      "the content type must be application/json or application/x-www-form-urlencoded",
    );
  }
  if (parsed.kind === "bad") return refuse(400, parsed.reason);
  const payload = parsed.value;
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    return refuse(400, "the payload is not a JSON object");
  }

  const context = readContext(event, payload);
  const description = describe(payload, context);
  const arrival: Arrival = {
    channel: request.channel,
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
    verified: request.verified,
    ...(deliveryId !== undefined && { deliveryId }),
    ...(description.entity !== undefined && { entity: description.entity }),
    ...(context.repository !== undefined && { repository: context.repository }),
    ...(description.occurredAt !== undefined && { occurredAt: description.occurredAt }),
  };
  return { kind: "arrival", arrival };
}

/** Undefined: not a content type that GitHub sends. The type decides, never a look at the bytes. */
function readPayload(request: VerifiedRequest): ParsedJson | undefined {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") return parseJson(request.body, LIMITS);
  if (type !== "application/x-www-form-urlencoded") return undefined;
  const form = decodeUtf8(request.body);
  const payload = form === undefined ? null : new URLSearchParams(form).get("payload");
  if (payload === null) return { kind: "bad", reason: 'the form has no field "payload"' };
  return parseJson(payload, LIMITS);
}

/** Facts that are present, as strings; flags only when true. A kind's own key never replaces one that every kind has. */
function toMeta(description: Description, shared: Description["meta"] & object): Meta {
  const meta: Meta = {};
  for (const [key, value] of Object.entries({ ...description.meta, ...shared })) {
    if (value !== undefined && value !== "" && value !== false)
      meta[key] = String(value).slice(0, MAX_META_CHARS);
  }
  return meta;
}

function refuse(status: 400 | 415, reason: string): Received {
  return { kind: "refuse", status, reason };
}
