import { expect, test } from "vitest";
import { settle } from "../virtual-clock.fixture.ts";
import { ALLOW, PAGE, start } from "./prompt-rig.fixture.ts";

// req:field.60
test("PROMPT-4: nobody answers: the hook ends without an opinion, and the owner is told", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  const { id } = rig.pending;
  await rig.rig.clock.advance(599_999);
  expect(call.told()).toBe("waiting");
  await rig.rig.clock.advance(1);
  expect(call.told()).toEqual({ kind: "none" });
  expect(rig.stateOf(id)).toBe(
    "expired: nobody answered within 10 min; the dialog at the terminal stays",
  );
  expect(rig.owner).toHaveLength(1);
});

test("UNATTENDED-1: a hundred prompts that nobody answers tell the owner twice, not a hundred times", async () => {
  const { rig, session } = start();
  for (let i = 0; i < 100; i++) await rig.ask(session, { input: { command: `echo ${i}` } });
  await rig.rig.clock.advance(700_000);
  expect(rig.owner).toHaveLength(2);
  expect(rig.owner[1]).toContain("and 89 more");
});

test("the owner's policy for prompts that nobody answers: deny, wait, or another approver", async () => {
  const { rig, session } = start();
  rig.settings = { expireAfterMs: 600_000, policy: { action: "deny", afterMs: 60_000 } };
  const denied = await rig.ask(session);
  await rig.rig.clock.advance(60_000);
  expect(denied.told()).toMatchObject({ kind: "deny" });
  rig.settings = { expireAfterMs: 600_000, policy: { action: "wait", afterMs: 60_000 } };
  const waits = await rig.ask(session);
  await rig.rig.clock.advance(61_000);
  expect(waits.told()).toBe("waiting");
  await rig.hook(session, "Stop");
  rig.settings = {
    expireAfterMs: 600_000,
    policy: { action: "hand", afterMs: 60_000, to: "telegram/78" },
  };
  await rig.ask(session);
  await rig.rig.clock.advance(60_000);
  expect(rig.pending.handedTo).toBe("telegram/78");
  expect(rig.changes.at(-1)).toMatchObject({ kind: "changed" });
  expect(rig.owner.join("\n")).toMatch(
    /is denied[\s\S]*goes on waiting[\s\S]*telegram\/78 is asked/,
  );
});

test("PROMPT-3: a prompt outlives the hub: the shim asks again with its key, and is answered", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  const { id } = rig.pending;
  const next = rig.restart();
  next.rig.connect();
  await next.rig.clock.advance(31_000);
  const again = next.wait(call.key);
  expect(next.pending.id).toBe(id);
  await next.prompts.decide(PAGE, id, ALLOW);
  await settle();
  expect(again.told()).toEqual({ kind: "allow" });
  // Also what was answered while no shim was there.
  const last = next.restart();
  await settle();
  const later = last.wait(call.key);
  await settle();
  expect(later.told()).toEqual({ kind: "allow" });
});

test("PROMPT-3: a prompt whose session does not come back is retired, and says why", async () => {
  const { rig, session } = start();
  await rig.ask(session);
  const { id } = rig.pending;
  const next = rig.restart();
  await next.rig.clock.advance(29_999);
  expect(next.stateOf(id)).toBe("pending: ");
  await next.rig.clock.advance(1);
  expect(next.stateOf(id)).toBe(
    "retired: the hub was restarted, and the session has not come back",
  );
});

test("UNATTENDED-2: a clock that is set ends no prompt early and keeps none", async () => {
  const { rig, session } = start();
  await rig.ask(session);
  const { id } = rig.pending;
  const { clock } = rig.rig;
  clock.jump(clock.now() + 86_400_000);
  await clock.advance(1_000);
  expect(rig.stateOf(id)).toBe("pending: ");
  clock.jump(clock.now() - 10 * 86_400_000);
  await clock.advance(598_999);
  expect(rig.stateOf(id)).toBe("pending: ");
  await clock.advance(1);
  expect(rig.stateOf(id)).toMatch(/^expired/);
  // Over a restart the clock counts, but no prompt gets more than a whole life.
  await rig.ask(session);
  const second = rig.pending.id;
  clock.jump(clock.now() - 86_400_000);
  const next = rig.restart();
  next.rig.connect();
  await clock.advance(600_000);
  expect(next.stateOf(second)).toMatch(/^expired/);
});

test("CREATE-4: a run without a person at it waits for nobody; the owner's rules still answer it", async () => {
  const { rig } = start();
  const session = rig.rig.connect({ pid: 4_712, session: "s9", interactive: false });
  const call = await rig.ask(session);
  await settle();
  expect(call.told()).toEqual({ kind: "none" });
  expect(rig.prompts.list()).toMatchObject([{ state: "retired" }]);
  rig.rules = [{ id: 1, action: "allow", tool: "Bash", createdAt: 0, by: "terminal" }];
  const ruled = await rig.ask(session);
  await settle();
  expect(ruled.told()).toEqual({ kind: "allow" });
});
