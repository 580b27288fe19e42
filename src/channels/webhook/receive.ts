/**
 * Turns any verified POST into an arrival.
 *
 * Owns: the summary line, the headers that a sender may set, identity on a two-way channel, the owner's template, and the body by its
 * declared type: of a program as lines by their worth (catalogue/ranked.ts), of a person as it came. Never: guesses a type; a wrong one is
 * answered with 415.
 *
 * WEBHOOK-1 Everything that the sender wrote goes to `quotes`. `text` holds the method, the path, sizes and one link only.
 * WEBHOOK-2 Only a two-way channel takes an identity from headers: a bridge holds its token and vouches for its people.
 * WEBHOOK-3 A sender may name the session for an event only where the owner added the channel with that right.
 * WEBHOOK-4 A header counts only as far as the proof covers it: no signature covers a header, and a captured request may come again
 *    with others. A header that names the sender or the session takes a token. A header that ends an event or raises its priority takes
 *    at least a signature that counts once.
 */
import { createHash } from "node:crypto";
import { OF_ALERTS } from "../../sdk/alert-state.ts";
import type { ChannelOptions, Received, VerifiedRequest } from "../../sdk/channel.ts";
import type { Arrival, Meta, Priority, Quote } from "../../sdk/event.ts";
import { PRIORITIES } from "../../sdk/event.ts";
import { MAX_META_CHARS, toRefField } from "../../sdk/field.ts";
import {
  decodeLoosely,
  decodeUtf8,
  listAt,
  MAX_DEPTH,
  parseJson,
  textAt,
  toStorableText,
} from "../../sdk/json.ts";
import { readMultipart } from "../../catalogue/multipart.ts";
import { fillOwn, type OwnWords } from "../../catalogue/own-template.ts";
import { rank } from "../../catalogue/ranked.ts";
import { writePayload } from "../../catalogue/redact.ts";
import type { SignatureReach } from "../../sdk/scheme.ts";
import { REACH_OF } from "../../verify/schemes.ts";

const GROUP_MAX_CHARS = 180;

/** Types that are text by another name. */
const TEXT_TYPES = /^(text\/[\w.+-]+|application\/(xml|yaml|x-yaml|x-ndjson|[\w.+-]+\+xml))$/;

