/**
 * A webhook's body as quotes, by its declared content type.
 *
 * Owns: which types are read and how each is shown. Never: a guess at an undeclared type; a wrong one is answered with 415.
 */
import type { Quote } from "../../sdk/event.ts";
import { decodeUtf8, parseJson, textAt, toStorableText } from "../../sdk/json.ts";

export type Body =
  | { kind: "body"; format: string; quotes: Quote[]; contentEncoding?: string; alert?: Alert }
  | { kind: "refuse"; status: 400 | 415; reason: string };

/** What Alertmanager and Grafana say of a group of alerts: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export type Alert = { status: "firing" | "resolved"; group: string };

/** Fields in which programs put what they want a person to read, in order of preference. */
const SPOKEN_FIELDS = ["text", "message", "title", "summary"] as const;

/** Types that are text by another name. */
const TEXT_TYPES = /^(text\/[\w.+-]+|application\/(xml|yaml|x-yaml|x-ndjson|[\w.+-]+\+xml))$/;

/** Indentation multiplies deep JSON by its depth: a longer body is shown as compact JSON. */
const MAX_INDENTED_CHARS = 32 * 1024;

export function readBody(bytes: Buffer, contentType: string | undefined): Body {
  const [type, charset] = splitContentType(contentType ?? "");
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/.test(charset)) {
    return { kind: "refuse", status: 415, reason: "the charset is not supported; send UTF-8" };
  }
  if (type === "application/json" || /^application\/[\w.+-]+\+json$/.test(type))
    return readJson(bytes);
  if (type === "application/x-www-form-urlencoded") return readForm(bytes);
  if (TEXT_TYPES.test(type)) return readText(bytes);
  if (contentType === undefined && decodeUtf8(bytes) !== undefined) return readText(bytes);
  return {
    kind: "refuse",
    status: 415,
    reason: "the content type is not supported; send JSON, a form or text",
  };
}

function readJson(bytes: Buffer): Body {
  if (bytes.length === 0) return { kind: "body", format: "JSON", quotes: [] };
  const parsed = parseJson(bytes);
  if (parsed.kind === "bad") return { kind: "refuse", status: 400, reason: parsed.reason };
  const quotes: Quote[] = [];
  const spoken = SPOKEN_FIELDS.find((name) => textAt(parsed.value, name)?.trim());
  if (spoken !== undefined)
    quotes.push({ label: spoken, text: textAt(parsed.value, spoken) ?? "" });
  const isAllSaid = spoken !== undefined && Object.keys(parsed.value as object).length === 1;
  if (!isAllSaid) {
    const indent = bytes.length <= MAX_INDENTED_CHARS ? 2 : 0;
    // JSON.stringify writes NUL and lone surrogates as escapes: https://tc39.es/ecma262/#sec-quotejsonstring
    quotes.push({ label: "body", text: JSON.stringify(parsed.value, null, indent) });
  }
  const alert = readAlert(parsed.value);
  return { kind: "body", format: "JSON", quotes, ...(alert !== undefined && { alert }) };
}

function readAlert(value: unknown): Alert | undefined {
  const [status, group] = [textAt(value, "status"), textAt(value, "groupKey")];
  return group !== undefined && (status === "firing" || status === "resolved")
    ? { status, group }
    : undefined;
}

function readForm(bytes: Buffer): Body {
  const { text, contentEncoding } = decodeLoosely(bytes);
  // `curl -d "build failed"` declares a form and sends none: nothing to decode, and a plus stays a plus.
  if (!text.includes("=")) return toBody("form", "body", text, contentEncoding);
  const fields = [...new URLSearchParams(text)];
  const lines = fields.map(([key, value]) =>
    toStorableText(value === "" ? key : `${key}=${value}`),
  );
  const form = Object.fromEntries(fields);
  const spoken = SPOKEN_FIELDS.find((name) => textAt(form, name)?.trim());
  const body = toBody("form", "body", lines.join("\n"), contentEncoding);
  if (spoken === undefined || body.kind === "refuse") return body;
  const first = { label: spoken, text: textAt(form, spoken) ?? "" };
  return { ...body, quotes: fields.length === 1 ? [first] : [first, ...body.quotes] };
}

function readText(bytes: Buffer): Body {
  const { text, contentEncoding } = decodeLoosely(bytes);
  return toBody("text", "text", text, contentEncoding);
}

function toBody(
  format: string,
  label: string,
  text: string,
  contentEncoding: string | undefined,
): Body {
  const quotes = text === "" ? [] : [{ label, text }];
  return {
    kind: "body",
    format,
    quotes,
    ...(contentEncoding !== undefined && { contentEncoding }),
  };
}

/** Broken bytes become U+FFFD, and the note says so: half a message is worth more than none. */
function decodeLoosely(bytes: Buffer): { text: string; contentEncoding?: string } {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return { text: toStorableText(text) };
  return {
    text: toStorableText(bytes.toString("utf8")),
    contentEncoding: "invalid utf-8, broken bytes replaced",
  };
}

function splitContentType(header: string): [type: string, charset: string | undefined] {
  const [type = "", ...parameters] = header.toLowerCase().split(";");
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith("charset="));
  return [type.trim(), charset?.slice("charset=".length).replaceAll('"', "").trim()];
}
