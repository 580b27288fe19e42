/**
 * Code of one's own: what is refused, what is kept, and when a change counts. Real processes, a registry of npm's wire.
 */
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import { readCallerFacts } from "../../src/cli/access-terminal.ts";
import { typeInTerminal, writeFiles } from "./code.ts";
import { endProcess, isRunning, openRigWithHub, type Rig, until } from "./rig.ts";

const plain = (
  text: string,
  kind = "notes",
  more = "",
) => `import { defineChannel, localOnly } from "sluice";
${more}
export default defineChannel({ kind: "${kind}", webhook: { verify: localOnly(), receive: ({ text }) => \`${text} \${text}\` } });
`;

const tool = (name: string) =>
  `export default defineChannel({ kind: "notes", webhook: { receive: () => "x" }, tools: { ${name}: { description: "x", run: () => "x" } } });`;
const FROM = `import { defineChannel } from "sluice";\n`;

const BAD: [what: string, files: Record<string, string>, says: RegExp][] = [
  ["no default export", { "a.ts": `${FROM}export const a = 1;` }, /a\.ts .*default export/],
  [
    "a channel under another name",
    {
      "a.ts": `${FROM}export const mine = defineChannel({ kind: "x", webhook: { receive: () => "x" } });`,
    },
    /a\.ts exports its channel as mine/,
  ],
  ["a kind of ours", { "a.ts": plain("x", "github") }, /the kind "github" exists in Sluice itself/],
  ["a syntax error", { "a.ts": `${FROM}\nconst x = ;` }, /a\.ts cannot be read.*3/],
  [
    "a syntax error of JavaScript",
    { "a.mjs": `${FROM}\nconst x = ;` },
    /a\.mjs cannot be read.*line 3/,
  ],
  [
    "two sources of one name",
    {
      "a.ts": `${FROM}export default defineChannel({ kind: "x", webhook: [{ receive: () => "x" }, { receive: () => "x" }] });`,
    },
    /two sources are called "webhook"/,
  ],
  [
    "a tool of ours",
    { "a.ts": `${FROM}${tool("reply")}` },
    /tool reply: Sluice has a tool of this name/,
  ],
  [
    "a package that is not there",
    { "a.ts": `${FROM}import "no-such-package-here";` },
    /imports what is not there.*no-such-package-here/,
  ],
  [
    "a Node that does not fit",
    { "package.json": '{"name":"mine","engines":{"node":">=99"}}', "a.ts": plain("x") },
    /mine needs Node >=99, and this is v/,
  ],
  [
    "a throw while it is loaded",
    { "a.ts": `${FROM}\nthrow new Error("no\\nway");` },
    /a\.ts failed while it was loaded at line 3: no way/,
  ],
  ["an end while it is loaded", { "a.ts": `${FROM}process.exit(0);` }, /it ended with exit code 0/],
  [
    "a file outside of its folder",
    {
      "package.json": "{}",
      "a.ts": `${FROM}import "../../home/config.json" with { type: "json" };`,
    },
    /a\.ts .*/,
  ],
  ["no file", {}, /a\.ts does not exist/],
];

// req:field.12
test.concurrent("bad code is refused in one line with the place, and nothing is half added", async () => {
  await using rig = await openRigWithHub();
  const wrong: string[] = [];
  for (const [what, files, says] of BAD) {
    const folder = writeFiles(rig, { ".keep": "", ...files });
    const file = Object.keys(files).find((name) => name.startsWith("a.")) ?? "a.ts";
    const { code, screen } = await typeInTerminal(rig, ["add", join(folder, file)], ["yes"]);
    const line = screen.split("\n").find((one) => one.startsWith("sluice: ") && says.test(one));
    if (code === 0 || line === undefined) wrong.push(`${what}: ${code} ${screen}`);
  }
  expect(wrong).toEqual([]);
  expect((await rig.status()).channels).toEqual([]);
  expect(existsSync(join(rig.home, "config.json"))).toBe(false);
  expect(readdirSync(join(rig.home, "code"))).toEqual([]);
  expect(
    existsSync(join(rig.home, "secrets")) ? readdirSync(join(rig.home, "secrets")) : [],
  ).toEqual([]);
});

