import { expect, test } from "vitest";
import type { OpenDelivery } from "../../store/events/deliveries.ts";
import { Rig } from "../rig.fixture.ts";
import { noteSign } from "../session/attachment.ts";
import { codex } from "./codex.ts";
import type { LaneSignal } from "./contract.ts";
import { opencode } from "./opencode.ts";

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

test.each([
  ["opencode, which has a place for it, is", opencode, true, ["jobs: build 9 broke"]],
  ["opencode is not where the owner wants no lines", opencode, false, undefined],
  ["Codex, which has none, is not", codex, true, undefined],
])("%s given a line for the person with an event", async (_, lane, isShown, screen) => {
  const rig = new Rig(undefined, undefined, 0, isShown);
  const session = rig.connect({ host: lane.name, plugin: false }, { lane, plugin: false });
  noteSign(session.attachment, rig.clock.now());
  rig.delivery.changed(session.attachment);
  await rig.post({ channel: "jobs", text: "build 9 broke" });
  await rig.clock.advance(60_000);
  expect(session.pushed.map((one) => one.screen)).toEqual([screen]);
});

test("HOSTLANE-3: a connection that breaks gives nothing back", () => {
  expect(codex.judge(out("a"), { kind: "cut", reason: "broken" })).toBeUndefined();
});
