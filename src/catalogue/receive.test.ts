import { expect, test } from "vitest";
import type { VerifiedRequest } from "../sdk/channel.ts";
import type { Arrival } from "../sdk/event.ts";
import { receiveBy } from "./receive.ts";
import { BODY_HEX, TOKEN } from "./schemes.ts";
import { defineSender, type SenderRow } from "./sender.ts";
import { loadSender } from "./senders.ts";

const ROW = defineSender({
  kind: "builds",
  title: "Builds",
  description: "builds",
  schemes: ["signed", "token"],
  ownSchemes: {
    signed: {
      ...BODY_HEX,
      title: "Builds",
      proof: { header: "x-signature", prefix: "", separator: "" },
      deliveryId: { header: "x-id" },
    },
    token: {
      ...TOKEN,
      title: "Builds",
      proof: { header: "x-token", prefix: "", separator: "" },
      deliveryId: "none",
    },
  },
  id: "$header.x-id",
  unwrap: { Message: "message", payload: "" },
  event: ["type", "action"],
  repository: ["{repository.url}"],
  secrets: ["inner_code"],
  events: {
    build: {
      line: "Build {count:build.number} {did}[ in {repository}]",
      facts: ["branch {ref:build.branch}"],
      quotes: { commit: "build.commit" },
      entity: "build {count:build.number}",
      stateOf: ["build.number"],
      status: { at: "action", open: ["failed"], closed: ["fixed"] },
      severity: ["action"],
      urgent: ["error.failed"],
      low: ["fixed"],
      links: ["build.url"],
    },
    "build.noted": { line: "Note on build {count:build.number}", quotes: { note: "note" } },
  },
  setUp: ["x"],
  retries: "x",
  sources: ["x"],
});

function receive(
  body: unknown,
  { headers = {}, ...rest }: Partial<VerifiedRequest> = {},
  row: SenderRow = ROW,
): Arrival {
  const received = receiveBy(row, {
    channel: "ci",
    path: "",
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    verified: "signed",
    receivedAt: 0,
    ...rest,
  });
  if (received.kind !== "arrival") throw new Error(JSON.stringify(received));
  return received.arrival;
}

const BUILD = { number: 7, branch: "main", commit: "fix", url: "https://ci.example.com/7" };

test("an event is told by the longest row of its name, and the rest of the name is what was done", () => {
  const repository = { url: "git@github.com:Octo/App.git" };
  expect(receive({ type: "build", action: "failed", build: BUILD, repository })).toMatchObject({
    kind: "build.failed",
    text: "Build 7 failed in octo/app\nbranch main\nhttps://ci.example.com/7",
    quotes: [{ label: "commit", text: "fix" }],
    entity: "build 7",
    priority: "urgent",
    repository: "octo/app",
    meta: { status: "firing", severity: "error", url: "https://ci.example.com/7" },
  });
  expect(receive({ type: "build", action: "noted", build: BUILD, note: "hi" }).text).toBe(
    "Note on build 7",
  );
});

test("a closed word ends what an open one began", () => {
  const [first, last] = ["failed", "fixed"].map((action) =>
    receive({ type: "build", action, build: BUILD }),
  );
  expect(last).toMatchObject({
    stateOf: first?.stateOf,
    priority: "low",
    meta: { status: "resolved", severity: "info" },
  });
});

test("SENDER-2: an unknown event is told by its worth, and kept for details without credentials", () => {
  const arrival = receive({
    type: "deploy",
    title: "v2 is out",
    token: "hunter2",
    inner_code: "hunter3",
    id: "8d9b1f0c-31a2-4c2e-9a5e-8d3f1e0c9a11",
  });
  expect(arrival.text).toBe("Builds: deploy");
  expect(arrival.quotes).toEqual([{ label: "fields", text: "title: v2 is out" }]);
  expect(arrival.payload).toContain("8d9b1f0c");
  expect(JSON.stringify(arrival)).not.toMatch(/hunter[23]/);
});

test("SENDER-3: where the signature covers the body alone, the same bytes are one event under any id; a token covers all", () => {
  const body = { type: "build", action: "failed", build: BUILD };
  const first = receive(body, { headers: { "x-id": "1" } });
  const again = receive(body, { headers: { "x-id": "2" } });
  expect([first.deliveryId, again.deliveryId]).toEqual(["1", "2"]);
  expect(first.bodyDigest).toMatch(/^[0-9a-f]{64}$/);
  expect(again.bodyDigest).toBe(first.bodyDigest);
  const shown = receive(body, { verified: "token", headers: { "x-id": "3" } });
  expect([shown.deliveryId, shown.bodyDigest]).toEqual(["3", undefined]);
  const unique = receive(body, { verified: "token" }, { ...ROW, isUnique: true });
  expect([unique.deliveryId, unique.bodyDigest]).toEqual([undefined, first.bodyDigest]);
  expect(receive(body, { signedId: "msg_1" })).toMatchObject({ deliveryId: "msg_1" });
  expect(receive(body, { headers: { "x-id": "a\u00e9b" } }).deliveryId).toMatch(/^~[0-9a-f]{64}$/);
});

test("SENDER-4: a row whose fields are not there tells the values that are", () => {
  const arrival = receive({ type: "build", action: "failed", title: "odd", build: [] });
  expect(arrival.text).toBe("Build ? failed");
  expect(arrival.quotes).toEqual([{ label: "fields", text: "title: odd\ntype: build" }]);
});

