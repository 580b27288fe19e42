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

function toPost(
  name: string,
  headers: readonly string[],
  body: Buffer | string,
  version?: string,
): Buffer {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const bytes = toRequest(`POST /in/${name}`, [HOST, ...headers, length], body);
  return version === undefined
    ? bytes
    : Buffer.concat([
        Buffer.from(`POST /in/${name} HTTP/${version}`),
        bytes.subarray(bytes.indexOf("\r\n")),
      ]);
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
  expect(arrivals[0]?.meta["status"]).toBe("firing");
  expect(arrivals[0]?.entity).toMatch(/DiskFull/);
  expect(arrivals[0]?.quotes[0]?.text).toContain(`Disk of node-${count - 1} is 97 % full`);
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
    const signed = Object.entries(signGithub(body, `odd-${id++}`)).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const headers = [...signed, JSON_TYPE, "X-GitHub-Event: ping"];
    const answer = await sendRaw(port, toPost("gh", headers, body));
    expect(answer.text).toMatch(/^HTTP\/1\.1 202/);
  }
  expect(arrivals.map(({ kind }) => kind)).toEqual(["ping", "ping"]);
});
