import { expect, test } from "vitest";
import { readGrowth } from "../../sdk/growth.fixture.ts";
import { failTurn } from "../../store/sample.fixture.ts";
import { Rig, type Session } from "../rig.fixture.ts";
import { nameSession, requireSession } from "./session-book.ts";
import { covers, isLike, isMet } from "./match.ts";

const ANY = { entity: null, pattern: null, until: null };

/** Two sessions, the second active last, both idle and proven to be there. */
async function scene() {
  const rig = new Rig();
  const one = rig.connect({ pid: 100, session: "s1", cwd: "/work/one" });
  const two = rig.connect({ pid: 200, session: "s2", cwd: "/work/two" });
  await rig.clock.advance(1_000);
  for (const session of [one, two]) {
    await turn(session);
    await rig.clock.advance(3_000);
  }
  return { rig, one, two };
}

async function turn(session: Session): Promise<string | undefined> {
  const prompt = session.nextPrompt();
  const given = await session.type("work", prompt);
  await session.stop(prompt);
  return given;
}

/** Lets the bell be heard, and ends the turn. */
async function hear(rig: Rig, session: Session): Promise<string> {
  await rig.clock.advance(5_000);
  const prompt = session.nextPrompt();
  const note = (await session.hear(prompt)) ?? "";
  await session.stop(prompt);
  return note;
}

// req:field.36 req:field.37
test("a subscription brings its events to the session that asked, though another was active last", async () => {
  const { rig, one, two } = await scene();
  await rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts" });
  const id = await rig.post();
  expect(await hear(rig, one)).toContain(id);
  expect(two.lines).toEqual([]);
  expect(rig.state(id)).toBe("done");
  const steps = rig.db.all<{ reason: string }>("SELECT reason FROM steps WHERE stage = 'routed'");
  expect(steps.at(-1)?.reason).toBe("this session subscribed to it");
});

