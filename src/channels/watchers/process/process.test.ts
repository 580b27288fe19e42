/** Real processes and real ports. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readProcess } from "../../../local/process.ts";
import { systemClock } from "../../../sdk/clock.ts";
import { makeFolder } from "../../../store/sample.fixture.ts";
import { WatchRig } from "../watch-rig.fixture.ts";
import { processKind } from "./index.ts";
import { parsePort } from "./processes.ts";
import { toSubject } from "./watch-process.ts";

function startSleep(program = "sleep"): ChildProcess {
  const child = spawn(program, ["600"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

// PROCESS-1
test("a pid that ends is told once, and the watcher is over; another process of that number is not it", async () => {
  const child = startSleep();
  const pid = String(child.pid);
  const started = readProcess(child.pid ?? 0)?.startTime ?? "";
  const rig = new WatchRig(processKind, { pid, started, every: "1s" }, systemClock);
  await rig.start();
  expect(rig.taken).toEqual([]);
  await end(child);
  await expect.poll(() => rig.texts).toEqual([`Process ${pid} has ended`]);
  expect([rig.isOver, rig.taken[0]?.meta["status"]]).toEqual([true, "down"]);

  const other = startSleep();
  const reused = new WatchRig(
    processKind,
    { pid: String(other.pid), started: "another boot:1" },
    systemClock,
  );
  await reused.start();
  expect(reused.texts).toEqual([`Process ${other.pid} has ended`]);
});

test("a program is known by its name: it begins, is started anew, and ends, also while no hub runs", async () => {
  const program = join(makeFolder(), "sluicewatched");
  copyFileSync("/bin/sleep", program);
  const settings = { name: "sluicewatched", every: "1s" };
  const rig = new WatchRig(processKind, settings, systemClock);
  await rig.start();
  const first = startSleep(program);
  await expect.poll(() => rig.texts).toEqual([`Process sluicewatched runs (pid ${first.pid})`]);
  await rig.stop();
  await end(first);
  const second = startSleep(program);
  await once(second, "spawn");
  await rig.start();
  await end(second);
  await expect
    .poll(() => rig.taken.map(({ kind }) => kind))
    .toEqual(["process.began", "process.restarted", "process.ended"]);
});

test("a port that opens and closes", async () => {
  const server: Server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has a port");
  const port = String(address.port);
  const rig = new WatchRig(processKind, { port, every: "1s" }, systemClock);
  await rig.start();
  await new Promise((done) => server.close(done));
  await expect
    .poll(() => rig.texts)
    .toEqual([`Port 127.0.0.1:${port} is closed: nothing answers there`]);
  server.listen(address.port, "127.0.0.1");
  await expect.poll(() => rig.taken.at(-1)?.kind).toBe("port.began");
});

test("ports and subjects as people write them", () => {
  expect(parsePort(":5432")).toEqual({ host: "127.0.0.1", port: 5432 });
  expect(parsePort("5432")).toEqual({ host: "127.0.0.1", port: 5432 });
  expect(parsePort("db.local:5432")).toEqual({ host: "db.local", port: 5432 });
  expect(parsePort("[::1]:80")).toEqual({ host: "::1", port: 80 });
  for (const text of ["0", "65536", "db", "a:b", "::1", ""])
    expect(parsePort(text)).toBeUndefined();
  expect(() => toSubject({})).toThrow("give one of");
  expect(() => toSubject({ pid: "1", name: "x" })).toThrow("give one of");
});
