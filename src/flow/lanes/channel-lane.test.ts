import { expect, test } from "vitest";
import type { ClientFacts } from "../session/client.ts";
import { findEvent, type StoredEvent } from "../../store/events/inbox.ts";
import { Rig, type Session } from "../rig.fixture.ts";

const NAMED: Partial<ClientFacts> = { argv: ["claude", "--channels", "plugin:sluice@sluice"] };

async function start(bell = false, rig = new Rig()): Promise<{ rig: Rig; session: Session }> {
  const session = rig.connect(NAMED, { bell });
  await rig.clock.advance(1_000);
  return { rig, session };
}

/** How much of what was pushed each session has had in a turn. */
const had = new WeakMap<Session, number>();

/** A turn that the client begins for what was pushed; its hooks see the prompt. */
async function turn(session: Session, promptId = session.nextPrompt()): Promise<void> {
  const events = session.pushed
    .slice(had.get(session) ?? 0)
    .map(({ meta }) => meta["event_id"] ?? "");
  had.set(session, session.pushed.length);
  const prompt = '<channel source="plugin:sluice:sluice">';
  await session.hook("UserPromptSubmit", { prompt, promptId, events });
  await session.stop(promptId);
}

const idsOf = (session: Session): (string | undefined)[] =>
  session.pushed.map(({ meta }) => meta["event_id"]);

test("the first event goes alone; the turn's end that must hold it proves the lane, then the rest goes", async () => {
  const { rig, session } = await start();
  const ids = [
    await rig.post({ quotes: [{ label: "body", text: "text" }] }),
    await rig.post(),
    await rig.post(),
  ];
  expect(idsOf(session)).toEqual([ids[0]]);
  expect(session.pushed[0]).toMatchObject({
    kind: "channel",
    content: "The build failed\n| body: text",
    meta: { channel: "alerts", trust: "untrusted" },
  });
  await rig.clock.advance(30_000);
  expect(idsOf(session)).toEqual([ids[0]]);
  await turn(session);
  expect([rig.state(ids[0] ?? ""), session.attachment.health]).toEqual(["done", "proven"]);
  expect(idsOf(session)).toEqual(ids);
  await turn(session);
  expect(ids.map((id) => rig.state(id))).toEqual(["done", "done", "done"]);
});

test("of many that wait when a session comes, the first goes alone", async () => {
  const rig = new Rig();
  const ids = [await rig.post(), await rig.post(), await rig.post()];
  const { session } = await start(false, rig);
  expect(idsOf(session)).toEqual([ids[0]]);
});

test("a tool call that names the first event proves the lane as well", async () => {
  const { rig, session } = await start();
  const id = await rig.post({ channel: "chat", ack: "reply" });
  await session.tool("details", { event_id: id });
  expect([rig.state(id), session.attachment.health]).toEqual(["seen", "proven"]);
});

test("DELIVER-1: an event is on disk as offered before it is pushed", async () => {
  const { rig, session } = await start();
  let stateWhenPushed: unknown;
  const other = new Rig(rig.path, rig.clock);
  const push = session.pushed.push.bind(session.pushed);
  session.pushed.push = (...messages) => {
    stateWhenPushed = other.state(messages[0]?.meta["event_id"] ?? "");
    return push(...messages);
  };
  await rig.post();
  expect(stateWhenPushed).toBe("offered");
});

test("CHANNEL-1: what is pushed into a turn waits for the end of the one after", async () => {
  const { rig, session } = await start();
  await session.type("work", "P");
  const id = await rig.post();
  expect(idsOf(session)).toEqual([id]);
  await session.stop("P");
  expect(rig.state(id)).toBe("offered");
  await turn(session);
  expect(rig.state(id)).toBe("done");
});

test("CHANNEL-1: a user's own turn proves nothing of a channel that may be closed", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await session.type("work", "P");
  await session.stop("P");
  expect([rig.state(id), session.attachment.health]).toEqual(["offered", "none"]);
  await rig.clock.advance(61_000);
  expect([session.attachment.lane.name, rig.state(id)]).toEqual(["pull", "stored"]);
});

test("CHANNEL-1: words that quote an event prove nothing: only one that is out on this lane can have come by it", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  const promptId = session.nextPrompt();
  const quoted = [`evt_${"0".repeat(26)}`];
  await session.hook("UserPromptSubmit", { prompt: "what is this", promptId, events: quoted });
  await session.stop(promptId);
  expect([session.attachment.health, session.attachment.showsPrompts]).toEqual(["none", false]);
  expect(rig.state(id)).toBe("offered");
});

