// The plugin as others install it: from a Git URL or a clone of the repository, with
// nothing of Sluice on the machine before.
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "vitest";

import { VERSION } from "../../src/local/version.ts";
import type { Check } from "../../src/cli/doctor/check.ts";
import { stageTest } from "./claude-test.ts";
import { Clone } from "./clone.ts";
import { toRead } from "./api-request.ts";
import { expectReadExactlyOnce, waitForWords } from "./readings.ts";
import { callBash, script } from "./script.ts";
import { Sluice } from "./sluice.ts";
import { expectGone, expectQuietScreen, toArgs } from "./sluice-test.ts";
import { listOurs } from "./sluice.ts";
import { waitUntil } from "./wait.ts";
import type { Stage } from "./with-client.ts";

const env = { SLUICE_INGRESS_PORT: "0", SLUICE_WEB_PORT: "0" };
type Row = {
  id: string;
  version: string;
  folderVersion?: string;
  installPath: string;
  readFromFolder?: string;
};

/** The two lines of the README. Returns the folder that the client then runs the plugin from. */
async function installFrom({ run }: Stage, source: string): Promise<string> {
  for (const args of [
    ["marketplace", "add", source],
    ["install", "sluice@sluice"],
  ]) {
    const { code, stdout, stderr } = await run(["plugin", ...args]);
    expect({ code, said: stdout + stderr }).toMatchObject({ code: 0 });
  }
  const [row, ...others] = await listRows({ run });
  expect(others).toEqual([]);
  return row?.readFromFolder ?? row?.installPath ?? "";
}

async function listRows({ run }: Pick<Stage, "run">): Promise<Row[]> {
  const rows = JSON.parse((await run(["plugin", "list", "--json"])).stdout) as Row[];
  return rows.filter(({ id }) => id.startsWith("sluice@"));
}

async function examine(sluice: Sluice): Promise<Check[]> {
  return JSON.parse((await sluice.try(["doctor", "--json"])).stdout) as Check[];
}

stageTest(
  "from a Git URL, with nothing of Sluice there before: installed, a session starts, and an event arrives",
  { env },
  async (stage) => {
    const clone = await Clone.open(stage.home);
    const folder = await installFrom(stage, clone.url);
    // The client's own copy: the program in it is all there is.
    expect(folder).toContain(join(".claude", "plugins", "cache"));
    const sluice = new Sluice(stage, join(folder, "bin", "sluice.js"));
    const client = await stage.open(toArgs({}));
    await sluice.waitForSessions();
    await sluice.addGithub();
    const event = await sluice.fail("by-the-marketplace");
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(stage.api, event);
    await expectQuietScreen(client);

    const failed = (await examine(sluice)).filter(({ ok }) => !ok);
    expect(failed).toEqual([]);
    const { shims, bells } = await listOurs(client.pid);
    await client.kill("SIGTERM");
    await expectGone([...shims, ...bells]);
  },
);

stageTest(
  "from a clone's folder, started without Node on PATH: the version manager's is found",
  { env: { ...env, PATH: "/usr/bin:/bin" } },
  async (stage) => {
    const versions = join(stage.home.home, ".nvm", "versions", "node");
    // One that is too old stands beside it, and one of a name that sorts later.
    for (const [version, node] of [
      ["v9.11.2", "/bin/false"],
      [process.version, process.execPath],
    ] as const) {
      await mkdir(join(versions, version, "bin"), { recursive: true });
      await symlink(node, join(versions, version, "bin", "node"));
    }
    const clone = await Clone.open(stage.home);
    const folder = await installFrom(stage, clone.folder);
    expect(folder).toBe(join(clone.folder, "plugins", "sluice"));
    const sluice = new Sluice(stage, join(folder, "bin", "sluice.js"));
    await stage.open(toArgs({}));
    await sluice.waitForSessions();
    await sluice.addGithub();
    const event = await sluice.fail("without-a-path");
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(stage.api, event);
  },
);

stageTest(
  "where no Node is found, the first prompt says so in one line, once, and the session goes on undisturbed",
  { env },
  async (stage) => {
    const clone = await Clone.open(stage.home);
    // Whatever Node this machine has.
    await clone.change("plugins/sluice/bin/sluice", "try() {\n", "try() {\n  return 1\n");
    await installFrom(stage, clone.folder);
    const client = await stage.open(toArgs({}));
    await client.submit("the first prompt");
    await waitForWords(stage.api, "the first prompt");
    const said = /Sluice does not run: it needs Node\.js 22\.13 or newer, and none was found/g;
    const screen = await client.waitForScreen((text) => said.test(text.replaceAll(/\s+/g, " ")));
    expect(screen.replaceAll(/\s+/g, " ")).toContain("https://nodejs.org");
    await client.waitForIdle();
    await client.submit("the second prompt");
    await waitForWords(stage.api, "the second prompt");
    await client.waitForIdle();
    const all = (await client.screen({ history: true })).replaceAll(/\s+/g, " ");
    expect(all.match(said)).toHaveLength(1);
    await expectQuietScreen(client);
    // None for the bell: it waits in silence, and leaves with the client.
    expect(stage.api.turns).toHaveLength(2);
    const ours = (await client.children()).filter(({ command }) => command.includes("sluice"));
    expect(ours.map(({ command }) => /--plugin-\w+/.exec(command)?.[0]).toSorted()).toEqual([
      "--plugin-bell",
      "--plugin-server",
    ]);
    await client.kill("SIGKILL");
    await expectGone(
      ours.map(({ pid }) => pid),
      20_000,
    );
  },
);

