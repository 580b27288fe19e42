import { expect, test } from "vitest";
import { chooseShown, type LoadedThread } from "./shown.ts";
import { isTerminal } from "./terminals.ts";
import type { ThreadFacts } from "./words.ts";

const thread = (id: string, cwd: string, more: Partial<ThreadFacts> = {}): ThreadFacts => ({
  id,
  cwd,
  path: undefined,
  source: "vscode",
  version: "0.171.0",
  status: "idle",
  parent: undefined,
  isEphemeral: false,
  ...more,
});

const seen = (...threads: ThreadFacts[]) => threads.map((one) => ({ thread: one, hasTrace: true }));
const unseen = (...threads: ThreadFacts[]) =>
  threads.map((one) => ({ thread: one, hasTrace: false }));
const choose = (loaded: readonly LoadedThread[], ...cwds: string[]) => {
  const { threads, unclear } = chooseShown(
    loaded,
    cwds.map((cwd) => ({ cwd })),
  );
  return [threads.map(({ id }) => id), unclear];
};

test("DAEMON-1: where a folder has as many terminals as threads all are shown, else the one where a person was last", () => {
  const loaded = seen(thread("a", "/x"), thread("b", "/y"), thread("c", "/x"), thread("d", "/z"));
  expect(choose(loaded)).toEqual([[], []]);
  expect(choose(loaded, "/x")).toEqual([["c"], []]);
  expect(choose(loaded, "/x", "/x", "/x")).toEqual([["a", "c"], []]);
  expect(choose(loaded, "/y", "/x", "/other")).toEqual([["b", "c"], []]);
});

test("DAEMON-1: where nobody knows which thread a terminal shows none of them is taken", () => {
  const [a, b, c] = [thread("a", "/x"), thread("b", "/x"), thread("c", "/x")];
  expect(choose(unseen(a, b), "/x")).toEqual([[], ["/x"]]);
  expect(choose(unseen(a), "/x")).toEqual([["a"], []]);
  expect(choose([...unseen(a), ...seen(b)], "/x")).toEqual([["b"], []]);
  // Either of two terminals may have left its thread for the third one.
  expect(choose(seen(a, b, c), "/x", "/x")).toEqual([["c"], ["/x"]]);
});

test("helpers, threads for a title, threads that are not loaded and those of other programs are nobody's", () => {
  const loaded = seen(
    thread("mine", "/x"),
    thread("helper", "/x", { parent: "mine" }),
    thread("title", "/x", { isEphemeral: true }),
    thread("closed", "/x", { status: "notLoaded" }),
    thread("script", "/x", { source: "exec" }),
    thread("program", "/x", { source: "appServer" }),
    thread("unknown", "/x", { source: "" }),
  );
  expect(choose(loaded, "/x")).toEqual([["mine"], []]);
});

test.each<[boolean, string[]]>([
  [true, ["/usr/bin/codex"]],
  [true, ["codex", "resume", "--last"]],
  [true, ["codex", "-C", "exec", "fix the build"]],
  [true, ["codex", "--model", "exec"]],
  [true, ["codex", "fix", "it"]],
  [false, ["codex", "exec", "fix it"]],
  [false, ["codex", "-c", "a=b", "app-server", "--listen", "unix://"]],
  [false, ["codex", "queue", "--thread", "x"]],
  [false, ["node", "/usr/lib/codex/bin/codex.js"]],
  [false, ["vim", "codex"]],
  [false, []],
])("a conversation on a screen is %s for %j", (is, argv) => {
  expect(isTerminal(argv)).toBe(is);
});
