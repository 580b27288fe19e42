import { expect, test } from "vitest";
import { Rig, type Session } from "../rig.fixture.ts";

async function start(rig = new Rig()): Promise<{ rig: Rig; session: Session; id: string }> {
  const session = rig.connect();
  await rig.clock.advance(1_000);
  const id = await rig.post();
  await session.hear("P");
  return { rig, session, id };
}

test("LEASE-1: a shim that comes back within the grace finds its attachment as it was", async () => {
  const { rig, session, id } = await start();
  session.detach();
  expect(session.attachment.hasLease).toBe(false);
  await rig.clock.advance(4_000);
  const again = rig.connect();
  expect([again.attachment === session.attachment, again.attachment.hasLease]).toEqual([
    true,
    true,
  ]);
  await rig.clock.advance(60_000);
  expect(rig.state(id)).toBe("offered");
  await again.stop("P");
  expect(rig.state(id)).toBe("done");
});

test("LEASE-1: after the grace its events go back, and its bell says how to reconnect, once", async () => {
  const { rig, session, id } = await start();
  session.detach();
  await rig.clock.advance(4_900);
  expect(rig.state(id)).toBe("offered");
  await rig.clock.advance(200);
  expect([rig.state(id), rig.delivery.leases.find(session.attachment.id)]).toEqual([
    "stored",
    undefined,
  ]);
  await rig.clock.advance(3_600_000);
  expect(session.lines.slice(1)).toEqual([expect.stringContaining("reconnect it with /mcp")]);
});

test("LEASE-1: a client that is dead gets no grace, and its bell is silent", async () => {
  const { rig, session, id } = await start();
  rig.dead.add(session.client.pid);
  session.detach();
  await rig.clock.advance(1);
  expect(rig.state(id)).toBe("stored");
  await rig.clock.advance(60_000);
  expect(session.lines.length).toBe(1);
});

test("LEASE-1: a client that was just ending when its shim left is noticed at once, and told of in silence", async () => {
  const { rig, session, id } = await start();
  session.detach();
  rig.dead.add(session.client.pid);
  await rig.clock.advance(300);
  expect(rig.state(id)).toBe("stored");
  await rig.clock.advance(6_000);
  expect([rig.state(id), session.lines.length]).toEqual(["stored", 1]);
});

test("what a lost session held goes to the next fitting one, marked", async () => {
  const { rig, session, id } = await start();
  rig.dead.add(session.client.pid);
  session.detach();
  const other = rig.connect({ pid: 200, session: "s2" });
  await rig.clock.advance(3_000);
  const note = await other.hear();
  expect(note).toContain(id);
  expect(note).toContain('replayed="true"');
});

test("what a lost session held goes back even if the store fails just then", async () => {
  const { rig, session, id } = await start();
  const write = rig.db.write.bind(rig.db);
  rig.db.write = () => Promise.reject(new Error("no space"));
  rig.dead.add(session.client.pid);
  session.detach();
  await rig.clock.advance(10_000);
  expect(rig.state(id)).toBe("offered");
  rig.db.write = write;
  await rig.clock.advance(2_000);
  expect(rig.state(id)).toBe("stored");
});

test("the first of two connections that ends leaves the lease to the other", async () => {
  const { rig, session } = await start();
  const second = rig.connect({}, { bell: false });
  session.detach();
  await rig.clock.advance(60_000);
  expect([second.attachment.hasLease, rig.delivery.leases.find(second.attachment.id)]).toEqual([
    true,
    session.attachment,
  ]);
});

test("LEASE-2: the plugin's shim leads, whichever came first, and its memory counts", async () => {
  const rig = new Rig();
  const bare = rig.connect({}, { plugin: false });
  expect(bare.attachment.lane.name).toBe("pull");
  const plugin = rig.connect({}, { remembered: { session: "s7", promptId: "P", stops: 4 } });
  expect(plugin.attachment).toBe(bare.attachment);
  expect(plugin.attachment).toMatchObject({
    lane: { name: "monitor" },
    session: "s7",
    stops: 4,
    turn: { kind: "busy", promptId: "P" },
  });
  const later = rig.connect({}, { plugin: false });
  expect(later.attachment.lane.name).toBe("monitor");
});

test("LEASE-2: when the plugin's shim is gone and another of its client stays, that one pulls and nothing hangs", async () => {
  const { rig, session, id } = await start();
  const bare = rig.connect({}, { plugin: false });
  session.detach();
  await rig.clock.advance(1_000);
  expect([bare.attachment.lane.name, rig.state(id)]).toEqual(["pull", "stored"]);
  expect(await bare.tool("inbox", {}, "t1")).toContain(id);
  const back = rig.connect();
  expect(back.attachment.lane.name).toBe("monitor");
});

test("a bell that was there before its shim counts from the start", async () => {
  const rig = new Rig();
  const { attachment } = rig.connect({}, { bell: false });
  rig.delivery.leases.openBell(attachment.id, () => {});
  const next = rig.restart();
  const lines: string[] = [];
  next.delivery.leases.openBell(attachment.id, (line) => lines.push(line));
  const session = next.connect({}, { bell: false, remembered: { session: "s1" } });
  expect([session.attachment.hasBell, session.attachment.target]).toEqual([true, true]);
  await next.clock.advance(1_000);
  await next.post();
  expect(lines.length).toBe(1);
});

test("a bell is a sign of life, and without one nothing rings", async () => {
  const rig = new Rig();
  const session = rig.connect({}, { bell: false });
  expect(session.attachment.target).toBe(false);
  await rig.post();
  await rig.clock.advance(10_000);
  expect(session.lines).toEqual([]);
  session.openBell();
  await rig.clock.advance(1);
  expect([session.attachment.target, session.lines.length]).toEqual([true, 1]);
  session.closeBell();
  expect(session.attachment.hasBell).toBe(false);
});

test("the close of a bell that another has replaced takes nothing away", () => {
  const rig = new Rig();
  const session = rig.connect();
  const closeFirst = session.closeBell;
  session.openBell();
  closeFirst();
  expect(session.attachment.hasBell).toBe(true);
});

test("nothing is sent before a client had time to listen", async () => {
  const rig = new Rig();
  await rig.post();
  const session = rig.connect();
  await rig.clock.advance(299);
  expect(session.lines).toEqual([]);
  await rig.clock.advance(1);
  expect(session.lines.length).toBe(1);
});

test("two clients, two projects: each has its own events, and no event comes twice", async () => {
  const rig = new Rig();
  const app = rig.connect({ pid: 1, session: "a", cwd: "/app" }, { repository: "octo/app" });
  const lib = rig.connect({ pid: 2, session: "b", cwd: "/lib" }, { repository: "octo/lib" });
  await rig.clock.advance(1_000);
  const forApp = await rig.post({ repository: "octo/app" });
  const forLib = await rig.post({ repository: "octo/lib" });
  const rest = await rig.post({ repository: "octo/else" });
  await lib.type("hello", "P");
  await lib.stop("P");
  await rig.clock.advance(3_000);
  const idsIn = (note: string | undefined): string[] =>
    [forApp, forLib, rest].filter((id) => note?.includes(id));
  expect(idsIn(await lib.hear())).toEqual([forLib, rest]);
  expect(idsIn(await app.hear())).toEqual([forApp]);
});
