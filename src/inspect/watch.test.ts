import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import { openWatcher, type WatcherOptions } from "./watch.ts";

function open(more: Partial<WatcherOptions> & Pick<WatcherOptions, "paths">) {
  const restarts: string[] = [];
  const watcher = openWatcher({
    except: [],
    restart: async (why) => void restarts.push(why),
    onChange: () => {},
    onFault: () => {},
    debounceMs: 50,
    ...more,
  });
  onTestFinished(() => watcher.close());
  return { watcher, restarts };
}

test("a file that an editor replaces is still watched, and its neighbours are not", async () => {
  const folder = makeFolder();
  const file = join(folder, "server.ts");
  writeFileSync(file, "1");
  const { restarts } = open({ paths: [file] });
  writeFileSync(join(folder, "other.ts"), "x");
  for (const [index, text] of ["2", "3"].entries()) {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    await expect.poll(() => restarts.length).toBe(index + 1);
  }
  expect(restarts).toEqual([`${file} changed`, `${file} changed`]);
});

// REWATCH-1
test("one restart for a burst, never two at once, and one more for what changed meanwhile", async () => {
  const folder = makeFolder();
  let running = 0;
  let most = 0;
  const restarts: string[] = [];
  const { promise: held, resolve: free } = Promise.withResolvers<void>();
  open({
    paths: [folder],
    patienceMs: 1_000_000,
    async restart(why) {
      most = Math.max(most, ++running);
      restarts.push(why);
      await held;
      running -= 1;
    },
  });
  for (let i = 0; i < 20; i++) writeFileSync(join(folder, `a${i}.ts`), "x");
  await expect.poll(() => restarts.length).toBe(1);
  writeFileSync(join(folder, "later.ts"), "x");
  // Until the change has certainly come in.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(restarts).toHaveLength(1);
  free();
  await expect.poll(() => restarts.length).toBe(2);
  expect(most).toBe(1);
});

test("what tools write, fixtures and a recording start nothing", async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "fixtures"));
  mkdirSync(join(folder, "node_modules"));
  const { restarts } = open({
    paths: [folder],
    except: [join(folder, "fixtures"), join(folder, "log.jsonl")],
  });
  for (const name of ["fixtures/a.json", "node_modules/b.js", "log.jsonl", "c.ts~", ".c.ts.swp"])
    writeFileSync(join(folder, name), "x");
  writeFileSync(join(folder, "real.ts"), "x");
  await expect.poll(() => restarts.length).toBe(1);
  expect(restarts).toEqual([`${join(folder, "real.ts")} changed`]);
});

// REWATCH-2
test("a server that keeps dying is started less and less often; one that lived begins anew", () => {
  const { watcher } = open({ paths: [makeFolder()] });
  const pauses = Array.from({ length: 9 }, () => watcher.takeExit(20));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(watcher.takeExit(60_000)).toBe(500);
});

test("a path that is not there is refused by name", () => {
  expect(() => open({ paths: ["/nowhere/at/all"] })).toThrow(
    "--watch /nowhere/at/all: there is no such file or folder",
  );
});

// REWATCH-3
test("a file that the server writes at each start is named and starts it ever less often; what a person changes starts it at once", async () => {
  const folder = makeFolder();
  const file = join(folder, "server.ts");
  const log = join(folder, "server.log");
  const faults: string[] = [];
  let count = 0;
  const { restarts } = open({
    paths: [folder],
    restart: async (why) => {
      restarts.push(why);
      writeFileSync(log, `start ${++count}`);
    },
    onFault: (text) => faults.push(text),
  });
  writeFileSync(file, "1");
  await expect.poll(() => faults.length).toBe(1);
  expect(faults[0]).toContain(`${log} has changed at each of the last 3 starts`);
  writeFileSync(file, "2");
  await expect.poll(() => restarts.filter((why) => why === `${file} changed`).length).toBe(2);
  expect(faults).toHaveLength(1);
});

test("a file that never rests does not keep a change waiting", async () => {
  const folder = makeFolder();
  const { restarts } = open({ paths: [folder], debounceMs: 300 });
  const writer = setInterval(() => writeFileSync(join(folder, "a.log"), String(Math.random())), 50);
  onTestFinished(() => clearInterval(writer));
  await expect.poll(() => restarts.length).toBeGreaterThan(0);
});

test("a folder that a build takes away and makes anew is still watched, and so is a file in it", async () => {
  const folder = makeFolder();
  const dist = join(folder, "dist");
  const file = join(dist, "a.js");
  const build = (text: string): void => {
    mkdirSync(dist);
    writeFileSync(file, text);
  };
  build("1");
  for (const path of [dist, file]) {
    const { restarts } = open({ paths: [path] });
    rmSync(dist, { recursive: true });
    build("2");
    await expect.poll(() => restarts.length).toBeGreaterThan(0);
    rmSync(dist, { recursive: true });
    // So long that it was certainly seen to be gone.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = restarts.length;
    build("3");
    await expect.poll(() => restarts.length).toBeGreaterThan(before);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const last = restarts.length;
    writeFileSync(file, "4");
    await expect.poll(() => restarts.length).toBeGreaterThan(last);
  }
});

// REWATCH-1
test("a start that never ends does not keep the change waiting that mends it", async () => {
  const folder = makeFolder();
  const restarts: string[] = [];
  open({
    paths: [folder],
    patienceMs: 50,
    restart(why) {
      restarts.push(why);
      return restarts.length < 3 ? new Promise(() => {}) : Promise.resolve();
    },
  });
  for (const count of [1, 2, 3, 4]) {
    writeFileSync(join(folder, `${count}.ts`), "x");
    await expect.poll(() => restarts.length).toBe(count);
  }
});
