import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { isLetThrough, readPolicy } from "./policy.ts";

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

const OURS = { plugin: "sluice", marketplace: "sluice" };

test.each<[string, unknown[], "open" | "closed"]>([
  ["ours by plugin and marketplace", [OURS], "open"],
  [
    "ours among others",
    [{ plugin: "telegram", marketplace: "claude-plugins-official" }, OURS],
    "open",
  ],
  ["ours as people write it", ["sluice@sluice"], "open"],
  ["ours with the word of the flag", ["plugin:sluice@sluice"], "open"],
  [
    "another marketplace's plugin of our name",
    [{ plugin: "sluice", marketplace: "acme" }],
    "closed",
  ],
  ["another marketplace's as text", ["sluice@acme"], "closed"],
  ["our name without a marketplace", ["sluice"], "closed"],
  ["our name as an object without one", [{ plugin: "sluice" }], "closed"],
  [
    "a name that begins as ours",
    ["sluice-pro@sluice", { plugin: "sluice2", marketplace: "sluice" }],
    "closed",
  ],
  ["our marketplace's other plugin", [{ plugin: "other", marketplace: "sluice" }], "closed"],
  ["nothing", [], "closed"],
])("a list of allowed channel plugins that names %s", (_, allowedChannelPlugins, state) => {
  const folder = makeFolder();
  writeFileSync(
    join(folder, BASE),
    JSON.stringify({ channelsEnabled: true, allowedChannelPlugins }),
  );
  expect(readPolicy(folder).state).toBe(state);
});

test("the lists of all managed files count together, as the client joins them", () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "managed-settings.d"));
  writeFileSync(join(folder, BASE), JSON.stringify({ allowedChannelPlugins: [OURS] }));
  writeFileSync(
    join(folder, "managed-settings.d", "10.json"),
    JSON.stringify({ allowedChannelPlugins: ["telegram@claude-plugins-official"] }),
  );
  expect(readPolicy(folder).state).toBe("open");
});

const DEVELOPMENT = "--dangerously-load-development-channels";

test.each<[readonly string[], boolean]>([
  [["claude", DEVELOPMENT, "plugin:sluice@sluice"], true],
  [["claude", `${DEVELOPMENT}=plugin:sluice@sluice`], true],
  [["claude", DEVELOPMENT, "server:other", "server:sluice"], true],
  [["claude", DEVELOPMENT, "server:other,plugin:sluice"], false],
  [["claude", "--channels", "plugin:sluice@acme"], true],
  [["claude", "--channels", "plugin:sluice@sluice"], false],
  [["claude", DEVELOPMENT, "server:other"], false],
  [["claude", DEVELOPMENT, "server:other", "--channels", "plugin:sluice@sluice"], false],
  [["claude", DEVELOPMENT, "server:other", "--model", "plugin:sluice@sluice"], false],
  [["claude", DEVELOPMENT, "plugin:sluice-pro@sluice"], false],
  [["claude"], false],
  [[], false],
])("past a list that names Sluice of the marketplace acme only: %j %s", (argv, expected) => {
  const folder = makeFolder();
  writeFileSync(join(folder, BASE), JSON.stringify({ allowedChannelPlugins: ["sluice@acme"] }));
  expect(isLetThrough(readPolicy(folder), argv)).toBe(expected);
});

test("an empty list lets the development flag through, and says so; channels that are off, and a file that cannot be read, let nothing", () => {
  const folder = makeFolder();
  const flagged = ["claude", DEVELOPMENT, "plugin:sluice@sluice"];
  writeFileSync(join(folder, BASE), '{"channelsEnabled":true,"allowedChannelPlugins":[]}');
  const empty = readPolicy(folder);
  expect(empty.detail).toMatch(
    /is empty: only sessions with --dangerously-load-development-channels/,
  );
  expect([isLetThrough(empty, flagged), isLetThrough(empty, ["claude"])]).toEqual([true, false]);
  writeFileSync(join(folder, BASE), '{"channelsEnabled":false,"allowedChannelPlugins":[]}');
  expect(isLetThrough(readPolicy(folder), flagged)).toBe(false);
  writeFileSync(join(folder, BASE), "{");
  expect(isLetThrough(readPolicy(folder), flagged)).toBe(false);
});
