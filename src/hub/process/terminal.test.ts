import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import type { CallerFacts } from "../../api/wire/access-wire.ts";
import { readProcess } from "../../local/process.ts";
import { toCaller } from "./terminal.ts";

const NOBODY: ReadonlySet<number> = new Set();

/** A hub's socket, to which nobody speaks. */
async function listen(): Promise<string> {
  const path = join(makeFolder(), "hub.sock");
  const server = createServer().listen(path);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return path;
}

/** A process that waits, in a terminal of its own where `inTerminal`, with a connection open where `calls`. */
async function start(
  inTerminal: boolean,
  env: Record<string, string> = {},
  calls = true,
  parent = "script",
): Promise<CallerFacts> {
  const tell = 'console.log("pid " + process.pid); setInterval(() => {}, 1000)';
  const code = calls ? `require("net").connect("${await listen()}", () => { ${tell} })` : tell;
  const node = `exec ${process.execPath} -e '${code}'`;
  const child = inTerminal
    ? spawn("script", ["-qec", node, "/dev/null"], {
        env: { PATH: process.env["PATH"], ...env },
        argv0: parent,
      })
    : spawn("sh", ["-c", node], { env: { PATH: process.env["PATH"], ...env }, detached: true });
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  const pid = Number(/pid (\d+)/.exec(text.toString())?.[1]);
  onTestFinished(async () => {
    process.kill(pid, "SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  return { pid, startTime: readProcess(pid)?.startTime ?? "", tty: true, session: false };
}

// `script` opens a terminal as it does on Linux, and /proc tells of it.
const inTerminals = test.runIf(process.platform === "linux");

inTerminals("a person's terminal", async () => {
  const facts = await start(true);
  expect(toCaller(facts, NOBODY)).toEqual({ isTerminal: true, origin: "terminal" });
});

inTerminals(
  "one that says that it has none, or is another process by now, is a program",
  async () => {
    const facts = await start(true);
    const origin = `a program (pid ${facts.pid})`;
    for (const change of [{ tty: false }, { startTime: "x" }])
      expect(toCaller({ ...facts, ...change }, NOBODY)).toEqual({ isTerminal: false, origin });
  },
);

inTerminals("without a controlling terminal it is a program, whatever it says", async () => {
  const facts = await start(false);
  expect(toCaller(facts, NOBODY)).toMatchObject({ isTerminal: false });
});

inTerminals("a process in a terminal that calls nobody was named by somebody else", async () => {
  const facts = await start(true, {}, false);
  expect(toCaller(facts, NOBODY)).toMatchObject({ isTerminal: false });
});

inTerminals("the mark of a session counts, though the caller does not tell of it", async () => {
  const facts = await start(true, { CLAUDECODE: "1" });
  expect(toCaller(facts, NOBODY)).toEqual({
    isTerminal: false,
    isSession: true,
    origin: `a session's shell (pid ${facts.pid})`,
  });
  expect(toCaller({ ...(await start(true)), session: true }, NOBODY)).toMatchObject({
    isTerminal: false,
  });
});

inTerminals("nothing below an attached client is a person, in whichever terminal", async () => {
  const facts = await start(true);
  const ancestors = new Set([process.pid]);
  expect(toCaller(facts, ancestors)).toMatchObject({
    isTerminal: false,
    origin: expect.stringContaining("session"),
  });
});

inTerminals.each([
  "claude",
  "/usr/lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe",
  "claude bg-spare",
  "/home/ada/.local/share/claude/versions/2.1.332",
])("nothing below a client that is not attached is a person: %s", async (client) => {
  const facts = await start(true, {}, true, client);
  expect(toCaller(facts, NOBODY)).toMatchObject({ isTerminal: false, isSession: true });
});

inTerminals("what a session runs is known for it without any terminal, too", async () => {
  const facts = { ...(await start(false)), tty: false };
  const below = toCaller(facts, new Set([process.pid]));
  expect(below).toMatchObject({ isTerminal: false, isSession: true });
  expect(toCaller(facts, NOBODY).isSession).toBeUndefined();
});

test("a process that is gone is nobody", () => {
  const facts = { pid: 2 ** 22 + 1, startTime: "x", tty: true, session: false };
  expect(toCaller(facts, NOBODY)).toMatchObject({ isTerminal: false });
});
