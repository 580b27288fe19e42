/**
 * What the fake server takes and refuses, in Discord's words.
 *
 * Owns: reading a request, and the limits of a message, its components and its forms. Never: state.
 * https://docs.discord.com/developers/resources/message#create-message https://docs.discord.com/developers/components/reference
 */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { at, listAt, textAt } from "../../../src/sdk/json.ts";

export type FakeAnswer = {
  status: number;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
};
export type FakeUpload = { name: string; bytes: Buffer };

const MAX_FILE = 10 * 1024 ** 2;
const MAX_REQUEST = 25 * 1024 ** 2;

export function toError(status: number, code: number, message: string): FakeAnswer {
  return { status, body: { code, message } };
}

function invalid(what: string): FakeAnswer {
  return { status: 400, body: { code: 50035, message: `Invalid Form Body: ${what}` } };
}

/** Undefined for a message that Discord takes. */
export function checkMessage(
  payload: Record<string, unknown>,
  files: readonly FakeUpload[],
): FakeAnswer | undefined {
  const content = String(payload["content"] ?? "");
  const embeds = listAt(payload, "embeds");
  if (files.some(({ bytes }) => bytes.length > MAX_FILE))
    return toError(413, 40005, "Request entity too large");
  if (files.reduce((sum, { bytes }) => sum + bytes.length, 0) > MAX_REQUEST)
    return toError(413, 40005, "Request entity too large");
  if (files.length > 10) return invalid("attachments");
  if (content.length > 2_000) return invalid("content: Must be 2000 or fewer in length.");
  if (embeds.some((one) => (textAt(one, "description") ?? "").length > 4_096))
    return invalid("embeds.description: Must be 4096 or fewer in length.");
  if (!content.isWellFormed()) return invalid("content");
  const isEmpty = content.trim() === "" && embeds.length === 0 && files.length === 0;
  if (isEmpty && listAt(payload, "attachments").length === 0)
    return toError(400, 50006, "Cannot send an empty message");
  if (String(payload["nonce"] ?? "").length > 25) return invalid("nonce");
  // Whoever leaves it out pings whomever a session names.
  if (at(payload, "allowed_mentions.parse") !== undefined || payload["id"] !== undefined)
    return checkComponents(listAt(payload, "components"));
  return invalid("allowed_mentions: the fake wants it always");
}

function checkComponents(rows: readonly unknown[]): FakeAnswer | undefined {
  if (rows.length > 5) return invalid("components: at most 5 rows");
  const ids = new Set<string>();
  for (const row of rows) {
    const parts = listAt(row, "components");
    const isMenu = at(parts[0], "type") === 3;
    if (at(row, "type") !== 1 || parts.length < 1 || parts.length > (isMenu ? 1 : 5))
      return invalid("components: a row has 1 to 5 buttons or one menu");
    for (const part of parts) {
      const id = textAt(part, "custom_id") ?? "";
      if (id.length < 1 || id.length > 100 || ids.has(id)) return invalid("components.custom_id");
      ids.add(id);
      const refused = isMenu ? checkMenu(part) : checkButton(part);
      if (refused !== undefined) return refused;
    }
  }
  return undefined;
}

function checkButton(button: unknown): FakeAnswer | undefined {
  const label = textAt(button, "label") ?? "";
  const style = Number(at(button, "style"));
  return label.length < 1 || label.length > 80 || !(style >= 1 && style <= 4)
    ? invalid("components.label")
    : undefined;
}

function checkMenu(menu: unknown): FakeAnswer | undefined {
  const options = listAt(menu, "options");
  const values = options.map((option) => textAt(option, "value") ?? "");
  const isFit =
    options.length >= 1 &&
    options.length <= 25 &&
    new Set(values).size === values.length &&
    values.every((value) => value.length >= 1 && value.length <= 100) &&
    options.every((option) => {
      const label = textAt(option, "label") ?? "";
      return label.length >= 1 && label.length <= 100;
    });
  return isFit ? undefined : invalid("components.options");
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object */
export function checkCallback(payload: Record<string, unknown>): FakeAnswer | undefined {
  const type = payload["type"];
  if (type === 4) return checkMessage(payload["data"] as Record<string, unknown>, []);
  if (type === 9) return checkForm(payload["data"]);
  return type === 5 || type === 6 || type === 7 ? undefined : invalid("type");
}

function checkForm(form: unknown): FakeAnswer | undefined {
  const [id, title] = [textAt(form, "custom_id") ?? "", textAt(form, "title") ?? ""];
  const parts = listAt(form, "components");
  const isFit =
    id.length >= 1 &&
    id.length <= 100 &&
    title.length >= 1 &&
    title.length <= 45 &&
    parts.length >= 1 &&
    parts.length <= 5 &&
    parts.every((part) => {
      const label = textAt(part, "label") ?? "";
      const input = at(part, "component");
      const max = Number(at(input, "max_length") ?? 4_000);
      return (
        at(part, "type") === 18 &&
        label.length >= 1 &&
        label.length <= 45 &&
        at(input, "type") === 4 &&
        max >= 1 &&
        max <= 4_000
      );
    });
  return isFit ? undefined : invalid("a form");
}

export async function readPayload(
  request: IncomingMessage,
): Promise<{ payload: Record<string, unknown>; files: FakeUpload[] }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  return readBody(body, request.headers);
}

async function readBody(
  body: Buffer,
  headers: IncomingHttpHeaders,
): Promise<{ payload: Record<string, unknown>; files: FakeUpload[] }> {
  const type = headers["content-type"] ?? "";
  if (body.length === 0) return { payload: {}, files: [] };
  if (!type.startsWith("multipart/"))
    return { payload: JSON.parse(body.toString()) as Record<string, unknown>, files: [] };
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": type },
  }).formData();
  const files: FakeUpload[] = [];
  let payload: Record<string, unknown> = {};
  for (const [key, value] of form) {
    if (key === "payload_json") payload = JSON.parse(String(value)) as Record<string, unknown>;
    else if (typeof value !== "string")
      files.push({ name: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
  }
  return { payload, files };
}

/** A message's words as a person reads them, without the signs that only a client reads. */
export function readDiscord(content: string): string {
  return content.replaceAll(/\\([^0-9A-Za-z\s])/g, "$1");
}
