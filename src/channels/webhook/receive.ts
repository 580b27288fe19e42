/**
 * Turns any verified POST into an arrival.
 *
 * Owns: the summary line, the headers that a sender may set, identity on a two-way channel. Never: the body's format (read-body.ts).
 *
 * W1 Everything the sender wrote goes to `quotes`; `text` holds the method, the path and sizes only.
 * W2 Only a two-way channel takes an identity from headers: its token is held by a bridge that vouches for its people.
 * W3 A sender names the session that an event is for only where the owner added the channel with that.
 */
import { createHash } from "node:crypto";
import type { ChannelOptions, Received, VerifiedRequest } from "../../sdk/channel.ts";
import type { Arrival, Meta, Priority } from "../../sdk/event.ts";
import { PRIORITIES } from "../../sdk/event.ts";
import { MAX_META_CHARS, toRefField } from "../../sdk/field.ts";
import { type Alert, readBody } from "./read-body.ts";

const GROUP_MAX_CHARS = 180;

/** What each header may hold. A value that does not fit is refused, not mended: a mended id would be another id. */
const HEADERS = {
  "x-sluice-sender": /^[A-Za-z0-9._@:+-]{1,128}$/,
  "x-sluice-chat": /^[A-Za-z0-9._@:+/#-]{1,128}$/,
  "x-sluice-entity": /^[A-Za-z0-9._@:+/#-]{1,200}$/,
  "x-sluice-status": /^[A-Za-z0-9_-]{1,40}$/,
  "x-sluice-priority": new RegExp(`^(${PRIORITIES.join("|")})$`),
  "x-sluice-session": /^[\x20-\x7e]{1,128}$/,
  "idempotency-key": /^[\x21-\x7e]{1,255}$/,
} as const;

export function receive(request: VerifiedRequest, options: ChannelOptions): Received {
  const { headers } = request;
  for (const [name, pattern] of Object.entries(HEADERS)) {
    if (!options.twoWay && (name === "x-sluice-sender" || name === "x-sluice-chat")) continue; // W2
    if (options.allowTarget !== true && name === "x-sluice-session") continue; // W3
    const value = headers[name];
    if (value !== undefined && !pattern.test(value)) {
      return { kind: "refuse", status: 400, reason: `header ${name} must match ${pattern.source}` };
    }
  }
  const sender = options.twoWay ? headers["x-sluice-sender"] : `webhook:${options.name}`;
  if (sender === undefined) {
    return {
      kind: "refuse",
      status: 400,
      reason: "a two-way channel needs the header x-sluice-sender",
    };
  }
  const body = readBody(request.body, headers["content-type"]);
  if (body.kind === "refuse") return body;

  const method = /^[A-Z]{1,16}$/.test(request.method) ? request.method : "?";
  const path = toRefField(request.path, MAX_META_CHARS);
  const meta: Meta = { method };
  if (path !== "") meta["path"] = path;
  if (body.contentEncoding !== undefined) meta["content_encoding"] = body.contentEncoding;
  if (options.twoWay) meta["user_id"] = sender;

  const chatId = options.twoWay ? (headers["x-sluice-chat"] ?? sender) : undefined;
  const deliveryId = request.signedId ?? headers["idempotency-key"];
  const entity =
    headers["x-sluice-entity"] ?? (body.alert === undefined ? undefined : toGroup(body.alert));
  const status = headers["x-sluice-status"] ?? body.alert?.status;
  if (status !== undefined) meta["status"] = status;
  const session = options.allowTarget === true ? headers["x-sluice-session"] : undefined;
  const size =
    request.body.length === 0 ? "empty body" : `${body.format}, ${request.body.length} bytes`;
  const summary = options.twoWay
    ? `Message from ${sender}${chatId === sender ? "" : ` in chat ${chatId}`}`
    : `${method}${path === "" ? "" : ` /${path}`} (${size})`;
  const arrival: Arrival = {
    channel: request.channel,
    kind: options.twoWay ? "message" : "webhook",
    sender: { id: sender },
    text: summary,
    quotes: body.quotes,
    meta,
    // Checked against PRIORITIES above.
    priority: (headers["x-sluice-priority"] as Priority | undefined) ?? "normal",
    ack: options.twoWay ? "reply" : "auto",
    verified: request.verified,
    ...(deliveryId !== undefined && { deliveryId }),
    ...(entity !== undefined && { entity }),
    ...(session !== undefined && { session }),
    ...(chatId !== undefined && { chatId }),
  };
  return { kind: "arrival", arrival };
}

/** A group's key in characters that are safe to print; what that loses stands in the digest, so that two groups stay two. */
function toGroup({ group }: Alert): string {
  const shown = toRefField(group, GROUP_MAX_CHARS);
  return shown === group
    ? shown
    : `${shown}~${createHash("sha256").update(group).digest("hex").slice(0, 8)}`;
}
