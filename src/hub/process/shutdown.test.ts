import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "SHUTDOWN-1: %s closes what was opened last first, then exits 0",
  async (signal) => {
    const child = run(
      `shutdown.add('store', () => say('store')); shutdown.add('api', async () => { await sleep(20); say('api'); }); say('up');`,
    );
    await child.until("up");
    child.process.kill(signal);
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(child.lines()).toEqual(["up", "info hub stops", "api", "store"]);
  },
);

test("SHUTDOWN-2: what does not close in time is left behind, by name", async () => {
  const child = run(
    `shutdown.add('store', () => say('store')); shutdown.add('stuck', () => new Promise(() => {})); say('up');`,
    100,
  );
  await child.until("up");
  child.process.kill("SIGTERM");
  expect((await child.ended).code).toBe(1);
  expect(child.lines().at(-1)).toBe(
    'error hub leaves before everything is closed {"closing":"stuck","graceMs":100}',
  );
});

test("the second signal ends it at once", async () => {
  const child = run(
    `shutdown.add('stuck', () => { say('closing'); return new Promise(() => {}); }); say('up');`,
  );
  await child.until("up");
  child.process.kill("SIGINT");
  await child.until("closing");
  child.process.kill("SIGINT");
  expect((await child.ended).code).toBe(130);
});

test("one that fails to close is named, the others are closed all the same, and the exit code tells", async () => {
  const child = run(
    `shutdown.add('store', () => say('store')); shutdown.add('bad', () => { throw new Error('no'); }); say('up');`,
  );
  await child.until("up");
  child.process.kill("SIGTERM");
  expect((await child.ended).code).toBe(1);
  expect(child.lines()).toContain('error closing failed {"err":{},"closing":"bad"}');
  expect(child.lines().at(-1)).toBe("store");
});

test.each([
  ["an uncaught exception", `setTimeout(() => { throw new Error('bug'); }, 5);`],
  ["an unhandled rejection", `void Promise.reject(new Error('bug'));`],
  ["a thrown value that is no error", `setTimeout(() => { throw 'text'; }, 5);`],
])("SHUTDOWN-3: %s is logged and ends the process with 70, closing nothing", async (_, code) => {
  const child = run(
    `shutdown.add('store', () => say('store')); ${code} setInterval(() => {}, 1000);`,
  );
  expect((await child.ended).code).toBe(70);
  expect(child.lines()).toHaveLength(1);
  expect(child.lines()[0]).toMatch(/^fatal .*; the hub ends/);
});

test("a log that throws does not keep a broken hub alive", async () => {
  const child = run(
    `log.fatal = () => { throw new Error('log'); }; setTimeout(() => { throw new Error('bug'); }, 5); setInterval(() => {}, 1000);`,
  );
  expect((await child.ended).code).toBe(70);
});

type Run = {
  process: ChildProcess;
  ended: Promise<{ code: number | null; signal: string | null }>;
  lines(): string[];
  until(line: string): Promise<void>;
};

function run(body: string, graceMs = 5_000): Run {
  const base = mkdtempSync(join(tmpdir(), "sluice-shutdown-"));
  const script = join(base, "hub.mts");
  writeFileSync(
    script,
    `import { writeSync } from 'node:fs';
     import { setTimeout as sleep } from 'node:timers/promises';
     import { Shutdown } from ${JSON.stringify(new URL("shutdown.ts", import.meta.url).href)};
     const say = (text) => writeSync(1, text + '\\n');
     const put = (level) => (facts, text) => say(level + ' ' + text + (level === 'info' ? '' : ' ' + JSON.stringify(facts)));
     const log = { info: put('info'), error: put('error'), fatal: put('fatal') };
     const shutdown = new Shutdown({ log, graceMs: ${graceMs} });
     const alive = setInterval(() => {}, 1000);
     ${body}`,
  );
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
    rmSync(base, { recursive: true, force: true });
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += String(chunk)));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const lines = (): string[] => text.split("\n").filter((line) => line !== "");
  const until = (line: string): Promise<void> => expect.poll(lines).toContain(line);
  return { process: child, ended, lines, until };
}
