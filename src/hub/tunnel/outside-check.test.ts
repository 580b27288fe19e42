import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { OutsideCheck } from "./outside-check.ts";

async function open(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("OUTSIDE-1: it is us where the request comes back in, and nobody learns anything else there", async () => {
  const check = new OutsideCheck();
  const paths: string[] = [];
  const url = await open(({ url: path = "" }, outgoing) => {
    paths.push(path);
    outgoing.end(check.answer(path.replace("/health/", "")) ?? "nothing");
  });
  expect(await check.run(url)).toEqual({ kind: "us" });
  expect(paths[0]).toMatch(/^\/health\/[\w-]{32}$/);
  // The nonce of a look that is over is none any more.
  expect(check.answer(paths[0]?.replace("/health/", "") ?? "")).toBeUndefined();
});

test.each([
  ["echoes", (path: string) => ({ status: 200, body: path })],
  ["says that its tunnel is gone", () => ({ status: 530, body: "error code: 1033" })],
  ["leads elsewhere", () => ({ status: 302, body: "", headers: { Location: "https://x.test" } })],
  ["is another Sluice", () => ({ status: 404, body: '{"error":"not_found"}' })],
])("somebody else answers who %s", async (_, answer) => {
  const url = await open(({ url: path = "" }, outgoing) => {
    const { status, body, headers = {} } = { headers: {}, ...answer(path) };
    outgoing.writeHead(status, headers).end(body);
  });
  expect(await new OutsideCheck().run(url)).toMatchObject({ kind: "other" });
});

test("where nothing answers, the reason says so without a guess", async () => {
  const reached = await new OutsideCheck().run("http://127.0.0.1:1");
  expect(reached).toMatchObject({ kind: "nothing" });
  expect("reason" in reached && reached.reason).toContain("http://127.0.0.1:1 is not reached");
});