test("CHANNEL-1: what an inbox call brought does not prove the channel", async () => {
  const { rig, session } = await start();
  const first = await rig.post();
  const second = await rig.post();
  expect(await session.tool("inbox", {}, "t1")).toContain(second);
  await session.hook("PostToolUse", { tool: "mcp__sluice__inbox", toolUseId: "t1" });
  expect([rig.state(second), session.attachment.health]).toEqual(["done", "none"]);
  expect(rig.state(first)).toBe("offered");
});

test("CHANNEL-1: where hooks see the prompts, an event that its turn did not carry goes again, marked", async () => {
  const { rig, session } = await start();
  await rig.post();
  await turn(session);
  const lost = await rig.post();
  had.set(session, session.pushed.length);
  await rig.clock.advance(1_000);
  await turn(session);
  expect(session.pushed.at(-1)?.meta).toMatchObject({ event_id: lost, replayed: "true" });
});

test("CHANNEL-1: of events that were pushed together the first starts a turn, the rest is carried by the next, and is read once", async () => {
  const { rig, session } = await start();
  await rig.post();
  await turn(session);
  had.set(session, session.pushed.length);
  const ids = await Promise.all([rig.post(), rig.post(), rig.post()]);
  await rig.clock.advance(5);
  const [first, ...rest] = idsOf(session).slice(-3);
  for (const events of [[first ?? ""], rest.map((id) => id ?? "")]) {
    const promptId = session.nextPrompt();
    await session.hook("UserPromptSubmit", { prompt: "<channel>", promptId, events });
    await rig.clock.advance(1_000);
    await session.stop(promptId);
  }
  expect(ids.map((id) => [rig.state(id), rig.attempts(id).length])).toEqual(
    ids.map(() => ["done", 1]),
  );
});

test("CHANNEL-1: words typed into a running turn begin no other one: what was pushed into it is not given up for lost", async () => {
  const { rig, session } = await start();
  await rig.post();
  await turn(session);
  const promptId = session.nextPrompt();
  await session.type("work on it", promptId);
  await rig.clock.advance(1_000);
  const id = await rig.post();
  await rig.clock.advance(1_000);
  expect(idsOf(session)).toContain(id);
  // The client asks its hooks at once, under the running turn's id, and keeps the event for the next turn.
  await session.type("and be quick", promptId);
  await session.stop(promptId);
  expect(rig.attempts(id)).toEqual([["offered", 1]]);
  await turn(session);
  expect([rig.state(id), rig.attempts(id)]).toEqual(["done", [["done", 1]]]);
  expect(idsOf(session).filter((one) => one === id)).toHaveLength(1);
});

test("CHANNEL-1: a turn that is nudged goes on: what was pushed into it before is not given up for lost", async () => {
  const { rig, session } = await start();
  await rig.post();
  await turn(session);
  const asked = await rig.post({ channel: "chat", chatId: "7", ack: "reply" });
  const promptId = session.nextPrompt();
  await session.hook("UserPromptSubmit", { prompt: "<channel>", promptId, events: [asked] });
  await rig.clock.advance(1_000);
  const id = await rig.post();
  await rig.clock.advance(1_000);
  expect(await session.stop(promptId)).toContain(asked);
  await rig.clock.advance(1_000);
  await session.stop(promptId, { stopHookActive: true });
  expect(rig.attempts(id)).toEqual([["offered", 1]]);
});

test("CHANNEL-1: where they do not, the turns are counted: a push starts one, and what is queued the next", async () => {
  const { rig, session } = await start();
  const first = await rig.post();
  await session.stop("P1");
  expect([rig.state(first), session.attachment.health]).toEqual(["done", "proven"]);
  const second = await rig.post();
  // Into the turn that the second has started: the end of that turn proves only the second.
  const third = await rig.post();
  await session.stop("P2");
  expect([rig.state(second), rig.state(third)]).toEqual(["done", "offered"]);
  const fourth = await rig.post();
  await session.stop("P3");
  expect([rig.state(third), rig.state(fourth)]).toEqual(["done", "offered"]);
});

test("CHANNEL-1: what leaves with the proof of the lane starts a turn as well: its end proves nothing that was pushed into it", async () => {
  const { rig, session } = await start();
  const first = await rig.post();
  const second = await rig.post();
  // The look comes in the very turn in which the proof is written.
  rig.delivery.changed(session.attachment);
  await session.stop("P1");
  expect(idsOf(session)).toEqual([first, second]);
  const third = await rig.post();
  await session.stop("P2");
  expect([rig.state(second), rig.state(third)]).toEqual(["done", "offered"]);
});

