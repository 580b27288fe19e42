import { expect, test } from "vitest";
import { VirtualClock } from "../../flow/virtual-clock.fixture.ts";
import { keepMemorySmall } from "./spare-memory.ts";

function start() {
  const clock = new VirtualClock();
  const facts = { busy: 0.4, collected: 0 };
  const stop = keepMemorySmall(clock, {
    collect: () => facts.collected++,
    use: () => ({ idle: 0, active: 0, utilization: facts.busy }),
  });
  return { clock, facts, stop };
}

test("a busy hub is never stopped for a collection; an idle one once, and again an hour later", async () => {
  const { clock, facts, stop } = start();
  await clock.advance(600_000);
  expect(facts.collected).toBe(0);
  facts.busy = 0.001;
  await clock.advance(3_600_000);
  expect(facts.collected).toBe(1);
  await clock.advance(10_000);
  expect(facts.collected).toBe(2);
  stop();
  await clock.advance(36_000_000);
  expect(facts.collected).toBe(2);
});

test("a process that was started without --expose-gc does without it", async () => {
  const clock = new VirtualClock();
  const stop = keepMemorySmall(clock, { collect: undefined, use: () => expect.unreachable() });
  await clock.advance(600_000);
  stop();
});
