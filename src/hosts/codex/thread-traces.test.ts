import { expect, test } from "vitest";
import { ThreadTraces } from "./thread-traces.ts";

/** Those with a trace, the latest last. */
const read = (traces: ThreadTraces): string[] =>
  traces.list().flatMap(({ id, hasTrace }) => (hasTrace ? [id] : []));

test("a thread that was loaded before the hub came has no trace until a person writes in it", () => {
  const traces = new ThreadTraces();
  traces.noteLoaded(["a", "b"], true);
  expect(read(traces)).toEqual([]);
  traces.noteLoaded(["a", "b", "c"], false);
  expect(read(traces)).toEqual(["c"]);
  traces.noteStatus("a", true, false);
  expect(read(traces)).toEqual(["c", "a"]);
});

test("a person who leaves a thread and comes back to it is where they write, and not where they were last", () => {
  const traces = new ThreadTraces();
  traces.noteLoaded([], true);
  traces.noteLoaded(["a"], false);
  traces.noteLoaded(["a", "b"], false);
  expect(read(traces)).toEqual(["a", "b"]);
  traces.noteStatus("a", true, false);
  expect(read(traces)).toEqual(["b", "a"]);
});

test("a turn that an event has begun is no trace, nor is one that goes on after it was asked for permission", () => {
  const traces = new ThreadTraces();
  traces.noteLoaded([], true);
  traces.noteLoaded(["a", "b"], false);
  traces.noteStatus("a", true, true);
  traces.noteStatus("a", true, false);
  expect(read(traces)).toEqual(["a", "b"]);
  const late = new ThreadTraces();
  late.noteLoaded(["a"], true);
  late.noteFacts("a", "/x", true);
  late.noteStatus("a", true, false);
  expect(read(late)).toEqual([]);
});

test("with a terminal that is closed the traces of its folder are gone; what is opened after it has one", () => {
  const traces = new ThreadTraces();
  traces.noteTerminals([
    { pid: 1, cwd: "/x" },
    { pid: 2, cwd: "/y" },
  ]);
  traces.noteLoaded([], true);
  traces.noteLoaded(["a", "b"], false);
  traces.noteFacts("a", "/x", false);
  traces.noteFacts("b", "/y", false);
  traces.noteTerminals([
    { pid: 2, cwd: "/y" },
    { pid: 3, cwd: "/x" },
  ]);
  traces.noteLoaded(["a", "b", "c"], false);
  expect(read(traces)).toEqual(["b", "c"]);
});

test("of threads that are unloaded nothing is kept", () => {
  const traces = new ThreadTraces();
  traces.noteLoaded(["a"], true);
  traces.noteStatus("a", true, false);
  traces.noteLoaded([], false);
  expect(traces.list()).toEqual([]);
});
