import { expect, test } from "vitest";
import { corrupt } from "./corrupt.ts";
import { fillDisk, findMountObstacle, startReadOnly } from "./small-disk.ts";

const obstacle = findMountObstacle();
const skipped = obstacle === undefined ? "" : ` (skipped: ${obstacle})`;

test.skipIf(obstacle !== undefined)(
  `a full disk: nothing is accepted, each sender is told when to come again, and with space it goes on${skipped}`,
  async () => {
    const result = await fillDisk();
    console.log(result);
    expect(result).toMatchObject({
      acceptedWhileFull: 0,
      otherRefusals: [],
      statusAnswers: true,
      unread: 0,
      integrity: "ok",
    });
    // The last 5 % are for receipts; without a byte there is none, and that is said.
    expect(result.acks.low).toMatch(/^Done/);
    expect(result.acks.full).toContain("the disk is full");
    expect(result.acks.after).toMatch(/^Done/);
    expect(result.refused).toBeGreaterThan(50);
    // By itself, however slow the machine: `npm run test:faults` measures it.
    expect(result.acceptedAfterMs).toBeLessThan(120_000);
  },
);

test.skipIf(obstacle !== undefined)(
  `a home that may only be read: the start is refused in one line, as bad set-up${skipped}`,
  async () => {
    const { code, lines } = await startReadOnly();
    expect(code).toBe(78);
    expect(lines).toEqual([expect.stringMatching(/^sluice: home .* cannot be written .* mount$/)]);
  },
);

test("a damaged inbox is refused and left as it is, or its events are there; none begins empty", async () => {
  const result = await corrupt({ rounds: 20 });
  console.log(result);
  expect(result).toMatchObject({ silent: [], wrong: [] });
  const { refused, whole, told, logCut } = result;
  expect(refused + whole + told + logCut).toBe(20);
});
