import { expect, test } from "vitest";
import { chooseShown } from "./shown.ts";
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

test("DAEMON-1: of each folder as many threads are shown as it has terminals, those loaded last", () => {
  const loaded = [thread("a", "/x"), thread("b", "/y"), thread("c", "/x"), thread("d", "/z")];
  const ids = (cwds: string[]) =>
    chooseShown(
      loaded,
      cwds.map((cwd) => ({ cwd })),
    ).map(({ id }) => id);
  expect(ids([])).toEqual([]);
  expect(ids(["/x"])).toEqual(["c"]);
  expect(ids(["/x", "/x", "/x"])).toEqual(["a", "c"]);
  expect(ids(["/y", "/x", "/other"])).toEqual(["b", "c"]);
});

test("helpers, threads for a title and threads that are not loaded are nobody's", () => {
  const loaded = [
    thread("mine", "/x"),
    thread("helper", "/x", { parent: "mine" }),
    thread("title", "/x", { isEphemeral: true }),
    thread("closed", "/x", { status: "notLoaded" }),
  ];
  expect(chooseShown(loaded, [{ cwd: "/x" }]).map(({ id }) => id)).toEqual(["mine"]);
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