test("on a proven lane at most eight are out at once", async () => {
  const { rig, session } = await start();
  await rig.post();
  await turn(session);
  await rig.clock.advance(1_000);
  for (let i = 0; i < 20; i++) await rig.post();
  expect(session.pushed.length).toBe(9);
  await turn(session);
  expect(session.pushed.length).toBe(17);
  await turn(session);
  expect(session.pushed.length).toBe(17 + 4);
});

test("60 s without a sign: with a bell the lane becomes monitor, and the event comes that way, marked", async () => {
  const { rig, session } = await start(true);
  const id = await rig.post();
  await rig.clock.advance(59_000);
  expect([session.attachment.lane.name, session.lines]).toEqual(["channel", []]);
  await rig.clock.advance(2_000);
  expect([session.attachment.lane.name, session.lines.length]).toEqual(["monitor", 1]);
  const note = await session.hear("P");
  expect(note).toContain(id);
  expect(note).toContain('replayed="true"');
  await session.stop("P");
  expect(rig.state(id)).toBe("done");
  expect(session.pushed.length).toBe(1);
});

test("60 s without a sign: without a bell it is read by hand, and the session says why", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await rig.clock.advance(61_000);
  expect([session.attachment.lane.name, session.attachment.health, rig.state(id)]).toEqual([
    "pull",
    "unproven",
    "stored",
  ]);
  expect(session.attachment.reason).toContain("no sign of the first event within 60 s");
  expect(await session.tool("inbox", {}, "t1")).toContain(id);
});

test("the 60 s do not run out in a turn; they do when the turn was interrupted", async () => {
  const { rig, session } = await start();
  await rig.post();
  await session.type("work", "P");
  await rig.clock.advance(120_000);
  expect(session.attachment.lane.name).toBe("channel");
  await rig.clock.advance(9 * 60_000);
  expect(session.attachment.lane.name).toBe("pull");
});

// req:field.40
test("a push whose connection broke may not have arrived: it goes again, marked", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  session.detach();
  await rig.clock.advance(1_000);
  expect(rig.state(id)).toBe("stored");
  const again = rig.connect(NAMED, { bell: false });
  await rig.clock.advance(1_000);
  expect(again.attachment).toBe(session.attachment);
  expect(again.pushed[0]?.meta).toMatchObject({ event_id: id, replayed: "true", attempt: "2" });
});

test("a connection that breaks between commit and push: no receipt for what never left", async () => {
  const { rig, session } = await start();
  const posted = rig.post();
  // The offer shares the transaction of this turn; the push follows its commit.
  session.detach();
  const id = await posted;
  expect(session.pushed).toEqual([]);
  await turn(session);
  expect(rig.state(id)).toBe("stored");
});

// req:field.53
test("FAULT-1: an offer that a killed hub had committed but perhaps not pushed goes again after the restart", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  expect(rig.state(id)).toBe("offered");
  const next = rig.restart();
  const again = next.connect(NAMED, { bell: false, remembered: { session: "s1", stops: 0 } });
  await next.clock.advance(1_000);
  expect(again.pushed[0]?.meta).toMatchObject({ event_id: id, replayed: "true" });
  await turn(again);
  expect(next.state(id)).toBe("done");
  expect(session.pushed.length).toBe(1);
});

test("FAULT-36: a re-offer always reaches the transport", async () => {
  const { rig, session } = await start(true);
  const id = await rig.post({ deliveryId: "d1" });
  await rig.post({ deliveryId: "d1" });
  expect(idsOf(session)).toEqual([id]);
  await rig.clock.advance(61_000);
  expect(await session.hear()).toContain(id);
});

test("a host that is known to listen is on the channel lane without a flag", async () => {
  const rig = new Rig();
  const session = rig.connect(
    { name: "sluice-reference-session", version: "1" },
    { plugin: false },
  );
  await rig.clock.advance(1_000);
  const id = await rig.post();
  expect(idsOf(session)).toEqual([id]);
});

