// Doctor's probe through the real client: every hop, one short turn, nothing left behind.
import { expect } from "vitest";

import type { Check } from "../../src/cli/doctor/check.ts";
import { sessionTest } from "./sluice-test.ts";

sessionTest(
  "a probe walks every hop into an idle session, costs one request and leaves nothing behind",
  { mode: "auto" },
  async ({ api, client, sluice }) => {
    const before = api.requests.length;
    const { stdout } = await sluice.try(["doctor", "--probe", "--json"]);
    const hops = (JSON.parse(stdout) as Check[]).filter(({ check }) => check.startsWith("probe "));
    expect(hops.map(({ check, ok }) => [check, ok])).toEqual(
      ["ingress", "verify", "gate", "store", "route", "lane", "receipt"].map((hop) => [
        `probe ${hop}`,
        true,
      ]),
    );
    await client.waitForIdle();
    expect(api.requests.slice(before).filter(({ kind }) => kind === "main")).toHaveLength(1);
    expect(await sluice.run("inbox", "--json")).toBe("");
  },
);
