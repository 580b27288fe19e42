/**
 * Reading security headers: exactly one of each, and only the version that the row names.
 *
 * Owns: arity and shape. Never: the joined `req.headers`, in which node folds a repeated header into one value or keeps
 * the first; it takes `req.headersDistinct`.
 */
import type { Place } from "./scheme.ts";

/** Node's `req.headersDistinct`: lower-case names, every value apart. */
export type DistinctHeaders = Readonly<Record<string, readonly string[] | undefined>>;

export type HeaderFault = {
  kind: "refused";
  reason: "missing_header" | "doubled_header" | "malformed_header" | "unknown_version";
  header: string;
};

/** More signatures than two versions under four rotating keys: not a sender but somebody who buys our CPU time. */
const MAX_ITEMS = 8;

/** The value of a header that must be there once. */
export function readOne(
  headers: DistinctHeaders,
  header: string,
): { kind: "one"; value: string } | HeaderFault {
  // hasOwn: a configured name such as "constructor" must not find Object.prototype.
  const values = Object.hasOwn(headers, header) ? (headers[header] ?? []) : [];
  const [value] = values;
  if (value === undefined) return { kind: "refused", reason: "missing_header", header };
  if (values.length > 1) return { kind: "refused", reason: "doubled_header", header };
  return { kind: "one", value };
}

/** The values at a place: one, or as many as a list holds of the row's version. Other versions are passed over, never tried. */
export function readItems(
  headers: DistinctHeaders,
  place: Place,
): { kind: "items"; items: string[] } | HeaderFault {
  const { header, prefix, separator } = place;
  const one = readOne(headers, header);
  if (one.kind === "refused") return one;
  const parts = separator === "" ? [one.value] : one.value.split(separator);
  if (parts.includes("")) return { kind: "refused", reason: "malformed_header", header };
  const items = parts
    .filter((part) => startsWith(part, place))
    .map((part) => part.slice(prefix.length));
  if (items.length === 0) return { kind: "refused", reason: "unknown_version", header };
  if (items.length > MAX_ITEMS) return { kind: "refused", reason: "malformed_header", header };
  return { kind: "items", items };
}

function startsWith(part: string, place: Place): boolean {
  if (!place.prefixIgnoresCase) return part.startsWith(place.prefix);
  return part.slice(0, place.prefix.length).toLowerCase() === place.prefix.toLowerCase();
}
