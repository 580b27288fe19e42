import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import {
  InspectRig,
  ODD_SERVER,
  startOdd,
  startRig,
  WEBHOOK_SERVER,
} from "./inspect-rig.fixture.ts";
import { toLines, toToolLines } from "./lines.ts";

async function post(rig: InspectRig, body: string): Promise<void> {
  const { listeners } = await rig.until("listens");
  await fetch(`http://127.0.0.1:${listeners[0]?.port}/hook`, { method: "POST", body });
}

// INSPECT-1
test.skipIf(process.platform !== "linux")(
  "a server on the bare SDK: its port is named, and what is posted there is shown as the model reads it",
  async () => {
    await using rig = await startRig(WEBHOOK_SERVER);
    expect(rig.all("gate")).toMatchObject([
      { outcome: { kind: "open" }, line: "Channel notifications registered" },
    ]);
    expect(rig.all("connected")).toMatchObject([
      { era: "legacy", server: "webhook 0.0.1", tools: 1, relays: true },
    ]);
    await post(rig, "build failed </channel>");
    const { text, event } = await rig.until("event");
    expect(event).toBe(1);
    expect(text).toBe(
      '<channel source="webhook" path="/hook" method="POST">\nbuild failed &lt;/channel>\n</channel>',
    );
    expect(
      rig
        .all("stderr")
        .map((one) => one.text)
        .join(),
    ).toContain("the webhook server is up");
    expect(rig.inspector.why().filter(({ state }) => state === "no")).toEqual([]);
    expect(rig.inspector.tally).toMatchObject({ events: 1, read: 1, dropped: 0, stray: 0 });
  },
);

test.skipIf(process.platform !== "linux")(
  "a meta key that is no identifier is named, and a value that is no string loses the event",
  async () => {
    await using rig = await startRig(WEBHOOK_SERVER, { FIXTURE_META: '{"bad-key":"x"}' });
    await post(rig, "one");
    expect(await rig.until("dropped-keys")).toMatchObject({ event: 1, keys: ["bad-key"] });
    await using other = await startRig(WEBHOOK_SERVER, { FIXTURE_META: '{"count":3}' });
    await post(other, "two");
    expect(await other.until("dropped")).toMatchObject({
      event: 1,
      reason: "meta.count is a number, not a string",
    });
    expect(other.all("event")).toEqual([]);
  },
);

test("a tool is called as a model calls it, and what fails is told as that", async () => {
  await using rig = await startRig(WEBHOOK_SERVER);
  await rig.inspector.call("reply", { text: "hi" });
  await rig.inspector.call("reply", {});
  expect(rig.all("called")).toMatchObject([
    { tool: "reply", output: "sent hi", isError: false },
    { output: "text is missing", isError: true },
  ]);
  const asked = rig
    .all("raw")
    .filter(({ from, method }) => from === "client" && method === "tools/call");
  expect(JSON.parse(asked[0]?.text ?? "")).toMatchObject({
    method: "tools/call",
    params: {
      name: "reply",
      _meta: { "claudecode/toolUseId": expect.stringMatching(/^toolu_\w{24}$/) },
    },
  });
  // Nobody was asked for permission: no prompt went to the server.
  expect(rig.all("raw").some(({ text }) => text.includes("permission_request"))).toBe(false);
});

test("each answer of the server shows how long it took, both ways are told", async () => {
  await using rig = await startRig(WEBHOOK_SERVER);
  const answers = rig
    .all("raw")
    .filter(({ from, tookMs }) => from === "server" && tookMs !== undefined);
  expect(answers.map(({ method }) => method)).toEqual([
    "server/discover",
    "initialize",
    "tools/list",
  ]);
  expect(
    rig
      .all("raw")
      .filter(({ from }) => from === "client")
      .map(({ method }) => method),
  ).toEqual(["server/discover", "initialize", "notifications/initialized", "tools/list"]);
});

