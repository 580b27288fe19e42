import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listOutbox } from "../../store/outbox/outbox.ts";
import { openScene } from "./tools-scene.fixture.ts";

test("a reply goes into its event's chat and thread, quoting once others have written since", async () => {
  const { connect, call, ask, sent } = await openScene();
  const session = connect(1);
  const first = await ask(session, "7");
  expect(await call(session, "reply", { event_id: first, text: "now" })).toMatch(
    /^Sent\. \(message msg_\d+\)/,
  );
  await ask(session, "7");
  await call(session, "reply", { event_id: first, text: "and more" });
  expect(sent).toMatchObject([
    { chatId: "7", threadId: "t1", text: "now" },
    { chatId: "7", threadId: "t1", text: "and more", replyTo: "m-7" },
  ]);
  expect(sent[0]).not.toHaveProperty("replyTo");
});

// OUTBOUND-1
// req:field.55
test("another session's event opens nothing, whatever is asked of it", async () => {
  const { connect, call, ask, sent, done } = await openScene();
  const mine = connect(1);
  const id = await ask(mine, "7");
  const handle = /msg_\d+/.exec(await call(mine, "reply", { event_id: id, text: "hi" }))?.[0];
  const other = connect(2);
  for (const [name, input] of [
    ["reply", { event_id: id, text: "x" }],
    ["react", { event_id: id, reaction: "👍" }],
    ["download_attachment", { event_id: id, index: 1 }],
    ["edit_message", { event_id: id, text: "x" }],
    ["edit_message", { message: handle, text: "x" }],
    ["edit_message", { message: "msg_999", text: "x" }],
    ["edit_message", { message: "msg_1; DROP TABLE outbox", text: "x" }],
  ] as const)
    expect(await call(other, name, input)).toMatch(/^ERROR/);
  expect([sent.length, done]).toEqual([1, []]);
});

test("edit_message changes the last answer of an event, or the message a handle names", async () => {
  const { connect, call, ask, done } = await openScene();
  const session = connect(1);
  const id = await ask(session, "7");
  expect(await call(session, "edit_message", { event_id: id, text: "x" })).toMatch(/^ERROR/);
  const said = await call(session, "reply", { event_id: id, text: "working" });
  const message = /msg_\d+/.exec(said)?.[0];
  await call(session, "reply", { event_id: id, text: "still" });
  await call(session, "edit_message", { event_id: id, text: "still working" });
  await call(session, "edit_message", { message, text: "worked" });
  expect(done).toEqual(["edit 7 101 still working", "edit 7 100 worked"]);
  await call(session, "reply", { event_id: id, text: "long" });
  expect(await call(session, "edit_message", { event_id: id, text: "x" })).toMatch(/split/);
});

test("react answers in place; send reaches listed contacts only, and once", async () => {
  const { connect, call, ask, sent, done } = await openScene();
  const session = connect(1);
  const id = await ask(session, "7");
  await call(session, "react", { event_id: id, reaction: "👍" });
  expect(done).toEqual(["react 7 m-7 👍"]);
  const report = { channel: "chat", chat: "friend", text: "report" };
  expect(await call(session, "send", report)).toMatch(/^Sent\./);
  expect(await call(session, "send", report)).toMatch(/^Sent before/);
  for (const wrong of [
    { ...report, chat: "7" },
    { ...report, chat: "stranger" },
    { ...report, channel: "github" },
    { ...report, channel: "nowhere" },
  ])
    expect(await call(session, "send", wrong)).toBe(
      "ERROR send: the owner has not listed that chat; they can, in a terminal: sluice access contact.",
    );
  expect(sent.map(({ chatId, text }) => [chatId, text])).toEqual([["friend", "report"]]);
});

// OUTBOUND-2, OUTFILE-4
// req:field.56
test("errors come before anything is sent: one bad file among good ones stops the message", async () => {
  const { rig, folder, connect, call, ask, sent } = await openScene();
  writeFileSync(join(folder, "good.txt"), "good");
  writeFileSync(join(folder, ".env"), "SECRET=1");
  const session = connect(1);
  const id = await ask(session, "7");
  const files = ["good.txt", ".env"];
  expect(await call(session, "reply", { event_id: id, text: "here", files })).toMatch(
    /ERROR .*\.env.*nothing was sent/,
  );
  expect([sent, listOutbox(rig.db, { limit: 9 })]).toEqual([[], []]);
  await call(session, "reply", { event_id: id, text: "", files: ["good.txt"] });
  expect(sent).toMatchObject([{ text: "", files: [{ name: "good.txt", bytes: 4 }] }]);
  for (const wrong of ["good.txt", [7], [""], Array.from({ length: 11 }, () => "good.txt")])
    expect(await call(session, "reply", { event_id: id, text: "x", files: wrong })).toMatch(
      /^ERROR/,
    );
});
