/**
 * The folders that `sluice new` makes, added to a hub as they are: their packages are not installed, the hub brings its own.
 */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { signRequest } from "../../src/testing/signed-request.ts";
import { openFake as openChat } from "../../templates/chat/fake.ts";
import { openFake as openList } from "../../templates/observe/fake.ts";
import { openFake as openService } from "../../templates/service/fake.ts";
import { typeInTerminal } from "./code.ts";
import { CLI, openRigWithHub, type Rig, until } from "./rig.ts";

async function make(rig: Rig, kind: string, env: Record<string, string>): Promise<void> {
  execFileSync(process.execPath, [CLI, "new", `my-${kind}`, "--kind", kind], {
    cwd: rig.folder,
    env: rig.env,
  });
  const { code, screen } = await typeInTerminal(rig, ["add", `./my-${kind}`], ["yes"], { env });
  expect(code, screen).toBe(0);
  await untilWell(rig, `my-${kind}`);
}

async function untilWell(rig: Rig, name: string): Promise<void> {
  const look = async () =>
    (await rig.status()).channels.find((one) => one.name === name)?.state ?? "";
  await until(`${name} is connected`, async () => (await look()) === "ok");
}

async function untilKept(rig: Rig, text: string): Promise<void> {
  await until(`"${text}" is kept`, async () =>
    (await rig.events()).some((event) => event.text === text),
  );
}

test("webhook: a signed alert is kept, another is not", async () => {
  await using rig = await openRigWithHub();
  const secret = "a-token-of-thirty-two-characters";
  await make(rig, "webhook", { MY_WEBHOOK_TOKEN: secret });
  const { channels } = await rig.status();
  const url = channels.find(({ name }) => name === "my-webhook")?.url ?? "";
  const body = { id: "1", title: "The disk is full", level: "critical" };
  expect((await fetch(url, signRequest("bearer", { secret: "x".repeat(32), body }))).status).toBe(
    401,
  );
  expect((await fetch(url, signRequest("bearer", { secret, body }))).status).toBe(202);
  await untilKept(rig, "The disk is full");
});

test("service: a report is kept, also after its connection broke", async () => {
  await using rig = await openRigWithHub();
  const fake = await openService();
  rig.add(() => fake.close());
  await make(rig, "service", { MY_SERVICE_ADDRESS: fake.address });
  fake.tell({ id: "1", device: "lamp", state: "offline" });
  await untilKept(rig, "lamp is offline");
  const before = fake.connections();
  fake.cut();
  await until("it has connected again", () => fake.connections() > before);
  fake.tell({ id: "2", device: "door", state: "offline" });
  await untilKept(rig, "door is offline");
});

test("chat and observe: they are connected, and ask their platforms", async () => {
  await using rig = await openRigWithHub();
  const [chat, list] = [await openChat(), await openList()];
  rig.add(() => Promise.all([chat.platform.close(), list.platform.close()]));
  await make(rig, "chat", {
    MY_CHAT_URL: chat.platform.root,
    MY_CHAT_TOKEN: "a-token-of-thirty-two-characters",
    MY_CHAT_SENDERS: "ann",
  });
  await make(rig, "observe", { MY_OBSERVE_URL: list.platform.root });
  await until("the list is asked for", () => list.looks() > 0);
  const before = chat.platform.requests.length;
  await until("it asks again", () => chat.platform.requests.length > before);
  expect(
    chat.platform.requests.every(
      ({ headers }) => headers["authorization"] === "Bearer a-token-of-thirty-two-characters",
    ),
  ).toBe(true);
});