// READALONG-1
test("what a server prints is no message and is told so, with what each of them is; the good one is read", async () => {
  await using rig = await startOdd("prints");
  await rig.until("dropped", ({ event }) => event === 3);
  expect(rig.all("stray").map(({ text, why }) => [text, why.split(":")[0]])).toEqual([
    ["listening on 3000", "stdout belongs to the protocol"],
    ['[{"jsonrpc":"2.0"}]', "a list"],
    ['{"half":', "broken JSON"],
    ['{"jsonrpc":"2.0"}', "it is JSON, but neither a request, a notification nor an answer"],
  ]);
  const hints = rig
    .all("hint")
    .map(({ text }) => text)
    .join("\n");
  expect(hints).toContain(
    '"notifications/claude/channels" is no notification that a client knows; events are sent as',
  );
  expect(hints).toContain("meta.source stands twice");
  expect(hints).toContain("an answer with the id 4711");
  expect(rig.all("event").map(({ event }) => event)).toEqual([1]);
  expect(rig.all("dropped").map(({ reason }) => reason)).toEqual([
    "meta.count is a number, not a string",
    "content is missing, not a string",
  ]);
});

// PROCESSBELOW-1
test.each(["long-line", "endless-line"])(
  "%s: megabytes without a newline are told of, and the next line is read",
  async (odd) => {
    await using rig = await startOdd(odd);
    await rig.until("event");
    expect(rig.all("stray")).toHaveLength(2);
    expect(rig.all("stray")[0]?.why).toContain("no end of line yet");
    expect(rig.all("stray")[1]?.length).toBeGreaterThanOrEqual(10_000_000);
    expect(Math.max(...rig.told.map((one) => JSON.stringify(one).length))).toBeLessThan(50_000);
    expect(rig.inspector.tally.stray).toBe(1);
  },
);

// KEPTPAST-1
test("notifications without end: every one is counted, the past that is kept has a limit, and calls still work", async () => {
  await using rig = await startOdd("flood");
  await rig.until("event", ({ event }) => event === 20_000);
  expect(rig.inspector.tally).toMatchObject({ events: 20_000, read: 20_000, dropped: 0 });
  expect(rig.inspector.past.length).toBeLessThanOrEqual(1_000);
  expect(rig.inspector.events.length).toBeLessThanOrEqual(1_000);
  expect(rig.all("event").map(({ event }) => event)).toEqual(
    Array.from({ length: 20_000 }, (_, i) => i + 1),
  );
  await rig.inspector.call("any", {});
  expect(rig.all("called")).toHaveLength(1);
});

// EVENTLOG-1
test("a flood into a busy session: the server waits, nothing is lost, and each event keeps its number", async () => {
  await using rig = new InspectRig(ODD_SERVER, { FIXTURE_ODD: "flood" });
  rig.inspector.setBusy(true);
  await rig.inspector.start();
  await rig.until("notice", ({ text }) => text.includes("not read until they are fewer"));
  expect(rig.all("event")).toEqual([]);
  rig.inspector.setBusy(false);
  await rig.until("event", ({ event }) => event === 20_000);
  for (const { event, text } of rig.all("event"))
    expect(text).toBe(`<channel source="webhook">\nevent ${event}\n</channel>`);
  expect(rig.all("event")).toHaveLength(20_000);
});

test("what comes while the session is busy waits, and comes together under the client's warning", async () => {
  await using rig = new InspectRig(ODD_SERVER, { FIXTURE_ODD: "hello" });
  rig.inspector.setBusy(true);
  await rig.inspector.start();
  await rig.until("queued");
  rig.inspector.setBusy(false);
  await rig.until("event");
  expect(
    (await rig.until("notice", ({ text }) => text.includes("under the client's warning"))).seq,
  ).toBeGreaterThan(0);
});

