import { expect, onTestFinished, test } from "vitest";
import { listOutbox, markSent } from "../../../store/outbox/outbox.ts";
import { settle } from "../../virtual-clock.fixture.ts";
import { Chats } from "./chats.ts";
import { start } from "../prompt-rig.fixture.ts";

test("CHATPROMPT-3: where nothing can be changed another message says how it ended, with a stranger's words in a block", async () => {
  const { rig, session } = start();
  const { db, clock } = rig.rig;
  const ignore = (): void => {};
  const recipient = { channel: "ntfy", account: "", sender: "7", chatId: "7" };
  const chats = new Chats({
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    findPrompt: (id) => rig.prompts.find(id),
    listRecipients: () => [{ ...recipient, isStream: false, canEdit: false, isDenyOnly: false }],
    readSecond: () => undefined,
    queued: ignore,
    settled: async () => undefined,
  });
  onTestFinished(() => chats.close());
  await rig.ask(session);
  const prompt = rig.pending;
  chats.show(prompt);
  await settle();
  const [post] = listOutbox(db, { limit: 9 });
  await db.write(() => markSent(db, post?.id ?? 0, clock.now(), ["11"]));
  const by = {
    who: "[tap here](https://evil.example)",
    via: "page",
    mayAllow: true,
  } as const;
  await rig.prompts.decide(by, prompt.id, { kind: "deny" });
  chats.end(rig.prompts.find(prompt.id) ?? prompt);
  await settle();
  const text = listOutbox(db, { limit: 9 }).at(-1)?.text ?? "";
  expect(text).toMatch(
    /^[a-km-z]{5}:\n```\ndenied by \[tap here\]\(https:\/\/evil\.example\)[^\n]*\n```$/,
  );
});
