// The promise in the large, with the real client: what is kept is told once, whatever happens around it.
// The long version: node test/claude/crowd-main.ts.
import { expect } from "vitest";

import { runCrowd } from "./crowd.ts";
import { sluiceTest } from "./sluice-test.ts";

sluiceTest(
  "300 events over three sessions with /clear, Esc, --continue, helpers, headless runs and kills: each is told once, or again as replayed",
  {},
  async (stage) => {
    const result = await runCrowd(stage, { events: 300, sessions: 3, rounds: 6, kills: 3 });
    console.log(result);
    expect(result).toMatchObject({ untold: [], repeated: [], copied: [] });
    const { seen = 0, done = 0, expired = 0 } = result.states;
    expect(seen + done + expired).toBe(300);
    expect(result.done["kill hub"] + result.done["kill client"]).toBe(3);
  },
);
