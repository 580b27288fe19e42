import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import { VERSION } from "../local/version.ts";

const BIN = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));

type Result = { status: number | null; stdout: string; stderr: string };

function runBin(
  args: readonly string[],
  env: Record<string, string> = {},
  nodeArgs: readonly string[] = [],
  bin = BIN,
): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, bin, ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...env },
  });
  return { status, stdout, stderr };
}

/** The entry file as it is installed: without the checkout's own Node beside it. */
function copyBin(): string {
  const folder = makeFolder();
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  for (const file of ["sluice.js", "package.json"])
    copyFileSync(join(BIN, "..", file), join(folder, "bin", file));
  return join(folder, "bin", "sluice.js");
}

test("in a checkout an old Node hands over to the one that the checkout brings", () => {
  const { status, stdout } = runBin(["--version"], {}, asNode("20.19.0"));
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${VERSION}\n` });
});

test("whoever signals the old Node means the one that does the work", async () => {
  const folder = makeFolder();
  const env = { PATH: process.env["PATH"], HOME: folder, SLUICE_INGRESS_PORT: "0" };
  const args = [...asNode("20.19.0"), BIN, "up", "--foreground"];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stderr, "data");
  const socket = join(folder, ".sluice", "hub.sock");
  expect(existsSync(socket)).toBe(true);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(existsSync(socket)).toBe(false);
});

/** This Node, under the name of another. */
function asNode(version: string): string[] {
  const code = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
    Object.defineProperty(process, "version", { value: "v${version}" });`;
  return ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
}

test.each(["12.22.0", "18.20.8", "20.19.0", "22.12.0", "23.3.0"])(
  "Node %s gets one line: what is missing, what runs, what to do",
  (version) => {
    const { status, stdout, stderr } = runBin(["status"], {}, asNode(version), copyBin());
    expect({ status, stdout }).toEqual({ status: 78, stdout: "" });
    expect(stderr).toMatch(/^sluice: needs Node\.js 22\.13 or newer; .*\n$/);
    expect(stderr).toContain(`v${version} (${process.execPath})`);
  },
);

test.each(["22.13.0", "23.4.0", "24.0.0", "30.1.2"])("Node %s will do", (version) => {
  expect(runBin(["--version"], {}, asNode(version))).toEqual({
    status: 0,
    stdout: `${VERSION}\n`,
    stderr: "",
  });
});

test.each([["--help"], ["--version"], ["help"], ["nonsense"]])(
  "%s needs nothing of the product but the table of commands",
  (word) => {
    const bin = copyBin();
    const cli = join(bin, "../../dist/cli");
    mkdirSync(cli, { recursive: true });
    for (const file of ["main.js", "package.json"])
      copyFileSync(join(BIN, "../../dist/cli", file), join(cli, file));
    expect(runBin([word], {}, [], bin)).toEqual(runBin([word]));
  },
);

test("a command reads what help needs, what most commands share, and its own: no library, nothing of the hub", () => {
  const { status, stderr } = runBin(["status", "--help"], { NODE_DEBUG: "module" });
  expect(status).toBe(0);
  const files = new Set(stderr.match(/(?:dist|node_modules)\/[\w./-]+\.js/g));
  expect([...files].toSorted()).toEqual(
    ["event", "main", "shared", "status"].map((name) => `dist/cli/${name}.js`),
  );
});

test.each(["main.js", "shared.js"])(
  "%s, which every command reads, has no pattern by Unicode properties as a literal: to read one takes V8 up to 15 ms",
  (file) => {
    const text = readFileSync(join(BIN, "../../dist/cli", file), "utf8");
    expect(text.match(/^.*(?<!\\)\\p\{.*$/gm)).toBeNull();
  },
);

test("code is cached in a home that is the user's own, and in no other", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bin-"));
  try {
    const modes = { own: 0o700, open: 0o777 };
    for (const [name, mode] of Object.entries(modes)) {
      mkdirSync(join(folder, name));
      spawnSync("chmod", [mode.toString(8), join(folder, name)]);
      expect(runHelp(join(folder, name))).toBe(0);
    }
    expect(runHelp(join(folder, "absent"))).toBe(0);
    expect(existsSync(join(folder, "own", "cache"))).toBe(true);
    expect(statSync(join(folder, "own", "cache")).mode & 0o777).toBe(0o700);
    expect(existsSync(join(folder, "open", "cache"))).toBe(false);
    expect(existsSync(join(folder, "absent"))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a place where nothing can be cached costs a command nothing but time", () => {
  const folder = makeFolder();
  const elsewhere = join(folder, "elsewhere");
  mkdirSync(elsewhere);
  const make: Record<string, (home: string) => void> = {
    file: (home) => writeFileSync(join(home, "cache"), ""),
    link: (home) => symlinkSync(elsewhere, join(home, "cache")),
    readable: (home) => mkdirSync(join(home, "cache"), { mode: 0o755 }),
    readonly: (home) => chmodSync(home, 0o500),
    // Where the tests run as root.
    foreign: (home) => process.getuid?.() === 0 && chownSync(home, 12_345, 12_345),
  };
  for (const [name, change] of Object.entries(make)) {
    const home = join(folder, name);
    mkdirSync(home, { mode: 0o700 });
    change(home);
    expect(runHelp(home), name).toBe(0);
  }
  expect(readdirSync(elsewhere)).toEqual([]);
});

/** A command that is loaded, and asks for nothing. */
function runHelp(home: string): number | null {
  const { status, stdout, stderr } = runBin(["status", "--help"], { SLUICE_HOME: home });
  expect({ stdout: stdout.slice(0, 20), stderr }).toEqual({
    stdout: "Usage: sluice status",
    stderr: "",
  });
  return status;
}
