import { expect, test } from "vitest";
import { runChaos } from "./chaos.ts";
import { killHub } from "./kill-hub.ts";
import { cutPower, findObstacle } from "./power-cut.ts";
import { takeEvents } from "./take-events.ts";

test("kill -9 of the hub under load: what was accepted is stored, once, and the file is sound", async () => {
  const result = await killHub({ rounds: 6, senders: 16 });
  console.table([result]);
  expect(result).toMatchObject({ rounds: 6, lost: 0, doubled: 0, integrity: "ok" });
  expect(result.retries).toBeGreaterThan(0);
});

test("a session whose hub dies again and again reads every accepted event, and none twice without saying so", async () => {
  const lanes = ["monitor", "channel"] as const;
  const results = await Promise.all(lanes.map((lane) => runChaos({ lane, kills: 3 })));
  for (const result of results) expect(result).toMatchObject({ unread: 0, repeated: [], open: 0 });
});

test("MCP Events: a client that polls gets each accepted event once and in order, though the hub dies again and again", async () => {
  const result = await takeEvents({ events: 3_000, kills: 3, senders: 16 });
  console.table([result]);
  expect(result).toMatchObject({ missing: 0, doubled: 0, disordered: 0, truncated: 0 });
  expect(result.accepted).toBe(3_000);
});

const obstacle = findObstacle();

test.skipIf(obstacle !== undefined)(
  `power cuts: what was accepted is on the disk${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`,
  async () => {
    const result = await cutPower({ cuts: 5, synchronous: "FULL" });
    expect(result).toMatchObject({ lost: 0, unreadable: [] });
    expect(result.accepted).toBeGreaterThan(5);
  },
);

test.skipIf(obstacle !== undefined)(
  `power cuts without syncs lose what was accepted: the rig would notice${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`,
  async () => {
    const result = await cutPower({ cuts: 2, synchronous: "OFF" });
    expect(result.lost).toBeGreaterThan(0);
  },
);

test.skipIf(obstacle !== undefined)(
  `a disk that fails to sync: nothing is accepted meanwhile that a power cut then takes${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`,
  async () => {
    const result = await cutPower({ cuts: 6, synchronous: "FULL", failsToSync: true });
    console.table([{ ...result, unreadable: result.unreadable.length }]);
    expect(result).toMatchObject({ lost: 0, unreadable: [] });
    expect(result.accepted).toBeGreaterThan(20);
    expect(result.refused).toBeGreaterThan(0);
  },
);