test("NAME-2: what the first hook of another conversation gives back is the new one's when it goes out again at once", async () => {
  const { rig, session } = await start();
  const first = await rig.post();
  await turn(session);
  expect(rig.state(first)).toBe("done");
  const chat = await rig.post({ channel: "chat", ack: "reply" });
  expect(idsOf(session)).toEqual([first, chat]);
  session.id = "s2";
  // Something else in the same turn has everything looked at before it commits.
  rig.delivery.changed();
  await session.type("hello", "Q");
  expect(idsOf(session)).toEqual([first, chat, chat]);
  expect(session.pushed.at(-1)?.meta).toMatchObject({ replayed: "true" });
  expect(await session.tool("reply", { event_id: chat, text: "yes" })).not.toContain("ERROR");
  expect(rig.state(chat)).toBe("done");
});

test("NAME-2: what was sent to a conversation does not follow its client into another one that is resumed in it", async () => {
  const { rig, session } = await start();
  await rig.post();
  await turn(session);
  const chat = await rig.post({ channel: "chat", ack: "reply", session: "s1" });
  expect(idsOf(session).at(-1)).toBe(chat);
  const before = session.pushed.length;
  session.id = "s2";
  await session.type("hello", "Q");
  await rig.clock.advance(60_000);
  expect(session.pushed.length).toBe(before);
  expect(rig.state(chat)).toBe("stored");
});

const LISTENER: Partial<ClientFacts> = { name: "sluice-reference-session", version: "1" };

test("CHANNEL-3: in a session without hooks an event that the model says nothing to holds the next one up for 8 s, not for a minute", async () => {
  const rig = new Rig();
  const session = rig.connect(NAMED, { plugin: false });
  await rig.clock.advance(1_000);
  const ids = [await rig.post(), await rig.post(), await rig.post()];
  await rig.clock.advance(7_900);
  expect(idsOf(session)).toEqual([ids[0]]);
  await rig.clock.advance(200);
  expect(idsOf(session)).toEqual(ids.slice(0, 2));
  await session.tool("details", { event_id: ids[1] });
  expect(idsOf(session)).toEqual(ids);
});

test("CHANNEL-3: with the plugin's hooks the next one waits for the sign", async () => {
  const { rig, session } = await start();
  const ids = [await rig.post(), await rig.post()];
  await rig.clock.advance(30_000);
  expect(idsOf(session)).toEqual(ids.slice(0, 1));
});

test("CHANNEL-2: a host that is known to listen has nothing to prove: many go at once, and silence does not close the lane", async () => {
  const rig = new Rig();
  const session = rig.connect(LISTENER, { plugin: false });
  await rig.clock.advance(1_000);
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) ids.push(await rig.post());
  expect(idsOf(session)).toEqual(ids.slice(0, 8));
  await rig.clock.advance(8_100);
  expect(idsOf(session)).toEqual(ids.slice(0, 16));
  await rig.clock.advance(8_100);
  expect(idsOf(session)).toEqual(ids);
  await rig.clock.advance(120_000);
  expect([session.attachment.lane.name, session.attachment.health]).toEqual(["channel", "none"]);
  expect(ids.map((id) => rig.state(id))).toEqual(ids.map(() => "offered"));
  const late = await rig.post();
  expect(idsOf(session).at(-1)).toBe(late);
});

test("CHANNEL-2: a bare session of a client that has to prove itself still leaves the lane after 60 s, and what was sent waits again", async () => {
  const rig = new Rig();
  const session = rig.connect(NAMED, { plugin: false });
  await rig.clock.advance(1_000);
  const ids = [await rig.post(), await rig.post()];
  await rig.clock.advance(61_000);
  expect([session.attachment.lane.name, ...ids.map((id) => rig.state(id))]).toEqual([
    "pull",
    "stored",
    "stored",
  ]);
});

test("a policy that lets only some sessions through holds the others, on every way in", async () => {
  const rig = new Rig();
  rig.policy = "not on the list";
  rig.letThrough = (argv) => argv.includes("--let-through");
  const { session: held } = await start(false, rig);
  const event = await rig.post();
  expect([held.pushed, rig.state(event)]).toEqual([[], "stored"]);
  expect(rig.delivery.explain(found(rig, event))).toBe("not on the list");
  const page = await held.tool("inbox");
  expect(page).toContain("ERROR inbox: not on the list");
  held.detach();
  await rig.clock.advance(60_000);
  const argv = [...(NAMED.argv ?? []), "--let-through"];
  const through = rig.connect({ ...NAMED, pid: 200, session: "s2", argv });
  await rig.clock.advance(1_000);
  expect(idsOf(through)).toEqual([event]);
});

function found(rig: Rig, id: string): StoredEvent {
  const event = findEvent(rig.db, id);
  if (event === undefined) throw new Error(`${id} is not in the inbox`);
  return event;
}