test.concurrent("ADDCODE-1, ADDCODE-2: without a person at a terminal, or without their yes, nothing is added", async () => {
  await using rig = await openRigWithHub();
  const folder = writeFiles(rig, { "notes.ts": plain("note") });
  const script = await rig.run("add", join(folder, "notes.ts"));
  expect(script.code).not.toBe(0);
  expect(script.stderr).toContain("by a person at a terminal only");
  const no = await typeInTerminal(rig, ["add", join(folder, "notes.ts")], ["no"]);
  expect(no.code).not.toBe(0);
  expect(no.screen).toContain("not confirmed");
  // Lines behind a command that was pasted are no answers, and who sees no question answers none.
  const pasted = await typeInTerminal(rig, ["add", join(folder, "notes.ts")], ["no"], {
    ahead: "yes\nyes\nyes",
  });
  expect(pasted.code).not.toBe(0);
  expect(pasted.screen).toContain("not confirmed");
  const blind = await typeInTerminal(rig, ["add", join(folder, "notes.ts")], ["yes"], {
    messages: "/dev/null",
  });
  expect(blind.code).not.toBe(0);
  const json = {
    caller: readCallerFacts(),
    folder: ".new-0123456789abcdef",
    digest: "0".repeat(64),
    secrets: {},
  };
  await expect(read(rig.api.channels.code.$post({ json }))).rejects.toThrow(
    /a person at a terminal only/,
  );
  const bare = await rig.run("add", "left-pad");
  expect(bare.stderr).toContain('no channel kind "left-pad"');
  expect((await rig.status()).channels).toEqual([]);
});

test.concurrent("CODE-2: a change on disk is told, survives a restart without effect, and runs once it is reloaded", async () => {
  await using rig = await openRigWithHub();
  const files = {
    "notes.ts": plain("${say}", "notes", `import { say } from "./words.ts";`),
    "words.ts": `export const say: string = "old";`,
  };
  const folder = writeFiles(rig, files);
  const added = await typeInTerminal(rig, ["add", join(folder, "notes.ts")], ["yes"]);
  expect(added.code, added.screen).toBe(0);
  expect(await postText(rig, "notes", "one")).toBe("old one");
  writeFileSync(join(folder, "words.ts"), `export const say: string = "new";`);
  const note = 'words.ts changed on disk; it runs as it was added until "sluice reload notes"';
  await until("the change is told", async () =>
    (await rig.status()).next.join("\n").includes(note),
  );
  await rig.killHub();
  await rig.startHub();
  expect(await postText(rig, "notes", "two")).toBe("old two");
  const reloaded = await typeInTerminal(rig, ["reload", "notes"], ["yes"]);
  expect(reloaded.screen).toContain("changed       words.ts");
  expect(reloaded.code, reloaded.screen).toBe(0);
  expect(await postText(rig, "notes", "three")).toBe("new three");
  expect((await rig.status()).next.join("\n")).not.toContain("changed on disk");
  const again = await typeInTerminal(rig, ["reload", "notes"], []);
  expect(again.screen).toContain("nothing to reload");
  // What is broken now does not take the place of what runs.
  writeFileSync(join(folder, "words.ts"), `export const say: string = ;`);
  const broken = await typeInTerminal(rig, ["reload", "notes"], ["yes"]);
  expect(broken.code).not.toBe(0);
  expect(await postText(rig, "notes", "four")).toBe("new four");
});

test.concurrent("CODE-1: kept code that somebody changed is not run", async () => {
  await using rig = await openRigWithHub();
  const folder = writeFiles(rig, { "notes.ts": plain("note") });
  expect((await typeInTerminal(rig, ["add", join(folder, "notes.ts")], ["yes"])).code).toBe(0);
  const kept = join(
    rig.home,
    "code/notes",
    readdirSync(join(rig.home, "code/notes")).find((one) => one.length === 64) ?? "",
  );
  writeFileSync(join(kept, "files/notes.ts"), plain("evil"));
  await rig.killHub();
  await rig.startHub();
  const [channel] = (await rig.status()).channels;
  expect(channel).toMatchObject({ state: "down" });
  expect(channel?.reason).toContain("is not what was confirmed");
});