/** What each header may hold, and how far the proof must reach (WEBHOOK-4). A value that does not fit is refused, not mended: a mended id would be another id. */
const HEADERS: Readonly<Record<string, { pattern: RegExp; reach: SignatureReach }>> = {
  "x-sluice-sender": { pattern: /^[A-Za-z0-9._@:+-]{1,128}$/, reach: "request" },
  "x-sluice-chat": { pattern: /^[A-Za-z0-9._@:+/#-]{1,128}$/, reach: "request" },
  "x-sluice-session": { pattern: /^[\x20-\x7e]{1,128}$/, reach: "request" },
  "x-sluice-entity": { pattern: /^[A-Za-z0-9._@:+/#-]{1,200}$/, reach: "delivery" },
  "x-sluice-state-of": { pattern: /^[A-Za-z0-9._@:+/#-]{1,200}$/, reach: "delivery" },
  "x-sluice-status": { pattern: /^[A-Za-z0-9_-]{1,40}$/, reach: "delivery" },
  "x-sluice-priority": { pattern: new RegExp(`^(${PRIORITIES.join("|")})$`), reach: "delivery" },
  "idempotency-key": { pattern: /^[\x21-\x7e]{1,255}$/, reach: "body" },
};

/** From least to most. */
const REACHES: readonly SignatureReach[] = ["body", "delivery", "request"];
const GIVEN = Object.entries(HEADERS);

export function receive(request: VerifiedRequest, options: ChannelOptions): Received {
  const { headers } = request;
  // Without a scheme it came from a program of this machine.
  const reach =
    request.verified === "none"
      ? "request"
      : (request.reach ?? REACH_OF.get(request.verified) ?? "body");
  for (const [name, needed] of GIVEN) {
    const value = headers[name];
    if (value === undefined) continue;
    if (!options.twoWay && (name === "x-sluice-sender" || name === "x-sluice-chat")) continue; // WEBHOOK-2
    if (options.allowTarget !== true && name === "x-sluice-session") continue; // WEBHOOK-3
    if (REACHES.indexOf(reach) < REACHES.indexOf(needed.reach))
      return refuseUnsigned(name, needed.reach); // WEBHOOK-4
    if (!needed.pattern.test(value)) {
      const reason = `header ${name} must match ${needed.pattern.source}`;
      return { kind: "refuse", status: 400, reason };
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
  const given = readBody(request.body, headers["content-type"], options.twoWay);
  const body = options.template === undefined ? given : tellOwn(given, options);
  if (body.kind === "refuse") return body;

  const method = /^[A-Z]{1,16}$/.test(request.method) ? request.method : "?";
  const path = request.path === "" ? "" : toRefField(request.path, MAX_META_CHARS);
  const meta: Meta = { method };
  if (path !== "") meta["path"] = path;
  if (body.contentEncoding !== undefined) meta["content_encoding"] = body.contentEncoding;
  if (options.twoWay) meta["user_id"] = sender;
  if (body.url !== undefined) meta["url"] = body.url;
  Object.assign(meta, body.own?.meta);
  if (body.own?.severity !== undefined) meta["severity"] = body.own.severity;

  const chatId = options.twoWay ? (headers["x-sluice-chat"] ?? sender) : undefined;
  const key = headers["idempotency-key"] ?? toPlainId(body.own?.id);
  const deliveryId = request.signedId ?? toDeliveryId(key, reach, request.body);
  const group = body.alert === undefined ? undefined : toGroup(body.alert);
  const entity = headers["x-sluice-entity"] ?? body.own?.entity ?? group;
  const status = headers["x-sluice-status"] ?? body.alert?.status;
  if (status !== undefined) meta["status"] = status;
  const alert = status !== undefined && OF_ALERTS.test(status) ? entity : undefined;
  const stateOf = headers["x-sluice-state-of"] ?? group ?? alert;
  const session = options.allowTarget === true ? headers["x-sluice-session"] : undefined;
  const count = body.alert?.count ?? 0;
  const size =
    request.body.length === 0
      ? "empty body"
      : `${body.format}, ${request.body.length} bytes${count > 1 ? `, ${count} alerts` : ""}`;
  const summary = options.twoWay
    ? `Message from ${sender}${chatId === sender ? "" : ` in chat ${chatId}`}`
    : `${method}${path === "" ? "" : ` /${path}`} (${size})`;
  const arrival: Arrival = {
    channel: request.channel,
    kind: options.twoWay ? "message" : "webhook",
    sender: { id: sender },
    text: [summary, ...toLeftOut(body), ...(body.url === undefined ? [] : [body.url])].join("\n"),
    quotes: body.quotes,
    meta,
    // Checked against PRIORITIES above.
    priority: (headers["x-sluice-priority"] as Priority | undefined) ?? "normal",
    ack: options.twoWay ? "reply" : "auto",
    verified: request.verified,
    ...(deliveryId !== undefined && { deliveryId }),
    ...(entity !== undefined && { entity }),
    ...(stateOf !== undefined && { stateOf }),
    ...(session !== undefined && { session }),
    ...(chatId !== undefined && { chatId }),
    ...(body.payload !== undefined && { payload: body.payload }),
  };
  return { kind: "arrival", arrival };
}

function refuseUnsigned(name: string, reach: SignatureReach): Received {
  const instead =
    reach === "request"
      ? "a token"
      : "a token, or a signature over id and time (Standard Webhooks)";
  const reason = `header ${name} is not covered by the signature; it counts with ${instead}`;
  return { kind: "refuse", status: 400, reason, code: "unsigned_header" };
}

/**
 * An unsigned key counts together with the signed body: else who has captured one request could send it under the key of another
 * that is still to come, and that would be a duplicate.
 */
function toDeliveryId(
  key: string | undefined,
  reach: SignatureReach,
  body: Buffer,
): string | undefined {
  return key === undefined || reach === "request" ? key : `${key} ${toDigest(body)}`;
}

function toDigest(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A group's key in characters that are safe to print; what that loses stands in the digest, so that two groups stay two. */
function toGroup({ group }: AlertGroup): string {
  const shown = toRefField(group, GROUP_MAX_CHARS);
  return shown === group ? shown : `${shown}~${toDigest(group).slice(0, 8)}`;
}

/** As the owner wants it told. A body without fields is told as it came. */
function tellOwn(body: WebhookBody, { template = {}, noteMissing }: ChannelOptions): WebhookBody {
  if (body.kind === "refuse" || body.value === undefined) return body;
  const own = fillOwn(template, body.value);
  noteMissing?.(own.missing);
  if (own.text === undefined) return { ...body, own };
  const { payload = writePayload(body.value) } = body;
  return { ...body, own, payload, quotes: [{ label: "text", text: own.text }] };
}

/** An id by a path may be any text: one that is not plain is known by its digest. */
function toPlainId(id: string | undefined): string | undefined {
  return id === undefined || /^[\x21-\x7e]{1,255}$/.test(id) ? id : `~${toDigest(id)}`;
}

function toLeftOut({ leftOut = 0 }: { leftOut?: number }): string[] {
  return leftOut === 0
    ? []
    : [`(${leftOut} characters nested deeper than ${MAX_DEPTH} levels are left out)`];
}

/** By its declared content type: never a guess at an undeclared one. */
function readBody(bytes: Buffer, contentType: string | undefined, twoWay: boolean): WebhookBody {
  const [type, charset] = splitContentType(contentType ?? "");
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/.test(charset)) {
    return { kind: "refuse", status: 415, reason: "the charset is not supported; send UTF-8" };
  }
  if (TEXT_TYPES.test(type)) return readText(bytes);
  if (contentType === undefined && decodeUtf8(bytes) !== undefined) return readText(bytes);
  return (
    readFieldsOf(bytes, type, contentType ?? "", twoWay) ?? {
      kind: "refuse",
      status: 415,
      reason: "the content type is not supported; send JSON, a form or text",
    }
  );
}

function readText(bytes: Buffer): WebhookBody {
  const { text, isWhole } = decodeLoosely(bytes);
  return {
    kind: "body",
    format: "text",
    quotes: text === "" ? [] : [{ label: "text", text }],
    ...(!isWhole && { contentEncoding: BROKEN_TEXT }),
  };
}

function splitContentType(header: string): [type: string, charset: string | undefined] {
  const lower = header.toLowerCase();
  if (!lower.includes(";")) return [lower.trim(), undefined];
  const [type = "", ...parameters] = lower.split(";");
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith("charset="));
  return [type.trim(), charset?.slice("charset=".length).replaceAll('"', "").trim()];
}

type WebhookBody =
  | {
      kind: "body";
      format: string;
      quotes: Quote[];
      contentEncoding?: string;
      alert?: AlertGroup;
      /** Characters that no quote shows. */
      leftOut?: number;
      /** The page of the thing that it is about. */
      url?: string;
      /** All of it, where the quotes leave something out. */
      payload?: string;
      /** What was read of a program's, as a value. */
      value?: unknown;
      /** What the owner's template makes of it. */
      own?: OwnWords;
    }
  | { kind: "refuse"; status: 400 | 415; reason: string };

/** What Alertmanager and Grafana say of a group of alerts: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
type AlertGroup = { status: "firing" | "resolved"; group: string; count: number };

/** What a note says of a text whose bytes were not all UTF-8. */
const BROKEN_TEXT = "invalid utf-8, broken bytes replaced";

/** Fields in which programs put what they want a person to read, in order of preference. */
const SPOKEN_FIELDS = ["text", "message", "title", "summary"] as const;

/** Indentation multiplies deep JSON by its depth: a longer body is shown as compact JSON. */
const MAX_INDENTED_CHARS = 32 * 1024;

/** JSON, a form or multipart fields, by its type. Undefined for any other. */
function readFieldsOf(
  bytes: Buffer,
  type: string,
  contentType: string,
  twoWay: boolean,
): WebhookBody | undefined {
  if (type === "application/json" || /^application\/[\w.+-]+\+json$/.test(type))
    return readJson(bytes, twoWay);
  if (type === "application/x-www-form-urlencoded") return readForm(bytes, twoWay);
  return type === "multipart/form-data" ? readFields(bytes, contentType, twoWay) : undefined;
}

function readJson(bytes: Buffer, twoWay: boolean): WebhookBody {
  if (bytes.length === 0) return { kind: "body", format: "JSON", quotes: [] };
  const parsed = parseJson(bytes);
  if (parsed.kind === "bad") return { kind: "refuse", status: 400, reason: parsed.reason };
  const quotes: Quote[] = [];
  const spoken = SPOKEN_FIELDS.find((name) => textAt(parsed.value, name)?.trim());
  if (spoken !== undefined)
    quotes.push({ label: spoken, text: textAt(parsed.value, spoken) ?? "" });
  const isAllSaid = spoken !== undefined && Object.keys(parsed.value as object).length === 1;
  const { leftOut } = parsed;
  const alert = readAlert(parsed.value);
  const about = alert === undefined ? {} : { alert };
  if (!twoWay && !isAllSaid)
    return { ...toRanked("JSON", parsed.value, quotes, spoken), leftOut, ...about };
  if (!isAllSaid) {
    const indent = bytes.length <= MAX_INDENTED_CHARS ? 2 : 0;
    // JSON.stringify writes NUL and lone surrogates as escapes: https://tc39.es/ecma262/#sec-quotejsonstring
    quotes.push({ label: "body", text: JSON.stringify(parsed.value, null, indent) });
  }
  const { value } = parsed;
  return { kind: "body", format: "JSON", quotes, leftOut, ...(!twoWay && { value }), ...about };
}

/** What a program sent, by its worth to a reader. `said` is what `spoken`, a field of it, holds. */
function toRanked(
  format: string,
  value: unknown,
  said: readonly Quote[],
  spoken: string | undefined,
): Extract<WebhookBody, { kind: "body" }> {
  const { text, link, isWhole } = rank(value, { skip: spoken });
  return {
    kind: "body",
    format,
    quotes: [...said, ...(text === "" ? [] : [{ label: "body", text }])],
    ...(link !== undefined && { url: link }),
    ...(!isWhole && { payload: writePayload(value) }),
    value,
  };
}

function readAlert(value: unknown): AlertGroup | undefined {
  const [status, group] = [textAt(value, "status"), textAt(value, "groupKey")];
  return group !== undefined && (status === "firing" || status === "resolved")
    ? { status, group, count: listAt(value, "alerts").length }
    : undefined;
}

function readForm(bytes: Buffer, twoWay: boolean): WebhookBody {
  const { text, isWhole } = decodeLoosely(bytes);
  const contentEncoding = isWhole ? undefined : BROKEN_TEXT;
  // `curl -d "build failed"` declares a form and sends none: nothing to decode, and a plus stays a plus.
  if (!text.includes("=")) return toBody("form", "body", text, contentEncoding);
  return toForm([...new URLSearchParams(text)], contentEncoding, twoWay);
}

function readFields(bytes: Buffer, contentType: string, twoWay: boolean): WebhookBody {
  const read = readMultipart(bytes, contentType);
  if (read === undefined)
    return { kind: "refuse", status: 400, reason: "the body is not valid multipart/form-data" };
  let contentEncoding: string | undefined;
  const fields = read.map(({ name, content, file }): Pair => {
    if (file !== undefined)
      return [name, `(file ${file.name}, ${file.type}, ${content.length} bytes, not kept)`];
    const decoded = decodeLoosely(content);
    if (!decoded.isWhole) contentEncoding = BROKEN_TEXT;
    return [name, decoded.text];
  });
  return toForm(fields, contentEncoding, twoWay);
}

type Pair = [name: string, value: string];

function toForm(
  fields: readonly Pair[],
  contentEncoding: string | undefined,
  twoWay: boolean,
): WebhookBody {
  const form = Object.fromEntries(fields);
  const spoken = SPOKEN_FIELDS.find((name) => textAt(form, name)?.trim());
  const said = spoken === undefined ? [] : [{ label: spoken, text: textAt(form, spoken) ?? "" }];
  const isAllSaid = spoken !== undefined && fields.length === 1;
  if (!twoWay && !isAllSaid) {
    const body = toRanked("form", toValue(fields), said, spoken);
    return contentEncoding === undefined ? body : { ...body, contentEncoding };
  }
  const lines = fields.map(([key, value]) =>
    toStorableText(value === "" ? key : `${key}=${value}`),
  );
  const body = toBody("form", "body", lines.join("\n"), contentEncoding);
  if (body.kind === "refuse") return body;
  if (!isAllSaid) return { ...body, quotes: [...said, ...body.quotes] };
  return { ...body, quotes: said, ...(!twoWay && { value: form }) };
}

/** A name that comes several times is a list. */
function toValue(fields: readonly Pair[]): unknown {
  const groups = Map.groupBy(fields, ([name]) => name);
  return Object.fromEntries(
    [...groups].map(([name, pairs]) => {
      const values = pairs.map(([, value]) => value);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function toBody(
  format: string,
  label: string,
  text: string,
  contentEncoding: string | undefined,
): WebhookBody {
  const quotes = text === "" ? [] : [{ label, text }];
  return {
    kind: "body",
    format,
    quotes,
    ...(contentEncoding !== undefined && { contentEncoding }),
  };
}
