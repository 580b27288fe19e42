import { expect, test } from "vitest";
import type { OpenDelivery } from "../../store/events/deliveries.ts";
import { codex } from "./codex.ts";
import type { LaneSignal } from "./contract.ts";

const out = (receipt: string | null): OpenDelivery =>
  ({ carriedBy: "evt_1", receipt, state: "offered" }) as OpenDelivery;
const stop = (promptId: string): LaneSignal => ({
  kind: "stop",
  promptId,
  stops: 1,
  turnSince: 0,
  showsPrompts: true,
  proven: true,
  lastPromptAt: 0,
});

test("HOSTLANE-2: a turn that had it and ended well proves an event, and so does a later one; a turn that failed gives back what it had", () => {
  expect(codex.judge(out(null), stop("a"))).toBeUndefined();
  expect(codex.judge(out("a"), stop("a"))).toMatchObject({ to: "seen", reason: "its turn ended" });
  expect(codex.judge(out("a"), stop("b"))).toMatchObject({ to: "seen" });
  expect(codex.judge(out("a"), { kind: "stop-failure", promptId: "a" })).toMatchObject({
    to: "back",
  });
  expect(codex.judge(out("a"), { kind: "stop-failure", promptId: "b" })).toBeUndefined();
  const carried = { kind: "carried", promptId: "a", events: ["evt_1"] } as const;
  expect(codex.judge(out(null), carried)).toEqual({ to: "carried", receipt: "a" });
  expect(codex.judge(out(null), { ...carried, events: ["evt_2"] })).toBeUndefined();
});

test("HOSTLANE-3: a connection that breaks gives nothing back", () => {
  expect(codex.judge(out("a"), { kind: "cut", reason: "broken" })).toBeUndefined();
});
