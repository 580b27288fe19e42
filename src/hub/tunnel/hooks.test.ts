import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { toHome } from "../../local/home.ts";
import { Secret } from "../../sdk/secret.ts";
import { writeSecrets } from "../channels/secrets.ts";
import { openHome } from "../process/home.ts";
import type { ChannelConfig } from "../settings/config.ts";
import { Hooks } from "./hooks.ts";
import { FAKES, MovedClock, until } from "./tunnel-rig.fixture.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const GH = join(FAKES, "gh");

function openScene() {
  const folder = mkdtempSync(join(tmpdir(), "sluice-hooks-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  openHome({ SLUICE_HOME: join(folder, "home") });
  const home = toHome(join(folder, "home"));
  const fakes = join(folder, "fakes");
  mkdirSync(join(fakes, "gh-hooks"), { recursive: true });
  const state = { origin: "https://one.test" as string | undefined, fails: false, isProven: true };
  let config: ChannelConfig = {
    name: "ci",
    kind: "github",
    scheme: "github",
    twoWay: false,
    paused: false,
    rate: 50,
  };
  writeSecrets(home, "ci", { keys: [{ id: "k1", secret: new Secret("a-secret-of-the-channel") }] });
  const clock = new MovedClock();
  const hooks = new Hooks({
    home,
    env: { PATH: process.env["PATH"], SLUICE_TEST_FAKES: fakes },
    clock,
    log: quiet,
    isProven: () => state.isProven,
    channels: {
      has: (name) => name === config.name,
      list: () => [{ config, channel: undefined, isConnected: false, reason: undefined }],
      toPublicUrl: (name) => state.origin && `${state.origin}/in/${name}`,
      keep: async (_, change) => {
        if (state.fails) throw new Error("the disk is full");
        config = { ...config, ...change };
      },
    },
  });
  const readAll = (): string[] =>
    readdirSync(join(fakes, "gh-hooks")).map((name) =>
      readFileSync(join(fakes, "gh-hooks", name), "utf8"),
    );
  return {
    home,
    clock,
    hooks,
    state,
    readAll,
    set: (mode: string) => writeFileSync(join(fakes, "gh.mode"), mode),
    kept: () => config.hooks ?? [],
  };
}

const ASK = { target: "octo-org/octo-app", events: [], program: GH };

test("a hook that was made follows the public address, until it does", async () => {
  const { hooks, state, clock, kept, readAll, set } = openScene();
  const made = await hooks.make("ci", ASK);
  expect(made).toMatchObject({ target: "octo-org/octo-app", url: "https://one.test/in/ci" });
  state.origin = "https://two.test";
  set("outage");
  await hooks.follow();
  expect(hooks.findNote("ci")).toContain("its hook does not lead here yet");
  set("ok");
  clock.pass(10_000);
  await until(() => hooks.findNote("ci") === undefined, "the second try");
  expect(kept()).toMatchObject([{ id: made.id, url: "https://two.test/in/ci" }]);
  expect(readAll().join()).toContain("https://two.test/in/ci");
});

test("a new secret is told to the hook, whose address stays", async () => {
  const { hooks, home, readAll } = openScene();
  await hooks.make("ci", ASK);
  const secret = new Secret("the-next-secret-of-it");
  writeSecrets(home, "ci", { keys: [{ id: "k2", secret }] });
  await hooks.follow();
  expect(readAll().join()).not.toContain("the-next-secret");
  await hooks.update("ci", true);
  expect(readAll().join()).toContain("the-next-secret");
});

test("TUNNEL-4: an address that was not reached from outside yet moves no hook, whatever else is told to it", async () => {
  const { hooks, state, home, kept, readAll } = openScene();
  await hooks.make("ci", ASK);
  Object.assign(state, { origin: "https://two.test", isProven: false });
  await hooks.follow();
  writeSecrets(home, "ci", { keys: [{ id: "k2", secret: new Secret("the-next-secret-of-it") }] });
  await hooks.update("ci", true);
  expect(readAll().join()).toContain("the-next-secret");
  expect(readAll().join()).not.toContain("two.test");
  expect(kept()).toMatchObject([{ url: "https://one.test/in/ci" }]);
  state.isProven = true;
  await hooks.follow();
  expect(readAll().join()).toContain("https://two.test/in/ci");
});

test("one channel has hooks on several repositories, and one on each", async () => {
  const { hooks, kept, readAll } = openScene();
  await hooks.make("ci", ASK);
  await hooks.make("ci", { ...ASK, target: "https://github.com/octo-org/octo-app" });
  expect(readAll()).toHaveLength(1);
  await hooks.make("ci", { ...ASK, target: "octo-org/other" });
  expect(kept().map(({ target }) => target)).toEqual(["octo-org/octo-app", "octo-org/other"]);
  expect(readAll()).toHaveLength(2);
});

test("HOOKS-1: one that cannot be written down is removed again", async () => {
  const { hooks, state, readAll } = openScene();
  state.fails = true;
  await expect(hooks.make("ci", ASK)).rejects.toThrow("the disk is full");
  expect(readAll()).toEqual([]);
});

test("HOOKS-2: a platform that does not answer keeps no channel, and what is left there is told", async () => {
  const { hooks, set, readAll } = openScene();
  const { id } = await hooks.make("ci", ASK);
  set("no-network");
  const [left] = await hooks.remove("ci");
  expect(left).toMatchObject({ target: "octo-org/octo-app", id });
  expect(left?.reason).toContain("error connecting");
  set("ok");
  expect(await hooks.remove("ci")).toEqual([{ target: "octo-org/octo-app", id }]);
  expect(readAll()).toEqual([]);
});

test("without a public address, or without somebody to ask with, no hook is made", async () => {
  const { hooks, state } = openScene();
  await expect(hooks.make("ci", { target: "a/b", events: [] })).rejects.toThrow("--hook-token-env");
  state.origin = undefined;
  await expect(hooks.make("ci", ASK)).rejects.toThrow("sluice up --tunnel");
});
