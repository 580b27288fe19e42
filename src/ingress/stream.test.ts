import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { webhook } from "../channels/webhook/index.ts";
import { Secret } from "../sdk/secret.ts";
import {
  LISTEN_TOKEN,
  openIngress,
  openSocket,
  readAnswer,
  TOKEN,
  toRequest,
} from "./rig.fixture.ts";
import type { Ingress, IngressChanges } from "./rig.fixture.ts";
import type { IngressChannel, IngressOptions, StreamMessage } from "./contract.ts";

const opened: Ingress[] = [];

async function open(
  replies: IngressOptions["replies"],
  changes: IngressChanges = {},
): Promise<Ingress> {
  const ingress = await openIngress({
    channel: { listenToken: new Secret(LISTEN_TOKEN) },
    ...changes,
    options: { replies, ...changes.options },
  });
  opened.push(ingress);
  return ingress;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ listener }) => listener.close(0)));
});

/** Three replies, then silence until the listener goes. */
async function* threeThenSilence(
  _channel: string,
  afterId: number,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage> {
  for (let id = afterId + 1; id <= 3; id++)
    yield { id, data: { kind: "reply", text: `line one\nline two ${id}` } };
  await new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}

function listen(
  port: number,
  headers: Record<string, string> = {},
  name = "alerts",
): Promise<Response> {
  const authorization = `Bearer ${LISTEN_TOKEN}`;
  return fetch(`http://127.0.0.1:${port}/out/${name}`, { headers: { authorization, ...headers } });
}

/** Reads until `events` events are in. */
async function readEvents(answer: Response, events: number): Promise<string[]> {
  let text = "";
  const decoder = new TextDecoder();
  // A fetch answer has a body unless its status forbids one.
  for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const found = text.split("\n\n").filter((part) => part.startsWith("id: "));
    if (found.length >= events && text.endsWith("\n\n")) return found;
  }
  return text.split("\n\n").filter((part) => part.startsWith("id: "));
}

test("replies come as server-sent events with their ids, one data line each", async () => {
  const { port } = await open(threeThenSilence);
  const answer = await listen(port);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  const events = await readEvents(answer, 3);
  expect(events[0]).toBe('id: 1\ndata: {"kind":"reply","text":"line one\\nline two 1"}');
  expect(events).toHaveLength(3);
});

test("a listener resumes after the last id it saw", async () => {
  const { port } = await open(threeThenSilence);
  const events = await readEvents(await listen(port, { "last-event-id": "2" }), 1);
  expect(events.map((event) => event.split("\n")[0])).toEqual(["id: 3"]);
  expect((await listen(port, { "last-event-id": "two" })).status).toBe(400);
});

test("a wrong token, the push token, no token and an unknown channel are one and the same 401", async () => {
  const { port, counts } = await open(threeThenSilence);
  const answers = [
    await listen(port, { authorization: `Bearer ${TOKEN}` }),
    await listen(port, { authorization: "" }),
    await listen(port, { authorization: `Basic ${LISTEN_TOKEN}` }),
    await listen(port, { authorization: `Bearer ${LISTEN_TOKEN}x` }),
    await listen(port, {}, "nobody"),
  ];
  for (const answer of answers)
    expect([answer.status, await answer.text()]).toEqual([401, '{"error":"unauthorized"}']);
  expect(new Set(counts)).toEqual(new Set(["alerts bad_listen_token", "- bad_listen_token"]));
  const socket = await openSocket(port);
  const auth = `Authorization: Bearer ${LISTEN_TOKEN}`;
  socket.write(toRequest("GET /out/alerts", ["Host: a", auth, auth]));
  expect((await readAnswer(socket)).status).toBe(401);
  socket.destroy();
});

test("a channel without a listen token has no stream, whatever is sent", async () => {
  const ingress = await openIngress();
  opened.push(ingress);
  expect((await listen(ingress.port)).status).toBe(401);
});

test("other methods are 405, and a path below the name is 404", async () => {
  const { port } = await open(threeThenSilence);
  const url = `http://127.0.0.1:${port}/out/alerts`;
  const headers = { authorization: `Bearer ${LISTEN_TOKEN}` };
  for (const method of ["POST", "HEAD", "OPTIONS"]) {
    const answer = await fetch(url, { method, headers });
    expect([method, answer.status, answer.headers.get("allow")]).toEqual([method, 405, "GET"]);
    const body = method === "HEAD" ? "" : expect.stringContaining('"error":"method_not_allowed"');
    expect(await answer.text()).toEqual(body);
  }
  expect((await fetch(`${url}/more`, { headers })).status).toBe(404);
});