const SPINS = `import { defineChannel, localOnly } from "sluice";
export default defineChannel({ kind: "spins", webhook: { verify: localOnly(), receive: () => { for (;;); } } });`;

test.concurrent("PIPE-1, WATCHDOG-1: a hub that is killed leaves no process behind, not even one that spins", async () => {
  await using rig = await openRigWithHub();
  const folder = writeFiles(rig, { "notes.ts": plain("note"), "spins.mjs": SPINS });
  for (const file of ["notes.ts", "spins.mjs"])
    expect((await typeInTerminal(rig, ["add", join(folder, file)], ["yes"])).code).toBe(0);
  const [honest = 0, spinning = 0] = await listPids(rig);
  await spin(rig, spinning);
  await rig.killHub();
  await until("both have ended", () => !isRunning(honest) && !isRunning(spinning));
  // Where what watches over it was killed as well, the next hub ends it.
  await rig.startHub();
  const [, again = 0] = await listPids(rig);
  const watchdog = findWatchdog(again);
  await spin(rig, again);
  rig.add(() => endProcess(again, "SIGKILL"));
  expect(watchdog).toBeGreaterThan(1);
  await endProcess(watchdog, "SIGKILL");
  await rig.killHub();
  expect(isRunning(again)).toBe(true);
  await rig.startHub();
  await until("AUTHORED-1: it was ended", () => !isRunning(again));
  expect(await postText(rig, "notes", "again")).toBe("note again");
});

/** Of the channels' processes, once all run. */
async function listPids(rig: Rig): Promise<number[]> {
  let pids: number[] = [];
  await until("all of them run", async () => {
    pids = (await rig.status()).channels.map(({ code }) => code?.pid ?? 0);
    return pids.every((pid) => pid > 0 && isRunning(pid));
  });
  return pids;
}

/** Once: a sender that comes again would have the next process spin as well. */
async function spin(rig: Rig, pid: number): Promise<void> {
  const spins = `http://127.0.0.1:${rig.env["SLUICE_INGRESS_PORT"]}/in/spins`;
  fetch(spins, { method: "POST", body: "now" }).catch(() => undefined);
  await until("it spins", () => readCpu(pid) > 50);
}

function findWatchdog(pid: number): number {
  const found = readdirSync("/proc").find(
    (name) => /^\d+$/.test(name) && readArguments(name).endsWith(`sluice-watchdog\0${pid}\0`),
  );
  return Number(found ?? 0);
}

function readArguments(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended since the list was made.
    return "";
  }
}

test.concurrent("a channel that is removed takes its code and its process along", async () => {
  await using rig = await openRigWithHub();
  const folder = writeFiles(rig, { "notes.ts": plain("note") });
  expect((await typeInTerminal(rig, ["add", join(folder, "notes.ts")], ["yes"])).code).toBe(0);
  const pid = (await rig.status()).channels[0]?.code?.pid ?? 0;
  const readWords = () => readFileSync(join(rig.home, "instructions"), "utf8");
  await until("sessions are told of it", () => readWords().includes("notes (one-way)"));
  expect((await rig.run("remove", "notes")).code).toBe(0);
  await until("sessions are told of it no more", () => readWords() === "");
  await until("its process has ended", () => !isRunning(pid));
  expect(readdirSync(join(rig.home, "code"))).toEqual([]);
});

