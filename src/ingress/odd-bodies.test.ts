/** Bodies as senders and what stands between really send them: large, deep, with a byte order mark, in chunks, over HTTP/1.0. */
import { afterEach, expect, test } from "vitest";
import {
  type Ingress,
  openIngress,
  openSocket,
  readAnswer,
  sendRaw,
  signGithub,
  TOKEN,
  toRequest,
} from "./rig.fixture.ts";

let open: Ingress | undefined;
afterEach(() => open?.listener.close(0));

const HOST = "Host: 127.0.0.1";
const AUTH = `Authorization: Bearer ${TOKEN}`;
const JSON_TYPE = "Content-Type: application/json";

async function scene(): Promise<Ingress> {
  open = await openIngress();
  return open;
}

function toPost(name: string, headers: readonly string[], body: Buffer | string): Buffer {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return toRequest(`POST /in/${name}`, [HOST, ...headers, length], body);
}

function toLines(headers: Record<string, string>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

/** As Alertmanager writes a group: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
function toAlerts(count: number): string {
  const alerts = Array.from({ length: count }, (_, n) => ({
    status: "firing",
    labels: {
      alertname: "DiskFull",
      instance: `node-${n}.example:9100`,
      job: "node",
      severity: "page",
      mountpoint: "/var/lib/containers",
      device: "/dev/nvme0n1p2",
      cluster: "eu-1",
      team: "storage",
      env: "production",
      region: "eu-central-1",
    },
    annotations: {
      summary: `Disk of node-${n} is 97 % full`,
      description: "Writes will fail soon",
      runbook: "https://wiki.example/disk",
      dashboard: "https://grafana.example/d/disk",
    },
    startsAt: "2026-05-04T10:05:00Z",
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "http://prometheus.example:9090/graph?g0.expr=disk",
    fingerprint: n.toString(16).padStart(16, "0"),
  }));
  return JSON.stringify({
    version: "4",
    groupKey: '{}/{severity="page"}:{alertname="DiskFull"}',
    truncatedAlerts: 0,
    status: "firing",
    receiver: "sluice",
    groupLabels: { alertname: "DiskFull" },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: "http://alertmanager.example:9093",
    alerts,
  });
}

test.each([400, 1_000])("a group of %i alerts is taken whole", async (count) => {
  const { port, arrivals } = await scene();
  const body = toAlerts(count);
  expect(body.length).toBeLessThan(1024 ** 2);
  expect((await sendRaw(port, toPost("alerts", [AUTH, JSON_TYPE], body))).status).toBe(202);
  expect(arrivals[0]?.text.split("\n", 1)[0]).toBe(
    `POST (JSON, ${body.length} bytes, ${count} alerts)`,
  );
  expect(arrivals[0]?.meta["status"]).toBe("firing");
  expect(arrivals[0]?.entity).toMatch(/DiskFull/);
  // The note tells the first of them; details reads all.
  expect(arrivals[0]?.payload).toContain(`Disk of node-${count - 1} is`);
});

const ODD: { name: string; body: string; status: number }[] = [
  { name: "200,000 keys of one name", body: `{${'"":0,'.repeat(200_000)}"a":0}`, status: 202 },
  {
    name: "100,000 keys",
    body: `{${Array.from({ length: 90_000 }, (_, n) => `"${n}k":0`).join()}}`,
    status: 202,
  },
  { name: "a well of arrays", body: "[".repeat(500_000) + "]".repeat(500_000), status: 202 },
  {
    name: "a well of objects",
    body: '{"a":'.repeat(150_000) + "0" + "}".repeat(150_000),
    status: 202,
  },
  {
    name: "200,000 empty arrays in a well",
    body: "[".repeat(70) + "[],".repeat(200_000) + "0" + "]".repeat(70),
    status: 202,
  },
  { name: "a text of almost a megabyte", body: `{"text":"${"x".repeat(1_000_000)}"}`, status: 202 },
  {
    name: "50,000 numbers of twenty digits",
    body: `[${"12345678901234567890,".repeat(45_000)}0]`,
    status: 202,
  },
  {
    name: "keys that reach for the prototype",
    body: `{${'"__proto__":{"a":1},'.repeat(20_000)}"constructor":{"prototype":0}}`,
    status: 202,
  },
  { name: "a megabyte of open brackets", body: "[".repeat(1024 ** 2), status: 400 },
  { name: "more than a megabyte", body: `"${"x".repeat(1024 ** 2)}"`, status: 413 },
];

test.each(ODD)("$name: $status", async ({ body, status }) => {
  const { port, arrivals } = await scene();
  expect((await sendRaw(port, toPost("alerts", [AUTH, JSON_TYPE], body))).status).toBe(status);
  expect(arrivals).toHaveLength(status === 202 ? 1 : 0);
  // Whatever came, the next one is taken.
  expect((await sendRaw(port, toPost("alerts", [AUTH, JSON_TYPE], "{}"))).status).toBe(202);
});

test("the note says how much of a deep body is left out", async () => {
  const { port, arrivals } = await scene();
  const body = '{"text":"deep","more":' + "[".repeat(1_000) + "]".repeat(1_000) + "}";
  expect((await sendRaw(port, toPost("alerts", [AUTH, JSON_TYPE], body))).status).toBe(202);
  expect(arrivals[0]?.text).toBe(
    `POST (JSON, ${body.length} bytes)\n(1874 characters nested deeper than 64 levels are left out)`,
  );
  expect(arrivals[0]?.quotes[0]).toEqual({ label: "text", text: "deep" });
});

test("GitHub's deliveries may have any number of keys and any depth", async () => {
  const { port, arrivals } = await scene();
  const hook = { id: 1, events: ["push"], config: { url: "https://hub.example/in/gh" } };
  const keys = Object.fromEntries(Array.from({ length: 150_000 }, (_, n) => [`k${n}`, n]));
  const well = JSON.parse("[".repeat(60) + "]".repeat(60)) as unknown;
  let id = 0;
  for (const more of [keys, { well: [[[[[[well]]]]]] }]) {
    const payload = { zen: "Design for failure.", hook_id: 1, hook: { ...hook, more } };
    const body = JSON.stringify(payload);
    const headers = [
      ...toLines(signGithub(body, `odd-${id++}`)),
      JSON_TYPE,
      "X-GitHub-Event: ping",
    ];
    const answer = await sendRaw(port, toPost("gh", headers, body));
    expect(answer.text).toMatch(/^HTTP\/1\.1 202/);
  }
  expect(arrivals.map(({ kind }) => kind)).toEqual(["ping", "ping"]);
});

test("a byte order mark before JSON is no part of it", async () => {
  const { port, arrivals } = await scene();
  const marked = Buffer.from('\uFEFF{"text":"hi"}');
  expect((await sendRaw(port, toPost("alerts", [AUTH, JSON_TYPE], marked))).status).toBe(202);
  expect(arrivals[0]?.quotes).toEqual([{ label: "text", text: "hi" }]);
  // Signed with the mark, and read without it.
  const ping = Buffer.from('\uFEFF{"zen":"z","hook_id":1,"hook":{"id":1,"events":[],"config":{}}}');
  const headers = [...toLines(signGithub(ping)), JSON_TYPE, "X-GitHub-Event: ping"];
  expect((await sendRaw(port, toPost("gh", headers, ping))).status).toBe(202);
});

test("a relay that writes the JSON anew breaks the signature: 401, counted, and nothing kept; byte for byte it passes", async () => {
  const { port, arrivals, counts } = await scene();
  const payload = { zen: "ü", hook_id: 1, hook: { id: 1, events: ["push"], config: {} } };
  const sent = JSON.stringify(payload);
  const headers = [...toLines(signGithub(sent)), JSON_TYPE, "X-GitHub-Event: ping"];
  const changed = [
    JSON.stringify(payload, null, 2),
    `${sent}\n`,
    sent.replaceAll(",", ", ").replaceAll(":", ": "),
    sent.replace("ü", String.raw`\u00fc`),
    JSON.stringify(Object.fromEntries(Object.entries(payload).toReversed())),
    `\uFEFF${sent}`,
  ];
  for (const body of changed) {
    const answer = await sendRaw(port, toPost("gh", headers, body));
    expect([answer.status, answer.body]).toEqual([401, '{"error":"unauthorized"}']);
  }
  expect(arrivals).toEqual([]);
  expect(counts).toEqual(changed.map(() => "gh bad_signature"));
  expect((await sendRaw(port, toPost("gh", headers, sent))).status).toBe(202);
});

test("what Gitea and Forgejo send beside GitHub's headers is no hindrance", async () => {
  const { port, arrivals } = await scene();
  const body = JSON.stringify({
    ref: "v1",
    ref_type: "tag",
    sha: "a".repeat(40),
    repository: { full_name: "octo/app" },
    sender: { id: 1, login: "ann" },
  });
  const signed = toLines(signGithub(body, "f0e1d2c3-0000-4000-8000-000000000000"));
  const digest = (signed.find((line) => /256/.test(line)) ?? "").split("sha256=")[1] ?? "";
  const others = ["Gitea", "Gogs", "Forgejo"].flatMap((name) => [
    `X-${name}-Event: create`,
    `X-${name}-Event-Type: create`,
    `X-${name}-Delivery: f0e1d2c3-0000-4000-8000-000000000000`,
    `X-${name}-Signature: ${digest}`,
  ]);
  const hub = [
    "X-Hub-Signature: sha1=0000",
    "X-GitHub-Event: create",
    "X-GitHub-Event-Type: create",
  ];
  const answer = await sendRaw(port, toPost("gh", [...signed, ...others, ...hub, JSON_TYPE], body));
  expect(answer.text).toMatch(/^HTTP\/1\.1 202/);
  expect(arrivals[0]?.repository).toBe("octo/app");
});

test("a body in chunks, of any size and with trailers, is the body", async () => {
  const { port, arrivals } = await scene();
  const text = "Grüße 🚀 ".repeat(50);
  const bytes = Buffer.from(text);
  for (const size of [1, 7, bytes.length]) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      const chunk = bytes.subarray(at, at + size);
      chunks.push(
        Buffer.from(`${chunk.length.toString(16)};ext=1\r\n`),
        chunk,
        Buffer.from("\r\n"),
      );
    }
    chunks.push(Buffer.from("0\r\nX-Trailer: t\r\n\r\n"));
    const headers = [HOST, AUTH, "Content-Type: text/plain", "Transfer-Encoding: chunked"];
    const answer = await sendRaw(
      port,
      toRequest("POST /in/alerts", headers, Buffer.concat(chunks)),
    );
    expect(answer.status).toBe(202);
  }
  expect(arrivals.map(({ quotes }) => quotes[0]?.text)).toEqual([text, text, text]);
});

test("HTTP/1.0, with a Host and without, is answered and the connection closed", async () => {
  const { port, arrivals } = await scene();
  for (const host of [[HOST], []]) {
    const headers = [...host, AUTH, "Content-Type: text/plain", "Content-Length: 2"];
    const bytes = toRequest("POST /in/alerts", headers, "hi")
      .toString()
      .replace("HTTP/1.1", "HTTP/1.0");
    const socket = await openSocket(port);
    const closed = new Promise((done) => socket.once("close", done));
    socket.write(bytes);
    expect((await readAnswer(socket)).status).toBe(202);
    await closed;
  }
  expect(arrivals).toHaveLength(2);
});

test("a sender that waits for 100 Continue gets it, in chunks and with a length, and is heard", async () => {
  const { port, arrivals } = await scene();
  for (const [framing, body] of [
    ["Content-Length: 2", "hi"],
    ["Transfer-Encoding: chunked", "2\r\nhi\r\n0\r\n\r\n"],
  ] as const) {
    const socket = await openSocket(port);
    const headers = [HOST, AUTH, "Content-Type: text/plain", "Expect: 100-continue", framing];
    socket.write(toRequest("POST /in/alerts", headers));
    expect((await readAnswer(socket)).status).toBe(100);
    socket.write(body);
    expect((await readAnswer(socket)).status).toBe(202);
    socket.destroy();
  }
  expect(arrivals.map(({ quotes }) => quotes[0]?.text)).toEqual(["hi", "hi"]);
});

test("Uptime Kuma's and Jotform's multipart/form-data is read, files as their names", async () => {
  const { port, arrivals } = await scene();
  const part = (name: string, value: string): string =>
    `------b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const msg = "[db-1] [🔴 Down] timeout of 48000ms exceeded";
  const body = `${part("data", JSON.stringify({ heartbeat: { status: 0 }, msg }))}${part("title", "Down")}------b1--\r\n`;
  const headers = [AUTH, "Content-Type: multipart/form-data; boundary=----b1"];
  expect((await sendRaw(port, toPost("alerts", headers, body))).status).toBe(202);
  expect(arrivals[0]?.quotes[0]).toEqual({ label: "title", text: "Down" });
  expect(arrivals[0]?.quotes[1]?.text).toContain(msg);
});
