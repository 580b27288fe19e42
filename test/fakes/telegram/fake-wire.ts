/**
 * What the fake server takes and refuses, in Telegram's words.
 *
 * Owns: reading a request, checking its text, file and reaction. Never: state.
 */
import type { IncomingMessage } from "node:http";
import { listAt, textAt } from "../../../src/sdk/json.ts";
import { toReaction } from "../../../src/channels/telegram/reactions.ts";
import { readTelegramHtml } from "./read-html.ts";

export type FakeAnswer = { status: number; body: object };
/** Uploaded files by field. */
export type FakeFiles = Map<string, { name: string; bytes: number }>;

export function toResult(result: unknown): FakeAnswer {
  return { status: 200, body: { ok: true, result } };
}

export function toError(
  status: number,
  description: string,
  extra: { retryAfter?: number; migrateTo?: number } = {},
): FakeAnswer {
  const parameters = {
    ...(extra.retryAfter === undefined ? {} : { retry_after: extra.retryAfter }),
    ...(extra.migrateTo === undefined ? {} : { migrate_to_chat_id: extra.migrateTo }),
  };
  return { status, body: { ok: false, error_code: status, description, parameters } };
}

export function checkText(text: unknown, mode: unknown, maxChars: number): FakeAnswer | undefined {
  if (typeof text !== "string" || text.trim() === "")
    return toError(400, "Bad Request: message text is empty");
  if (!text.isWellFormed()) return toError(400, "Bad Request: strings must be encoded in UTF-8");
  const read = mode === "HTML" ? readTelegramHtml(text) : ({ kind: "ok", text } as const);
  if (read.kind === "refused") return toError(400, read.description);
  return read.text.length > maxChars ? toError(400, "Bad Request: message is too long") : undefined;
}

export function checkFile(method: string, files: FakeFiles): FakeAnswer | undefined {
  const file = [...files.values()][0];
  if (file === undefined) return toError(400, "Bad Request: there is no file in the request");
  if (file.bytes > 50 * 1024 * 1024) return toError(413, "Request Entity Too Large");
  if (method === "sendPhoto" && file.bytes > 10 * 1024 * 1024)
    return toError(400, "Bad Request: too big for a photo");
  if (method === "sendPhoto" && /wide/.test(file.name))
    return toError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS");
  return undefined;
}

export function checkReaction(payload: Record<string, unknown>): FakeAnswer {
  for (const item of listAt(payload, "reaction")) {
    const emoji = textAt(item, "emoji") ?? "";
    try {
      // Telegram takes its own spelling only.
      if (toReaction(emoji) !== emoji) return toError(400, "Bad Request: REACTION_INVALID");
    } catch {
      return toError(400, "Bad Request: REACTION_INVALID"); // What it throws for is exactly what is refused here.
    }
  }
  return toResult(true);
}

export async function readPayload(
  request: IncomingMessage,
): Promise<{ payload: Record<string, unknown>; files: FakeFiles }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const type = request.headers["content-type"] ?? "";
  const files: FakeFiles = new Map();
  if (!type.startsWith("multipart/")) {
    const payload =
      body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
    return { payload, files };
  }
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  const payload: Record<string, unknown> = {};
  for (const [key, value] of form) {
    if (typeof value === "string")
      payload[key] = /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
    else files.set(key, { name: value.name, bytes: value.size });
  }
  return { payload, files };
}
