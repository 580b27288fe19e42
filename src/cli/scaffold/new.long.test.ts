/**
 * `sluice new` as somebody meets it who has the packed package and nothing else: the tests of what it makes pass, its types are clean, and
 * it runs.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSession } from "../../host/session.ts";
import { TEMPLATE_KINDS } from "./write.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
let folder = "";
let tarball = "";

const INSTALL = ["install", "--no-audit", "--no-fund", "--prefer-offline"];

function run(cwd: string, program: string, ...args: string[]): string {
  // As typed by a person: without what the runner of this test has put into its environment.
  const { PATH, HOME } = process.env;
  return execFileSync(program, args, { cwd, encoding: "utf8", env: { PATH, HOME } });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-new-"));
  run(ROOT, "npm", "pack", "--silent", "--ignore-scripts", `--pack-destination=${folder}`);
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  mkdirSync(join(folder, "global"));
  run(folder, "npm", ...INSTALL, "--global", `--prefix=${join(folder, "global")}`, tarball);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a channel with the installed program. */
function make(kind: string): { project: string; sluice: string } {
  const sluice = join(folder, "global/bin/sluice");
  run(folder, sluice, "new", `my-${kind}`, "--kind", kind);
  return { project: join(folder, `my-${kind}`), sluice };
}

test.each(TEMPLATE_KINDS)(
  "%s: npm test passes against the packed package, its types are clean, and it is a server",
  async (kind) => {
    const { project, sluice } = make(kind);
    run(project, "npm", ...INSTALL, "--save-dev", tarball);
    expect(run(project, "npm", "test")).toMatch(/pass [23]\n[^]*fail 0\n/);
    expect(run(project, "npx", "tsc", "--noEmit")).toBe("");
    await using session = await openSession({
      command: sluice,
      args: ["serve", project],
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, SLUICE_PORT: "0" },
    });
    expect(session.connection?.isChannel).toBe(true);
    expect(session.connection?.instructions).toContain(`my-${kind}`);
  },
);

test("npm install alone takes the installation that made it, and its tests pass", () => {
  const sluice = join(folder, "global/bin/sluice");
  run(folder, sluice, "new", "linked", "--yes");
  const project = join(folder, "linked");
  run(project, "npm", ...INSTALL);
  expect(run(project, "npm", "test")).toMatch(/pass [23]\n[^]*fail 0\n/);
  expect(run(project, "npx", "tsc", "--noEmit")).toBe("");
});
