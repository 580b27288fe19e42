/**
 * What the person at a session's terminal is shown; the model reads none of it.
 */
import { expect, test } from "vitest";
import { addEffect, markSent, markUnsent } from "../../store/outbox/outbox.ts";
import { ALLOW, CHAT, PAGE, PromptRig } from "../prompt/prompt-rig.fixture.ts";
import { Rig, type Session, start } from "../rig.fixture.ts";

/** The client hands on the bell; what the screen shows of it. */
async function hear(session: Session): Promise<string | undefined> {
  await session.rig.clock.advance(60_000);
  const note = await session.hear();
  const shown = session.screen.at(-1);
  if (shown !== undefined) expect(note).not.toContain(shown);
  return shown;
}

test("an event is one line: its channel, what happened, and what others wrote of it", async () => {
  const { rig, session } = await start();
  await rig.post({
    channel: "github",
    text: "CI failed on main (octo-org/octo-app)\nattempt 2",
    quotes: [{ label: "commit", text: "fix the parser\n\nlong story" }],
  });
  expect(await hear(session)).toBe(
    "github: CI failed on main (octo-org/octo-app) | fix the parser long story",
  );
});

test("a person's message is who wrote it, and the words", async () => {
  const { rig, session } = await start();
  await rig.post({
    channel: "chat",
    kind: "message",
    chatId: "77",
    sender: { id: "77", name: "Ann" },
    text: "Message from Ann",
    quotes: [{ label: "message", text: "can you look at this?" }],
  });
  expect(await hear(session)).toBe("chat: Ann: can you look at this?");
});

test.each([
  [
    "no words of the channel's own",
    { kind: "ping", text: " \n", quotes: [{ label: "zen", text: "Keep it simple" }] },
    "github: ping | Keep it simple",
  ],
  [
    "a quote of nothing but blanks",
    { text: "CI failed", quotes: [{ label: "commit", text: " \n\t" }] },
    "github: CI failed",
  ],
  [
    "a message that is a file and no words",
    { chatId: "7", text: "Message from Ann, with a file: a.txt", quotes: [] },
    "github: Message from Ann, with a file: a.txt",
  ],
  [
    "a sender whose name is more than a name",
    {
      chatId: "7",
      sender: { id: "7", name: "Ann\u001b[2J\nSluice: allowed" },
      quotes: [{ label: "message", text: "hi" }],
    },
    "github: Ann[2J Sluice: allowed: hi",
  ],
])("%s: the line says what there is", async (_, changes, line) => {
  const { rig, session } = await start();
  await rig.post({ channel: "github", ...changes });
  expect(await hear(session)).toBe(line);
});

test("of many events three are shown, and how many more there are; the most urgent first", async () => {
  const { rig, session } = await start();
  for (let i = 0; i < 25; i++)
    await rig.post({ channel: "github", text: `run ${i}`, quotes: [], deliveryId: `d${i}` });
  await rig.post({ channel: "pager", text: "disk full", quotes: [], priority: "urgent" });
  const lines = (await hear(session))?.split("\n") ?? [];
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe("pager: disk full");
  expect(lines[3]).toBe("and 23 more");
});

test("events of one entity are one line with a count", async () => {
  const { rig, session } = await start();
  for (let i = 0; i < 3; i++)
    await rig.post({ channel: "github", text: `run ${i}`, quotes: [], entity: "pr:7" });
  expect(await hear(session)).toMatch(/^github: run \d \(and 2 more about it\)$/);
});

test("what an event holds is nothing that a terminal obeys, opens or breaks a line at", async () => {
  const { rig, session } = await start();
  await rig.post({
    channel: "github",
    text: "\u001b]8;;https://evil.example\u0007free\u001b]8;;\u0007 \u202emoc\u001b[2J [x](javascript:a)",
    quotes: [{ label: "t", text: `a\nSluice: allowed${"界".repeat(300)}` }],
  });
  const shown = (await hear(session)) ?? "";
  expect(shown).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
  expect(shown).not.toMatch(/:\/\/|\]\(/);
  expect(shown.length).toBeLessThan(120);
});

test("turned off, nothing is shown, and the model reads the same", async () => {
  const { rig, session } = await start(new Rig(undefined, undefined, 0, false));
  await rig.post({ channel: "github", text: "CI failed", quotes: [] });
  await rig.clock.advance(60_000);
  expect(await session.hear()).toContain("CI failed");
  expect(session.screen).toEqual([]);
});

/** A turn in which the session answers Ann. */
async function answer(
  session: Session,
  text: string,
  end: (id: number) => void = () => {},
): Promise<void> {
  const { rig } = session;
  const event = await rig.post({
    channel: "chat",
    chatId: "77",
    sender: { id: "77", name: "Ann" },
  });
  await rig.clock.advance(60_000);
  const promptId = session.nextPrompt();
  await session.hear(promptId);
  session.screen.length = 0;
  await rig.db.write(() => {
    const { row } = addEffect(
      rig.db,
      { kind: "reply", event, channel: "chat", chatId: "77", session: session.id, text },
      rig.clock.now(),
    );
    end(row.id);
  });
  await session.stop(promptId, { stopHookActive: true });
}

test("at the end of a turn: what was sent to whom, and what was not", async () => {
  const { rig, session } = await start();
  await answer(session, "Green.\nAll of it.", (id) => markSent(rig.db, id, rig.clock.now()));
  expect(session.screen).toEqual(["Sluice: sent to Ann (chat): Green. All of it."]);
  await answer(session, "Red.", (id) => markUnsent(rig.db, id, "failed", "the chat is gone"));
  expect(session.screen).toEqual([
    "Sluice: could not be sent to Ann (chat) (the chat is gone): Red.",
  ]);
  await rig.clock.advance(1_000);
  const promptId = session.nextPrompt();
  await session.type("go on", promptId);
  session.screen.length = 0;
  await session.stop(promptId);
  expect(session.screen).toEqual([]);
});

test("at the end of a turn: an approval that another session waits for", async () => {
  const { rig, session } = await start();
  const prompts = new PromptRig(rig);
  await prompts.ask(rig.connect({ session: "other", cwd: "/work/site", pid: 4_711 }));
  const promptId = session.nextPrompt();
  await session.type("go on", promptId);
  await session.stop(promptId);
  expect(session.screen).toEqual([
    "Sluice: waits for an approval: Bash in site, another session (sluice open)",
  ]);
});

test("at the end of a turn: who answered its prompts elsewhere, and where; no rule, and none of an earlier turn", async () => {
  const { rig, session } = await start();
  const prompts = new PromptRig(rig);
  const promptId = session.nextPrompt();
  await session.type("go on", promptId);
  await prompts.ask(session);
  await prompts.prompts.decide(PAGE, prompts.pending.id, ALLOW);
  await prompts.ask(session, { input: { command: "npm run deploy" } });
  await prompts.prompts.decide(CHAT, prompts.pending.id, { kind: "deny", reason: "not\ntoday" });
  await session.stop(promptId);
  expect(session.screen).toEqual([
    "Sluice: Bash allowed by ada on the page\nSluice: Bash denied by ada in a chat: not today",
  ]);
  expect(session.screen.join()).not.toMatch(/npm/);
  await rig.clock.advance(1_000);
  const next = session.nextPrompt();
  await session.type("go on", next);
  session.screen.length = 0;
  await session.stop(next);
  expect(session.screen).toEqual([]);
});
