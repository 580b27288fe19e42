import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { measureServe, openServe, openServeReference } from "./serve.ts";

const hasReference = existsSync(join(import.meta.dirname, "node_modules/@modelcontextprotocol"));

test.skipIf(process.platform !== "linux").each(
  [
    ["sluice serve", openServe],
    ["the SDK's server", openServeReference],
  ].slice(0, hasReference ? 2 : 1) as [string, typeof openServe][],
)("%s starts, pushes and outlives a client that does not read", async (_, open) => {
  await using candidate = await open();
  const figures = await measureServe(candidate, { events: 40, slowEvents: 60 });
  for (const value of [figures.startMs, figures.idleMiB, figures.eventUs])
    expect(value).toBeGreaterThan(0);
  expect(figures.slowMiB).toBeGreaterThanOrEqual(0);
});
