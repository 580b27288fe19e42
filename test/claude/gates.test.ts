// Gates that only the real client can close: a session that loads no plugin, and one in
// its background service. What doctor says of each, and whether events arrive.
import { expect } from "vitest";

import { readProcess } from "../../src/local/process.ts";
import type { Check } from "../../src/cli/doctor/check.ts";
import { endAll } from "./processes.ts";
import { expectReadExactlyOnce } from "./readings.ts";
import type { Sluice } from "./sluice.ts";
import { sessionTest, sluiceTest } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

async function examine(sluice: Sluice): Promise<Check[]> {
  return JSON.parse((await sluice.try(["doctor", "--json"])).stdout) as Check[];
}

sessionTest(
  "a session that loads no plugin is named by doctor, beside one that is connected",
  {},
  async ({ client, open, sluice }) => {
    const bare = await open(["--bare"], { waitForPrompt: false });
    const named = await waitUntil(
      async () => {
        const checks = await examine(sluice);
        const wrong = checks.filter(({ ok }) => !ok);
        expect(checks.some(({ check }) => check.startsWith("session "))).toBe(true);
        return wrong.length > 0 ? wrong : undefined;
      },
      { timeoutMs: 40_000, everyMs: 1_000, what: "doctor's word on it" },
    );
    expect(named).toEqual([
      expect.objectContaining({
        check: expect.stringMatching(/^client /) as string,
        detail: expect.stringContaining(`pid ${bare.pid}, `) as string,
      }),
    ]);
    expect(named[0]?.detail).not.toContain(`pid ${client.pid}, `);
    await bare.kill("SIGKILL");
  },
);

sluiceTest(
  "a session in the client's background service is woken and reads an event, and doctor says where it runs",
  {},
  async ({ api, defer, run, sluice }) => {
    const { code, stdout } = await run(["--bg", "say hello"]);
    expect(code).toBe(0);
    const [, id = ""] = /backgrounded · (\S+)/.exec(stdout) ?? [];
    const { sessions } = await sluice.waitForSessions();
    const pid = sessions[0]?.client.pid ?? 0;
    // Its terminal and the service would outlive the test.
    const terminal = readProcess(readProcess(pid)?.ppid ?? 0);
    const service = readProcess(terminal?.ppid ?? 0);
    const theirs = [terminal, service].filter((one) =>
      /bg-pty-host|daemon/.test(String(one?.argv)),
    );
    defer(() => endAll(theirs.map((one) => one?.pid ?? 0)));
    defer(async () => void (await run(["stop", id])));
    expect(sessions[0]?.client).toMatchObject({ background: true, interactive: true });
    const event = await sluice.fail("for-the-background");
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, event);
    const [session] = (await examine(sluice)).filter(({ check }) => check.startsWith("session "));
    expect(session).toMatchObject({
      ok: true,
      detail: expect.stringContaining("in the background") as string,
    });
  },
);
