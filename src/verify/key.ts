/**
 * Turns configured credentials into key bytes.
 *
 * Owns: refusing a missing, short or damaged secret at the start: with it a channel would be open to all, or refuse all.
 * Never: shows a secret; messages name the key id and what is wrong.
 */
import { createHmac, randomBytes } from "node:crypto";
import { SluiceError } from "../sdk/errors.ts";
import { Secret } from "../sdk/secret.ts";
import { isSafePublicKey } from "./ed25519.ts";
import { parseBase64, parseHex } from "./encoding.ts";
import type { EqualityScheme, KeyFormat, Scheme } from "../sdk/scheme.ts";
import { toP256Key } from "./public-keys.ts";

/** A secret (or public key) and the name under which it is reported. */
export type Credential = {
  keyId: string;
  secret: Secret;
  /** Being replaced: from then on it proves nothing (epoch ms). */
  until?: number | undefined;
};

/** Decoded and checked. */
export type Key = { keyId: string; bytes: Buffer };

/** During a rotation old and new are active together; more than four is a list nobody cleans up, and each costs a hash a body. */
const MAX_CREDENTIALS = 4;
const ED25519_BYTES = 32;
const MADE_BYTES = 32;

/** @throws SluiceError `bad_config` for a wrong number or naming of credentials, `bad_secret` for one that cannot be used. */
export function parseKeys(scheme: Scheme, credentials: readonly Credential[]): Key[] {
  if (credentials.length === 0) {
    throw new SluiceError(
      "bad_secret",
      `${scheme.title}: no secret is configured; a channel without one would accept anybody, so set one`,
    );
  }
  if (credentials.length > MAX_CREDENTIALS) {
    throw new SluiceError(
      "bad_config",
      `${scheme.title}: ${credentials.length} secrets are configured; keep at most ${MAX_CREDENTIALS}`,
    );
  }
  const seen = new Set<string>();
  return credentials.map(({ keyId, secret }) => {
    if (keyId === "" || seen.has(keyId)) {
      throw new SluiceError(
        "bad_config",
        `${scheme.title}: key id "${keyId}" is empty or used twice; give each secret its own`,
      );
    }
    seen.add(keyId);
    const bytes = parseKey(scheme, keyId, secret, scheme.key);
    const flaw = findFlaw(scheme, bytes);
    if (flaw !== undefined) throw bad(scheme, keyId, flaw);
    return { keyId, bytes };
  });
}

const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/;

/** What makes bytes no key of this scheme, whatever their length. */
function findFlaw({ algorithm, encoding }: Scheme, bytes: Buffer): string | undefined {
  if (algorithm === "ed25519" && !isSafePublicKey(bytes))
    return "is not a safe Ed25519 public key; copy it again from the sender";
  if (algorithm === "ecdsa-p256" && !isP256Key(bytes))
    return "is not a public key of the curve P-256; copy it again from the sender";
  if (algorithm === "sns" && !TOPIC.test(bytes.toString("latin1")))
    return "is no topic; copy its ARN from the console, arn:aws:sns:<region>:<account>:<name>";
  if (algorithm === "equality" && encoding === "base64" && !bytes.subarray(1).includes(":"))
    return 'is not "user:password"; give both, with a colon between';
  return undefined;
}

function isP256Key(bytes: Buffer): boolean {
  try {
    toP256Key(bytes);
    return true;
  } catch {
    return false; // Node's own fault for what is no key; it may quote what it read.
  }
}

/** Shorter ones are taken where the row allows it; `add` says so. */
const STRONG_BYTES = 16;

/** True for a secret that somebody could guess from one captured request. Public keys and topics are none. */
export function isWeakSecret(scheme: Scheme, { secret }: Credential): boolean {
  if (/^(?:ed25519|ecdsa-p256|sns)$/.test(scheme.algorithm)) return false;
  const { prefix, encoding } = scheme.key;
  return (decode(secret.reveal().slice(prefix.length), { encoding })?.length ?? 0) < STRONG_BYTES;
}

/** What a platform shows in a GET before there is a signature. Made of the channel's secret, so that it need not be kept. */
export function toVerifyToken(secret: Secret): Secret {
  // Twice: as a plain MAC of a text it would be the signature of a request with that body.
  const key = createHmac("sha256", secret.reveal()).update("sluice verify token").digest();
  return new Secret(createHmac("sha256", key).update("token").digest("base64url"));
}

/** A secret as Sluice makes one: 256 random bits. Undefined where only the sender has it: a public key, a topic. */
export function makeSecret({ algorithm, encoding, key }: Scheme): Secret | undefined {
  if (/^(?:ed25519|ecdsa-p256|sns)$/.test(algorithm)) return undefined;
  const bytes = randomBytes(MADE_BYTES);
  const text = bytes.toString(key.encoding === "text" ? "base64url" : key.encoding);
  const user = algorithm === "equality" && encoding === "base64" ? "sluice:" : "";
  return new Secret(key.prefix + user + text);
}

/** The seed or secret that signs. @throws SluiceError `bad_secret`. */
export function parseSigningKey(scheme: Scheme, { keyId, secret }: Credential): Buffer {
  const bytes = parseKey(scheme, keyId, secret, scheme.signingKey ?? scheme.key);
  // Some tools write the seed and the public key one after the other, 64 bytes: the seed is what signs.
  return scheme.algorithm === "ed25519" ? bytes.subarray(0, ED25519_BYTES) : bytes;
}

function parseKey(
  scheme: Scheme,
  keyId: string,
  secret: Secret | undefined,
  format: KeyFormat,
): Buffer {
  // Callers hand in what a file or variable held; believing the type here would turn a missing secret into an open door.
  const text: unknown = secret?.reveal();
  if (typeof text !== "string" || text.trim() === "")
    throw bad(scheme, keyId, "is missing or empty; set it again");
  if (text.trim() !== text) {
    throw bad(
      scheme,
      keyId,
      "begins or ends with white space or a line break; set it again without (printf, not echo)",
    );
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw bad(scheme, keyId, "holds a control character or line break; set it again");
  if (scheme.algorithm === "equality" && scheme.encoding === "text" && !isToken(scheme, text)) {
    throw bad(
      scheme,
      keyId,
      "holds spaces or non-ASCII characters, which cannot travel in a header; choose another",
    );
  }
  if (!text.startsWith(format.prefix))
    throw bad(scheme, keyId, `must begin with "${format.prefix}"; copy it whole from the sender`);
  const bytes = decode(text.slice(format.prefix.length), format);
  if (bytes === undefined)
    throw bad(
      scheme,
      keyId,
      `is not ${format.encoding} after "${format.prefix}"; copy it whole from the sender`,
    );
  if (bytes.length < format.minBytes) {
    throw bad(
      scheme,
      keyId,
      `has ${bytes.length} bytes; at least ${format.minBytes} are needed, so make a longer one`,
    );
  }
  return bytes;
}

function isToken({ blanks }: EqualityScheme, text: string): boolean {
  return (blanks === true ? /^[\x20-\x7e]+$/ : /^[\x21-\x7e]+$/).test(text);
}

function decode(text: string, { encoding }: Pick<KeyFormat, "encoding">): Buffer | undefined {
  switch (encoding) {
    case "text":
      return Buffer.from(text, "utf8");
    case "base64":
      return parseBase64(text);
    case "hex":
      return parseHex(text);
    default:
      return encoding satisfies never;
  }
}

function bad(scheme: Scheme, keyId: string, what: string): SluiceError {
  return new SluiceError("bad_secret", `${scheme.title}: the secret of key "${keyId}" ${what}`);
}
