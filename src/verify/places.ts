/**
 * Reading the values of a proof where a row says they stand: in a header, a list in a header, or the URL.
 *
 * Owns: how often each may be there, and lists. Never: what a value means. VERIFY-2.
 */
import type { HeaderPlace, UrlPlace } from "../sdk/scheme.ts";
import type { DistinctHeaders, HeaderFault, RequestTarget } from "./contract.ts";
import { malformed, readOne, startsWith } from "./token.ts";

/** More signatures than two versions under four rotating keys: not a sender but somebody who buys our CPU time. */
const MAX_ITEMS = 8;

export type FoundItems = { kind: "items"; items: string[]; rest?: { path: string; query: string } };

/** The values at a place: one, or as many as a list holds of the row's version. Other versions are passed over, never tried. */
export function readItems(headers: DistinctHeaders, place: HeaderPlace): FoundItems | HeaderFault {
  const { header, prefix, separator } = place;
  const one = readOne(headers, header);
  if (one.kind === "refused") return one;
  if (separator === "" && one.value.startsWith(prefix) && one.value !== "")
    return { kind: "items", items: [one.value.slice(prefix.length)] };
  const parts = toList(one.value, separator);
  if (parts.includes("")) return malformed(header);
  const items = parts
    .filter((part) => startsWith(part, place))
    .map((part) => part.slice(prefix.length));
  if (items.length === 0) return { kind: "refused", reason: "unknown_version", header };
  if (items.length > MAX_ITEMS) return malformed(header);
  return { kind: "items", items };
}

function toList(text: string, separator: HeaderPlace["separator"]): string[] {
  if (separator === "") return [text];
  const parts = text.split(separator);
  // Vendors write "v1=..,v1=.." and "timestamp=1, signature=..": blanks beside a separator are the list's, no other ones.
  return separator === " "
    ? parts
    : parts.map((part, n) => trim(part, n > 0, n < parts.length - 1));
}

function trim(text: string, isBehind: boolean, isBefore: boolean): string {
  let [start, end] = [0, text.length];
  while (isBehind && start < end && text[start] === " ") start++;
  while (isBefore && end > start && text[end - 1] === " ") end--;
  return text.slice(start, end);
}

/** The secret in the URL, once, and the URL without it. */
export function readUrl(
  target: RequestTarget | undefined,
  place: UrlPlace,
): FoundItems | HeaderFault {
  const { path = "", query = "" } = target ?? {};
  return "query" in place ? readQuery(place.query, path, query) : readPath(path, query);
}

export function readQuery(name: string, path: string, query: string): FoundItems | HeaderFault {
  const header = `?${name}`;
  const [items, others]: [string[], string[]] = [[], []];
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    const key = decode(equals === -1 ? pair : pair.slice(0, equals));
    if (key !== name) others.push(pair);
    else items.push(decode(equals === -1 ? "" : pair.slice(equals + 1)) ?? "");
  }
  if (items.length === 0) return { kind: "refused", reason: "missing_header", header };
  if (items.length > 1) return { kind: "refused", reason: "doubled_header", header };
  if (items[0] === "") return malformed(header);
  return { kind: "items", items, rest: { path, query: others.join("&") } };
}

function readPath(path: string, query: string): FoundItems | HeaderFault {
  const header = "/in/<channel>/<secret>";
  const slash = path.indexOf("/");
  const first = slash === -1 ? path : path.slice(0, slash);
  if (first === "") return { kind: "refused", reason: "missing_header", header };
  // In a path a plus is a plus.
  const value = decode(first.replaceAll("+", "%2B"));
  if (value === undefined) return malformed(header);
  const rest = slash === -1 ? "" : path.slice(slash + 1);
  return { kind: "items", items: [value], rest: { path: rest, query } };
}

/** As form fields are written; undefined for what is none. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined; // Malformed escapes are all that it throws for.
  }
}
