/**
 * A JWS in a header that vouches for the digest of the body, as Netlify sends it.
 *
 * Owns: reading such a token once its signature has held. Never: other algorithms than HS256, whatever its header says.
 * Format: https://www.rfc-editor.org/rfc/rfc7515#section-3.1
 */
import { createHash, createHmac, createSecretKey } from "node:crypto";
import { at, parseObject } from "../sdk/json.ts";
import type { JwsScheme } from "../sdk/scheme.ts";
import { parseHex } from "./encoding.ts";
import type { Key } from "./key.ts";
import type { Prover } from "./prover.ts";
import { firstMatch } from "./token.ts";

const TOKEN = /^([A-Za-z0-9_-]{1,1024}\.[A-Za-z0-9_-]{1,2048})\.([A-Za-z0-9_-]{43})$/;

/** The candidates are tokens, whole. */
export function openJwsProver({ bodyClaim, claims }: JwsScheme, keys: readonly Key[]): Prover {
  const secretKeys = keys.map(({ keyId, bytes }) => ({ keyId, key: createSecretKey(bytes) }));
  return ({ candidates }) => {
    const body = createHash("sha256");
    return {
      update(chunk) {
        body.update(chunk);
      },
      match() {
        const digest = body.digest();
        const [, signed = "", signature = ""] =
          TOKEN.exec(candidates[0]?.toString("latin1") ?? "") ?? [];
        const expected = secretKeys.map(({ keyId, key }) => ({
          keyId,
          digest: createHmac("sha256", key).update(signed, "latin1").digest(),
        }));
        const keyId = firstMatch(expected, [fromBase64Url(signature)]);
        if (keyId === undefined) return undefined;
        const [header, payload] = signed.split(".").map((part) => fromBase64Url(part).toString());
        const told = parseObject(payload ?? "");
        // Claims that must be understood (RFC 7515, 4.1.11) are not.
        const head = parseObject(header ?? "");
        if (head?.["alg"] !== "HS256" || head["crit"] !== undefined) return undefined;
        const isRight = Object.entries(claims).every(([name, value]) => at(told, name) === value);
        const claimed = at(told, bodyClaim);
        const bytes = typeof claimed === "string" ? parseHex(claimed) : undefined;
        const matched = firstMatch([{ keyId, digest }], bytes === undefined ? [] : [bytes]);
        return isRight ? matched : undefined;
      },
    };
  };
}

/** Nothing for a text whose unused bits are not zero: many texts would mean one signature. */
function fromBase64Url(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : Buffer.alloc(0);
}