test("a quiet stream shows by comments that it is alive, and they carry no id", async () => {
  const silence: IngressOptions["replies"] = (channel, _afterId, signal) =>
    threeThenSilence(channel, 3, signal);
  const { port } = await open(silence, { heartbeatMs: 20 });
  const answer = await listen(port);
  let text = "";
  for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    if (text.split(": still here\n\n").length > 3) break;
  }
  expect(text.replaceAll(": still here\n\n", "")).toBe("retry: 2000\n\n");
});

test("when the listener goes, the source is told to stop", async () => {
  const stopped = Promise.withResolvers<void>();
  const { port } = await open(async function* (_channel, _afterId, signal) {
    signal.addEventListener("abort", () => stopped.resolve());
    yield { id: 1, data: {} };
    await stopped.promise;
  });
  const socket = await openSocket(port);
  socket.write(toRequest("GET /out/alerts", ["Host: a", `Authorization: Bearer ${LISTEN_TOKEN}`]));
  expect((await readAnswer(socket)).status).toBe(200);
  socket.destroy();
  await stopped.promise;
});

test("when ingress closes, streams end at once and politely", async () => {
  const sent = Promise.withResolvers<void>();
  const ingress = await open(async function* (...asked) {
    for await (const message of threeThenSilence(...asked)) {
      yield message;
      // Asked for what comes next: it has this one.
      if (message.id === 3) sent.resolve();
    }
  });
  const answer = await listen(ingress.port);
  const all = readEvents(answer, 99);
  await sent.promise;
  // Longer than this test may take.
  await ingress.listener.close(3_600_000);
  expect(await all).toHaveLength(3);
});

test("a listener that does not read is cut off, and memory stays bounded", async () => {
  let yielded = 0;
  const ended = Promise.withResolvers<void>();
  const { port } = await open(async function* () {
    try {
      for (;;) yield { id: ++yielded, data: { text: "x".repeat(300 * 1024) } };
    } finally {
      ended.resolve();
    }
  });
  const socket = await openSocket(port);
  socket.pause();
  socket.write(toRequest("GET /out/alerts", ["Host: a", `Authorization: Bearer ${LISTEN_TOKEN}`]));
  await ended.promise;
  // What the kernel's socket buffers take is all that can be ahead.
  expect(yielded).toBeLessThan(100);
  socket.destroy();
});

test("a source that fails ends the stream with a line in the log", async () => {
  const { port, warnings } = await open(async function* () {
    yield { id: 1, data: {} };
    throw new Error("store closed");
  });
  const answer = await listen(port);
  await expect(answer.text()).rejects.toThrow();
  expect(warnings).toHaveLength(1);
});

test.each([
  ["removed and added again", new Secret("listen_another_0123456789abcdef0123")],
  ["removed", undefined],
])(
  "a listener hears nothing more of a channel that was %s, and is let go",
  async (_, listenToken) => {
    let calls = 0;
    let tell = (): void => {};
    const told = new Promise<void>((resolve) => (tell = resolve));
    const channel: IngressChannel = {
      name: "alerts",
      definition: webhook,
      verifier: "unsigned",
      options: { name: "alerts", twoWay: true },
      paused: false,
      ratePerSecond: 0,
      burst: 0,
    };
    const withToken = (token: Secret): IngressChannel => ({ ...channel, listenToken: token });
    const channels = new Map([["alerts", withToken(new Secret(LISTEN_TOKEN))]]);
    const { port } = await open(
      async function* (_name, _afterId, signal) {
        const isTalking = calls++ === 0;
        yield { id: 1, data: { text: "before" } };
        if (isTalking) {
          await told;
          yield { id: 2, data: { text: "of another" } };
        }
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
      { options: { channels }, heartbeatMs: 20 },
    );
    const talking = await listen(port);
    const idle = await listen(port);
    await sleep(50);
    // The same credential read anew changes nothing.
    channels.set("alerts", withToken(new Secret(LISTEN_TOKEN)));
    await sleep(50);
    if (listenToken === undefined) channels.delete("alerts");
    else channels.set("alerts", withToken(listenToken));
    tell();
    for (const answer of [talking, idle]) {
      const text = await answer.text();
      expect(text).toContain("before");
      expect(text).not.toContain("of another");
    }
  },
);
