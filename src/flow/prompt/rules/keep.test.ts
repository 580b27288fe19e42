/** A call that was allowed with its code, and stays allowed. */
import { expect, test } from "vitest";
import type { Verdict } from "../../../sdk/prompt.ts";
import { listPromptRules } from "../../../store/prompts/prompt-rules.ts";
import { PAGE, type PromptRig, start } from "../prompt-rig.fixture.ts";

const DEPLOY = { command: "scripts/deploy staging", description: "Deploy" };
const keep = (how: "session" | "day" | "always" | "edits"): Verdict => ({
  kind: "allow",
  keep: how,
});

/** Asks, and allows it with its code; the rules of the store speak from then on. */
async function allow(rig: PromptRig, verdict: Verdict, changes = {}): Promise<void> {
  const { prompts } = rig;
  const { code, id } = rig.pending;
  expect(await prompts.decide(PAGE, id, verdict)).toMatchObject({ kind: "needs-code" });
  expect(await prompts.decide(PAGE, id, verdict, code)).toMatchObject({ kind: "done", ...changes });
  rig.rules = listPromptRules(rig.rig.db, rig.rig.clock.now());
}

// RULE-4
test("KEEP-1: exactly this call is allowed again, whatever the model says about it; any other is asked", async () => {
  const { rig, session } = start();
  await rig.ask(session, { input: DEPLOY });
  await allow(rig, keep("session"));
  const again = await rig.ask(session, { input: { ...DEPLOY, description: "Once more" } });
  expect(again.told()).toEqual({ kind: "allow" });
  for (const changes of [
    { input: { command: "scripts/deploy  staging" } },
    { input: { ...DEPLOY, timeout: 5 } },
    { input: { ...DEPLOY, dangerouslyDisableSandbox: true } },
    { input: DEPLOY, cwd: "/work/sub" },
    { input: DEPLOY, tool: "Monitor" },
    { input: DEPLOY, session: "another" },
  ])
    expect((await rig.ask(session, changes)).told(), JSON.stringify(changes)).toBe("waiting");
});

test("a kept call is a rule like any other: the owner is told, and a rule that may deny silences it", async () => {
  const { rig, session } = start();
  await rig.ask(session, { input: DEPLOY });
  await allow(rig, keep("always"));
  const [rule] = rig.rules;
  expect(rule).toMatchObject({ action: "allow", scope: "exact", folder: "/work", by: "ada" });
  expect(rig.owner.join("\n")).toContain(`rule ${rule?.id} `.trim());
  rig.rules = [
    ...rig.rules,
    { id: 9, action: "deny", tool: "Bash", command: "* staging", createdAt: 1, by: "x" },
  ];
  expect((await rig.ask(session, { input: DEPLOY })).told()).toMatchObject({ kind: "deny" });
});

test("a day ends, a session's rule ends with it", async () => {
  const { rig, session } = start();
  await rig.ask(session, { input: DEPLOY });
  await allow(rig, keep("day"));
  const { db, clock } = rig.rig;
  expect(listPromptRules(db, clock.now() + 86_400_000 - 1)).toHaveLength(1);
  expect(listPromptRules(db, clock.now() + 86_400_000)).toHaveLength(0);
});

test("all ordinary edits of this folder, in this session: no hidden file, no other place", async () => {
  const { rig, session } = start();
  const edit = (file_path: string) => ({
    tool: "Edit",
    input: { file_path, old_string: "a", new_string: "b" },
  });
  await rig.ask(session, edit("/work/src/a.ts"));
  await allow(rig, keep("edits"));
  const told = async (path: string) => (await rig.ask(session, edit(path))).told();
  expect(await told("/work/src/b.ts")).toEqual({ kind: "allow" });
  for (const path of ["/work/.git/hooks/x.ts", "/work/package.json", "/work/x.sh", "/etc/a.ts"])
    expect(await told(path), path).toBe("waiting");
});

test("what is no call, or not known whole, is not kept", async () => {
  const { rig, session } = start();
  await rig.ask(session, { input: DEPLOY });
  const { id, code } = rig.pending;
  expect(await rig.prompts.decide(PAGE, id, keep("edits"), code)).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("no ordinary edit"),
  });
  expect(listPromptRules(rig.rig.db, 0)).toEqual([]);
});