test("JSON inside of a text is read, in a form as well, and a list stands under list", () => {
  const inner = JSON.stringify({ type: "build", action: "fixed", build: BUILD });
  const form = receive(`payload=${encodeURIComponent(inner)}`, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(form.text).toContain("Build 7 fixed");
  const row: SenderRow = { ...ROW, event: ["list.0.type"], isJson: true };
  const list = receive(
    [{ type: "build", build: BUILD }],
    { headers: { "content-type": "text/plain" } },
    row,
  );
  expect(list.kind).toBe("build");
});

test("a link that is too long for a line is quoted", () => {
  const url = `https://ci.example.com/${"x".repeat(400)}`;
  const { text, quotes } = receive({ type: "build", action: "failed", build: { ...BUILD, url } });
  expect(text).not.toContain("xxx");
  expect(quotes.at(-1)).toEqual({ label: "link", text: url });
});

test("a name of an event that a hostile sender chose is a word", () => {
  expect(receive({ type: 'a"><b>\n', action: "." }).kind).toBe("a_b_");
  expect(receive({ type: "x".repeat(500) }).kind).toHaveLength(100);
  expect(receive({}).kind).toBe("event");
});

test("an id of several parts is one only with all of them, and another under another part", () => {
  const row = defineSender({ ...ROW, id: ["source", "id"] });
  const { deliveryId } = receive({ source: "/a", id: "1" }, {}, row);
  expect(deliveryId).toBe(receive({ source: "/a", id: "1" }, {}, row).deliveryId);
  expect(deliveryId).not.toBe(receive({ source: "/b", id: "1" }, {}, row).deliveryId);
  expect(receive({ id: "1" }, {}, row).deliveryId).toBeUndefined();
});

test("a word of the name may depend on what is there", () => {
  const row = defineSender({ ...ROW, event: ["=call?CallSid|type"], events: {} });
  expect(receive({ CallSid: "CA1", type: "x" }, {}, row).kind).toBe("call");
  expect(receive({ type: "x" }, {}, row).kind).toBe("x");
});

test("no mail address of an event without a row stands in its text", () => {
  const { quotes } = receive({
    type: "unknown",
    title: "Hello",
    user: { email: "ann@example.com" },
  });
  expect(JSON.stringify(quotes)).toContain("Hello");
  expect(JSON.stringify(quotes)).not.toContain("ann@example.com");
});

test("a time that no clock can hold is none", () => {
  const row = defineSender({
    ...ROW,
    events: { build: { line: "Build {time:at}", at: ["at"] } },
  });
  const { text, occurredAt } = receive({ type: "build", at: 1e300 }, {}, row);
  expect(text).toContain("Build ?");
  expect(occurredAt).toBeUndefined();
});

// SENDER-5
test("of a delivery with several events each is one, known by its own id; a storm of them is bounded, and a list that is none of them is one event", async () => {
  const [cloudevents, eventgrid] = await Promise.all(["cloudevents", "eventgrid"].map(loadSender));
  if (cloudevents === undefined || eventgrid === undefined) throw new Error("they have rows");
  const toEvent = (n: number) => ({
    specversion: "1.0",
    type: "build.failed",
    source: "/ci",
    id: `e${n}`,
    subject: `build ${n}`,
    data: { message: `build ${n} failed` },
  });
  const take = (row: SenderRow, body: unknown): Arrival[] => {
    const received = receiveBy(row, {
      channel: "ci",
      path: "",
      method: "POST",
      headers: { "content-type": "application/cloudevents-batch+json" },
      body: Buffer.from(JSON.stringify(body)),
      verified: "bearer",
      receivedAt: 0,
    });
    if (received.kind !== "arrival") throw new Error(JSON.stringify(received));
    return [received.arrival, ...(received.more ?? [])];
  };
  const both = take(cloudevents, [toEvent(1), toEvent(2)]);
  expect(both.map(({ text }) => text.split("\n")[0])).toEqual([
    "build.failed about build 1",
    "build.failed about build 2",
  ]);
  expect(both.map(({ deliveryId }) => deliveryId)).toEqual([
    take(cloudevents, toEvent(1))[0]?.deliveryId,
    take(cloudevents, [toEvent(3), toEvent(2)])[1]?.deliveryId,
  ]);
  const many = take(
    cloudevents,
    Array.from({ length: 620 }, (_, n) => toEvent(n)),
  );
  expect(many).toHaveLength(501);
  expect(many.at(-1)?.text).toContain("and 119 more events in one delivery");
  expect(new Set(many.map(({ deliveryId }) => deliveryId)).size).toBe(501);
  const grid = ["1", "2"].map((id) => ({
    id,
    topic: "/t",
    subject: `s${id}`,
    eventType: "recordInserted",
    data: { n: id },
  }));
  expect(take(eventgrid, grid).map(({ entity }) => entity)).toEqual(["s1", "s2"]);
  expect(take(eventgrid, [grid[1]])[0]?.deliveryId).toBe(take(eventgrid, grid)[1]?.deliveryId);
  for (const odd of [[], [1, null, "x"], [[], {}], { list: [] }])
    expect(take(cloudevents, odd).length).toBeGreaterThan(0);
});

test.each([
  ["https://git.example.org:8443/Octo/app.git", "octo/app"],
  ["http://10.40.8.5:3200/octo/app", "octo/app"],
  ["ssh://git@git.example.org:7999/octo/app.git", "octo/app"],
  ["ssh://git@git.example.org/octo/app", "octo/app"],
  ["git@git.example.org:octo/tools/app.git", "octo/tools/app"],
  ["https://mara@bitbucket.org/octo/app.git", "octo/app"],
])("a repository is its path, whatever host and port stand in front: %s", (url, repository) => {
  expect(
    receive({ type: "build", action: "failed", build: BUILD, repository: { url } }),
  ).toMatchObject({ repository });
});
