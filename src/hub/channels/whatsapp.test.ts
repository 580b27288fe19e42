/** WhatsApp in a whole hub: added by its secrets, heard by signed requests, and a late failure told. */
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openClient, read } from "../../api/client/client.ts";
import { AccessPolicy } from "../../flow/access/policy.ts";
import { locateSocket } from "../../local/home.ts";
import { systemClock } from "../../sdk/clock.ts";
import { makeFolder, openDatabase } from "../../store/sample.fixture.ts";
import { FAKE_TOKEN, FakeGraph, NUMBER, toBody } from "../../../test/fakes/whatsapp/fake-graph.ts";
import { openHub } from "../hub.ts";
import { openHome } from "../process/home.ts";

const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const SECRET = "0123456789abcdef0123456789abcdef";

const toText = (body: string, rest: object = {}): object => ({
  contacts: [{ profile: { name: "Ann" }, user_id: "US.1349" }],
  messages: [
    {
      from: "15551234567",
      from_user_id: "US.1349",
      id: `wamid.${body}`,
      type: "text",
      text: { body },
      ...rest,
    },
  ],
});

test("a signed request of several messages is kept whole, once, and answered 200; a forged one is refused; a wrong handshake is not answered", async () => {
  const fake = await FakeGraph.open();
  onTestFinished(() => fake.close());
  const env = { SLUICE_HOME: join(makeFolder(), "home"), SLUICE_INGRESS_PORT: "0" };
  const home = openHome(env);
  const db = openDatabase(home.database);
  const policy = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  const person = {
    channel: "whatsapp",
    account: NUMBER,
    id: "US.1349",
    name: "Ann",
    chatId: "15551234567",
  };
  await db.write(() => policy.write({ kind: "link", ...person, roles: ["chatter"] }, "owner"));
  db.close();
  const hub = await openHub({ env, log, stop: ignore });
  onTestFinished(() => hub.close());
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  const { api } = client;
  const settings = { number: NUMBER, "api-root": fake.root };
  const added = await hub.addChannel({
    kind: "whatsapp",
    secret: SECRET,
    secrets: { token: FAKE_TOKEN },
    settings,
  });
  expect(added).toMatchObject({ kind: "whatsapp", account: "+1 555-0100" });
  const url = added.url ?? "";
  const post = async (body: Buffer, secret = SECRET): Promise<number> => {
    const hex = createHmac("sha256", secret).update(body).digest("hex");
    const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${hex}` };
    const answer = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
    await answer.text();
    return answer.status;
  };
  const two = {
    ...toText("one"),
    messages: [
      ...(toText("one") as { messages: object[] }).messages,
      ...(toText("two") as { messages: object[] }).messages,
    ],
  };
  expect(await post(toBody(two))).toBe(200);
  expect(await post(toBody(two))).toBe(200);
  expect(await post(toBody(toText("forged")), `${SECRET}x`)).toBe(401);
  expect(await post(toBody(toText("stranger", { from_user_id: "US.666" })))).toBe(200);
  const events = await read(api.events.$get({ query: { limit: "99" } }));
  expect(events.map(({ text }) => text.split("\n").at(-1)).toSorted()).toEqual([
    expect.stringContaining("one"),
    expect.stringContaining("two"),
  ]);
  const handshake = await fetch(`${url}?hub.mode=subscribe&hub.challenge=42&hub.verify_token=x`);
  expect(handshake.status).not.toBe(200);
});
