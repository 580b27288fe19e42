import { expect, test } from "vitest";
import { toCallDigest } from "../../sdk/call-digest.ts";
import { settle } from "../virtual-clock.fixture.ts";
import { PAGE, start, TEST_DIGEST } from "./prompt-rig.fixture.ts";

test("No at the terminal withdraws the call: the prompt is retired, or one call fewer waits", async () => {
  const { rig, session } = start();
  const [first, second] = [await rig.ask(session), await rig.ask(session)];
  const { id } = rig.pending;
  await rig.prompts.cancel(first.key);
  await settle();
  expect(first.told()).toEqual({ kind: "none" });
  expect(rig.pending.count).toBe(1);
  await rig.prompts.cancel(second.key);
  await settle();
  expect(rig.stateOf(id)).toBe("retired: answered at the terminal");
});

test("Yes at the terminal is heard at the end of that tool, and not of another", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  const { id } = rig.pending;
  const ended = { tool: "Bash", digest: TEST_DIGEST };
  await rig.hook(session, "PostToolUse", { ...ended, digest: toCallDigest({ command: "ls" }) });
  await rig.hook(session, "PostToolUse", { ...ended, tool: "Read" });
  await rig.hook(session, "PostToolUse", { ...ended, agentId: "helper" });
  await rig.hook(session, "PostToolUse", { ...ended, session: "another" });
  await rig.hook(session, "Stop", { agentId: "helper" });
  expect(call.told()).toBe("waiting");
  await rig.hook(session, "PostToolUseFailure", ended);
  expect(rig.stateOf(id)).toBe("retired: answered at the terminal");
  expect(call.told()).toEqual({ kind: "none" });
});

test("a helper's prompt lives through its session's own turns, and ends with the conversation", async () => {
  const { rig, session } = start();
  await rig.ask(session, { agentId: "helper" });
  const { id } = rig.pending;
  await rig.hook(session, "Stop");
  await rig.hook(session, "UserPromptSubmit", { prompt: "hello" });
  expect(rig.stateOf(id)).toBe("pending: ");
  await rig.hook(session, "SessionEnd");
  expect(rig.stateOf(id)).toBe("retired: the conversation was closed");
});

test("a prompt is retired with its session", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  const { id } = rig.pending;
  rig.prompts.lost(session.attachment, "the client ended");
  await settle();
  expect(rig.stateOf(id)).toBe("retired: the session is gone: the client ended");
  expect(call.told()).toEqual({ kind: "none" });
});

test("deny-all denies what waits and what is asked next, until its time", async () => {
  const { rig, session } = start();
  const waiting = await rig.ask(session);
  const { clock } = rig.rig;
  expect(await rig.prompts.holds.denyAll(session.id, PAGE)).toMatchObject({ denied: 1 });
  await settle();
  expect(waiting.told()).toMatchObject({ kind: "deny" });
  const next = await rig.ask(session);
  await settle();
  expect(next.told()).toMatchObject({ kind: "deny" });
  await rig.hook(session, "UserPromptSubmit", { prompt: "go on" });
  clock.jump(clock.now() + 900_000);
  const later = await rig.ask(session);
  await settle();
  expect(later.told()).toBe("waiting");
});

// HOLD-1
test("stop denies until the user types again, and tells the shim", async () => {
  const { rig, session } = start();
  await rig.ask(session);
  expect(await rig.prompts.holds.stop(session.id, PAGE)).toEqual({ denied: 1, isReached: true });
  expect(session.told).toMatchObject([{ kind: "stop" }]);
  const bell = '<task-notification>\n<summary>Monitor event: "Sluice bell"</summary>';
  await rig.hook(session, "UserPromptSubmit", { prompt: bell });
  const next = await rig.ask(session);
  await settle();
  expect(next.told()).toMatchObject({ kind: "deny" });
  await rig.hook(session, "UserPromptSubmit", { prompt: "go on" });
  const later = await rig.ask(session);
  await settle();
  expect(later.told()).toBe("waiting");
});

// HOLD-2
test("to deny all for a while does not shorten a stop", async () => {
  const { rig, session } = start();
  const { clock } = rig.rig;
  await rig.prompts.holds.stop(session.id, PAGE);
  await rig.prompts.holds.denyAll(session.id, PAGE);
  clock.jump(clock.now() + 900_000);
  expect(rig.prompts.holds.read(session.id)).toMatchObject({ kind: "stop" });
});

test("a stop holds through prompts that nobody typed: one the model scheduled, one of a run without a person", async () => {
  const { rig, session } = start();
  await rig.prompts.holds.stop(session.id, PAGE);
  await rig.hook(session, "UserPromptSubmit", { prompt: "poll the build", typed: false });
  expect(rig.prompts.holds.read(session.id)).toMatchObject({ kind: "stop" });
  const headless = rig.rig.connect({ pid: 4_713, session: session.id, interactive: false });
  await rig.hook(headless, "UserPromptSubmit", { prompt: "go on", typed: true });
  expect(rig.prompts.holds.read(session.id)).toMatchObject({ kind: "stop" });
  // Its text came too late to be passed on; that somebody typed it did not.
  await rig.hook(session, "UserPromptSubmit", { prompt: "", typed: true });
  expect(rig.prompts.holds.read(session.id)).toBeUndefined();
});

test("a call that the client denied by itself is told to the owner and kept as over", async () => {
  const { rig, session } = start();
  const ask = {
    session: session.id,
    tool: "Bash",
    input: { command: "ls" },
    cwd: "/",
    agentId: "",
  };
  const told = await rig.prompts.denied(session.attachment, { ...ask, reason: "looks odd" });
  expect(told).toEqual({ retry: false });
  expect(rig.owner[0]).toContain("Bash was denied by the client: looks odd");
  expect(rig.prompts.list()).toMatchObject([{ state: "retired", tool: "Bash" }]);
  rig.rules = [{ id: 1, action: "allow", tool: "Bash", createdAt: 0, by: "terminal" }];
  const again = await rig.prompts.denied(session.attachment, { ...ask, reason: "looks odd" });
  expect(again).toEqual({ retry: true });
});
