/** Genuine Standard Webhooks requests whose signature is written in another way. */
import { genuine } from "../samples.ts";
import type { SampledScheme } from "../samples.ts";
import type { Parts, Request } from "../samples.ts";

/** A genuine request whose base64 has been rewritten; tries bodies until the rewriting changes something (`+` is not in every signature). */
export function base64Variant(scheme: SampledScheme, rewrite: (base64: string) => string): Request {
  for (let n = 0; n < 1000; n++) {
    const parts: Parts = { body: Buffer.from(`{"n":${n}}`) };
    const { headers, body } = genuine(scheme, parts);
    const [version = "", base64 = ""] = headers["webhook-signature"]?.[0]?.split(",") ?? [];
    const rewritten = rewrite(base64);
    if (rewritten !== base64)
      return { headers: { ...headers, "webhook-signature": [`${version},${rewritten}`] }, body };
  }
  throw new Error("the rewriting changes nothing");
}
