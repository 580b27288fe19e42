// Proves the harness itself on the real client: what it types is asked, what the
// script says is shown, and nothing stays behind. No claim about Sluice is here.
import { expect } from "vitest";

import { toPrompt, toRead } from "./api-request.ts";
import { clientTest, stageTest } from "./claude-test.ts";

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

clientTest("a client can be left, killed and resumed in one home", {}, async ({ client, open }) => {
  await client.submit("remember this");
  await client.waitForScreen("ok");
  await client.waitForIdle();
  await client.kill("SIGKILL");
  expect(client.isAlive()).toBe(false);

  const resumed = await open(["--continue"]);
  await resumed.waitForScreen("remember this");
  await resumed.exit();
  expect(resumed.isAlive()).toBe(false);
});

stageTest("a headless run prints the scripted answer", {}, async ({ api, run }) => {
  const { code, stdout } = await run(["-p", "hello"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "ok\n" });
  expect(api.turns).toHaveLength(1);
});

stageTest("a home is empty: no plugin but those inside the client", {}, async ({ run }) => {
  const { code, stdout } = await run(["plugin", "list", "--json"]);
  const plugins = JSON.parse(stdout) as { id: string }[];
  expect(code).toBe(0);
  expect(plugins.filter(({ id }) => !id.endsWith("@builtin"))).toEqual([]);
});
