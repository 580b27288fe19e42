import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MaybeSent } from "../../sdk/message.ts";
import { define, openScene, SECRET } from "./scene.fixture.ts";

const request = {
  channel: "mine",
  path: "",
  method: "POST",
  headers: { "content-type": "text/plain" },
  body: Buffer.from("hello"),
  verified: "bearer",
  receivedAt: 1,
};

test("SUPERVISE-1: one that ends again and again is started again, and after six ends waits for its owner with the reason", async () => {
  const { open, states, channel } = await openScene(
    define(`webhook: { receive: () => "x" }, service: { connect: () => process.exit(7) }`),
  );
  await open();
  await expect.poll(() => states.at(-1)?.kind).toBe("paused");
  expect(states.filter(({ kind }) => kind === "retrying").length).toBeGreaterThanOrEqual(5);
  expect(states.at(-1)).toMatchObject({ reason: expect.stringContaining("exit code 7") });
  expect(channel.figures.ends).toBe(6);
  await expect(channel.receive("webhook", request, 1_000)).rejects.toMatchObject({
    code: "channel_failed",
    retryable: true,
    retryAfterMs: expect.any(Number),
  });
});

test("SUPERVISE-3: one that says something else of itself each time does not run", async () => {
  const { open } = await openScene(
    define(`title: "title " + process.pid, webhook: { receive: () => "x" }`),
  );
  await expect(open()).rejects.toThrow(/something else of itself than what was confirmed/);
});

test("CHILD-2, SANDBOX-2: secrets stand in no argument and no environment of the process", async () => {
  const { open, channel } = await openScene(
    define(
      `webhook: { receive: (_, live) => live.secret("TOKEN") + process.env.TOKEN + Object.keys(process.env).filter((k) => /OTHER|SLUICE|HOME|PATH$/.test(k)) }, secrets: [{ env: "TOKEN" }]`,
    ),
  );
  await open();
  const { pid } = channel.figures;
  for (const file of ["cmdline", "environ"]) {
    const text = readFileSync(`/proc/${pid}/${file}`, "utf8");
    expect(text).not.toContain("canary");
    expect(text).not.toContain("SLUICE_");
  }
  expect(await channel.receive("webhook", request, 1_000)).toMatchObject({
    arrivals: [{ text: `${SECRET}${SECRET}` }],
  });
});

test("CHECK-1: a push that names another channel, proof or group is one of its own channel", async () => {
  const { open, channel, taken } = await openScene(
    define(
      `service: { connect: (live) => { live.push({ text: "hi", sender: { id: "ada" }, chatId: "c" }); return {}; } }`,
    ),
  );
  await open();
  await expect.poll(() => taken.length).toBe(1);
  expect(taken[0]).toMatchObject({
    channel: "mine",
    verified: "own",
    sender: { id: "ada" },
    chat: { place: "dm", account: "mine" },
  });
  expect(channel.figures.lastFault).toBeUndefined();
});

test("a reply leaves by its handler; what it threw is told, and one that its process took along may have left", async () => {
  const { open } = await openScene(
    define(`webhook: { receive: () => "x" }, reply: (message) => {
      if (message.text === "throw") throw new Error("upstream 503");
      if (message.text === "exit") process.exit(1);
      return "msg-" + message.text;
    }`),
  );
  const connection = await open();
  const send = (text: string) => connection.send({ chatId: "c", text });
  expect(await send("1")).toEqual({ messageIds: ["msg-1"] });
  await expect(send("throw")).rejects.toThrow(/reply failed: upstream 503/);
  const fault: unknown = await send("exit").catch((thrown: unknown) => thrown);
  expect(fault).toMatchObject({ code: "send_failed", cause: expect.any(MaybeSent) });
});
