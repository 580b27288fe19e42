/**
 * The kind of a channel, as somebody types it.
 *
 * Owns: the words for a kind that is not there. Never: which kinds there are.
 */
import { CHANNEL_KINDS } from "../hub/channels/catalogue.ts";
import { toUsageFault } from "./exit.ts";
import { suggest } from "./suggest.ts";

/** Other words for a kind. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["gh", "github"],
  ["tg", "telegram"],
  ["bot", "telegram"],
  ["http", "webhook"],
  ["https", "webhook"],
  ["post", "webhook"],
  ["generic", "webhook"],
  ["page", "chat"],
]);
/** Senders of their own, whose names only look like those of kinds. */
const SENDERS: ReadonlySet<string> = new Set(["gitlab", "telegraf"]);

/** @throws SluiceError `bad_input` with the nearest kind, and all there are. */
export function requireKind(typed: string): string {
  if (CHANNEL_KINDS.includes(typed)) return typed;
  const word = typed.trim().toLowerCase();
  const near = SENDERS.has(word)
    ? undefined
    : (ALIASES.get(word) ?? suggest(word, [...CHANNEL_KINDS, ...ALIASES.keys()]));
  const kinds = `the kinds are ${CHANNEL_KINDS.join(", ")}`;
  if (near !== undefined) {
    const meant = ALIASES.get(near) ?? near;
    throw toUsageFault(`no channel kind "${typed}"; did you mean "${meant}"? (${kinds})`);
  }
  // As its own name, where it can be one.
  const name = /^[a-z0-9][a-z0-9-]{0,31}$/.test(word) ? ` --name ${word}` : "";
  throw toUsageFault(
    `no channel kind "${typed}"; ${kinds}; for a program that can POST: sluice add webhook${name}`,
  );
}