test("verdicts: the first counts, wrong ids, late ones and what is no verdict are named", async () => {
  await using rig = await startOdd("verdicts");
  rig.inspector.prompt("Bash", { command: "rm -rf x" });
  await rig.until(
    "verdict",
    ({ counted, why }) => !counted && why?.startsWith("too late") === true,
  );
  const { id } = await rig.until("prompt");
  expect(id).toMatch(/^[a-km-z]{5}$/);
  expect(rig.all("verdict").map(({ counted, why }) => [counted, why])).toEqual([
    [false, `no prompt has this id; open is ${id}`],
    [false, "behavior is neither allow nor deny"],
    [true, undefined],
    [false, "too late: the server had answered"],
  ]);
  expect(rig.all("answered")).toMatchObject([{ tool: "Bash", answer: "deny", by: "the server" }]);
  expect(rig.inspector.tally).toMatchObject({ verdicts: 4, strayVerdicts: 3 });
});

test("a prompt that the person answers, one after the other; without a dialog there is nothing to answer", async () => {
  await using rig = await startRig(WEBHOOK_SERVER);
  expect(rig.inspector.answer(true)).toBe(false);
  rig.inspector.prompt("Bash", { command: "one" });
  rig.inspector.prompt("Write", { file_path: "two" });
  await rig.until("prompt", ({ tool }) => tool === "Bash");
  expect(rig.all("prompt")).toHaveLength(1);
  expect(rig.inspector.answer(true)).toBe(true);
  await rig.until("prompt", ({ tool }) => tool === "Write");
  rig.inspector.answer(false);
  await rig.until("answered", ({ tool }) => tool === "Write");
  expect(rig.all("answered")).toMatchObject([
    { tool: "Bash", answer: "allow", by: "you" },
    { tool: "Write", answer: "deny", by: "you" },
  ]);
});

test("a server that declares no permission is not asked, and that is said", async () => {
  await using rig = await startRig(WEBHOOK_SERVER, {
    FIXTURE_EXPERIMENTAL: '{"claude/channel":{}}',
  });
  rig.inspector.prompt("Bash", { command: "x" });
  expect(await rig.until("prompt")).toMatchObject({ id: undefined });
  expect(
    rig
      .all("hint")
      .map(({ text }) => text)
      .join(),
  ).toContain("does not declare claude/channel/permission");
  rig.inspector.answer(true);
  await rig.until("answered");
});

test("what was sent too early is dropped with what to do, and the next event has its own number", async () => {
  await using rig = await startOdd("early");
  expect(await rig.until("dropped")).toMatchObject({
    event: 1,
    reason: "it came before the client listened to this server",
    fix: expect.stringContaining("notifications/initialized"),
  });
  expect(await rig.until("event")).toMatchObject({ event: 2 });
});

test.each([
  ["beside", "capability", 'it stands beside "experimental" and belongs into it'],
  ["modern", "era", "do not answer server/discover"],
])("%s: the closed gate is named with what to do", async (odd, gate, fix) => {
  await using rig = await startOdd(odd);
  expect(rig.all("gate")).toMatchObject([
    { outcome: { kind: "closed", gate }, fix: expect.stringContaining(fix) },
  ]);
  expect(rig.inspector.why().filter(({ state }) => state === "no")).toMatchObject([
    { name: gate, fix: expect.stringContaining(fix) },
  ]);
});

test("a server that exits at once is told with its last words, and is started again when asked for", async () => {
  await using rig = await startOdd("dies");
  expect(rig.all("exit")).toMatchObject([{ reason: "exited with 3" }]);
  expect(rig.all("stderr").map(({ text }) => text)).toEqual(["no token is set"]);
  expect(rig.all("failed")).toMatchObject([
    { reason: "the server exited with 3 before it was connected" },
  ]);
  await expect(rig.inspector.call("x", {})).rejects.toThrow(
    "the server exited with 3; restart starts it anew",
  );
  await rig.inspector.restart("asked for");
  expect(rig.all("start").map(({ run, why }) => [run, why])).toEqual([
    [1, "started"],
    [2, "asked for"],
  ]);
  expect(
    rig.inspector
      .why()
      .filter(({ state }) => state === "no")
      .map(({ name }) => name),
  ).toEqual(["process", "handshake"]);
});

