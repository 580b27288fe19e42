/**
 * The schemes of all senders by their names: those of the catalogue's rows, and of vendors that have none.
 *
 * Owns: gathering them, so that known answers and faults are tried on what the product has. Never: a scheme.
 */
import { loadSender, SENDER_KINDS } from "../../src/catalogue/senders.ts";
import type { Scheme } from "../../src/sdk/scheme.ts";
import { VENDOR_SCHEMES } from "./vendor-schemes.ts";

const senders = await Promise.all(SENDER_KINDS.map(loadSender));

export const SENDER_SCHEMES: Readonly<Record<string, Scheme>> = Object.assign(
  {},
  VENDOR_SCHEMES,
  ...senders.map((sender) => sender?.ownSchemes ?? {}),
);

export function schemeOf(name: string): Scheme {
  const scheme = Object.hasOwn(SENDER_SCHEMES, name) ? SENDER_SCHEMES[name] : undefined;
  if (scheme === undefined) throw new Error(`no sender has a scheme "${name}"`);
  return scheme;
}
