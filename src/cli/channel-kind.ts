/**
 * The kind of a channel, as somebody types it.
 *
 * Owns: the words for a kind that is not there. Never: which kinds there are.
 */
import { loadSender, SENDER_KINDS } from "../catalogue/senders.ts";
import { CHANNEL_KINDS } from "../hub/channels/catalogue.ts";
import { toUsageFault } from "./exit.ts";
import { suggest } from "./suggest.ts";

/** Other words for a kind. A sender's own stand in its row. */
const ALIASES: readonly (readonly [string, string])[] = [
  ["gh", "github"],
  ["tg", "telegram"],
  ["bot", "telegram"],
  ["http", "webhook"],
  ["https", "webhook"],
  ["post", "webhook"],
  ["generic", "webhook"],
];
/** Programs of their own, whose names only look like those of kinds. */
const OTHERS: ReadonlySet<string> = new Set(["telegraf"]);
/** The kinds that are no sender of the catalogue stand first: what is typed wrong is most often one of them. */
const OWN_KINDS = CHANNEL_KINDS.filter((kind) => !SENDER_KINDS.includes(kind));

/** @throws SluiceError `bad_input` with the nearest kind, and where all of them are listed. */
export async function requireKind(typed: string): Promise<string> {
  if (CHANNEL_KINDS.includes(typed)) return typed;
  const word = typed.trim().toLowerCase();
  const aliases = new Map([...ALIASES, ...(await listAliases())]);
  const near = OTHERS.has(word)
    ? undefined
    : (aliases.get(word) ?? suggest(word, [...OWN_KINDS, ...SENDER_KINDS, ...aliases.keys()]));
  const kinds = `the kinds are ${OWN_KINDS.join(", ")}, and ${SENDER_KINDS.length} senders: sluice add --help lists them`;
  if (near !== undefined) {
    const meant = aliases.get(near) ?? near;
    throw toUsageFault(`no channel kind "${typed}"; did you mean "${meant}"? (${kinds})`);
  }
  // As its own name, where it can be one.
  const name = /^[a-z0-9][a-z0-9-]{0,31}$/.test(word) ? ` --name ${word}` : "";
  throw toUsageFault(
    `no channel kind "${typed}"; ${kinds}; for a program that can POST: sluice add webhook${name}`,
  );
}

/** Read only where a kind is not known. */
async function listAliases(): Promise<(readonly [string, string])[]> {
  const rows = await Promise.all(SENDER_KINDS.map(loadSender));
  return rows.flatMap(
    (row) => row?.aliases?.map((alias): readonly [string, string] => [alias, row.kind]) ?? [],
  );
}
