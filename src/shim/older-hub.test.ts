import { expect, test } from "vitest";
import { VERSION } from "../local/version.ts";
import { openOlderHubWatch } from "./older-hub.ts";

const entry = { node: "/n/node", cli: "/s/sluice.js" };

test("OLDERHUB-1: a hub of an older version gives way once; the same version, a newer one and another build stay", () => {
  const started: unknown[] = [];
  const told = openOlderHubWatch(entry, { HOME: "/h" }, (one) => void started.push(one));
  for (const version of [VERSION, "99.0.0", `${VERSION}+build.2`, "99.0.0-rc.1"])
    told({ pid: 1, version });
  expect(started).toEqual([]);
  for (const _ of ["each lease", "tells it", "again"]) told({ pid: 2, version: "0.0.9" });
  expect(started).toEqual([entry]);
  // What came in its place is older too: another process, so it is asked.
  told({ pid: 3, version: `${VERSION}-rc.1` });
  expect(started).toHaveLength(2);
});

test("a shim that was not told how to start a hub replaces none", () => {
  const started: unknown[] = [];
  openOlderHubWatch(undefined, {}, () => void started.push(1))({ pid: 1, version: "0.0.1" });
  expect(started).toEqual([]);
});
