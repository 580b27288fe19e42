/** The tool `timer`, with the hub's store of timers played by a list. */
import { expect, test } from "vitest";
import type { Attachment } from "../session/attachment.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import type { SessionTimer, SessionTimers } from "./contract.ts";
import { answerTimerTool } from "./timer-tool.ts";

const NOW = Date.UTC(2026, 0, 5, 9);

function open() {
  const kept: { session: string; timer: SessionTimer }[] = [];
  const timers: SessionTimers = {
    list: (session) => kept.flatMap((one) => (one.session === session ? one.timer : [])),
    async add(session, { at, text }) {
      const timer = { name: `timer-${kept.length}`, at, text };
      kept.push({ session, timer });
      return timer;
    },
    async remove(name) {
      kept.splice(
        kept.findIndex((one) => one.timer.name === name),
        1,
      );
    },
  };
  const clock = new VirtualClock(NOW);
  const call = async (session: string, input: Record<string, unknown>): Promise<string> => {
    // Of an attachment the tool reads no more than this.
    const attachment = { session } as Attachment;
    const answer = await answerTimerTool(
      attachment,
      { arguments: input, toolUseId: undefined },
      { timers, clock },
    );
    return `${answer.isError ? "ERROR " : ""}${answer.text}`;
  };
  return { call, kept };
}

test("a session sets a timer, sees it, and ends it; another session sees and ends none of it", async () => {
  const { call, kept } = open();
  expect(await call("one", { in: "20m", text: "check the deploy" })).toBe(
    "Set: timer-0, 2026-01-05T09:20:00.000Z: check the deploy",
  );
  await call("one", { at: "2026-01-06T09:00:00Z", text: "look again" });
  expect(await call("one", {})).toContain("- timer-1, 2026-01-06T09:00:00.000Z: look again");
  expect(await call("two", {})).toBe("Timers of this session:\nnone");
  expect(await call("two", { cancel: "timer-0" })).toContain("ERROR timer: this session has no");
  expect(await call("one", { cancel: "timer-0" })).toContain("Ended: timer-0");
  expect(kept.map(({ timer }) => timer.name)).toEqual(["timer-1"]);
});

test("TIMERTOOL-1: ten at once, a week ahead, not in the past, and never without a text", async () => {
  const { call, kept } = open();
  for (const [input, why] of [
    [{ in: "8d", text: "x" }, "at most seven days"],
    [{ in: "1s", text: "x" }, "that is now"],
    [{ at: "2020-01-01T00:00:00Z", text: "x" }, "has passed"],
    [{ at: "tomorrow", text: "x" }, "give in"],
    [{ in: "20 minutes", text: "x" }, "give in"],
    [{ text: "x" }, "give in"],
    [{ in: "5m" }, "text says"],
    [{ in: "5m", text: " " }, "text says"],
    [{ in: "5m", text: "x".repeat(1_001) }, "text says"],
    [{ in: 5, text: "x" }, "give in"],
  ] as const)
    expect(await call("one", input), JSON.stringify(input)).toContain(why);
  expect(kept).toEqual([]);
  for (let n = 0; n < 10; n++) await call("one", { in: "5m", text: `${n}` });
  expect(await call("one", { in: "5m", text: "x" })).toContain("10 timers of this session wait");
  expect(await call("two", { in: "5m", text: "x" })).toContain("Set:");
});
