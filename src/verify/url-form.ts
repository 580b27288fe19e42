/**
 * Twilio's signature: over the public URL and the fields of a form, sorted.
 *
 * Owns: that text. Never: believes Host or a forwarding header; the URL is the owner's, with the path and query that came.
 * Words: https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
import { createHash, createHmac, createSecretKey } from "node:crypto";
import type { UrlFormScheme } from "../sdk/scheme.ts";
import { parseHex } from "./encoding.ts";
import type { Key } from "./key.ts";
import { decode, readQuery } from "./places.ts";
import type { Prover } from "./prover.ts";
import { firstMatch } from "./token.ts";
import { toPublicUrl } from "./public-url.ts";

/** More fields than any form of theirs: sorting them is our CPU time. */
const MAX_FIELDS = 2_000;

export function openUrlFormProver(
  { algorithm, bodyDigest }: UrlFormScheme,
  keys: readonly Key[],
  publicUrl: string,
): Prover {
  const hash = algorithm.slice("hmac-".length);
  const secretKeys = keys.map(({ keyId, bytes }) => ({ keyId, key: createSecretKey(bytes) }));
  return ({ candidates, target }) => {
    const chunks: Buffer[] = [];
    return {
      update(chunk) {
        chunks.push(chunk);
      },
      match() {
        const body = Buffer.concat(chunks);
        const url = toPublicUrl(publicUrl, target);
        const claimed = readQuery(bodyDigest.query, "", target?.query ?? "");
        const isForm = claimed.kind === "refused" && claimed.reason === "missing_header";
        const fields = isForm ? toSortedForm(body.toString("latin1")) : "";
        const expected = toPorts(url).flatMap((variant) =>
          secretKeys.map(({ keyId, key }) => ({
            keyId,
            digest: createHmac(hash, key)
              .update(variant + fields, "utf8")
              .digest(),
          })),
        );
        const matched = firstMatch(expected, candidates);
        if (isForm || matched === undefined) return fields === undefined ? undefined : matched;
        const bytes = claimed.kind === "items" ? parseHex(claimed.items[0] ?? "") : undefined;
        const digest = createHash("sha256").update(body).digest();
        return firstMatch([{ keyId: matched, digest }], bytes === undefined ? [] : [bytes]);
      },
    };
  };
}

/** Name and value of each field, by name; of a name that comes more than once its values, each once and sorted. Undefined for what is no form. */
export function toSortedForm(form: string): string | undefined {
  if (form === "") return "";
  const pairs = form.split("&");
  if (pairs.length > MAX_FIELDS) return undefined;
  const fields = new Map<string, Set<string>>();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = decode(equals === -1 ? "" : pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    const values = fields.get(name) ?? new Set();
    fields.set(name, values.add(value));
  }
  return [...fields.keys()]
    .toSorted(byUnits)
    .map((name) =>
      [...(fields.get(name) ?? [])]
        .toSorted(byUnits)
        .map((value) => name + value)
        .join(""),
    )
    .join("");
}

function byUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const URL_PARTS = /^(https?):\/\/([^/?#@]*@)?(\[[^\]]*\]|[^/?#:@]*)(?::(\d+))?(.*)$/i;

/** With and without its port: Twilio signs either, depending on the product. */
function toPorts(url: string): string[] {
  const [, scheme = "", login = "", host = "", port, rest = ""] = URL_PARTS.exec(url) ?? [];
  const own = scheme.toLowerCase() === "https" ? "443" : "80";
  return ["", `:${port ?? own}`].map((part) => `${scheme}://${login}${host}${part}${rest}`);
}
