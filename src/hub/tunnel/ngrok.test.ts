import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { toNgrok } from "./ngrok.ts";

const TARGET = "http://127.0.0.1:8788";
const run = async (): Promise<string> => "";

/** The API of an agent that runs on this machine, whoever started it. */
async function openAgent(url: string, addr = TARGET) {
  const body = JSON.stringify({ tunnels: [null, { public_url: url, config: { addr } }] });
  const server = createServer((_, outgoing) => void outgoing.end(body)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return toNgrok(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/tunnels`);
}

test("an agent that another user of this machine runs is not taken for one's own", async () => {
  const tool = await openAgent("https://theirs.ngrok.app");
  expect(await tool.plan({ target: TARGET }, run)).toMatchObject({ kind: "start" });
  const mine = { target: TARGET, url: "https://mine.ngrok.app" };
  expect(await tool.plan(mine, run)).toMatchObject({ kind: "start" });
});

test("an agent at the owner's own address is used where it leads to the same port", async () => {
  const url = "https://mine.ngrok.app";
  const same = await openAgent(url, "localhost:8788");
  expect(await same.plan({ target: TARGET, url }, run)).toEqual({ kind: "found", url });
  const other = await openAgent(url, "localhost:3000");
  expect(await other.plan({ target: TARGET, url }, run)).toMatchObject({ kind: "start" });
});

test("where no agent answers, or something else does, one is started", async () => {
  const gone = toNgrok("http://127.0.0.1:1/api/tunnels");
  const wish = { target: TARGET, url: "https://mine.ngrok.app" };
  expect(await gone.plan(wish, run)).toEqual({
    kind: "start",
    args: [
      "http",
      TARGET,
      "--log=stdout",
      "--log-format=json",
      "--inspect=false",
      `--url=${wish.url}`,
    ],
  });
});