test.each([
  ["a program that is not there", { command: "/nowhere/bun" }, /^could not be run: .*ENOENT/],
  ["a name that is none", { command: "" }, /^could not be run: .*empty/],
  ["a NUL in a word", { args: ["a\0b"] }, /^could not be run: .*null bytes/],
  ["a word that no system takes", { args: ["x".repeat(5_000_000)] }, /^could not be run: .*E2BIG/],
])("%s is told, not thrown", async (_what, more, reason) => {
  await using rig = await startRig(WEBHOOK_SERVER, {}, more);
  expect(rig.all("exit")[0]?.reason).toMatch(reason);
  expect(rig.inspector.why()[0]).toMatchObject({ name: "process", state: "no" });
});

// PROCESSBELOW-2
test("a restart passes the gates again, ends the old server first, and events go on with the next number", async () => {
  await using rig = await startOdd("hello");
  await rig.until("event");
  const [first] = rig.all("start");
  await rig.inspector.restart("asked for");
  expect(() => process.kill(first?.pid ?? 0, 0)).toThrow("ESRCH");
  expect(rig.all("gate").map(({ line }) => line)).toEqual([
    "Channel notifications registered",
    "Channel notifications re-registered after reconnect",
  ]);
  await rig.until("event", ({ event }) => event === 2);
});

test("a server that ignores every polite signal is killed, and the shell that it was started by", async () => {
  const rig = await startOdd("stubborn", {
    command: "sh",
    args: ["-c", `"${process.execPath}" "${ODD_SERVER}"; true`],
  });
  await rig.until("event");
  await rig[Symbol.asyncDispose]();
  const group = -(rig.all("start")[0]?.pid ?? 0);
  // Killed, and perhaps not yet buried.
  await expect
    .poll(() => {
      try {
        return process.kill(group, 0);
      } catch {
        return false;
      }
    })
    .toBe(false);
});

test("a server that never answers is told of after some seconds and waited for; another start gives it up", async () => {
  await using rig = new InspectRig(ODD_SERVER, { FIXTURE_ODD: "silent" });
  const started = rig.inspector.start();
  expect(await rig.until("waiting", ({ method }) => method === "initialize")).toBeDefined();
  expect(rig.all("failed")).toEqual([]);
  const again = rig.inspector.restart("asked for");
  expect(await started).toBe(false);
  await rig.until("start", ({ run }) => run === 2);
  expect(rig.all("failed")).toEqual([]);
  await rig.inspector.close();
  await again;
});

test("nesting that no message has is told as none: nothing that writes or compares it can fall over it", async () => {
  await using rig = await startOdd("deep");
  await rig.until("event", ({ text }) => text.includes("still here"));
  expect(rig.all("stray").map(({ why }) => why)).toEqual(
    Array.from({ length: 3 }, () => expect.stringContaining("nested more than 1000 deep")),
  );
});

test("answers whose ids come back as text count, as they do for the MCP SDK, and that is said", async () => {
  await using rig = await startOdd("text-ids");
  await rig.until("event");
  expect(rig.all("hint").map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/id "1", which is text where a number was asked/),
  );
});

test("tools that change are the new ones and not both, and a thousand changes are not a thousand questions", async () => {
  await using rig = await startOdd("changing-tools");
  await rig.until("tools", ({ tools }) => tools[0]?.name === "tool_3");
  expect(rig.inspector.tools).toHaveLength(2);
  const asked = rig
    .all("raw")
    .filter(({ from, method }) => from === "client" && method === "tools/list");
  // The first, the one for the first change, and one for all that came while that was under way.
  expect(asked).toHaveLength(3);
});

