import { expect, test } from "vitest";
import { toCallDigest } from "../../sdk/call-digest.ts";
import { settle } from "../virtual-clock.fixture.ts";
import { toRelayKey } from "./create-prompt.ts";
import { ALLOW, DENY, PAGE, start } from "./prompt-rig.fixture.ts";

// CREATE-2
test("identical calls are one prompt: one verdict answers all, and the count is told", async () => {
  const { rig, session } = start();
  const calls = [await rig.ask(session), await rig.ask(session), await rig.ask(session)];
  await rig.ask(session, { input: { command: "npm run lint" } });
  const [other, prompt] = rig.prompts.list({ state: "pending" });
  expect([other?.count, prompt?.count]).toEqual([1, 3]);
  await rig.prompts.decide(PAGE, prompt?.id ?? "", ALLOW);
  await settle();
  expect(calls.map((call) => call.told())).toEqual(calls.map(() => ({ kind: "allow" })));
});

// CREATE-1
test("the same key twice is one call", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  await rig.ask(session, { key: call.key });
  expect(rig.pending.count).toBe(1);
});

// ANSWER-1, PROMPT-1
test("hook and relay of one call are one prompt, whichever comes first; the answer leaves by the hook", async () => {
  for (const order of ["hook first", "relay first"]) {
    const { rig, session } = start();
    if (order === "relay first") await rig.relay(session, "abcde");
    const call = await rig.ask(session);
    if (order === "hook first") await rig.relay(session, "abcde");
    expect(rig.pending).toMatchObject({ count: 1, description: "Run the tests", cwd: "/work" });
    await rig.prompts.decide(PAGE, rig.pending.id, ALLOW);
    await settle();
    expect(call.told()).toEqual({ kind: "allow" });
    expect(session.told).toEqual([]);
  }
});

test("a relay that shows only a part is completed by the hook", async () => {
  const { rig, session } = start();
  const input = { command: `echo ${"a".repeat(4_000)}; rm -rf /` };
  await rig.relay(session, "abcde", `${JSON.stringify(input).slice(0, 3_500)}…`);
  expect(rig.pending).toMatchObject({ isCut: true, risk: { isRisky: true } });
  await rig.ask(session, { input });
  expect(rig.pending).toMatchObject({ isCut: false, digest: toCallDigest(input) });
  expect(rig.pending.arguments).toContain("rm -rf /");
});

test("other calls are not taken for the same one: other arguments, another tool, too late, another session", async () => {
  const { rig, session } = start();
  const other = rig.rig.connect({ pid: 4_711, session: "s2", cwd: "/other" });
  await rig.ask(session);
  await rig.relay(session, "aaaaa", '{"command":"npm run deploy"}');
  await rig.relay(session, "bbbbb", '{"command":"npm test"}', "Other");
  await rig.relay(other, "ccccc");
  await rig.rig.clock.advance(3_001);
  await rig.relay(session, "ddddd");
  expect(rig.prompts.list({ state: "pending" })).toHaveLength(5);
});

test("a relay without a hook is answered over the lease, once, in the client's own letters", async () => {
  const { rig, session } = start();
  await rig.relay(session, "abcde");
  await rig.relay(session, "abcde");
  const { id } = rig.pending;
  await rig.prompts.decide(PAGE, id, DENY);
  await rig.prompts.decide(PAGE, id, ALLOW);
  await settle();
  expect(session.told).toEqual([{ kind: "verdict", requestId: "abcde", behavior: "deny" }]);
  rig.prompts.attached(session.attachment);
  await settle();
  expect(session.told).toHaveLength(1);
});

test("ANSWER-2: a relay's verdict that found no shim leaves when one is back", async () => {
  const { rig, session } = start();
  await rig.relay(session, "abcde");
  session.detach();
  await rig.prompts.decide(PAGE, rig.pending.id, ALLOW);
  await settle();
  expect(session.told).toEqual([]);
  const again = rig.rig.connect();
  rig.prompts.attached(again.attachment);
  await settle();
  expect(again.told).toEqual([{ kind: "verdict", requestId: "abcde", behavior: "allow" }]);
});

test("a relay whose request is over is told so: it was answered, or somebody did so at the terminal", async () => {
  const { rig, session } = start();
  expect(await rig.relay(session, "abcde")).toBe(true);
  expect(await rig.relay(session, "abcde")).toBe(true);
  await rig.prompts.decide(PAGE, rig.pending.id, ALLOW);
  await settle();
  expect(await rig.relay(session, "abcde")).toBe(false);
  await rig.relay(session, "fghij");
  await rig.prompts.cancel(toRelayKey(session.attachment.id, session.id, "fghij"));
  expect(await rig.relay(session, "fghij")).toBe(false);
});

test("ANSWER-2: a relay whose verdict has not left yet still waits for it", async () => {
  const { rig, session } = start();
  await rig.relay(session, "abcde");
  session.detach();
  await rig.prompts.decide(PAGE, rig.pending.id, ALLOW);
  await settle();
  const again = rig.rig.connect();
  expect(await rig.relay(again, "abcde")).toBe(true);
  expect(again.told).toEqual([{ kind: "verdict", requestId: "abcde", behavior: "allow" }]);
});
