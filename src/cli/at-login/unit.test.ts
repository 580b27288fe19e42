import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type LoginStart, toLaunchAgent, toSystemdUnit, toWindowsLine } from "./unit.ts";

const START: LoginStart = {
  command: ["/usr/bin/env", "--max-semi-space-size=16", '/opt/a b/50%/$HOME/"x"\\sluice.js', "up"],
  env: {
    PATH: "/usr/bin:/home/ada/my tools/bin",
    HTTPS_PROXY: "http://ada:50%25&<$x>@proxy.test:3128",
    SLUICE_HOME: "/home/ada/.sluice",
  },
  home: "/home/ada/.sluice",
};

const ANALYZE = "/usr/bin/systemd-analyze";

test("systemd finds nothing wrong with the unit, whatever stands in its paths", ({ skip }) => {
  if (!existsSync(ANALYZE)) return skip("no systemd-analyze here (Debian: the package systemd)");
  const folder = mkdtempSync(join(tmpdir(), "sluice-unit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "sluice.service");
  writeFileSync(path, toSystemdUnit(START));
  const said = execFileSync(ANALYZE, ["verify", "--user", "--man=no", path], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, XDG_RUNTIME_DIR: folder },
  });
  expect(said).toBe("");
});

test("a unit with a mistake is one that this check would find", ({ skip }) => {
  if (!existsSync(ANALYZE)) return skip("no systemd-analyze here (Debian: the package systemd)");
  const folder = mkdtempSync(join(tmpdir(), "sluice-unit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "sluice.service");
  const wrong = { ...START, command: ["/nowhere/node", "up"] };
  writeFileSync(path, toSystemdUnit(wrong));
  const run = (): string =>
    execFileSync(ANALYZE, ["verify", "--user", "--man=no", path], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    });
  expect(run).toThrow("/nowhere/node");
});

/** As systemd reads a command line: https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html */
function readCommand(unit: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? "";
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) =>
    word.replace(/\\(.)/g, "$1").replaceAll("%%", "%").replaceAll("$$", "$"),
  );
}

test("what systemd starts is the command line, word for word", () => {
  expect(readCommand(toSystemdUnit(START))).toEqual(START.command);
});

test("the agent is a property list that a reader of XML takes, with every text as it is", () => {
  const plist = toLaunchAgent("dev.sluice.hub", START);
  // Plain XML of the document type: every element is closed in order, and nothing stands unescaped.
  const open: string[] = [];
  for (const [, slash, name = "", self] of plist
    .replace(/<\?.*?\?>|<!DOCTYPE[^>]*>|<!--[\s\S]*?-->/g, "")
    .matchAll(/<(\/?)([a-z]+)(?: version="1\.0")?(\/?)>/g)) {
    if (self === "/") continue;
    if (slash === "/") expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
  const text = plist.replace(/<[^>]*>/g, "");
  expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  expect(plist).not.toMatch(/<!--(?:(?!-->)[\s\S])*--(?!>)/);
  const words = [
    ...(/<array>([\s\S]*?)<\/array>/.exec(plist)?.[1] ?? "").matchAll(/<string>([^<]*)<\/string>/g),
  ].map(([, word = ""]) =>
    word.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  );
  expect(words).toEqual(START.command);
  expect(plist).toContain("http://ada:50%25&amp;&lt;$x&gt;@proxy.test:3128");
});

test("python's own reader of property lists takes it", ({ skip }) => {
  const python = "/usr/bin/python3";
  if (!existsSync(python)) return skip("no python3 here, whose plistlib reads property lists");
  const folder = mkdtempSync(join(tmpdir(), "sluice-plist-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "a.plist");
  writeFileSync(path, toLaunchAgent("dev.sluice.hub", START));
  chmodSync(path, 0o600);
  const read = "import json,plistlib,sys; print(json.dumps(plistlib.load(open(sys.argv[1],'rb'))))";
  const plist: unknown = JSON.parse(execFileSync(python, ["-c", read, path], { encoding: "utf8" }));
  expect(plist).toMatchObject({
    Label: "dev.sluice.hub",
    ProgramArguments: START.command,
    EnvironmentVariables: START.env,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    Umask: 0o077,
  });
});

test("Windows' scheduler starts the distribution with the hub in it", () => {
  expect(toWindowsLine("Ubuntu-24.04", { ...START, command: ["/usr/bin/node", "/opt/s.js"] })).toBe(
    'schtasks /Create /F /SC ONLOGON /TN Sluice /TR "wsl.exe -d Ubuntu-24.04 --exec /usr/bin/node /opt/s.js"',
  );
});
