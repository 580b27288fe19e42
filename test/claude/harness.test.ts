// Proves the harness itself on the real client: what it types is asked, what the
// script says is shown, and nothing stays behind. No claim about Sluice is here.
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import { toPrompt, toRead } from "./api-request.ts";
import { clientTest, stageTest } from "./claude-test.ts";
import { isAlive } from "./processes.ts";

clientTest(
  "a typed prompt reaches the scripted model and its answer stands on the screen",
  { script: (request) => (request.kind === "main" ? "the scripted answer" : undefined) },
  async ({ api, client }) => {
    await client.submit("say something");
    const request = await api.waitFor(({ kind }) => kind === "main");
    expect(toPrompt(request)).toContain("say something");
    await client.waitForScreen("the scripted answer");
    await client.waitForIdle();
  },
);

clientTest(
  "a scripted tool call runs and its result comes back in the next request",
  {
    args: ["--permission-mode", "manual", "--allowed-tools", "Bash"],
    script: (request) =>
      request.kind === "main" && toPrompt(request)
        ? { blocks: [{ tool: "Bash", input: { command: "echo 6$((6 * 7))", description: "sum" } }] }
        : undefined,
  },
  async ({ api, client }) => {
    await client.submit("use a tool");
    await api.waitFor((request) => toRead(request).includes("[tool_result] 642"));
  },
);

clientTest("a client that is killed is gone, and so is what it started", {}, async ({ client }) => {
  const pid = client.pid;
  await client.kill();
  for (let looks = 0; isAlive(pid) && looks < 50; looks += 1) await sleep(20);
  expect(client.isAlive()).toBe(false);
});

stageTest("a headless run prints the scripted answer", {}, async ({ api, run }) => {
  const { code, stdout } = await run(["-p", "hello"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "ok\n" });
  expect(api.turns).toHaveLength(1);
});

stageTest("a home is empty: no plugin, no server", {}, async ({ run }) => {
  const { code, stdout } = await run(["plugin", "list", "--json"]);
  expect({ code, plugins: JSON.parse(stdout) as unknown }).toEqual({ code: 0, plugins: [] });
});
