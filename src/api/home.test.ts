import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { locateHome, locateSocket, MAX_SOCKET_BYTES, toHomePath } from "./home.ts";

test.each([
  [{ HOME: "/home/ada" }, "/home/ada/.sluice"],
  [{ HOME: "/home/ada", SLUICE_HOME: "" }, "/home/ada/.sluice"],
  [{ HOME: "/home/ada", SLUICE_HOME: "/srv/sluice/" }, "/srv/sluice"],
  [{ HOME: "/home/ada", SLUICE_HOME: "~/work/../s" }, "/home/ada/s"],
  [{ HOME: "/home/ada", SLUICE_HOME: "rel" }, join(process.cwd(), "rel")],
])("the home of %j is %s", (env, path) => {
  expect(toHomePath(env)).toBe(path);
});

test("a short home holds its socket", () => {
  expect(locateSocket({ SLUICE_HOME: "/srv/s", XDG_RUNTIME_DIR: "/tmp" })).toBe("/srv/s/hub.sock");
});

test("a home too long for a socket has it under the runtime folder, else the temporary one, always the same and always short enough", () => {
  const home = `/srv/${"x".repeat(120)}`;
  const runtime = makeBase();
  expect(locateSocket({ SLUICE_HOME: home, XDG_RUNTIME_DIR: runtime })).toMatch(
    new RegExp(`^${runtime}/sluice/[0-9a-f]{24}\\.sock$`),
  );
  expect(locateSocket({ SLUICE_HOME: home, TMPDIR: runtime })).toMatch(
    new RegExp(`^${runtime}/sluice-\\d+/[0-9a-f]{24}\\.sock$`),
  );
  expect(locateSocket({ SLUICE_HOME: home, TMPDIR: runtime })).toBe(
    locateSocket({ SLUICE_HOME: home, TMPDIR: runtime }),
  );
  expect(locateSocket({ SLUICE_HOME: home, TMPDIR: `/${"y".repeat(90)}` })).toMatch(
    /^\/tmp\/sluice-\d+\//,
  );
  expect(locateSocket({ SLUICE_HOME: `${home}2`, TMPDIR: runtime })).not.toBe(
    locateSocket({ SLUICE_HOME: home, TMPDIR: runtime }),
  );
});

test("the limit counts bytes, not characters", () => {
  const home = `/srv/${"é".repeat(MAX_SOCKET_BYTES - 40)}`;
  expect(home.length).toBeLessThan(MAX_SOCKET_BYTES - 10);
  expect(locateSocket({ SLUICE_HOME: home })).not.toContain("hub.sock");
});

test("the record of a moved socket counts before the reckoning of a caller with another runtime folder", () => {
  const base = makeBase();
  const env = { SLUICE_HOME: makeLong(base), TMPDIR: "/tmp/other" };
  const { socketRecord } = locateHome(env);
  writeFileSync(socketRecord, "/run/hub/abc.sock\n");
  expect(locateSocket(env)).toBe("/run/hub/abc.sock");
  writeFileSync(socketRecord, "not/absolute");
  expect(locateSocket(env)).toContain("/tmp/other/");
});

function makeBase(): string {
  const base = mkdtempSync(join(tmpdir(), "run-"));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  return base;
}

function makeLong(base: string): string {
  return mkdtempSync(join(base, "h".repeat(110)));
}