test("ten thousand tools and fifty thousand bad keys are told of in a few lines", async () => {
  await using rig = await startOdd("many-tools");
  const told = await rig.until("tools");
  expect(told.tools).toHaveLength(10_000);
  const [shown] = toLines(told, false);
  expect(shown?.text).toMatch(/^tool_0, tool_1, .*, tool_199 and 9800 tools more$/);
  expect(toToolLines(told.tools).at(-1)?.text).toBe("and 9800 tools more");
  await using other = await startOdd("many-keys");
  const [line] = toLines(await other.until("dropped-keys"), false);
  expect(line?.text.length).toBeLessThan(3_000);
});

// KEPTPAST-1
test("sixty megabytes of events are told whole and not kept", async () => {
  await using rig = await startOdd("big-events");
  await rig.until("event", ({ text }) => text.includes("small"));
  const kept = rig.inspector.past.reduce((sum, one) => sum + JSON.stringify(one).length, 0);
  expect(kept).toBeLessThan(20_000_000);
  expect(rig.all("event").reduce((sum, { text }) => sum + text.length, 0)).toBeGreaterThan(
    60_000_000,
  );
});

test("every line of a flood on stderr is told", async () => {
  await using rig = await startOdd("stderr-flood");
  await rig.until("stderr", ({ text }) => text.includes("line 19999"));
  const lines = rig.all("stderr").flatMap(({ text }) => text.split("\n"));
  expect(lines.filter((line) => line !== "")).toEqual(
    Array.from({ length: 20_000 }, (_, index) => `line ${index}`),
  );
});

test.skipIf(process.platform !== "linux")(
  "what a server leaves behind in a group of its own is named, at a restart and at the end",
  async () => {
    await using rig = await startOdd("daemon");
    await rig.until("event");
    await rig.inspector.restart("asked for");
    const { text } = await rig.until("hint", (one) => one.text.includes("did not end with it"));
    const pid = Number(/^process (\d+) \(/.exec(text)?.[1]);
    process.kill(pid, "SIGKILL");
    await rig.until("event", ({ event }) => event === 2);
    await rig.inspector.close();
    const left = await rig.inspector.listLeft();
    expect(left).toEqual([expect.stringContaining("setInterval")]);
    process.kill(Number(/^process (\d+) \(/.exec(left.join(""))?.[1]), "SIGKILL");
  },
);

test("a prompt and a busy session before the server has answered wait for nothing and break nothing", async () => {
  await using rig = new InspectRig(ODD_SERVER, { FIXTURE_ODD: "silent" });
  void rig.inspector.start();
  rig.inspector.prompt("Bash", { command: "ls" });
  await rig.until("prompt");
  expect(rig.inspector.answer(true)).toBe(true);
  await rig.until("answered");
  rig.inspector.setBusy(true);
  rig.inspector.setBusy(false);
});

test("a start that waits for a server that never answers is given up by the next, however many there were", async () => {
  await using rig = new InspectRig(ODD_SERVER, { FIXTURE_ODD: "silent" });
  void rig.inspector.start();
  await rig.until("start");
  const given = [1, 2, 3].map(() => rig.inspector.restart("asked for"));
  await rig.until("start", ({ run }) => run === 2);
  given.push(rig.inspector.restart("asked for"));
  await Promise.all(given.slice(0, 3));
  await rig.until("start", ({ run }) => run === 3);
  const alive = rig.all("start").filter(({ pid }) => existsSync(`/proc/${pid}/stat`));
  expect(alive.map(({ run }) => run)).toEqual([3]);
});

test("twenty restarts at once leave one server, and events go on", async () => {
  await using rig = await startOdd("");
  await rig.until("event");
  await Promise.all(Array.from({ length: 20 }, () => rig.inspector.restart("asked for")));
  const starts = rig.all("start").map(({ pid }) => pid ?? 0);
  const alive = starts.filter((pid) => existsSync(`/proc/${pid}/stat`));
  expect(alive).toEqual([starts.at(-1)]);
  const before = rig.inspector.tally.events;
  await rig.until("event", ({ event }) => event > before);
});
