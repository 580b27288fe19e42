/**
 * One sample of a sender, run as far as its note: signed, verified, received, shaped.
 *
 * Owns: that way, and what is looked at on it. Never: judges.
 */
import { createHash, randomBytes } from "node:crypto";
import { NOTE_QUOTE_CHARS } from "../../src/flow/text/note.ts";
import { toTag } from "../../src/flow/text/shape.ts";
import { toKind } from "../../src/catalogue/kind.ts";
import { type SenderSample, toBodyText } from "../../src/catalogue/samples.ts";
import type { SenderRow } from "../../src/catalogue/sender.ts";
import type { Received, VerifiedRequest } from "../../src/sdk/channel.ts";
import type { Arrival } from "../../src/sdk/event.ts";
import { Secret } from "../../src/sdk/secret.ts";
import type { StoredEvent } from "../../src/store/events/inbox.ts";
import { isSchemeName, SCHEMES } from "../../src/verify/schemes.ts";
import { signRow } from "../../src/verify/sign.ts";
import { openRow } from "../../src/verify/verifier.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");

type Row = Parameters<typeof openRow>[1];

/** What the verifier takes. */
function toScheme({ schemes: [name], ownSchemes = {} }: SenderRow): Row {
  const own = ownSchemes[name];
  if (own !== undefined) return own as Row;
  if (!isSchemeName(name)) throw new Error(`no scheme "${name}"`);
  return SCHEMES[name];
}

function newCredential({ key }: Row): { keyId: string; secret: Secret } {
  const bytes = randomBytes(32);
  const text = key.encoding === "text" ? bytes.toString("base64url") : bytes.toString(key.encoding);
  return { keyId: "k1", secret: new Secret(`${key.prefix}${text}`) };
}

/** The same for the same words: golden texts hold no chance. */
function toUuid(words: string): string {
  const hex = createHash("sha256").update(words).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function toRequest(
  row: SenderRow,
  sample: SenderSample,
  body = toBodyText(sample),
): VerifiedRequest {
  const headers = Object.fromEntries(
    Object.entries(sample.headers ?? {}).map(([name, value]) => [
      name,
      value
        .replaceAll("{uuid}", toUuid(`${row.kind} ${sample.event} ${name}`))
        .replaceAll("{ts}", String(NOW / 1000)),
    ]),
  );
  return {
    channel: row.kind,
    path: "",
    method: sample.method ?? "POST",
    headers: { "content-type": sample.contentType ?? "application/json", ...headers },
    ...(sample.query !== undefined && { query: sample.query }),
    body: Buffer.from(body),
    verified: row.schemes[0],
    mac: (text) => createHash("sha256").update(text).digest(),
    receivedAt: NOW,
  };
}

/** Whether a request signed as the sender signs is verified, and one with another byte in its body is not. */
export function tryProof(
  row: SenderRow,
  sample: SenderSample,
): { genuine: boolean; forged: boolean } {
  const scheme = toScheme(row);
  const credential = newCredential(scheme);
  const { body, headers } = toRequest(row, sample);
  const proof = signRow(scheme, credential, { id: toUuid(sample.event), sentAt: NOW, body });
  const verify = (bytes: Buffer, shown: Record<string, string>): boolean => {
    const begun = openRow(row.schemes[0], scheme, [credential]).begin(
      Object.fromEntries(
        Object.entries({ ...headers, ...shown }).map(([name, value]) => [name, [value]]),
      ),
      NOW,
    );
    if (begun.kind !== "begun") return false;
    begun.check.update(bytes);
    return begun.check.finish().kind === "verified";
  };
  // A token proves the request, whatever stands in the body: there the token is what is forged.
  const isToken = scheme.signed === "nothing";
  const forgedProof = isToken
    ? Object.fromEntries(
        Object.entries(proof).map(([name, value]) => [name, `${value.slice(0, -1)}~`]),
      )
    : proof;
  const forgedBody = isToken ? body : Buffer.concat([body, Buffer.from(" ")]);
  return { genuine: verify(body, proof), forged: verify(forgedBody, forgedProof) };
}

export function receive(row: SenderRow, request: VerifiedRequest): Received {
  return toKind(row).receive(request, { name: row.kind, twoWay: false });
}

export function receiveArrival(row: SenderRow, request: VerifiedRequest): Arrival {
  const received = receive(row, request);
  if (received.kind !== "arrival") throw new Error(`${row.kind}: ${JSON.stringify(received)}`);
  return received.arrival;
}

/** As the default lane hands it to the model: what others wrote is cut at 600 characters. */
export function toNoteText(arrival: Arrival): string {
  const event: StoredEvent = {
    ...arrival,
    id: "evt_00000000000000000000000000",
    sender: { ...arrival.sender, role: "source" },
    receivedAt: NOW,
    seq: 1,
    state: "stored",
    attempts: 0,
    storedAt: NOW,
    changedAt: NOW,
    address: "",
  };
  return toTag(event, { attempt: 1 }, NOTE_QUOTE_CHARS);
}

/** The facts of a sample that its note does not show. */
export function listMissing(note: string, facts: readonly string[]): string[] {
  const flat = toFlat(note);
  return facts.filter((fact) => !flat.includes(toFlat(fact)));
}

/** Line breaks and the mark of a quoted line are no part of a fact. */
function toFlat(text: string): string {
  return text
    .replaceAll(/\n\| ?/g, " ")
    .replaceAll(/\s+/g, " ")
    .toLowerCase();
}
