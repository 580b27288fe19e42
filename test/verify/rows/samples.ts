/**
 * One genuine request for every row of the product: those of the table, those of single senders, and the user's own HMAC.
 *
 * Owns: their secrets, their signer's keys and their bodies. Never: a fault (faults.ts).
 */
import { createHash, generateKeyPairSync } from "node:crypto";
import type { Scheme } from "../../../src/sdk/scheme.ts";
import { Secret } from "../../../src/sdk/secret.ts";
import type { Credential } from "../../../src/verify/key.ts";
import { parseFreeHmac } from "../../../src/verify/free-hmac.ts";
import { SCHEMES } from "../../../src/verify/schemes.ts";
import { signParts } from "../../../src/verify/sign.ts";
import type {
  DistinctHeaders,
  Refused,
  RequestTarget,
  Verified,
  Verifier,
} from "../../../src/verify/contract.ts";
import { SENDER_SCHEMES } from "../sender-schemes.ts";
import { openRow } from "../../../src/verify/verifier.ts";

export type RowRequest = {
  headers: Record<string, string | string[]>;
  body: Buffer;
  target: RequestTarget;
};

export const NOW = 1_700_000_000_000;
export const PUBLIC_URL = "https://hook.example/in/channel";

const FREE = {
  "hmac sha256 hex": "sha256:hex:X-Signature:{body}",
  "hmac sha1 base64 with a prefix": "sha1:base64:X-Sig=sig=:{body}",
  "hmac sha512 timed": "sha512:hex:X-Sig:{timestamp:X-Time}.{body}",
  "hmac with an id": "sha256:base64:X-Sig:{id:X-Id}|{timestamp:X-Time}|{body}",
  "hmac of method, URL and body": "sha256:hex:X-Sig:{method}\\n{url}\\n{body}",
  "hmac with the URL behind": "sha1:base64:X-Sig:{body}{url}",
  "hmac with a signed header": "sha256:hex:X-Sig:{header:X-Topic}:{body}",
} as const;

/** All but SNS, whose signer is AWS (sns.test.ts). */
export const ROWS: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  ...Object.entries(SCHEMES),
  ...Object.entries(SENDER_SCHEMES).filter(([name]) => name !== "sns"),
  ...Object.entries(FREE).map(([name, line]): [string, Scheme] => [name, parseFreeHmac(line)]),
]);

export type RowSample = { name: string; row: Scheme; secret: string; signing: string };

export function toSample(name: string, seed = "one"): RowSample {
  const row = ROWS.get(name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return { name, row, ...toPair(row, `${name} ${seed}`) };
}

export function credential(secret: string, keyId = "k1"): Credential {
  return { keyId, secret: new Secret(secret) };
}

export function openSample({ name, row, secret }: RowSample): Verifier {
  return openRow(name, row, [credential(secret)], { url: PUBLIC_URL });
}

export type RowParts = {
  sentAt?: number;
  body?: Buffer;
  id?: string;
  path?: string;
  query?: string;
};

/** As its sender makes it. */
export function genuine({ row, signing }: RowSample, parts: RowParts = {}): RowRequest {
  const { sentAt = NOW, id = "d-1", path = "", query = "" } = parts;
  const isForm = row.signed === "{url}{sorted-form}";
  const besides: Record<string, string> = {
    "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
    "x-topic": "orders/create",
  };
  const given = parts.body ?? Buffer.from(isForm ? "From=%2B1&Body=h%C3%A9+x&A=1" : toJson(row));
  const url = `${PUBLIC_URL}${path === "" ? "" : `/${path}`}${query === "" ? "" : `?${query}`}`;
  const { headers, suffix, body } = signParts(row, credential(signing), {
    id,
    sentAt,
    body: given,
    url,
    headers: besides,
  });
  const [more = "", asked = ""] = suffix.split("?");
  return {
    headers: { ...besides, ...headers },
    body,
    target: {
      method: "POST",
      path: [more.slice(1), path].filter(Boolean).join("/"),
      query: [query, asked.replace(/^&/, "")].filter(Boolean).join("&"),
    },
  };
}

function toJson({ timestamp }: Scheme): string {
  const time = timestamp !== "none" && "body" in timestamp ? { [timestamp.body]: NOW } : {};
  return JSON.stringify({ hello: "wörld", n: 1, ...time });
}

export function run(verifier: Verifier, request: RowRequest, now = NOW): Verified | Refused {
  const begun = verifier.begin(request.headers as DistinctHeaders, now, request.target);
  if (begun.kind === "refused") return begun;
  for (let at = 0; at < request.body.length; at += 7)
    begun.check.update(request.body.subarray(at, at + 7));
  return begun.check.finish();
}

/** Headers whose absence, doubling or change must refuse the request. */
export function listRequired({ row }: RowSample, { headers }: RowRequest): string[] {
  const { proof, timestamp, deliveryId, signed } = row;
  const names = [
    ...("header" in proof ? [proof.header] : []),
    ...(timestamp !== "none" && "place" in timestamp ? [timestamp.place.header] : []),
    ...(signed.includes("{id}") && deliveryId !== "none" ? [deliveryId.header] : []),
    ...[...signed.matchAll(/\{header:([a-z0-9-]+)\}/g)].map(([, name = ""]) => name),
  ];
  return [...new Set(names)].filter((name) => headers[name] !== undefined);
}

/** Keys that are the same in every run, and of no other row. */
function toPair(row: Scheme, seed: string): { secret: string; signing: string } {
  const bytes = createHash("sha512").update(seed).digest();
  switch (row.algorithm) {
    case "ed25519":
    case "ecdsa-p256": {
      const { privateKey, publicKey } =
        row.algorithm === "ed25519"
          ? generateKeyPairSync("ed25519")
          : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
      if (row.algorithm === "ecdsa-p256")
        return {
          secret: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
          signing: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
        };
      const { x = "", d = "" } = privateKey.export({ format: "jwk" });
      const write = (text: string, { encoding, prefix }: Scheme["key"]): string =>
        prefix + Buffer.from(text, "base64url").toString(encoding === "hex" ? "hex" : "base64");
      return { secret: write(x, row.key), signing: write(d, row.signingKey) };
    }
    default: {
      const { encoding, prefix } = row.key;
      const text = bytes.subarray(0, 32).toString(encoding === "text" ? "hex" : encoding);
      const user = row.algorithm === "equality" && row.encoding === "base64" ? "us er:" : "";
      return { secret: prefix + user + text, signing: prefix + user + text };
    }
  }
}
