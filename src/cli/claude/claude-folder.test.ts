import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import {
  type ClaudeFolderOptions,
  fillTemplate,
  toClaudeFolder,
  writeClaudeFolder,
} from "./claude-folder.ts";
import { locateInstallation } from "./installation.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A home of the given name, and the real templates with two tiny bundles. */
function open(name = "home"): ClaudeFolderOptions {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-folder-")));
  roots.push(root);
  const home = join(root, name);
  mkdirSync(home, { mode: 0o700 });
  const client = join(root, "client");
  mkdirSync(client);
  writeFileSync(join(client, "shim.js"), "// shim\n");
  writeFileSync(join(client, "shim-core.js"), "// core\n");
  writeFileSync(
    join(client, "bell.js"),
    'process.stdout.write(JSON.stringify([process.env.SLUICE_HOME, "rung"]));\n',
  );
  const installation = { ...locateInstallation(), client };
  return { home, claudeDir: join(home, "claude"), version: "1.2.3", installation };
}

test("the folder holds the plugin with this machine's paths and nobody else's access", () => {
  const options = open();
  expect(writeClaudeFolder(options)).toBe("written");
  const { marketplace, plugin, shim, bell } = toClaudeFolder(options.claudeDir, "1.2.3");
  const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
  const { node, cli } = options.installation;
  expect(read(join(plugin, ".mcp.json"))).toEqual({
    mcpServers: {
      sluice: {
        command: node,
        args: ["--no-opt", "--no-maglev", "--max-semi-space-size=2", shim, "--plugin"],
        env: { SLUICE_HOME: options.home, SLUICE_NODE: node, SLUICE_CLI: cli },
      },
    },
  });
  expect(read(join(plugin, ".claude-plugin", "plugin.json"))).toMatchObject({ version: "1.2.3" });
  expect(read(join(marketplace, ".claude-plugin", "marketplace.json"))).toMatchObject({
    name: "sluice",
    plugins: [{ name: "sluice", source: "./plugins/sluice" }],
  });
  expect(readFileSync(shim, "utf8")).toBe("// shim\n");
  expect(existsSync(bell)).toBe(true);
  for (const entry of readdirSync(marketplace, { recursive: true, encoding: "utf8" })) {
    expect(statSync(join(marketplace, entry)).mode & 0o077).toBe(0);
  }
});

test("no template keeps a placeholder, and hooks keep the client's own", () => {
  const options = open();
  writeClaudeFolder(options);
  const { plugin } = toClaudeFolder(options.claudeDir, "1.2.3");
  const texts = readdirSync(plugin, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(json|md)$/.test(path))
    .map((path) => readFileSync(join(plugin, path), "utf8"));
  expect(texts.filter((text) => text.includes("{{"))).toEqual([]);
  expect(readFileSync(join(plugin, "hooks", "hooks.json"), "utf8")).toContain("${prompt_id}");
});

test("each skill may run one command, which only reads, and only when the user calls it", () => {
  const options = open();
  writeClaudeFolder(options);
  const { plugin } = toClaudeFolder(options.claudeDir, "1.2.3");
  const reads = { access: "access list", configure: "doctor", status: "status" };
  for (const [skill, command] of Object.entries(reads)) {
    const text = readFileSync(join(plugin, "skills", skill, "SKILL.md"), "utf8");
    expect(text.match(/^allowed-tools: "Bash\((.*)\)"$/m)?.[1]).toMatch(
      new RegExp(`sluice\\.js.* ${command}$`),
    );
    expect(text).toContain("disable-model-invocation: true");
  }
});

test("the bell's command runs from a home with blanks, quotes and other scripts in its name", () => {
  const options = open(`it's a "home" $HOME & Größe 日本`);
  writeClaudeFolder(options);
  const { plugin } = toClaudeFolder(options.claudeDir, "1.2.3");
  const [monitor] = JSON.parse(readFileSync(join(plugin, "monitors", "monitors.json"), "utf8")) as [
    { name: string; description: string; command: string },
  ];
  expect(monitor).toMatchObject({ name: "bell", description: "Sluice bell" });
  const rung = execFileSync("/bin/sh", ["-c", monitor.command], { encoding: "utf8" });
  expect(JSON.parse(rung)).toEqual([options.home, "rung"]);
});

