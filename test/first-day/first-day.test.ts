import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { runFirstDay } from "./first-day.ts";

const SYSTEM = "/usr/bin/node";

test("from nothing to GitHub's signed event in a session: two commands, by a public address", async () => {
  // Where the system has a Node of its own, too old or not, it is the one that a newcomer has.
  const node = existsSync(SYSTEM) ? SYSTEM : process.execPath;
  const { steps, tunnel, text } = await runFirstDay({ umask: 0o002, node });
  expect(steps.flatMap(({ typed }) => typed ?? [])).toEqual([
    "sluice add github --tunnel",
    "claude",
  ]);
  expect(tunnel).toMatchObject({ by: "cloudflared", state: "up" });
  expect(text).toContain('Workflow "CI": failure on main');
});
