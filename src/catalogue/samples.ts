/**
 * Requests as senders have sent them, kept beside their rows: `<kind>.samples.json`.
 *
 * Owns: reading them. Never: a secret of anybody; a sample is signed anew with the channel's own.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toGroup } from "./senders.ts";

export type SenderSample = {
  /** The event's name, or what is special about this one: `incident.resolved`. */
  event: string;
  /** Where it is from, and what in it was changed. */
  source: string;
  method?: string;
  /** Default `application/json`. */
  contentType?: string;
  /** Lower case, without the proof. `{uuid}` is a fresh id, `{ts}` the time in epoch seconds. */
  headers?: Readonly<Record<string, string>>;
  query?: string;
  /** JSON, or the text that was sent. */
  body: unknown;
  /** What a developer acts on: each stands in the note. */
  facts: readonly string[];
  /** A handshake's answer. */
  answer?: { status: number; body?: string };
};

/** Empty for a kind that has none. */
export function readSamples(kind: string): readonly SenderSample[] {
  const group = toGroup(kind);
  const path = join(import.meta.dirname, "rows", group ?? "", `${kind}.samples.json`);
  if (group === undefined || !existsSync(path)) return [];
  // Written by us; the tests of the catalogue run each of them.
  return JSON.parse(readFileSync(path, "utf8")) as SenderSample[];
}

export function toBodyText({ body }: SenderSample): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
