import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { locateHome, locateSocket, MAX_SOCKET_BYTES, toHomePath } from "./home.ts";

test.each([
  [{ HOME: "/usr" }, "/usr/.sluice"],
  [{ HOME: "/usr/", SLUICE_HOME: "~" }, "/usr"],
  [{ HOME: "/usr", SLUICE_HOME: "~/work/../s" }, "/usr/s"],
  // Where HOME is not needed it may be anything.
  [{ HOME: "/usr", SLUICE_HOME: "/srv/sluice/" }, "/srv/sluice"],
  [{ HOME: "", SLUICE_HOME: "/srv/sluice/" }, "/srv/sluice"],
  [{ SLUICE_HOME: "rel" }, join(process.cwd(), "rel")],
])("the home of %j is %s", (env, path) => {
  expect(toHomePath(env)).toBe(path);
});

test.each([
  [{}, "HOME is not set; set HOME to your own folder, or SLUICE_HOME to the folder for Sluice"],
  [{ HOME: "" }, "HOME is empty; set HOME to"],
  [{ HOME: " " }, "HOME is empty; set HOME to"],
  [{ HOME: "home/ada" }, 'HOME is "home/ada", which is no absolute path; '],
  [{ HOME: "/nonexistent/ada" }, 'HOME is "/nonexistent/ada", which does not exist; '],
  [{ HOME: "/etc/passwd" }, 'HOME is "/etc/passwd", which is not a folder; '],
  [{ HOME: "/etc/passwd/ada" }, 'HOME is "/etc/passwd/ada", which does not exist; '],
  [{ HOME: "", SLUICE_HOME: "~/s" }, "HOME is empty; set HOME to"],
  [{ HOME: "/usr", SLUICE_HOME: "" }, "SLUICE_HOME is empty; set it to a folder of your own, or "],
  [{ HOME: "/usr", SLUICE_HOME: " " }, "SLUICE_HOME is empty; "],
])("of %j comes no home: %s", (env, message) => {
  expect(() => toHomePath(env)).toThrow(message);
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
