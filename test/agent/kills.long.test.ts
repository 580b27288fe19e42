/**
 * 200 events over 20 kills of `sluice agent`: none lost, and none answered twice.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import { toPrompt } from "../claude/api-request.ts";
import { AgentStage, findSdk } from "./stage.ts";

const EVENTS = 200;
const KILLS = 20;

test(
  "CLAUDEAGENT-3: 200 events over 20 kills: each is read, and one that was answered is not given again",
  { timeout: 1_500_000 },
  async ({ skip }) => {
    const sdk = findSdk();
    if (sdk === undefined) return skip("SLUICE_AGENT_SDK names none; .ci/agents installs one");
    const answered = new Map<string, number>();
    const stage = await AgentStage.open(sdk, async (request) => {
      if (request.kind !== "main") return undefined;
      const last = toPrompt(request) ?? "";
      await sleep(150);
      for (const [marker] of last.matchAll(/marker-\d{3}/g))
        answered.set(marker, (answered.get(marker) ?? 0) + 1);
      return "seen";
    });
    const { sluice } = stage;
    await sluice.run("add", "webhook", "--name", "deploys", "--json");
    const ids: string[] = [];
    const start = (): void =>
      stage.start("--channel", "deploys", "--turns", "100000", "--dollars", "1000");
    start();
    await stage.untilReady();
    for (let kill = 0; kill < KILLS; kill++) {
      for (let n = 0; n < EVENTS / KILLS; n++) {
        const marker = `marker-${String(kill * 10 + n).padStart(3, "0")}`;
        const json = {
          channel: "deploys",
          text: `${marker} is done`,
          meta: {},
          priority: "normal" as const,
        };
        ids.push((await read(sluice.place.api.emit.$post({ json }))).id);
      }
      // At another moment each time: before, in and after a turn.
      await sleep(kill * 400);
      await stage.end("SIGKILL");
      start();
      await stage.untilReady();
    }
    for (const id of ids) await sluice.waitForState(id, "done", 300_000);
    expect(answered.size).toBe(EVENTS);
    const twice = [...answered].filter(([, times]) => times > 1);
    console.log(
      `${twice.length} of ${EVENTS} reached the model more than once: what a kill cut short`,
    );
    expect(twice).toEqual([]);
  },
);
