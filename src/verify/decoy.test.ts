import { expect, test } from "vitest";

import { openDecoy } from "./decoy.ts";
import { genuine, run, SAMPLES } from "../../test/verify/samples.ts";
import type { SampledScheme } from "../../test/verify/samples.ts";

test("a decoy reads every body to its end and refuses it, whatever came with it", () => {
  const decoy = openDecoy();
  const requests = [
    { headers: {}, body: Buffer.alloc(0) },
    { headers: { "x-hub-signature-256": ["", ""] }, body: Buffer.from("{}") },
    // The keys of a Record over SampledScheme.
    ...(Object.keys(SAMPLES) as SampledScheme[]).map((scheme) => genuine(scheme)),
  ];
  for (const request of requests) {
    expect(decoy.begin(request.headers, 0).kind).toBe("begun");
    expect(run(decoy, request)).toEqual({ kind: "refused", reason: "no_channel" });
  }
});
