import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createRawServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isSluiceError } from "../../sdk/errors.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { openClient, read, readStream } from "./client.ts";
import { exchange } from "./exchange.ts";
import { isHubAnswering } from "./start-hub.ts";

/** What becomes of the connection once the answer is written. */
type Ending = "end" | "destroy" | "stay";

/** Something that answers each connection with these bytes, in the pieces given, and then does `end`. */
async function openRaw(pieces: readonly string[], ending: Ending): Promise<string> {
  const path = join(makeFolder(), "hub.sock");
  const answer = async (connection: Socket): Promise<void> => {
    for (const piece of pieces) {
      await new Promise<void>((resolve) => connection.write(piece, () => resolve()));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    if (ending !== "stay") connection[ending]();
  };
  const server = createRawServer((connection) => {
    connection.on("error", () => undefined);
    connection.once("data", () => void answer(connection));
  });
  await once(server.listen(path), "listening");
  onTestFinished(() => void server.close());
  return path;
}

test("a request arrives as it was meant, and an answer of any size comes whole", async () => {
  const socket = join(makeFolder(), "hub.sock");
  const text = "ü⟨".repeat(300_000);
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const { method, url, headers } = request;
      answer.end(JSON.stringify({ method, url, type: headers["content-type"], body, text }));
    });
  });
  await once(server.listen(socket), "listening");
  onTestFinished(() => void server.close());
  const heard: string[] = [];
  const head = await exchange({
    socket,
    method: "POST",
    path: "/v1/x?y=%C3%BC",
    body: JSON.stringify({ text }),
    onText: (piece) => heard.push(piece),
  });
  expect(head.status).toBe(200);
  expect(JSON.parse(heard.join(""))).toEqual({
    method: "POST",
    url: "/v1/x?y=%C3%BC",
    type: "application/json",
    body: JSON.stringify({ text }),
    text,
  });
});

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

test.each([
  ["in one piece", [`${HEAD}content-length: 2\r\n\r\n{}`]],
  ["in many", [..."HTTP/1.1 200 OK\r\nX: y\r\n\r\n{}"]],
  ["without a reason phrase", ["HTTP/1.1 200\r\n\r\n{}"]],
])("an answer %s is read", async (_how, pieces) => {
  const socket = await openRaw(pieces, "end");
  const { api } = openClient(() => socket);
  expect(await read(api.hub.$get())).toEqual({});
});

test.each([
  ["no byte", [], "end"],
  ["half a head", ["HTTP/1.1 200 OK\r\nX-"], "end"],
  ["less than it announced", [`${HEAD}Content-Length: 20\r\n\r\n{"a":`], "end"],
  ["another protocol", ["220 mail.example ESMTP\r\n\r\n"], "end"],
  ["a head without an end", ["x".repeat(70_000)], "stay"],
  ["an end without a word", [], "destroy"],
] as const)("%s is no answer of a hub", async (_what, pieces, ending) => {
  const socket = await openRaw(pieces, ending);
  const { api } = openClient(() => socket);
  const thrown: unknown = await read(api.hub.$get()).catch((fault: unknown) => fault);
  expect(isSluiceError(thrown, "hub_unreachable")).toBe(true);
});

test("nobody at the socket, a silent one and one that refuses are no hub", async () => {
  expect(await isHubAnswering(join(makeFolder(), "none.sock"), 50)).toBe(false);
  expect(await isHubAnswering(await openRaw([], "stay"), 50)).toBe(false);
  expect(await isHubAnswering(await openRaw(["HTTP/1.1 503 No\r\n\r\n{}"], "end"), 50)).toBe(false);
});

test("a call that is withdrawn ends with that, and one of a closed client ends", async () => {
  const socket = await openRaw([], "stay");
  const client = openClient(() => socket);
  const left = new AbortController();
  const reason = new Error("the user left");
  const first = client.api.hub.$get({}, { init: { signal: left.signal } });
  const second = client.api.hub.$get();
  left.abort(reason);
  await expect(first).rejects.toBe(reason);
  client.close();
  await expect(read(second)).rejects.toThrow("no hub answers");
});

test("a stream that breaks off has ended, one that was never opened has failed", async () => {
  const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
  const open = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
  const cut = await openRaw([`${open}${data(1)}da`, `ta: "ü`, `"\n\n`, "data: "], "destroy");
  const heard: unknown[] = [];
  await readStream({ socket: cut, path: "/v1/x", onMessage: (one) => heard.push(one) });
  expect(heard).toEqual([1, "ü"]);
  const none = await openRaw([], "end");
  await expect(readStream({ socket: none, path: "/v1/x", onMessage: () => {} })).rejects.toThrow(
    "no hub answers",
  );
  const refused = `HTTP/1.1 409 No\r\n\r\n{"error":{"code":"conflict","message":"taken","retryable":false}}`;
  await expect(
    readStream({ socket: await openRaw([refused], "end"), path: "/v1/x", onMessage: () => {} }),
  ).rejects.toThrow("taken");
});
