/**
 * What a thread of the real Codex asks people, answered elsewhere and at its terminal.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { answer, untilAsked, untilPrompts } from "../e2e/people.ts";
import { waitUntil } from "../claude/wait.ts";
import type { ModelAnswer } from "./responses-api.ts";
import { codexTest, prompt } from "./stage.ts";

const DIALOG = /Would you like to run/;

/** A command that the sandbox does not allow. */
function touch(file: string): ModelAnswer {
  const escalation = { sandbox_permissions: "require_escalated", justification: "make the file" };
  return { calls: [{ name: "exec_command", arguments: { cmd: `touch ${file}`, ...escalation } }] };
}

codexTest(
  "a command is allowed on the page, denied there, and answered at the terminal: one answer counts, and every dialog goes",
  async ({ sluice, model, project, ...stage }) => {
    await sluice.run("connect", "codex");
    model.script = ({ fresh }) => {
      const [, file] = /please make (\w+)/.exec(fresh) ?? [];
      return file === undefined ? {} : touch(file);
    };
    const isMade = (file: string): boolean => existsSync(join(project, file));
    const terminal = await stage.open();
    await stage.waitForThreads(1);

    await prompt(terminal, "please make first");
    await terminal.waitForScreen(DIALOG);
    const first = await untilAsked(sluice.place);
    expect(first).toMatchObject({
      tool: "Bash",
      kind: "tool",
      cwd: project,
      description: "make the file",
      isCut: false,
    });
    expect(first.arguments).toBe("command: touch first");
    expect(await answer(sluice.place, first.id, { kind: "allow" })).toMatchObject({
      kind: "needs-code",
    });
    expect(await answer(sluice.place, first.id, { kind: "allow" }, first.code)).toMatchObject({
      kind: "done",
    });
    await terminal.waitForScreen((screen) => !DIALOG.test(screen));
    await waitUntil(() => isMade("first") || undefined, { what: "the file" });

    await prompt(terminal, "please make second");
    await terminal.waitForScreen(DIALOG);
    const second = await untilAsked(sluice.place);
    expect(await answer(sluice.place, second.id, { kind: "deny" })).toMatchObject({ kind: "done" });
    await terminal.waitForScreen((screen) => !DIALOG.test(screen));

    await prompt(terminal, "please make third");
    await terminal.waitForScreen(DIALOG);
    const third = await untilAsked(sluice.place);
    // A hub that is killed meanwhile finds the same request again.
    await sluice.killHub((await sluice.readHub()).pid);
    await sluice.run("up");
    await sluice.readHub();
    await stage.waitForThreads(1);
    expect((await untilAsked(sluice.place)).id).toBe(third.id);
    await sleep(1_500);
    await terminal.press("y");
    await waitUntil(() => isMade("third") || undefined, { what: "the file" });
    const [retired] = await untilPrompts(sluice.place, "retired", 1);
    expect(retired).toMatchObject({ id: third.id, reason: "answered at the terminal" });
    expect(isMade("second")).toBe(false);
  },
);

codexTest(
  "tools that a thread calls act for it: an event is acknowledged by the session that was given it",
  async ({ sluice, model, ...stage }) => {
    await sluice.run("connect", "codex");
    await sluice.addGithub();
    model.script = ({ fresh }) => {
      const [id] = /evt_\w{26}/.exec(fresh) ?? [];
      if (!fresh.includes("marker-ack") || id === undefined) return {};
      return { calls: [{ name: "ack", namespace: "mcp__sluice", arguments: { event_ids: [id] } }] };
    };
    const terminal = await stage.open();
    await stage.waitForThreads(1);
    const kept = await sluice.fail("marker-ack");
    await terminal.waitForScreen("Allow the sluice MCP server");
    const asked = await untilAsked(sluice.place);
    expect(asked).toMatchObject({
      tool: "mcp__sluice__ack",
      arguments: `event_ids: ["${kept.id}"]`,
    });
    await answer(sluice.place, asked.id, { kind: "allow" }, asked.code);
    const { steps } = await sluice.waitForState(kept.id, "done");
    expect(steps.map(({ reason }) => reason)).toContain("a tool call named it");
  },
);

codexTest(
  "a question is answered on the page, and the model reads the answer",
  async ({ sluice, model, ...stage }) => {
    await sluice.run("connect", "codex");
    const options = ["red", "blue"].map((label) => ({ label, description: `all ${label}` }));
    const question = { id: "color", header: "Color", question: "Which color?", options };
    model.script = ({ fresh }) =>
      fresh.includes("please ask")
        ? { calls: [{ name: "request_user_input", arguments: { questions: [question] } }] }
        : {};
    const terminal = await stage.open();
    await stage.waitForThreads(1);
    await prompt(terminal, "please ask");
    await terminal.waitForScreen("Which color?");
    const asked = await untilAsked(sluice.place);
    expect(asked).toMatchObject({ kind: "question", questions: [{ question: "Which color?" }] });
    await answer(sluice.place, asked.id, { kind: "answers", answers: { "Which color?": "blue" } });
    await waitUntil(() => model.countWith('"answers\\\":[\\\"blue') > 0 || undefined, {
      what: "the answer in a request",
    }).catch(() => {
      throw new Error(JSON.stringify(model.requests.at(-1)?.input.slice(-2)));
    });
  },
);
