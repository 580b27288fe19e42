/**
 * `sluice agent` with the real Agent SDK: a webhook in, a reply out, a permission on the page, the day's ceiling, a kill.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toRead } from "../claude/api-request.ts";
import type { Answer } from "../claude/scripted-api.ts";
import { waitUntil } from "../claude/wait.ts";
import { answer, untilAsked } from "../e2e/people.ts";
import { AgentStage, findSdk, SLOW_MS } from "./stage.ts";

const use = (tool: string, input: object): Answer => ({ blocks: [{ tool, input }] });

test(
  "a webhook begins a turn, a person is answered, a command is asked about and allowed on the page, and Ctrl-C ends it",
  { timeout: 400_000 },
  async ({ skip }) => {
    const sdk = findSdk();
    if (sdk === undefined) return skip("SLUICE_AGENT_SDK names none; .ci/agents installs one");
    // CLAUDEAGENT-2: no tool that begins a turn later is there.
    const OFF = ["CronCreate", "ScheduleWakeup", "Monitor", "SendMessage"];
    const left = new Set(["greet", "touch"]);
    const take = (name: string): boolean => left.delete(name);
    const stage = await AgentStage.open(sdk, (request) => {
      if (request.kind !== "main") return undefined;
      const text = toRead(request);
      const id = /event_id="(evt_[0-9a-z]{26})"/.exec(text)?.[1];
      if (text.includes("say hello") && take("greet"))
        return use("mcp__sluice__reply", { event_id: id, text: "hello back" });
      if (text.includes("marker-one") && take("touch"))
        return use("Bash", { command: "touch made" });
      return undefined;
    });
    const { sluice } = stage;
    await sluice.addGithub();
    const talk = await sluice.addTwoWay("talk");
    // CLAUDEAGENT-4: what somebody mentions is read by nobody.
    const outside = join(stage.home, "key.txt");
    for (const path of [join(stage.project, ".env"), join(stage.project, "plan.txt"), outside])
      writeFileSync(path, "mentioned-content");
    stage.start("--channel", "github", "--channel", "talk");
    await stage.untilReady();

    const mentions = `@.env @plan.txt @./plan.txt @${outside} @~/key.txt @"${outside}" @${stage.home}/`;
    const hello = await sluice.say(talk, `say hello ${mentions}`);
    await sluice.waitForState(hello.id, "done", SLOW_MS);
    await waitUntil(() => talk.replies.some(({ text }) => text === "hello back") || undefined, {
      timeoutMs: SLOW_MS,
      what: "the reply",
    });

    const failed = await sluice.fail("marker-one");
    const asked = await untilAsked(sluice.place);
    expect(asked).toMatchObject({ tool: "Bash", arguments: "command: touch made" });
    expect(existsSync(join(stage.project, "made"))).toBe(false);
    await answer(sluice.place, asked.id, { kind: "allow" }, asked.code);
    await sluice.waitForState(failed.id, "done", SLOW_MS);
    expect(existsSync(join(stage.project, "made"))).toBe(true);
    const names = stage.model.turns
      .flatMap(({ body }) => body?.tools ?? [])
      .map(({ name }) => name);
    expect(names.filter((name) => OFF.includes(name ?? ""))).toEqual([]);
    const sent = JSON.stringify(stage.model.requests.map(({ body }) => body));
    expect(sent).toContain("@plan.txt");
    expect(sent).not.toContain("mentioned-content");
    expect(await stage.end("SIGINT")).toBe(0);
    expect((await sluice.status()).sessions).toEqual([]);
  },
);

test(
  "CREATE-5, CLAUDEAGENT-1: harmless reading is done, a secret is asked about; a stranger's comment waits for a person; the day's ceiling holds what comes next",
  { timeout: 400_000 },
  async ({ skip }) => {
    const sdk = findSdk();
    if (sdk === undefined) return skip("SLUICE_AGENT_SDK names none; .ci/agents installs one");
    const left = new Set(["plain", "secret"]);
    const files = { plain: "", secret: "" };
    const stage = await AgentStage.open(sdk, (request) => {
      if (request.kind !== "main") return undefined;
      for (const name of ["plain", "secret"] as const)
        if (toRead(request).includes(`look-${name}`) && left.delete(name))
          return use("Read", { file_path: files[name] });
      return undefined;
    });
    const { sluice, project } = stage;
    files.plain = join(project, "notes.txt");
    files.secret = join(project, ".env");
    writeFileSync(files.plain, "plain-content");
    writeFileSync(files.secret, "secret-content");
    await sluice.addGithub();
    stage.start("--channel", "github", "--turns", "2");
    await stage.untilReady();

    const strange = await sluice.github("issue_comment", toComment("stranger-words", "NONE"));
    const plain = await sluice.fail("look-plain");
    await sluice.waitForState(plain.id, "done", SLOW_MS);
    expect(JSON.stringify(stage.model.turns.at(-1)?.body)).toContain("plain-content");

    const comment = await sluice.github("issue_comment", toComment("look-secret", "MEMBER"));
    const asked = await untilAsked(sluice.place);
    expect(asked.tool).toBe("Read");
    await answer(sluice.place, asked.id, { kind: "deny" });
    await sluice.waitForState(comment.id, "done", SLOW_MS);

    const third = await sluice.fail("one-too-many");
    await waitUntil(
      async () => {
        const { event } = await sluice.trace(third.id);
        return event.state === "stored" || undefined;
      },
      { timeoutMs: SLOW_MS, what: "the third event" },
    );
    expect((await sluice.trace(strange.id)).event.state).toBe("stored");
    const seen = JSON.stringify(stage.model.requests.map(({ body }) => body));
    for (const words of ["secret-content", "stranger-words", "one-too-many"])
      expect(seen).not.toContain(words);
    expect(await stage.end("SIGTERM")).toBe(0);
  },
);

function toComment(body: string, association: string): object {
  return {
    action: "created",
    issue: { number: 7, title: "a title", state: "open", author_association: "OWNER" },
    comment: { id: 1, body, author_association: association, user: { login: "somebody" } },
    repository: { full_name: "octo-org/octo-app" },
    sender: { id: 1, login: "somebody" },
  };
}
