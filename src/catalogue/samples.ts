/**
 * Requests as senders have sent them, kept beside their rows: `<kind>.samples.json`.
 *
 * Owns: reading them. Never: a secret of anybody; a sample is signed anew with the channel's own.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SenderRow } from "./sender.ts";
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

/** What is sent of a sample, before it is signed: with ids of its own, so that it is no duplicate of an earlier one. */
export function toSampleRequest(
  sample: SenderSample,
  { uuid, now, idPath }: { uuid: () => string; now: number; idPath: SenderRow["id"] },
): { body: Buffer; headers: Record<string, string>; method: string; query: string } {
  const { contentType = "application/json", headers = {}, method = "POST", query = "" } = sample;
  const fill = (value: string): string =>
    value.replaceAll("{uuid}", () => uuid()).replaceAll("{ts}", String(Math.floor(now / 1000)));
  const body = isObject(sample.body) ? withOwnId(sample.body, idPath, uuid) : sample.body;
  return {
    body: Buffer.from(toBodyText({ ...sample, body })),
    headers: {
      "content-type": contentType,
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)])),
    },
    method,
    query: query === "" ? "" : `?${query}`,
  };
}

/** Under another id, and with other bytes, where the sender has no id. */
function withOwnId(body: object, idPath: SenderRow["id"], uuid: () => string): object {
  const copy: unknown = structuredClone({ ...body, sluice_sample: uuid() });
  // Of an id in parts the last one is enough to make it another; one in a header has its own.
  const places = [idPath ?? []].flat().at(-1)?.split("|") ?? [];
  const keys = places.find((path) => !path.startsWith("$"))?.split(".");
  const last = keys?.pop();
  let here: unknown = copy;
  for (const key of keys ?? [])
    here = isObject(here) ? (here as Record<string, unknown>)[key] : undefined;
  if (last !== undefined && isObject(here)) Object.assign(here, { [last]: uuid() });
  return copy as object;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function toBodyText({ body }: SenderSample): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
