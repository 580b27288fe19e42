/** The link against a hub whose answers the test decides: a real server on a real socket. */
import { toHookCall } from "../flow/sample.fixture.ts";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { AttachRequest } from "../api/wire/client-wire.ts";
import { SluiceError } from "../sdk/errors.ts";
import { makeFolder } from "../store/sample.fixture.ts";
import { HubLink, type HookSignal, type LinkOptions } from "./link.ts";

const CLIENT: AttachRequest["client"] = {
  pid: process.pid,
  startTime: "1",
  argv: [],
  name: "test",
  version: "1",
  plugin: true,
  interactive: true,
  session: "s1",
  cwd: "/",
};

type Hook = (signal: HookSignal, answer: ServerResponse) => void;

/** A hub that takes every attachment, and gives each hook call to `hook`. */
async function openFakeHub(
  hook: Hook,
  attach = (outgoing: ServerResponse): void => {
    outgoing.writeHead(200, { "content-type": "text/event-stream" });
    outgoing.write('data: {"kind":"attached","id":"a1"}\n\n');
  },
): Promise<string> {
  const socket = join(makeFolder(), "hub.sock");
  const server = createServer(async (incoming: IncomingMessage, outgoing) => {
    let body = "";
    for await (const chunk of incoming) body += String(chunk);
    if (incoming.url === "/v1/attachments") attach(outgoing);
    else if (incoming.url?.endsWith("/hooks") === true) hook(JSON.parse(body), outgoing);
    else outgoing.end("{}");
  });
  server.listen(socket);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return socket;
}

function openLink(socket: string, changes: Partial<LinkOptions> = {}): HubLink {
  const link = new HubLink({
    locate: () => socket,
    ensure: async () => {},
    onChannel: () => {},
    onVerdict: () => {},
    onStop: () => {},
    onHub: () => {},
    warn: () => {},
    ...changes,
  });
  onTestFinished(() => link.close(0));
  return link;
}

async function attached(link: HubLink): Promise<void> {
  link.open(() => CLIENT);
  await expect.poll(() => link.id).toBe("a1");
}

function stop(promptId: string): HookSignal {
  return toHookCall({ event: "Stop", session: "s1", promptId });
}

test("what the client is, is read once: each hook asks for the lease, and on macOS reading starts a process", async () => {
  const link = openLink(await openFakeHub((_, answer) => answer.end("{}")));
  let reads = 0;
  for (let n = 0; n < 3; n++) {
    link.open(() => {
      reads += 1;
      return CLIENT;
    });
  }
  expect(reads).toBe(1);
});

