/**
 * One sample of a sender, run as far as its note: signed, verified, received, shaped.
 *
 * Owns: that way, and what is looked at on it. Never: judges.
 */
import { createHash, generateKeyPairSync } from "node:crypto";
import { toKind } from "../../src/catalogue/kind.ts";
import { type SenderSample, toBodyText } from "../../src/catalogue/samples.ts";
import type { SenderRow } from "../../src/catalogue/sender.ts";
import { NOTE_QUOTE_CHARS } from "../../src/flow/text/note.ts";
import { toTag } from "../../src/flow/text/shape.ts";
import type { Received, VerifiedRequest } from "../../src/sdk/channel.ts";
import type { Arrival } from "../../src/sdk/event.ts";
import type { KeyFormat, Scheme } from "../../src/sdk/scheme.ts";
import { Secret } from "../../src/sdk/secret.ts";
import type { StoredEvent } from "../../src/store/events/inbox.ts";
import { findScheme } from "../../src/verify/find-scheme.ts";
import { type Credential, makeSecret } from "../../src/verify/key.ts";
import { signParts } from "../../src/verify/sign.ts";
import { openRow } from "../../src/verify/verifier.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");

function toScheme({ schemes: [scheme], ownSchemes }: SenderRow): Scheme {
  return findScheme({ scheme, own: ownSchemes });
}

type Pair = { verifying: Credential; signing: Credential };

function newPair(scheme: Scheme): Pair {
  const toCredential = (secret: Secret): Credential => ({ keyId: "k1", secret });
  const made = makeSecret(scheme);
  if (made !== undefined) return { verifying: toCredential(made), signing: toCredential(made) };
  const { key, signingKey = key } = scheme;
  const write = (bytes: Buffer, { prefix, encoding }: KeyFormat): Credential =>
    toCredential(new Secret(prefix + bytes.toString(encoding === "hex" ? "hex" : "base64")));
  if (scheme.algorithm === "ed25519") {
    const { x = "", d = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    return {
      verifying: write(Buffer.from(x, "base64url"), key),
      signing: write(Buffer.from(d, "base64url"), signingKey),
    };
  }
  const pair = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return {
    verifying: write(pair.publicKey.export({ format: "der", type: "spki" }), key),
    signing: write(pair.privateKey.export({ format: "der", type: "pkcs8" }), signingKey),
  };
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
    ...(toScheme(row).signed.includes("{id}") && {
      signedId: toUuid(`${row.kind} ${sample.event}`),
    }),
    mac: (text) => createHash("sha256").update(text).digest(),
    receivedAt: NOW,
  };
}

const URL = "https://tunnel.example/in/x";

/** Whether a request signed as the sender signs is verified, and one with another byte is not. Undefined where only the sender can sign. */
export function tryProof(
  row: SenderRow,
  sample: SenderSample,
): { genuine: boolean; forged: boolean } | undefined {
  const scheme = toScheme(row);
  // Nobody but AWS can sign as AWS: src/verify/sns.test.ts tries it with a certificate of its own.
  if (scheme.algorithm === "sns") return undefined;
  const { verifying, signing } = newPair(scheme);
  const { body: given, headers, method } = toRequest(row, sample);
  const id = toUuid(sample.event);
  const outgoing = { id, sentAt: NOW, body: given, url: URL, method, headers };
  const { headers: proof, suffix, body } = signParts(scheme, signing, outgoing);
  const verifier = openRow(row.schemes[0], scheme, [verifying], { url: URL });
  const verify = (bytes: Buffer, shown: Record<string, string>, behind: string): boolean => {
    const [path = "", query = ""] = behind.replace(/^\//, "").split("?");
    const begun = verifier.begin(toDistinct({ ...headers, ...shown }), NOW, {
      method,
      path,
      query,
    });
    if (begun.kind !== "begun") return false;
    begun.check.update(bytes);
    return begun.check.finish().kind === "verified";
  };
  const genuine = verify(body, proof, suffix);
  // A token proves the request, whatever stands in the body: there the token is what is forged.
  if (scheme.signed !== "nothing")
    return { genuine, forged: verify(Buffer.concat([body, Buffer.from("x=1")]), proof, suffix) };
  const change = (text: string): string => text.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  const forgedProof = Object.fromEntries(
    Object.entries(proof).map(([name, value]) => [name, change(value.replace(/=+$/, ""))]),
  );
  return { genuine, forged: verify(body, forgedProof, change(suffix)) };
}

function toDistinct(headers: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
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
