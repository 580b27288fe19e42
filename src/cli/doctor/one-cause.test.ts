import { expect, test } from "vitest";
import { type Check, fail, pass } from "./check.ts";
import { foldCauses } from "./one-cause.ts";

function listFailed(checks: readonly Check[]): string[] {
  return foldCauses(checks).flatMap(({ check, ok }) => (ok ? [] : [check]));
}

const FIX = "do this";

test.each<[string, Check[], string[]]>([
  [
    "a port that is taken: the channels behind it and the probe wait for the same",
    [
      fail("ingress", "down on 127.0.0.1:8788: held by node (pid 7)", FIX),
      fail("channel ci", "webhook, down: ingress is down: held by node (pid 7)", FIX),
      fail("channel bot", "telegram, retrying: the network is away", FIX),
      fail("probe ingress", "down on 127.0.0.1:8788", FIX),
    ],
    ["ingress", "channel bot"],
  ],
  [
    "a file that cannot be read: no hub can start with it",
    [fail("hub", "none runs, so nothing is received", FIX), fail("config", "not valid JSON", FIX)],
    ["config"],
  ],
  [
    "a damaged inbox: no hub can start on it",
    [fail("hub", "none runs", FIX), fail("inbox", "damaged", FIX)],
    ["inbox"],
  ],
  [
    "no hub: nothing can be asked of one",
    [fail("hub", "none runs", FIX), fail("probe", "no hub", FIX), fail("access", "no hub", FIX)],
    ["hub"],
  ],
  [
    "a bot with two pollers",
    [
      fail(
        "channel bot",
        "telegram, retrying: telegram: another program polls this bot (409)",
        FIX,
      ),
      fail("second poller", "Claude Code's Telegram plugin polls too", FIX),
    ],
    ["second poller"],
  ],
  [
    "hooks that are switched off: no session can show a sign",
    [fail("session web", "lane monitor, unproven", FIX), fail("hooks", "disableAllHooks", FIX)],
    ["hooks"],
  ],
  [
    "a plugin that is switched off: no client has it",
    [fail("plugin", "is disabled", FIX), fail("client web", "runs without the plugin", FIX)],
    ["plugin"],
  ],
  [
    "a home that cannot be used: all that looks into it says the same, and a damaged inbox in it is another thing",
    [
      fail("home", "/h is writable by others", FIX),
      fail("backup", "/h is writable by others", FIX),
      fail("inbox", "damaged", FIX),
      fail("hub", "none runs", FIX),
    ],
    ["home", "inbox"],
  ],
  [
    "a client that is not on PATH, and a session of one that is elsewhere",
    [fail("client", "no claude on PATH", FIX), fail("session web", "no bell", FIX)],
    ["client", "session web"],
  ],
  [
    "a client that is too old to have a bell",
    [
      fail("client", "Claude Code 2.1.200 (/c) runs no monitors, so nothing wakes a session", FIX),
      fail("session web", "no bell", FIX),
    ],
    ["client"],
  ],
  [
    "things that have nothing to do with each other",
    [
      fail("ingress", "down", FIX),
      fail("client", "no claude on PATH", FIX),
      fail("backup", "late", FIX),
    ],
    ["ingress", "client", "backup"],
  ],
])("one cause is one failure: %s", (_, checks, failed) => {
  expect(listFailed(checks)).toEqual(failed);
});

test("what follows from a cause is still told, with its cause and without a fix of its own", () => {
  const [, follows] = foldCauses([
    fail("hub", "none runs", "sluice up"),
    fail("probe", "no hub to send it through", "sluice up"),
  ]);
  expect(follows).toEqual({
    check: "probe",
    ok: true,
    warning: true,
    detail: "no hub to send it through (because of: hub)",
  });
});

test("a cause that is in order takes nothing with it", () => {
  expect(
    listFailed([pass("ingress", "listens"), fail("channel ci", "down: ingress is down", FIX)]),
  ).toEqual(["channel ci"]);
});