stageTest(
  "an update brings its own hub with the next session, and an uninstall leaves nothing to start",
  { env },
  async (stage) => {
    const clone = await Clone.open(stage.home);
    const before = new Sluice(stage, join(await installFrom(stage, clone.url), "bin", "sluice.js"));
    const first = await stage.open(toArgs({}));
    await before.waitForSessions();
    const old = await before.readHub();
    await first.exit();

    const next = `${VERSION}9`;
    for (const path of [
      "plugins/sluice/.claude-plugin/plugin.json",
      ".claude-plugin/marketplace.json",
      "plugins/sluice/package.json",
      "plugins/sluice/dist/local/version.js",
      "plugins/sluice/dist/client/shim-core.js",
    ])
      await clone.change(path, VERSION, next);
    clone.commit();
    for (const args of [
      ["marketplace", "update", "sluice"],
      ["update", "sluice@sluice"],
    ])
      expect((await stage.run(["plugin", ...args])).code).toBe(0);
    const [row] = await listRows(stage);
    expect(row?.version).toBe(next);
    const sluice = new Sluice(stage, join(row?.installPath ?? "", "bin", "sluice.js"));
    await stage.open(toArgs({}));
    const hub = await waitUntil(
      async () => {
        const now = await sluice.readHub().catch(() => undefined);
        return now?.version === next ? now : undefined;
      },
      { timeoutMs: 30_000, what: "the newer hub" },
    );
    expect(hub.pid).not.toBe(old.pid);
    await sluice.waitForSessions();
    await sluice.addGithub();
    const event = await sluice.fail("after-the-update");
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(stage.api, event);

    expect((await stage.run(["plugin", "uninstall", "sluice@sluice"])).code).toBe(0);
    const listed = await stage.run(["mcp", "list"]);
    expect(listed.stdout).not.toContain("sluice");
  },
);

stageTest(
  "with a global Sluice as well there is one plugin: the last one installed, and doctor names a second",
  { env },
  async (stage) => {
    const clone = await Clone.open(stage.home);
    await installFrom(stage, clone.url);
    const sluice = new Sluice(stage);
    await sluice.run("connect", "claude");
    const rows = await listRows(stage);
    expect(rows).toMatchObject([{ id: "sluice@sluice", version: VERSION }]);
    expect(rows[0]?.readFromFolder).toContain(join(".sluice", "claude", VERSION));
    await stage.open(toArgs({}));
    await sluice.waitForSessions();
    expect((await examine(sluice)).filter(({ ok }) => !ok)).toEqual([]);

    // Back again: the client takes no other source under a name that it has.
    expect((await stage.run(["plugin", "marketplace", "add", clone.url])).code).toBe(1);
    await sluice.run("connect", "claude", "--remove");
    const again = await installFrom(stage, clone.url);
    expect(again).toContain(join("plugins", "cache"));
    const find = async (): Promise<Check | undefined> =>
      (await examine(sluice)).find(({ check }) => check === "copies");
    expect(await find()).toBeUndefined();
    await sluice.run("connect", "claude", "--bare");
    expect(await find()).toMatchObject({ ok: false, fix: "claude mcp remove sluice" });
    await stage.run(["mcp", "remove", "--scope", "user", "sluice"]);

    // The same plugin out of somebody's collection is another plugin to the client.
    await clone.change(
      ".claude-plugin/marketplace.json",
      '"name": "sluice",\n  "desc',
      '"name": "collection",\n  "desc',
    );
    for (const args of [
      ["marketplace", "add", clone.folder],
      ["install", "sluice@collection"],
    ])
      expect((await stage.run(["plugin", ...args])).code).toBe(0);
    expect(await find()).toMatchObject({
      detail: expect.stringContaining("sluice@collection") as string,
      fix: "claude plugin disable sluice@collection",
    });
  },
);

stageTest(
  "each skill's command is the plugin's own, wherever the client keeps that, and is the one that needs no permission",
  {
    env,
    script: script(
      ...["status", "access list", "doctor"].map((words) => ({
        when: new RegExp(`/bin/sh "/[^"]*/bin/sluice" ${words}(?=\n)`),
        answer: ([command]: RegExpMatchArray) => callBash(command),
      })),
    ),
  },
  async (stage) => {
    const clone = await Clone.open(stage.home);
    const folder = await installFrom(stage, clone.url);
    const sluice = new Sluice(stage, join(folder, "bin", "sluice.js"));
    // Each session's own would start one at a moment of its choice.
    await sluice.try(["up"]);
    for (const [skill, printed] of [
      ["status", /\[tool_result\] hub +pid \d+/],
      ["access", /\[tool_result\] Policies: no channels/],
      ["configure", /\[tool_result\] (?:Exit code 1\s+)?ok +node/],
    ] as const) {
      const ran = await stage.run(["-p", `/sluice:${skill}`, "--permission-mode", "default"]);
      expect(ran).toMatchObject({ code: 0, stdout: "ok\n" });
      const read = stage.api.turns.map(toRead).findLast((text) => text.includes("[tool_result]"));
      expect(read).toMatch(printed);
    }
    await sluice.try(["down"]);
  },
);
