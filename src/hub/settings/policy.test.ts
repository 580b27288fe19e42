import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { readPolicy } from "./policy.ts";

const BASE = "managed-settings.json";

test.each<[string, (folder: string) => void]>([
  ["is not JSON", (folder) => writeFileSync(join(folder, BASE), '{"secret": "hunter2')],
  ["has another shape", (folder) => writeFileSync(join(folder, BASE), '{"channelsEnabled":"no"}')],
  ["is a folder", (folder) => mkdirSync(join(folder, BASE))],
  [
    "has a broken drop-in",
    (folder) => {
      writeFileSync(join(folder, BASE), '{"channelsEnabled":true}');
      mkdirSync(join(folder, "managed-settings.d"));
      writeFileSync(join(folder, "managed-settings.d", "10.json"), "[");
    },
  ],
])("ORGPOLICY-1: a policy that %s is not open, and is not quoted", (_, write) => {
  const folder = makeFolder();
  write(folder);
  const { state, detail } = readPolicy(folder);
  expect(state).toBe("unknown");
  expect(detail).toContain("nothing is delivered until it can");
  expect(detail).not.toContain("hunter2");
});

test("without managed settings, and with ones that allow it, the policy is open; one that says no closes it", () => {
  const folder = makeFolder();
  expect(readPolicy(folder).state).toBe("open");
  writeFileSync(join(folder, BASE), '{"allowedChannelPlugins":["sluice@sluice"]}');
  expect(readPolicy(folder).state).toBe("open");
  writeFileSync(join(folder, BASE), '{"channelsEnabled":false}');
  expect(readPolicy(folder).state).toBe("closed");
});
