/** A hub that may have few files open: idle connections keep no honest sender, command or session out. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { isHubAnswering } from "../../src/api/client/start-hub.ts";
import { locateSocket } from "../../src/local/home.ts";
import { CLI, endProcess, openRig, type Rig, until } from "./rig.ts";
import { postGithub, GITHUB_SECRET } from "./senders.ts";

/** As from a shell with that limit. */
async function startLimited(rig: Rig, ulimit: string): Promise<ChildProcess> {
  const child = spawn(
    "sh",
    ["-c", `ulimit ${ulimit} && exec "$0" "$1" up --foreground`, process.execPath, CLI],
    { env: rig.env, stdio: "ignore" },
  );
  onTestFinished(() => endProcess(child.pid ?? 0, "SIGKILL"));
  await until("the hub answers", () => isHubAnswering(locateSocket(rig.env)));
  return child;
}

function openLimitedRig(): Rig {
  const rig = openRig();
  onTestFinished(() => rig[Symbol.asyncDispose]());
  return rig;
}

test.skipIf(process.platform !== "linux").each(["-n 64", "-n 100", "-n 256"])(
  "FILES-1: with ulimit %s, hundreds of idle connections keep no honest sender and no command out, and status and doctor say the limit",
  async (ulimit) => {
    const rig = openLimitedRig();
    const hub = await startLimited(rig, ulimit);
    const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
    const { hostname, port } = new URL(github.url);
    const idle: Socket[] = [];
    onTestFinished(() => idle.forEach((socket) => socket.destroy()));
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 60; i++) {
        const socket = connect(Number(port), hostname).on("error", () => {});
        // Half of them say something, and never end it.
        if (i % 2 === 0) socket.write("POST /in/github HTTP/1.1\r\nHost: ");
        idle.push(socket);
        await once(socket, "connect");
      }
      expect((await postGithub(github)).status).toBe(202);
    }
    const limit = ulimit.slice(3);
    const left = Number(limit) - readdirSync(`/proc/${hub.pid}/fd`).length;
    expect(left).toBeGreaterThanOrEqual(8);
    const [status, doctor] = [await rig.run("status"), await rig.run("doctor")];
    expect(status.stdout).toContain(`the hub may have ${limit} files open`);
    expect(doctor.stdout).toMatch(new RegExp(`!! {2}open files +${limit} at once`));
    expect(doctor.stdout).toContain(
      'fix: sluice down, then sluice up in a shell where "ulimit -n"',
    );
    // The fix, as it is said.
    expect((await rig.run("down")).code).toBe(0);
    expect((await rig.run("up")).code).toBe(0);
    expect((await rig.run("doctor")).stdout).toMatch(/ok {2}open files/);
  },
);

test.skipIf(process.platform !== "linux")(
  "a soft limit that is lower than the hard one is raised",
  async () => {
    const rig = openLimitedRig();
    const { pid } = await startLimited(rig, "-S -n 64");
    const [, soft, hard] =
      /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8")) ?? [];
    expect(soft).toBe(hard);
    expect((await rig.run("doctor")).stdout).toMatch(/ok {2}open files/);
  },
);

test.skipIf(process.platform !== "linux")(
  "senders that keep their connections open do not keep each other out either",
  async () => {
    const rig = openLimitedRig();
    await startLimited(rig, "-n 64");
    const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
    // fetch keeps each connection for the next request; many at once need many.
    for (let round = 0; round < 5; round++) {
      const sent = await Promise.all(
        Array.from({ length: 6 }, () => postGithub(github).then(({ status }) => status)),
      );
      expect(sent).toEqual(Array(6).fill(202));
    }
  },
);
