import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readHistory, readRollout } from "./history.ts";

const event = (payload: object): string =>
  JSON.stringify({ timestamp: "x", type: "event_msg", payload });
const began = (turn: string): string => event({ type: "task_started", turn_id: turn });
const said = (turn: string, id: string): string =>
  event({ type: "item_completed", turn_id: turn, item: { type: "UserMessage", client_id: id } });

function write(...lines: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-rollout-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "rollout.jsonl");
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  return path;
}

test("a thread's file tells in which turn a message stands, and how that ended", async () => {
  const path = write(
    began("a"),
    said("a", "one"),
    event({ type: "task_complete", turn_id: "a" }),
    JSON.stringify({ type: "response_item", payload: { text: '"event_msg" client_id three' } }),
    "{ half a line of a process that was kil",
    began("b"),
    said("b", "two"),
  );
  const { last, found } = await readRollout(path, ["one", "two", "three"]);
  expect(last).toEqual({ id: "b", status: "inProgress" });
  expect(Object.fromEntries(found)).toEqual({
    one: { id: "a", status: "completed" },
    two: { id: "b", status: "inProgress" },
  });
});

test("of a message that stands in two turns, the later one counts; a turn that a person ended was interrupted", async () => {
  const path = write(
    began("a"),
    said("a", "one"),
    event({ type: "turn_aborted", turn_id: "a" }),
    began("b"),
    said("b", "one"),
    event({ type: "turn_aborted", turn_id: "b" }),
  );
  const { found } = await readRollout(path, ["one"]);
  expect(found.get("one")).toEqual({ id: "b", status: "interrupted" });
});

test("the history is gone through page by page until all are found", async () => {
  const asked: unknown[] = [];
  const pages: Record<string, object> = {
    "": { data: [{ id: "c", status: "completed", items: [] }], nextCursor: "2" },
    "2": {
      data: [{ id: "b", status: "failed", items: [{ type: "userMessage", clientId: "one" }] }],
      nextCursor: "3",
    },
    "3": { data: [], nextCursor: null },
  };
  const call = async (_: string, params: Record<string, unknown>) => {
    asked.push(params["cursor"]);
    return pages[String(params["cursor"] ?? "")] as Record<string, unknown>;
  };
  const { last, found } = await readHistory({ call }, "t", ["one"]);
  expect(last?.id).toBe("c");
  expect(found.get("one")).toEqual({ id: "b", status: "failed" });
  expect(asked).toEqual([undefined, "2"]);
});
