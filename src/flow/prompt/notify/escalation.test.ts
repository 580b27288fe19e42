import { expect, onTestFinished, test } from "vitest";
import { Away } from "./away.ts";
import type { Notifier } from "./notifier.ts";
import { start } from "../prompt-rig.fixture.ts";
import { Escalation } from "./escalation.ts";

const AFTER_MS = 20_000;

function openPush() {
  const { rig, session } = start();
  const { db, clock } = rig.rig;
  const heard: string[] = [];
  const notifier: Notifier = {
    name: "test",
    show: ({ tool }) => void heard.push(`show ${tool}`),
    change: ({ tool }) => void heard.push(`change ${tool}`),
    end: ({ tool }) => void heard.push(`end ${tool}`),
  };
  const ignore = (): void => {};
  const away = new Away({ db, clock, readIdleMs: () => 600_000, note: ignore });
  const push = new Escalation({
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    prompts: rig.prompts,
    away,
    readAfterMs: () => AFTER_MS,
    notifiers: [notifier],
  });
  onTestFinished(() => {
    push.close();
    away.close();
  });
  /** As a disk that takes nothing. */
  const refuseWrites = (isOn: boolean): unknown =>
    db.all(`PRAGMA query_only = ${isOn ? "ON" : "OFF"}`);
  return { rig, session, clock, heard, refuseWrites };
}

test("ESCALATION-4: people hear of a prompt once the disk takes it, however long that lasts", async () => {
  const { rig, session, clock, heard, refuseWrites } = openPush();
  await rig.ask(session);
  refuseWrites(true);
  await clock.advance(AFTER_MS + 60_000);
  expect(heard).toEqual([]);
  refuseWrites(false);
  await clock.advance(2_000);
  expect(heard).toEqual(["show Bash"]);
  await clock.advance(60_000);
  expect(heard).toEqual(["show Bash"]);
});

// CHATPROMPT-5
test("an end that the disk refused at first is told when it is on it", async () => {
  const { rig, session, clock, heard, refuseWrites } = openPush();
  const call = await rig.ask(session);
  await clock.advance(AFTER_MS);
  refuseWrites(true);
  await rig.hook(session, "Stop");
  await clock.advance(5_000);
  expect(heard).toEqual(["show Bash"]);
  refuseWrites(false);
  await clock.advance(2_000);
  expect(heard).toEqual(["show Bash", "end Bash"]);
  expect(call.told()).toEqual({ kind: "none" });
});

test("PROMPT-5: a prompt that expires while the disk takes nothing has expired when it does again", async () => {
  const { rig, session, clock, refuseWrites } = openPush();
  await rig.ask(session);
  const { id } = rig.pending;
  refuseWrites(true);
  await clock.advance(rig.settings.expireAfterMs + 60_000);
  refuseWrites(false);
  await clock.advance(2_000);
  expect(rig.stateOf(id)).toMatch(/^expired/);
});
