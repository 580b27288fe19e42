/** The life of every watcher, with one whose looks the test decides. */
import { expect, test } from "vitest";
import type { ChannelDefinition } from "../../sdk/channel.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { at } from "../../sdk/json.ts";
import { openWatcher } from "../../sdk/inward/watcher.ts";
import { parseLength, toBase } from "./settings.ts";
import { WatchRig } from "./watch-rig.fixture.ts";

/** Sees a number; each step further is an event. */
function toCounter(options: { everyMs: number; random?: () => number }) {
  const seen = { number: 0, looks: 0, fault: undefined as Error | undefined };
  const definition: Pick<ChannelDefinition, "open"> = {
    open: (context) =>
      openWatcher(
        context,
        {
          everyMs: options.everyMs,
          parse: (state) => {
            const number = at(state, "number");
            return typeof number === "number" ? { number } : undefined;
          },
          async look(before) {
            seen.looks++;
            if (seen.fault !== undefined) throw seen.fault;
            const first = before?.number ?? seen.number;
            const arrivals = Array.from({ length: seen.number - first }, (_, step) => ({
              ...toBase(context, "local"),
              kind: "step",
              text: `step ${first + step + 1}`,
              quotes: [],
              meta: {},
            }));
            return { state: { number: seen.number }, arrivals };
          },
        },
        options.random ?? (() => 0),
      ),
  };
  return { seen, rig: new WatchRig(definition, {}) };
}

// WATCHER-1
test("a hundred kills before and after the commit: each step is told once, none is lost", async () => {
  const { seen, rig } = toCounter({ everyMs: 1_000 });
  await rig.start();
  for (let kill = 0; kill < 100; kill++) {
    seen.number += 1 + (kill % 3);
    rig.fault = { when: kill % 2 === 0 ? "before" : "after", error: new Error("killed") };
    // Killed in the commit, or some ms before it.
    if (kill % 5 !== 0) await rig.advance(1_000);
    rig.fault = undefined;
    await rig.restart();
  }
  await rig.advance(5_000);
  expect(rig.texts).toEqual(Array.from({ length: seen.number }, (_, step) => `step ${step + 1}`));
});

// WATCHER-3
test("looks lie as far apart as was chosen, and up to a tenth more; a start makes none that is not due", async () => {
  const { seen, rig } = toCounter({ everyMs: 600_000, random: () => 0.5 });
  await rig.start();
  expect(seen.looks).toBe(1);
  await rig.advance(629_999);
  expect(seen.looks).toBe(1);
  await rig.advance(1);
  expect(seen.looks).toBe(2);
  for (let start = 0; start < 5; start++) {
    await rig.advance(60_000);
    await rig.restart();
  }
  expect(seen.looks).toBe(2);
  await rig.advance(330_000);
  expect(seen.looks).toBe(3);
});

// WATCHER-4
test("what is there at the first look is no news; a state that cannot be read is a first look again", async () => {
  const { seen, rig } = toCounter({ everyMs: 1_000 });
  seen.number = 7;
  await rig.start();
  rig.cursor = '{"state":{"number":"seven"}}';
  seen.number = 9;
  await rig.restart();
  expect(rig.taken).toEqual([]);
  rig.cursor = "not json";
  await rig.restart();
  expect(rig.taken).toEqual([]);
  expect(rig.takes).toBeGreaterThan(0);
});

// WATCHER-2
test("faults: tried again with growing pauses, told as an alarm after three, and one for the owner waits for the owner", async () => {
  const { seen, rig } = toCounter({ everyMs: 1_000 });
  seen.fault = new Error("away");
  await rig.start();
  await rig.advance(1_000 + 2_000 + 4_000);
  expect([seen.looks, rig.states.length]).toEqual([4, 4]);
  expect(rig.states.map((state) => state.kind === "retrying" && state.alarm === true)).toEqual([
    false,
    false,
    true,
    true,
  ]);
  seen.fault = undefined;
  await rig.advance(8_000);
  expect(rig.states.at(-1)).toEqual({ kind: "connected" });
  seen.fault = new SluiceError("bad_config", "narrow it");
  await rig.advance(1_000);
  expect(rig.states.at(-1)).toEqual({ kind: "paused", reason: "narrow it" });
  const { looks } = seen;
  await rig.advance(3_600_000);
  expect(seen.looks).toBe(looks);
});

test("lengths of time as they are typed", () => {
  expect([parseLength("30s"), parseLength("5m"), parseLength("2h"), parseLength("1d")]).toEqual([
    30_000, 300_000, 7_200_000, 86_400_000,
  ]);
  for (const text of ["", "0s", "5", "5 m", "-1s", "1.5h", "5w", undefined])
    expect(parseLength(text)).toBeUndefined();
});