test("PLUGINFOLDER-2: a path that the client would expand is refused and nothing is written", () => {
  for (const name of ["a ${HOME} b", "a `id` b", "a\nb"]) {
    const options = open(name);
    expect(() => writeClaudeFolder(options)).toThrow(/cannot be passed to the client/);
    expect(existsSync(options.claudeDir)).toBe(false);
  }
});

test("a second writing of the same finds it unchanged, and a changed file is put right", () => {
  const options = open();
  writeClaudeFolder(options);
  const { shim, marketplace } = toClaudeFolder(options.claudeDir, "1.2.3");
  const before = statSync(marketplace).ino;
  expect(writeClaudeFolder(options)).toBe("unchanged");
  expect(statSync(marketplace).ino).toBe(before);
  writeFileSync(shim, "// tampered\n");
  expect(writeClaudeFolder(options)).toBe("written");
  expect(readFileSync(shim, "utf8")).toBe("// shim\n");
  expect(readdirSync(options.claudeDir)).toEqual(["1.2.3"]);
});

test("a newer version stands beside the older one, whose sessions may still be open", () => {
  const options = open();
  writeClaudeFolder(options);
  writeClaudeFolder({ ...options, version: "1.3.0" });
  expect(readdirSync(options.claudeDir).toSorted()).toEqual(["1.2.3", "1.3.0"]);
});

test("PLUGINFOLDER-1: a failed writing leaves the old folder as it was", () => {
  const options = open();
  writeClaudeFolder(options);
  const { shim } = toClaudeFolder(options.claudeDir, "1.2.3");
  const { client } = options.installation;
  writeFileSync(join(client, "shim.js"), "// newer shim\n");
  rmSync(join(client, "bell.js"));
  expect(() => writeClaudeFolder(options)).toThrow(/bell\.js is missing; run "npm run build"/);
  expect(readFileSync(shim, "utf8")).toBe("// shim\n");
  expect(readdirSync(options.claudeDir)).toEqual(["1.2.3"]);
});

test("PLUGINFOLDER-1: writers that meet leave one whole folder and no rest", async () => {
  const options = open();
  const script = `
    import { writeClaudeFolder } from ${JSON.stringify(join(import.meta.dirname, "claude-folder.ts"))};
    for (let round = 0; round < 5; round += 1) writeClaudeFolder(${JSON.stringify(options)});
  `;
  const write = promisify(execFile);
  await Promise.all(
    Array.from({ length: 4 }, () =>
      write(process.execPath, ["--input-type=module", "--no-warnings", "-e", script]),
    ),
  );
  expect(readdirSync(options.claudeDir)).toEqual(["1.2.3"]);
  expect(writeClaudeFolder(options)).toBe("unchanged");
});

test("what a writer that died left behind is swept, what a living one has stays", () => {
  const options = open();
  mkdirSync(options.claudeDir, { mode: 0o700 });
  const dead = execFileSync("/bin/sh", ["-c", "echo $$"], { encoding: "utf8" }).trim();
  mkdirSync(join(options.claudeDir, `.new-${dead}-00000000`));
  mkdirSync(join(options.claudeDir, `.new-${process.pid}-00000000`));
  writeClaudeFolder(options);
  expect(readdirSync(options.claudeDir).toSorted()).toEqual([
    `.new-${process.pid}-00000000`,
    "1.2.3",
  ]);
});

test("a home that others can write is refused", () => {
  const options = open();
  chmodSync(options.home, 0o777);
  expect(() => writeClaudeFolder(options)).toThrow(/can be written by other users/);
});

test("a template that asks for an unknown name is a bug, said with the name", () => {
  expect(() => fillTemplate("{{nobody}}", { node: "n" })).toThrow(/"nobody"/);
  // A value is never read as a template.
  expect(fillTemplate("{{a}} {{b}}", { a: "{{b}}$&", b: "$1" })).toBe("{{b}}$& $1");
});
