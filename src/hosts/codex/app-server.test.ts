import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { makeFolder } from "../../store/sample.fixture.ts";
import { AppServer } from "./app-server.ts";

const OVERLOADED = { code: -32_001, message: "Server overloaded; retry later." };

/** An app-server that is overloaded the first time that it is asked for anything but its name. */
async function open() {
  const path = join(makeFolder(), "app-server.sock");
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  const asked: string[] = [];
  sockets.on("connection", (socket) =>
    socket.on("message", (data) => {
      const { id, method } = JSON.parse(String(data)) as { id?: number; method: string };
      if (id === undefined) return;
      if (method !== "initialize") asked.push(method);
      const isFirst = asked.filter((one) => one === method).length === 1;
      socket.send(JSON.stringify(isFirst ? { id, error: OVERLOADED } : { id, result: {} }));
    }),
  );
  await new Promise<void>((resolve) => http.listen(path, resolve));
  const ignore = (): void => {};
  const server = await AppServer.open(path, "1", {
    notified: ignore,
    asked: ignore,
    closed: ignore,
  });
  onTestFinished(() => {
    server.close();
    sockets.close();
    http.close();
  });
  return { server, asked };
}

test("an overloaded app-server is asked again, but never to begin a turn: until it answers a person may have begun one", async () => {
  const { server, asked } = await open();
  expect(await server.call("thread/read", {})).toEqual({});
  await expect(server.callOnce("turn/start", {})).rejects.toThrow("Server overloaded");
  expect(asked).toEqual(["thread/read", "thread/read", "turn/start"]);
});
