import { expect, test } from "vitest";
import { CHAT, PromptRig } from "./prompt-rig.fixture.ts";

test("DECIDE-3: who has typed three wrong codes types none for a while, and can still deny by a button, and stop", async () => {
  const rig = new PromptRig();
  const session = rig.rig.connect();
  await rig.ask(session);
  const { id, code } = rig.pending;
  for (const wrong of ["zzzzz", "zzzzy", "zzzzx"])
    await rig.prompts.decide(CHAT, wrong, { kind: "deny" });
  for (const typed of [code, "zzzzw"])
    expect(await rig.prompts.decide(CHAT, typed, { kind: "allow" })).toMatchObject({
      kind: "locked",
    });
  expect(await rig.prompts.decide(CHAT, id, { kind: "allow" }, code)).toMatchObject({
    kind: "locked",
  });
  expect(await rig.prompts.holds.stop(session.id, CHAT)).toMatchObject({ denied: 1 });
  await rig.prompts.holds.resume(session.id, CHAT);
  await rig.ask(session, { input: { command: "npm run lint" } });
  expect(await rig.prompts.decide(CHAT, rig.pending.id, { kind: "deny" })).toMatchObject({
    kind: "done",
  });
});
