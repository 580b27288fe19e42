/** Readers that stop reading, over a real socket. */
import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { type EventStream, openStream } from "./stream.ts";

const MESSAGE = { text: "x".repeat(4_096) };

async function open(): Promise<{
  stream: EventStream;
  ended: () => number;
  answer: IncomingMessage;
}> {
  const socketPath = join(makeFolder(), "s.sock");
  let ends = 0;
  let stream: EventStream | undefined;
  const server = createServer((_, outgoing) => {
    openStream(outgoing, (opened) => {
      stream = opened;
      return () => ends++;
    });
  });
  server.listen(socketPath);
  await once(server, "listening");
  const outgoing = request({ socketPath, agent: false }).end();
  // An answer that nobody reads: the kernel's buffer fills, then ours.
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  answer.on("error", () => undefined);
  onTestFinished(() => {
    outgoing.destroy();
    server.closeAllConnections();
    server.close();
  });
  if (stream === undefined) throw new Error("no stream");
  return { stream, ended: () => ends, answer };
}

test("a reader that stopped reading is cut off, and 80,000 messages cost no memory", async () => {
  const { stream, ended } = await open();
  globalThis.gc?.();
  const before = process.memoryUsage();
  for (let i = 0; i < 80_000; i++) {
    stream.send(MESSAGE);
    if (i % 500 === 0) await nextTurn();
  }
  await expect.poll(ended).toBe(1);
  const after = process.memoryUsage();
  // Unbounded they would be 328 MB outside of the heap.
  expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(
    32 * 1024 ** 2,
  );
});

test("a client that left before its stream began holds nothing", async () => {
  const socketPath = join(makeFolder(), "s.sock");
  let ends = 0;
  let begins = 0;
  const server = createServer(async (_, outgoing) => {
    await once(outgoing, "close");
    openStream(outgoing, () => {
      begins++;
      return () => ends++;
    });
  });
  server.listen(socketPath);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const outgoing = request({ socketPath, agent: false }).end();
  outgoing.on("error", () => undefined);
  await once(server, "request");
  outgoing.destroy();
  await expect.poll(() => ends).toBe(1);
  expect(begins).toBe(1);
});

test("a stream that cannot be begun is ended, and keeps no timer", async () => {
  const socketPath = join(makeFolder(), "s.sock");
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const server = createServer((_, outgoing) => {
    const before = timers();
    expect(() =>
      openStream(outgoing, () => {
        throw new Error("no store");
      }),
    ).toThrow("no store");
    expect(timers()).toBe(before);
  });
  server.listen(socketPath);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const outgoing = request({ socketPath, agent: false }).end();
  const [error] = (await once(outgoing, "error")) as [Error];
  expect(error.message).toMatch(/hang up|ECONNRESET/);
});

test("one message larger than the bound reaches a reader that reads", async () => {
  const { stream, answer } = await open();
  let bytes = 0;
  answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
  for (let i = 0; i < 5; i++) {
    stream.send({ text: "y".repeat(1_000_000) });
    await expect.poll(() => bytes).toBeGreaterThan((i + 1) * 1_000_000);
  }
});