test.concurrent("packages beside the file are kept with it, also where they are found by a link", async () => {
  await using rig = await openRigWithHub();
  const folder = writeFiles(rig, {
    "package.json": '{"name":"mine","dependencies":{"words":"1.0.0"}}',
    "notes.ts": plain("${say()}", "notes", `import { say } from "words";`),
    "store/words/package.json":
      '{"name":"words","version":"1.2.3","main":"index.cjs","dependencies":{"deep":"*"}}',
    "store/words/index.cjs": `exports.say = () => require("deep").text;`,
    "store/words/node_modules/deep/package.json": '{"name":"deep","version":"2.0.0"}',
    "store/words/node_modules/deep/index.js": `exports.text = "deep";`,
  });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync("../store/words", join(folder, "node_modules/words"));
  const { code, screen } = await typeInTerminal(rig, ["add", join(folder, "notes.ts")], ["yes"]);
  expect(code, screen).toBe(0);
  expect(screen).toContain("words 1.2.3");
  expect(screen).toContain("deep 2.0.0");
  rmSync(folder, { recursive: true });
  await rig.killHub();
  await rig.startHub();
  expect(await postText(rig, "notes", "note")).toBe("deep note");
});

test.concurrent("NPM-1, NPM-2: a package is downloaded without running, shown, asked for twice, and kept with its integrity", async () => {
  await using rig = await openRigWithHub();
  const registry = await openRegistry(rig, {
    "sluice-notes": {
      "package.json": `{"name":"sluice-notes","version":"1.0.0","type":"module","exports":{".":{"types":"./none.d.ts","require":"./none.cjs","import":"./main.js"}},"dependencies":{"notes-words":"1.0.0"},"peerDependencies":{"sluice":"*","zod":"*"},"scripts":{"postinstall":"touch ${rig.folder}/ran"}}`,
      "main.js": plain(
        "${say}",
        "notes",
        `import { say } from "notes-words"; import { z } from "zod"; z.string();`,
      ),
    },
    "notes-words": {
      "package.json": '{"name":"notes-words","version":"1.0.0","type":"module","main":"index.js"}',
      "index.js": `export const say = "from npm";`,
    },
  });
  const env = { npm_config_registry: registry.url, npm_config_cache: join(rig.folder, "npm") };
  const no = await typeInTerminal(rig, ["add", "npm:sluice-notes"], ["no"], { env });
  expect(no.code).not.toBe(0);
  expect(readdirSync(join(rig.home, "code"))).toEqual([]);
  const { code, screen } = await typeInTerminal(
    rig,
    ["add", "npm:sluice-notes@1.0.0"],
    ["yes", "yes"],
    { env },
  );
  expect(code, screen).toBe(0);
  expect(screen).toContain("Nothing of it has run");
  expect(screen).toContain(registry.integrity["sluice-notes"]);
  expect(screen).toContain("notes-words 1.0.0");
  expect(existsSync(join(rig.folder, "ran"))).toBe(false);
  expect(await postText(rig, "notes", "note")).toBe("from npm note");
  // The same version with other content.
  await registry.publish("sluice-notes", { "main.js": plain("evil") });
  rmSync(join(rig.folder, "npm"), { recursive: true, force: true });
  const other = await typeInTerminal(rig, ["reload", "notes"], ["yes", "yes"], { env });
  expect(other.code).not.toBe(0);
  expect(other.screen).toContain("sluice-notes 1.0.0 is not what it was");
  expect(await postText(rig, "notes", "note")).toBe("from npm note");
  const door = await typeInTerminal(rig, ["add", "npm:sluice-notes/none"], ["yes"], { env });
  expect(door.screen).toContain("npm:sluice-notes has no ./none in its exports");
  expect(door.screen).not.toContain("Nothing of it has run");
  const absent = await typeInTerminal(rig, ["add", "npm:sluice-absent"], ["yes"], { env });
  expect(absent.screen).toContain("the registry has no such package");
});

