/**
 * Webhooks into a session of the real opencode, and what it asks: idle, busy, a killed hub. What counts is the model's request.
 */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Sluice } from "../claude/sluice.ts";
import { Terminal } from "../claude/terminal.ts";
import { waitUntil } from "../claude/wait.ts";
import { answer, untilAsked } from "../e2e/people.ts";
import { ChatApi } from "./chat-api.ts";

const SLOW_MS = 180_000;

test(
  "a webhook reaches the model of an idle session once; in a turn it waits; a permission is answered on the page; a hub that is killed sends nothing twice",
  { timeout: 600_000 },
  async ({ skip, onTestFinished }) => {
    const opencode = process.env["SLUICE_OPENCODE"] ?? "";
    if (!existsSync(opencode))
      return skip("SLUICE_OPENCODE names no opencode; .ci/agents installs one");
    const closers: (() => void | Promise<void>)[] = [];
    const defer = (close: () => void | Promise<void>): void => void closers.push(close);
    onTestFinished(async () => {
      for (const close of closers.toReversed()) await close();
    }, 60_000);
    const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-opencode-")));
    defer(() => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
    const model = await ChatApi.open();
    defer(() => model[Symbol.asyncDispose]());
    const [home, project] = [join(root, "home"), join(root, "project")];
    for (const folder of [home, project]) mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(project, "opencode.json"), JSON.stringify(toConfig(model.url)));
    const env = {
      HOME: home,
      PATH: process.env["PATH"] ?? "",
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      SLUICE_INGRESS_PORT: "0",
      SLUICE_WEB_PORT: "0",
    };
    const sluice = new Sluice({
      home: { home, project, env, async [Symbol.asyncDispose]() {} },
      claude: "",
      defer,
    });
    await sluice.run("connect", "opencode");
    await sluice.addGithub();
    const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const terminal = await Terminal.open({
      command: ["env", "-i", ...set, opencode],
      cwd: project,
    });
    defer(() => terminal[Symbol.asyncDispose]());
    await terminal.waitForScreen("ctrl+p", { timeoutMs: SLOW_MS });
    // It shows its prompt some time before it takes keys.
    await waitUntil(
      async () => {
        await terminal.type("hello");
        await sleep(1_000);
        return (await terminal.screen()).includes("hello") || undefined;
      },
      { timeoutMs: SLOW_MS, what: "the prompt" },
    );
    await terminal.press("Enter");
    const isIdle = async () => {
      const { sessions } = await sluice.status();
      return sessions.some(({ lane, busy }) => lane === "opencode" && !busy) || undefined;
    };
    await waitUntil(isIdle, { timeoutMs: SLOW_MS, what: "a session of opencode" });

    const first = await sluice.fail("marker-one");
    // The headline, for as long as opencode shows it.
    await terminal.waitForScreen(/github: \S/, { timeoutMs: SLOW_MS });
    await sluice.waitForState(first.id, "done", SLOW_MS);
    expect(model.countIn("marker-one")).toBe(1);

    const gate = Promise.withResolvers<void>();
    model.script = (last) =>
      last.includes("marker-two") ? { command: "touch made", hold: gate.promise } : {};
    const second = await sluice.fail("marker-two");
    await waitUntil(() => model.countIn("marker-two") === 1 || undefined, {
      timeoutMs: SLOW_MS,
      what: "the request",
    });
    const third = await sluice.fail("marker-three");
    await sluice.killHub((await sluice.readHub()).pid);
    await sluice.run("up");
    await sluice.readHub();
    gate.resolve();
    const asked = await untilAsked(sluice.place);
    expect(asked).toMatchObject({ tool: "Bash", arguments: "command: touch made" });
    expect(model.countIn("marker-three")).toBe(0);
    await answer(sluice.place, asked.id, { kind: "allow" }, asked.code);
    await sluice.waitForState(second.id, "done", SLOW_MS);
    await sluice.waitForState(third.id, "done", SLOW_MS);
    expect(existsSync(join(project, "made"))).toBe(true);
    for (const marker of ["marker-one", "marker-two", "marker-three"])
      expect(model.countIn(marker)).toBe(1);
    await sluice.run("connect", "opencode", "--remove");
    expect(existsSync(join(home, ".config/opencode/plugins/sluice.js"))).toBe(false);
  },
);

function toConfig(baseURL: string): object {
  const options = { baseURL, apiKey: "none" };
  const scripted = {
    npm: "@ai-sdk/openai-compatible",
    options,
    models: { scripted: { tool_call: true } },
  };
  return {
    model: "scripted/scripted",
    small_model: "scripted/scripted",
    enabled_providers: ["scripted"],
    autoupdate: false,
    share: "disabled",
    permission: { bash: "ask" },
    provider: { scripted },
  };
}