// LINK-1
test("of more signals than are kept the oldest that wait are let go, and no other", async () => {
  const heard: number[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const socket = await openFakeHub(async ({ promptId }, answer) => {
    heard.push(Number(promptId));
    await held;
    answer.end("{}");
  });
  const link = openLink(socket);
  await attached(link);
  const answers = [link.signal(stop("0"), 5)];
  await expect.poll(() => heard).toEqual([0]);
  // 0 is on its way, 1 to 1000 wait; 1001 pushes 1 out.
  for (let n = 1; n <= 1_001; n++) answers.push(link.signal(stop(String(n)), 5));
  release();
  await expect.poll(() => heard.at(-1)).toBe(1_001);
  expect(heard).toEqual([0, ...Array.from({ length: 1_000 }, (_, n) => n + 2)]);
  expect(await Promise.all(answers)).toHaveLength(1_002);
});

test("a signal whose connection broke is sent again while the lease holds, without another hook", async () => {
  const heard: string[] = [];
  const socket = await openFakeHub(({ promptId }, answer) => {
    heard.push(promptId);
    if (heard.length === 1) answer.socket?.destroy();
    else answer.end("{}");
  });
  const link = openLink(socket);
  await attached(link);
  expect(await link.signal(stop("p1"), 35)).toEqual({});
  await expect.poll(() => heard).toEqual(["p1", "p1"]);
});

test("a hub that dies in the middle of its answer has not answered: the signal is sent again", async () => {
  const heard: string[] = [];
  const warnings: string[] = [];
  const socket = await openFakeHub(({ promptId }, answer) => {
    heard.push(promptId);
    if (heard.length > 1) return void answer.end("{}");
    answer.writeHead(200, { "content-length": "100" });
    answer.write("{", () => answer.socket?.destroy());
  });
  const link = openLink(socket, { warn: (message) => warnings.push(message) });
  await attached(link);
  await link.signal(stop("p1"), 35);
  await expect.poll(() => heard).toEqual(["p1", "p1"]);
  expect(warnings).toEqual([]);
});

test("a hub that cannot be started is not started again and again, and is found as soon as it is there", async () => {
  let starts = 0;
  let socket = "/nonexistent/hub.sock";
  const link = openLink("", {
    locate: () => socket,
    ensure: async () => {
      starts += 1;
      throw new SluiceError("bad_config", "config.json cannot be used");
    },
  });
  link.open(() => CLIENT);
  await sleep(1_500);
  expect(starts).toBe(1);
  socket = await openFakeHub((_, answer) => answer.end("{}"));
  await expect.poll(() => link.id).toBe("a1");
});

test("a hub that was killed in its start is started again at once", async () => {
  let starts = 0;
  let socket = "/nonexistent/hub.sock";
  const link = openLink("", {
    locate: () => socket,
    ensure: async () => {
      starts += 1;
      if (starts === 1) throw new SluiceError("hub_unreachable", "it ended with SIGKILL");
      socket = await openFakeHub((_, answer) => answer.end("{}"));
    },
  });
  link.open(() => CLIENT);
  await expect.poll(() => link.id).toBe("a1");
  expect(starts).toBe(2);
});

test("a hub that refuses the lease says why, and is quoted once", async () => {
  const warnings: string[] = [];
  let asked = 0;
  const socket = await openFakeHub(
    () => {},
    (outgoing) => {
      asked += 1;
      outgoing
        .writeHead(400)
        .end('{"error":{"code":"bad_input","message":"client.cwd: too long"}}');
    },
  );
  const link = openLink(socket, { warn: (message) => warnings.push(message) });
  link.open(() => CLIENT);
  await expect.poll(() => asked).toBeGreaterThan(3);
  expect(warnings).toEqual([refused("client.cwd: too long")]);
  // Nobody reads what a shim writes: its hooks and tools say it as well, and keep nobody waiting.
  expect(link.refusal).toBe(warnings[0]);
  await expect(link.tool("inbox", {}, {})).rejects.toThrow(warnings[0]);
});

test("a hub of another version, whose answer is none of ours, counts as one that refuses", async () => {
  const socket = await openFakeHub(
    () => {},
    (outgoing) => outgoing.writeHead(404).end("404 Not Found"),
  );
  const link = openLink(socket);
  link.open(() => CLIENT);
  await expect.poll(() => link.refusal).toContain("it is of another version");
});

test("once a hub takes the session, nothing is refused any more", async () => {
  let asked = 0;
  const socket = await openFakeHub(
    () => {},
    (outgoing) => {
      asked += 1;
      if (asked === 1) outgoing.writeHead(404).end("404 Not Found");
      else
        outgoing
          .writeHead(200, { "content-type": "text/event-stream" })
          .write('data: {"kind":"attached","id":"a1"}\n\n');
    },
  );
  const link = openLink(socket);
  link.open(() => CLIENT);
  await expect.poll(() => link.id).toBe("a1");
  expect(link.refusal).toBeUndefined();
});

function refused(why: string): string {
  return `the hub does not take this session (${why}); run "sluice up", then restart the session (/mcp, reconnect)`;
}

test("what an end of turn shows the person, and came too late for it, is kept for the next hook, once", async () => {
  const waiting: (() => void)[] = [];
  const socket = await openFakeHub(({ promptId }, answer) => {
    waiting.push(() => answer.end(JSON.stringify({ systemMessage: `of ${promptId}` })));
  });
  const link = openLink(socket);
  await attached(link);
  expect(await link.signal(stop("p1"), 5)).toEqual({});
  await expect.poll(() => waiting.length).toBe(1);
  expect(link.takeLateScreen()).toBeUndefined();
  waiting[0]?.();
  await expect.poll(() => link.takeLateScreen()).toBe("of p1");
  expect(link.takeLateScreen()).toBeUndefined();
  // One that was in time was shown.
  const inTime = link.signal(stop("p2"), 60_000);
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.();
  expect(await inTime).toEqual({ systemMessage: "of p2" });
  expect(link.takeLateScreen()).toBeUndefined();
  // What a prompt brings comes again by itself.
  const prompt = toHookCall({ event: "UserPromptSubmit", session: "s1", promptId: "p3" });
  expect(await link.signal(prompt, 5)).toEqual({});
  await expect.poll(() => waiting.length).toBe(3);
  waiting[2]?.();
  expect(await link.signal(stop("p4"), 5)).toEqual({});
  await expect.poll(() => waiting.length).toBe(4);
  expect(link.takeLateScreen()).toBeUndefined();
});
