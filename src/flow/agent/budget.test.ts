import { expect, test } from "vitest";
import { Rig } from "../rig.fixture.ts";
import { AgentBudget, toDay } from "./budget.ts";

const LIMITS = { turns: 2, tokens: 1_000, dollars: 0.5 };
const DAY_MS = 24 * 3_600_000;

test("BUDGET-1: of any number that ask at once, as many turns begin as may", async () => {
  const rig = new Rig();
  const budgets = [1, 2, 3, 4].map(() => new AgentBudget(rig, LIMITS));
  const held = await Promise.all(budgets.map((budget) => budget.begin()));
  expect(held.filter((one) => one === undefined)).toHaveLength(2);
  expect(held.at(-1)?.reason).toContain("2 turns");
});

test("BUDGET-2: a clock that is set back within the day gives nothing back", async () => {
  const rig = new Rig();
  const budget = new AgentBudget(rig, LIMITS);
  await budget.spend({ tokens: 1_000, dollars: 0 });
  const midnight = new Date(rig.clock.now()).setHours(0, 0, 0, 0);
  expect(budget.hold(midnight)).toBeDefined();
});

test.each([
  [{ tokens: 1_000, dollars: 0 }, "1000 tokens"],
  [{ tokens: 1, dollars: 0.500_000_1 }, "$0.5"],
])(
  "BUDGET-1: what turns have used holds the next one until the day ends: %j",
  async (use, words) => {
    const rig = new Rig();
    const budget = new AgentBudget(rig, LIMITS);
    expect(budget.hold(rig.clock.now())).toBeUndefined();
    await budget.spend(use);
    const held = budget.hold(rig.clock.now());
    expect(held?.reason).toContain(words);
    const { until = 0 } = held ?? {};
    expect(until - rig.clock.now()).toBeGreaterThan(0);
    expect(until - rig.clock.now()).toBeLessThanOrEqual(DAY_MS + 3_600_000);
    expect(toDay(until)).not.toBe(toDay(rig.clock.now()));
    expect(budget.hold(until)).toBeUndefined();
  },
);