test.concurrent("NPM-3: what a package wants from a folder, from git or from an address is refused, and a package is called what the registry calls it", async () => {
  await using rig = await openRigWithHub();
  const outside = writeFiles(rig, { "package.json": '{"name":"outside"}', secret: "canary" });
  const wanting = (name: string, spec: string, key = "dependencies"): Files => ({
    "package.json": JSON.stringify({
      name,
      version: "1.0.0",
      main: "i.js",
      [key]: { other: spec },
    }),
    "i.js": plain("x"),
  });
  const registry = await openRegistry(rig, {
    "wants-folder": wanting("wants-folder", `file:${outside}`),
    "wants-git": wanting("wants-git", `git+file://${outside}`),
    "another-name": {
      "package.json": '{"name":"another-name","version":"1.0.0","type":"module","main":"i.js"}',
      "i.js": plain("x"),
    },
  });
  await registry.publish(
    "wants-address",
    wanting("wants-address", `${registry.url}/another-name.tgz`),
  );
  await registry.publish("another-name", {}, { name: "well-known", version: "9.9.9" });
  const env = { npm_config_registry: registry.url, npm_config_cache: join(rig.folder, "npm") };
  for (const name of ["wants-folder", "wants-git", "wants-address"]) {
    const { code, screen } = await typeInTerminal(rig, ["add", `npm:${name}`], ["yes", "yes"], {
      env,
    });
    expect(code, screen).not.toBe(0);
    expect(screen, name).not.toContain("Nothing of it has run");
    expect(screen).toMatch(/does not come from a registry|could not be downloaded/);
  }
  const { screen } = await typeInTerminal(rig, ["add", "npm:another-name"], ["no"], { env });
  expect(screen).toContain("another-name 1.0.0");
  expect(screen).not.toContain("well-known");
  expect(readdirSync(join(rig.home, "code"))).toEqual([]);
});

/** The text of the event that came of it. */
async function postText(rig: Rig, name: string, body: string): Promise<string> {
  let text = "";
  await until(`${name} takes ${body}`, async () => {
    const url = `http://127.0.0.1:${rig.env["SLUICE_INGRESS_PORT"]}/in/${name}`;
    const answered = await fetch(url, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body,
    }).catch(() => undefined);
    if (answered?.status !== 202) return false;
    const { id } = (await answered.json()) as { id: string };
    text = (await rig.event(id)).text;
    return true;
  });
  return text;
}

/** Clock ticks that a process has computed. */
function readCpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

type Files = Record<string, string>;

/** A registry as npm speaks to it: documents and tarballs. */
async function openRegistry(rig: Rig, packages: Record<string, Files>) {
  const tarballs = new Map<string, Buffer>();
  const integrity: Record<string, string> = {};
  const manifests = new Map<string, object>();
  const server = createServer((incoming, outgoing) => {
    const name = decodeURIComponent((incoming.url ?? "").slice(1));
    const tarball = tarballs.get(name.replace(/\.tgz$/, ""));
    if (name.endsWith(".tgz") && tarball !== undefined) return outgoing.end(tarball);
    const manifest = manifests.get(name);
    if (manifest === undefined) return outgoing.writeHead(404).end("{}");
    const dist = { tarball: `${url}/${name}.tgz`, integrity: integrity[name] };
    outgoing.setHeader("content-type", "application/json");
    outgoing.end(
      JSON.stringify({
        name,
        "dist-tags": { latest: "1.0.0" },
        versions: { "1.0.0": { ...manifest, dist } },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  rig.add(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** `claims`: what the package's own file says of it, beside what the registry says. */
  const publish = async (name: string, files: Files, claims: object = {}): Promise<void> => {
    packages[name] = { ...packages[name], ...files };
    const folder = writeFiles(
      rig,
      Object.fromEntries(
        Object.entries(packages[name]).map(([path, text]) => [
          `package/${path}`,
          path === "package.json"
            ? JSON.stringify({ ...(JSON.parse(text) as object), ...claims })
            : text,
        ]),
      ),
    );
    execFileSync("tar", ["-czf", "x.tgz", "package"], { cwd: folder });
    const tarball = readFileSync(join(folder, "x.tgz"));
    tarballs.set(name, tarball);
    integrity[name] = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    manifests.set(name, JSON.parse(packages[name]["package.json"] ?? "{}") as object);
  };
  for (const name of Object.keys(packages)) await publish(name, {});
  return { url, integrity, publish };
}
