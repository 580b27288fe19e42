/**
 * What makes a delivery the same as one before: its sender's own id, or its bytes.
 *
 * Owns: both keys. Pure. Never: what is done with the second one (flow).
 */
import { hash } from "node:crypto";
import type { VerifiedRequest } from "../sdk/channel.ts";
import type { Arrival } from "../sdk/event.ts";
import type { SenderRow } from "./sender.ts";
import { readExact } from "./template.ts";

/** `event` is the event's name. */
export function toIdentity(
  row: SenderRow,
  request: VerifiedRequest,
  root: unknown,
  event: string,
): Pick<Arrival, "deliveryId" | "bodyDigest"> {
  const deliveryId = readDeliveryId(row, request, root);
  const bodyDigest = toBytesKey(row, request, root, event);
  return {
    ...(deliveryId !== undefined && { deliveryId }),
    ...(bodyDigest !== undefined && { bodyDigest }),
  };
}

/** A header's id, or one in the body; another form than ours is told by its digest. */
function readDeliveryId(
  row: SenderRow,
  { signedId }: VerifiedRequest,
  root: unknown,
): string | undefined {
  const own = [row.id ?? []].flat().map((paths) => readExact(root, paths));
  const id = signedId ?? (own.length === 0 || own.includes(undefined) ? undefined : own.join("\n"));
  if (id === undefined) return undefined;
  return /^[\x21-\x7e]{1,200}$/.test(id) ? id : `~${toDigest(id)}`;
}

/** SENDER-3 */
function toBytesKey(
  row: SenderRow,
  request: VerifiedRequest,
  root: unknown,
  event: string,
): string | undefined {
  const { repeats } = row;
  if (toReach(row, request) !== "body") {
    // What the fields of a GET say stands in its query.
    const bytes = request.body.length === 0 ? (request.query ?? "") : request.body;
    return isUnique(row, root) && bytes.length > 0 ? toDigest(bytes) : undefined;
  }
  if (repeats === true || request.signedId !== undefined) return undefined;
  const name = repeats === "event" ? `${event}\n` : "";
  return toDigest(Buffer.concat([Buffer.from(name), request.body]));
}

function isUnique({ isUnique: unique }: SenderRow, root: unknown): boolean {
  return unique === true || (unique !== undefined && readExact(root, unique) !== undefined);
}

function toReach(
  { ownSchemes = {} }: SenderRow,
  { reach, verified }: VerifiedRequest,
): VerifiedRequest["reach"] {
  if (reach !== undefined) return reach;
  const own = Object.hasOwn(ownSchemes, verified) ? ownSchemes[verified] : undefined;
  return own === undefined || own.signed === "nothing" ? "request" : "body";
}

function toDigest(bytes: Buffer | string): string {
  return hash("sha256", bytes, "hex");
}