test("a subscription that could not be written covers nothing", async () => {
  const { rig } = await scene();
  const watching = rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts" });
  // In the turn it covers events already.
  expect(rig.delivery.watchers.list()).toHaveLength(1);
  const outcomes = await Promise.allSettled([watching, failTurn(rig.db)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(rig.delivery.watchers.list()).toEqual([]);
});

test("a hub that ends in the turn in which a subscription was fulfilled ends in order", async () => {
  const { rig } = await scene();
  await rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts", until: "closed" });
  const faults: unknown[] = [];
  const note = (fault: unknown): unknown => faults.push(fault);
  process.on("unhandledRejection", note);
  const posted = rig.post({ kind: "alert.resolved" });
  rig.stop();
  await posted;
  process.off("unhandledRejection", note);
  expect(faults).toEqual([]);
});

test("a subscription to one entity leaves the others alone", async () => {
  const { rig, one, two } = await scene();
  await rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts", entity: "octo/app#12" });
  const ours = await rig.post({ entity: "Octo/App#12" });
  const theirs = await rig.post({ entity: "octo/app#13" });
  expect(await hear(rig, two)).toContain(theirs);
  expect(await hear(rig, one)).toContain(ours);
});

// WATCH-1
test("a new subscription also covers what waits; one taken back gives it to whoever else may have it", async () => {
  const { rig, one } = await scene();
  one.closeBell();
  const id = await rig.post();
  await rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts" });
  const address = (): string =>
    rig.db.get<{ address: string }>("SELECT address FROM events WHERE id = ?", id)?.address ?? "";
  expect(rig.delivery.router.owner(address()).attachment?.session).toBe("s1");
  await rig.delivery.watchers.unwatch(({ session }) => session === "s1");
  expect(rig.delivery.router.owner(address()).attachment?.session).toBe("s2");
});

test("until merged: the merge itself still comes, and nothing after it", async () => {
  const { rig, one, two } = await scene();
  const selector = { ...ANY, channel: "alerts", entity: "octo/app#12", until: "merged" as const };
  await rig.delivery.watchers.watch("s1", selector);
  const about = { entity: "octo/app#12" };
  const merge = await rig.post({
    ...about,
    kind: "pull_request.closed",
    meta: { merged: "true" },
  });
  expect(rig.delivery.watchers.list()).toEqual([]);
  expect(await hear(rig, one)).toContain(merge);
  await rig.clock.advance(1_000);
  await turn(two);
  const later = await rig.post({ ...about, kind: "issue_comment.created" });
  expect(await hear(rig, two)).toContain(later);
});

test("WATCH-3: a subscription waits while its session is closed, and is there after the resume", async () => {
  const { rig, one, two } = await scene();
  await rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts" });
  rig.dead.add(100);
  one.detach();
  const ids = [await rig.post(), await rig.post(), await rig.post()];
  await rig.clock.advance(60_000);
  expect(two.lines).toEqual([]);
  const resumed = rig.connect({ pid: 300, session: "s1", cwd: "/work/one" });
  const note = await hear(rig, resumed);
  const places = ids.map((id) => note.indexOf(id));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test("WATCH-3, NAME-2: /clear takes subscriptions, the label and what was sent along; a resume inside the client does not", async () => {
  const { rig, one } = await scene();
  const { db, clock, delivery } = rig;
  await delivery.watchers.watch("s1", { ...ANY, channel: "alerts" });
  await nameSession("s1", "release", { db, clock, delivery });
  one.closeBell();
  const sent = await rig.post({ channel: "mail", session: "release" });
  await one.hook("SessionEnd", { reason: "clear" });
  one.id = "s1-next";
  await turn(one);
  expect(delivery.watchers.list().map(({ session }) => session)).toEqual(["s1-next"]);
  expect(one.attachment.label).toBe("release");
  one.openBell();
  expect(await hear(rig, one)).toContain(sent);
  expect(requireSession("s1", { db, delivery })).toBe("s1-next");

  await one.hook("SessionEnd", { reason: "resume" });
  one.id = "another";
  await turn(one);
  expect(delivery.watchers.list().map(({ session }) => session)).toEqual(["s1-next"]);
  expect(one.attachment.label).toBeUndefined();
});

// req:field.38
test("what is sent to one session is never offered, shown or readable anywhere else, and waits while it is closed", async () => {
  const { rig, one, two } = await scene();
  const first = await rig.post({ session: "s1", text: "for one only" });
  expect(await two.tool("inbox", {}, "t1")).not.toContain(first);
  expect(await turn(two)).toBeUndefined();
  rig.dead.add(100);
  one.detach();
  const second = await rig.post({ session: "s1", text: "for one only" });
  await rig.clock.advance(24 * 3_600_000);
  expect(two.lines).toEqual([]);
  for (const id of [first, second]) {
    expect(await two.tool("inbox", {}, "t2")).not.toContain(id);
    expect(await two.tool("details", { event_id: id })).toContain("ERROR");
    expect(await two.tool("ack", { event_ids: [id] })).toContain("ERROR");
    expect(await two.tool("reply", { event_id: id, text: "mine" })).toContain("ERROR");
    expect([rig.state(id), rig.attempts(id)]).toEqual(["stored", []]);
  }
  const again = rig.connect({ pid: 300, session: "s1", cwd: "/work/one" });
  const note = await hear(rig, again);
  expect(note).toContain(first);
  expect(note).toContain(second);
});

test("what is sent to a label that no session has waits for one that gets it", async () => {
  const { rig, one, two } = await scene();
  const { db, clock, delivery } = rig;
  const id = await rig.post({ session: "nightly" });
  await rig.clock.advance(10_000);
  expect([one.lines, two.lines, rig.state(id)]).toEqual([[], [], "stored"]);
  await nameSession("two", "nightly", { db, clock, delivery });
  expect(await hear(rig, two)).toContain(id);
  await expect(nameSession("s1", "nightly", { db, clock, delivery })).rejects.toThrow("another");
});

// TARGET-1
test("ROUTE-2: what is sent to a name goes to the session that bore it, or once that is closed to whoever bears it then; an id is exact", async () => {
  const { rig, one, two } = await scene();
  one.closeBell();
  const [named, exact] = [await rig.post({ session: "one" }), await rig.post({ session: "s1" })];
  rig.dead.add(100);
  one.detach();
  // Nobody bears it any more: the one that was active last did.
  const later = await rig.post({ session: "one" });
  await rig.clock.advance(10_000);
  expect(two.lines).toEqual([]);
  const next = rig.connect({ pid: 300, session: "s3", cwd: "/work/one" }, { bell: false });
  await rig.clock.advance(1_000);
  const resumed = rig.connect({ pid: 400, session: "s1", cwd: "/work/elsewhere" });
  expect(await hear(rig, resumed)).toContain(named);
  expect([rig.state(named), rig.state(exact), rig.state(later)]).toEqual(["done", "done", "done"]);

  const more = [await rig.post({ session: "one" }), await rig.post({ session: "s1" })];
  next.openBell();
  const note = await hear(rig, next);
  expect(note).toContain(more[0]);
  expect(note).not.toContain(more[1]);
});

test("ROUTE-2: what was sent to a name reaches a new session of the same folder, and after a restart of the hub too", async () => {
  const { rig, one } = await scene();
  one.closeBell();
  const before = await rig.post({ session: "one" });
  rig.dead.add(100);
  one.detach();
  const next = rig.restart();
  const after = await next.post({ session: "one" });
  const fresh = next.connect({ pid: 300, session: "s3", cwd: "/work/one" });
  const note = await hear(next, fresh);
  expect(note).toContain(before);
  expect(note).toContain(after);
});

test("after a checkout a session is called by its new branch, and what was sent to the old name still reaches it", async () => {
  const { rig, one, two } = await scene();
  const { db, delivery } = rig;
  rig.branches.set("/work/one", "main");
  await turn(one);
  expect(requireSession("one (main)", { db, delivery })).toBe("s1");
  one.closeBell();
  const before = await rig.post({ session: "one (main)" });
  rig.branches.set("/work/one", "fix");
  rig.repositories.set("/work/one", "octo/app");
  await turn(one);
  expect(requireSession("one (fix)", { db, delivery })).toBe("s1");
  one.openBell();
  await turn(two);
  const after = await rig.post({ repository: "octo/app" });
  const note = await hear(rig, one);
  expect(note).toContain(before);
  expect(note).toContain(after);
});

test("NAME-1: a run that nobody sits at bears no name that an open session bears too", async () => {
  const { rig, one } = await scene();
  const { db, delivery } = rig;
  const script = rig.connect({ pid: 300, session: "p1", cwd: "/work/one", interactive: false });
  await rig.clock.advance(1_000);
  await script.type("do it", "P");
  expect(requireSession("one", { db, delivery })).toBe("s1");
  const id = await rig.post({ session: "one" });
  expect(await script.tool("inbox", {}, "t1")).not.toContain(id);
  expect(await hear(rig, one)).toContain(id);
});

test("NAME-2: what was sent to a name or an id goes along through /clear, also what was pushed just before its first hook", async () => {
  const rig = new Rig();
  const argv = ["claude", "--channels", "plugin:sluice@sluice"];
  const host = rig.connect({ pid: 100, session: "s1", cwd: "/work/one", argv });
  await rig.clock.advance(1_000);
  const carry = async (events: string[]): Promise<void> => {
    const promptId = host.nextPrompt();
    await host.hook("UserPromptSubmit", { prompt: "<channel", promptId, events });
    await host.stop(promptId);
  };
  await carry([await rig.post()]);
  await host.hook("SessionEnd", { reason: "clear" });
  await rig.clock.advance(6_000);
  const ids = [await rig.post({ session: "s1" }), await rig.post({ session: "one" })];
  const pushed = (): (string | undefined)[] => host.pushed.map(({ meta }) => meta["event_id"]);
  expect(pushed().slice(1)).toEqual(ids);
  host.id = "s1-next";
  await host.type("hello", "Q");
  expect(pushed().slice(1)).toEqual([...ids, ...ids]);
  await host.stop("Q");
  await carry(ids);
  expect(ids.map((id) => rig.state(id))).toEqual(["done", "done"]);
});

test("ROUTE-3: a session that nobody sits at gets what it subscribed to, by its own reading, and nothing else", async () => {
  const rig = new Rig();
  const script = rig.connect({ interactive: false, session: "p1" });
  await rig.clock.advance(1_000);
  await script.type("do it", "P");
  expect(await script.tool("inbox", {}, "t0")).toContain("ERROR inbox");
  await rig.delivery.watchers.watch("p1", { ...ANY, channel: "alerts", entity: "job-1" });
  const other = await rig.post();
  const asked = await rig.post({ entity: "job-1" });
  const page = await script.tool("inbox", {}, "t1");
  expect(page).toContain(asked);
  expect(page).not.toContain(other);
  expect([rig.state(other), script.attachment.target]).toEqual(["stored", false]);
});

// req:field.43 req:field.50 req:field.51
test("a new session gets exactly what it missed, in order: its repository's and the free ones, not another's", async () => {
  const rig = new Rig();
  const away = rig.connect({ pid: 100, session: "s1", cwd: "/work/one" });
  await rig.clock.advance(1_000);
  await turn(away);
  await rig.delivery.watchers.watch("s1", { ...ANY, channel: "mail" });
  rig.dead.add(100);
  away.detach();
  await rig.clock.advance(1_000);
  const mine = [
    await rig.post({ repository: "octo/app" }),
    await rig.post(),
    await rig.post({ repository: "octo/app" }),
  ];
  const bound = [await rig.post({ channel: "mail" }), await rig.post({ session: "s1" })];
  const fresh = rig.connect(
    { pid: 200, session: "new", cwd: "/work/app" },
    { repository: "octo/app" },
  );
  const note = await hear(rig, fresh);
  const found = [...note.matchAll(/event_id="(evt_\w+)"/g)].map(([, id]) => id);
  expect(found).toEqual(mine);
  expect(bound.map((id) => rig.state(id))).toEqual(["stored", "stored"]);
});

// req:field.11
test("a rule sends events by channel, branch and label; the first that covers an event counts", async () => {
  const rig = new Rig();
  rig.rules = [
    { id: 1, channel: "alerts", label: "db", to: { session: "s1" } },
    { id: 2, branch: "release/*", to: { cwd: "/work/two" } },
    { id: 3, channel: "alerts", to: { session: "s1" } },
  ];
  await rig.delivery.watchers.ruled();
  const owner = async (changes: Parameters<Rig["post"]>[0]): Promise<string | undefined> => {
    const id = await rig.post(changes);
    const { address } = rig.db.get<{ address: string }>(
      "SELECT address FROM events WHERE id = ?",
      id,
    ) ?? { address: "" };
    return rig.delivery.router.owner(address).attachment?.session;
  };
  const one = rig.connect({ pid: 100, session: "s1", cwd: "/work/one" }, { bell: false });
  const two = rig.connect({ pid: 200, session: "s2", cwd: "/work/two" }, { bell: false });
  await rig.clock.advance(1_000);
  for (const session of [one, two]) await turn(session);
  expect(await owner({ meta: { labels: "ui, db" } })).toBe("s1");
  expect(await owner({ channel: "ci", meta: { ref: "release/2.0" } })).toBe("s2");
  expect(await owner({ meta: { branch: "release/2.0" } })).toBe("s2");
  expect(await owner({})).toBe("s1");
  rig.rules = [{ id: 3, channel: "alerts", to: { cwd: "/nowhere" } }];
  await rig.delivery.watchers.ruled();
  expect(await owner({})).toBeUndefined();
});

test("WATCH-3: a subscription whose session nobody has seen for a week is gone", async () => {
  const { rig, one } = await scene();
  await rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts" });
  rig.dead.add(100);
  one.detach();
  await rig.clock.advance(6 * 24 * 3_600_000);
  await rig.delivery.watchers.purge(["s2"]);
  expect(rig.delivery.watchers.list().length).toBe(1);
  await rig.clock.advance(2 * 24 * 3_600_000);
  await rig.delivery.watchers.purge(["s1"]);
  expect(rig.delivery.watchers.list().length).toBe(1);
  await rig.delivery.watchers.purge(["s2"]);
  expect(rig.delivery.watchers.list()).toEqual([]);
});

// req:field.39
test("subscriptions stand after a restart of the hub", async () => {
  const { rig } = await scene();
  await rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts", pattern: "deploy*" });
  const next = rig.restart();
  expect(next.delivery.watchers.list()[0]).toMatchObject({ session: "s1", pattern: "deploy*" });
});

test.each([
  ["deploy", "deploy", true],
  ["deploy.done", "deploy", false],
  ["deploy.done", "deploy*", true],
  ["Deploy.Done", "*.done", true],
  ["octo/app#12", "octo/*#1*", true],
  ["octo/app#2", "octo/*#1*", false],
  ["aXb", "a*a*b", false],
  ["ab", "a*b*b", false],
  ["", "*", true],
  ["a.c", "a?c", false],
  ["a+c", "a+c", true],
])("WATCH-2: %s against %s", (text, pattern, expected) => {
  expect(isLike(text, pattern)).toBe(expected);
});

test("WATCH-2: a hostile text takes no longer than its length", () => {
  const look = (size: number) => isLike("a".repeat(size), `${"a*".repeat(100)}b`);
  expect(readGrowth(50_000, look)).toBeLessThan(10);
});

test("a pattern looks at the entity and the kind, and only on its channel", () => {
  const selector = { channel: "ci", entity: null, pattern: "check*" };
  expect(covers(selector, { channel: "ci", kind: "check_run.completed" })).toBe(true);
  expect(covers(selector, { channel: "ci", kind: "push", entity: "checkout" })).toBe(true);
  expect(covers(selector, { channel: "ci", kind: "push" })).toBe(false);
  expect(covers(selector, { channel: "cd", kind: "check_run.completed" })).toBe(false);
});

test.each([
  ["merged", { kind: "pull_request.closed", meta: { merged: "true" } }, true],
  ["merged", { kind: "pull_request.closed", meta: { merged: "false" } }, false],
  ["closed", { kind: "pull_request.closed", meta: { merged: "false" } }, true],
  ["closed", { kind: "alert.resolved", meta: {} }, true],
  ["closed", { kind: "alert", meta: { status: "resolved" } }, true],
  ["closed", { kind: "check_run.completed", meta: {} }, false],
  ["done", { kind: "check_run.completed", meta: {} }, true],
  ["done", { kind: "deploy", meta: { state: "success" } }, true],
  ["done", { kind: "push", meta: {} }, false],
] as const)("until %s: %j", (until, event, expected) => {
  expect(isMet(until, event)).toBe(expected);
});

test("WATCH-5: that it is known whose it is stands with an event through subscriptions that come and go, and is never added", async () => {
  const { rig } = await scene();
  const known = await rig.post({ isKnown: true });
  const strange = await rig.post({ isKnown: false });
  const read = (id: string): string | null | undefined =>
    rig.db.get<{ watchers: string | null }>("SELECT watchers FROM events WHERE id = ?", id)
      ?.watchers;
  expect([read(known), read(strange)]).toEqual(["known", null]);
  const { id: own } = await rig.delivery.watchers.watch("s1", { ...ANY, channel: "alerts" });
  expect([read(known), read(strange)]).toEqual([`known,${own}`, `${own}`]);
});
