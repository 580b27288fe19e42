/** Catching up with GitHub's list of deliveries over real HTTP, in virtual time: outages, limits, faults, pages that move. */
import { expect, onTestFinished, test } from "vitest";
import {
  type FakeDelivery,
  FAKE_TOKEN,
  FakeGithub,
} from "../../../../test/fakes/github/fake-github.ts";
import { Secret } from "../../../sdk/secret.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { WatchRig } from "../../watchers/watch-rig.fixture.ts";
import { github } from "../index.ts";
import { receive } from "../receive.ts";

const REPO = "octo-org/octo-app";
const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 30, 10);

function toPayload(number: number): object {
  return {
    action: "opened",
    issue: {
      number,
      title: `Issue ${number}`,
      body: "text",
      state: "open",
      html_url: `https://github.com/${REPO}/issues/${number}`,
    },
    repository: { id: 1296269, full_name: REPO, html_url: `https://github.com/${REPO}` },
    sender: { id: 583231, login: "octocat" },
  };
}

async function openScene({ hookId = 12, isHooked = true, settings = {} } = {}) {
  const fake = await FakeGithub.open();
  onTestFinished(() => fake.close());
  const clock = new VirtualClock(START);
  fake.now = () => clock.now();
  if (isHooked)
    fake.hooks.push({ id: hookId, active: true, config: { url: "https://t.example/in/watched" } });
  const all = { repo: REPO, api: fake.root, ...settings };
  const rig = new WatchRig(github.forSettings(all), all, clock);
  rig.secrets = { token: new Secret(FAKE_TOKEN) };
  let count = 0;
  /** GitHub sends something; `arrives` where our webhook takes it. */
  const deliver = (arrives: boolean, more: Partial<FakeDelivery> = {}): FakeDelivery => {
    count++;
    const delivery: FakeDelivery = {
      id: 41_000_000_000 + count,
      guid: `0b989ba4-242f-11e5-81e1-${String(count).padStart(12, "0")}`,
      deliveredAt: clock.now(),
      event: "issues",
      action: "opened",
      statusCode: arrives ? 202 : 502,
      payload: toPayload(count),
      ...more,
    };
    fake.deliveries.unshift(delivery);
    if (arrives) rig.known.add(delivery.guid);
    return delivery;
  };
  /** Until nothing more happens. */
  const quiet = async (): Promise<void> => {
    for (let calm = 0, before = -1; calm < 3;) {
      await new Promise((done) => setTimeout(done, 5));
      calm = before === fake.asked.length ? calm + 1 : 0;
      before = fake.asked.length;
    }
  };
  return { fake, clock, rig, deliver, quiet };
}

/** Moves virtual time in steps that real requests can keep up with. */
async function pass(scene: Awaited<ReturnType<typeof openScene>>, ms: number, step = 20_000) {
  for (let left = ms; left > 0; left -= step) {
    await scene.rig.advance(Math.min(step, left));
    await scene.quiet();
  }
}

// DELIVERIES-1, DELIVERIES-2, DELIVERIES-3
test("two hours of outage are caught up in 15 minutes, the oldest first, each once, whatever GitHub's limits, faults and moving pages", async () => {
  const scene = await openScene();
  const { fake, rig, deliver, clock, quiet } = scene;
  await rig.start();
  await quiet();
  deliver(true);
  await rig.stop();
  clock.jump(clock.now() + MINUTE);
  // 1,200 in two hours; some arrived all the same, some were tried again by hand in vain.
  for (let n = 0; n < 1_200; n++) {
    clock.jump(clock.now() + 6_000);
    const delivery = deliver(n % 40 === 0);
    if (n % 100 === 50)
      fake.deliveries.unshift({ ...delivery, id: Number(delivery.id) + 500_000, redelivery: true });
  }
  const missed = 1_170;
  let asked = 0;
  fake.fault = () => {
    asked++;
    if (asked % 97 === 0)
      return { status: 502, headers: { "content-type": "text/html" }, body: "<html>" };
    if (asked % 131 === 0) return "break";
    if (asked === 300 || asked === 700) return { status: 403, headers: { "retry-after": "30" } };
    return undefined;
  };
  // The list moves on while its pages are read, and while a batch is fetched.
  let late = 0;
  fake.between = (path) => {
    if (late < 3 && path.endsWith("/deliveries") && rig.taken.length > 0) {
      late++;
      deliver(false);
    }
  };
  const backAt = clock.now();
  await rig.start();
  for (let n = 0; n < 60 && rig.taken.length < missed; n++) await pass(scene, 15_000);
  expect(rig.taken.length).toBeGreaterThanOrEqual(missed);
  expect(clock.now() - backAt).toBeLessThanOrEqual(15 * MINUTE);
  for (let n = 0; n < 60 && rig.taken.length < missed + 3; n++) await pass(scene, MINUTE, MINUTE);
  const ids = rig.taken.map(({ deliveryId }) => deliveryId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(rig.taken).toHaveLength(missed + 3);
  expect([rig.doubles, rig.leftBehind]).toEqual([0, 0]);
  const numbers = rig.taken.slice(0, missed).map(({ meta }) => Number(meta["number"]));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(rig.taken[0]).toMatchObject({
    kind: "issues.opened",
    verified: "github-api",
    repository: REPO,
    entity: `${REPO}#3`,
  });
});

test("what came by the webhook and what is listed are one event; nothing is asked for that is there, and a quiet list costs nothing", async () => {
  const scene = await openScene();
  const { fake, rig, deliver } = scene;
  await rig.start();
  deliver(true);
  const missed = deliver(false);
  await pass(scene, 6 * MINUTE, MINUTE);
  expect(rig.taken.map(({ deliveryId }) => deliveryId)).toEqual([missed.guid]);
  expect(fake.asked.filter((path) => /deliveries\/\d+$/.test(path))).toHaveLength(1);
  const used = fake.used;
  await pass(scene, 60 * MINUTE, 5 * MINUTE);
  expect(fake.used).toBe(used);
  // The same bytes under the same id, as the webhook would have brought them.
  const body = Buffer.from(JSON.stringify(missed.payload));
  const headers = {
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-delivery": missed.guid,
  };
  const request = { channel: "watched", path: "", method: "POST", headers, body };
  const received = receive({ ...request, verified: "github", receivedAt: 0 }, {});
  expect(received.kind === "arrival" && received.arrival).toEqual({
    ...rig.taken[0],
    verified: "github",
  });
});

test("what a relay answered in our place is fetched; what the owner ignores, or fits no event, is asked for once", async () => {
  const scene = await openScene();
  const { fake, rig, deliver } = scene;
  rig.ignoreSenders = ["octocat"];
  await rig.start();
  const answered = deliver(false, {
    statusCode: 200,
    event: "workflow_run",
    payload: {
      action: "completed",
      workflow_run: { id: 1, name: "test", conclusion: "failure", head_branch: "main" },
      repository: { full_name: REPO },
      sender: { id: 583231, login: "octocat" },
    },
  });
  deliver(false);
  deliver(false, { event: "issues", payload: { zen: "x", hook_id: 1 } });
  await pass(scene, 12 * MINUTE, MINUTE);
  expect(rig.taken.map(({ deliveryId }) => deliveryId)).toEqual([answered.guid]);
  expect(rig.leftBehind).toBe(1);
  deliver(true);
  await pass(scene, 12 * MINUTE, MINUTE);
  expect(fake.asked.filter((path) => /deliveries\/\d+$/.test(path))).toHaveLength(3);
});

test("DELIVERIES-3: a hub that is killed at any moment goes on where it was, and a batch that could not be kept is handed over again", async () => {
  const scene = await openScene();
  const { rig, deliver, clock } = scene;
  await rig.start();
  for (let n = 0; n < 130; n++) {
    clock.jump(clock.now() + 1_000);
    deliver(false);
  }
  for (let life = 0; life < 12 && rig.taken.length < 130; life++) {
    rig.fault = { when: life % 2 === 0 ? "before" : "after", error: new Error("killed") };
    await rig.restart();
    await pass(scene, 70_000, 35_000);
  }
  expect(rig.taken).toHaveLength(130);
  expect(rig.doubles).toBe(0);
});

test.each([
  ["is gone (404)", { status: 404 }, "answered 404"],
  ["is gone for good (410)", { status: 410 }, "answered 410"],
  ["holds no list", { status: 200, body: "{}" }, "holds no list"],
  ["leads back to itself", "loop", "leads back to a page that was read"],
] as const)(
  "DELIVERIES-3: a list of which a later page %s is read anew, and passes nothing over",
  async (_, fault, words) => {
    const scene = await openScene();
    const { fake, rig, deliver, clock, quiet } = scene;
    await rig.start();
    await quiet();
    await rig.stop();
    for (let n = 0; n < 250; n++) {
      clock.jump(clock.now() + 1_000);
      deliver(false);
    }
    const loop = {
      status: 200,
      headers: {
        link: `<${fake.root}/repos/${REPO}/hooks/12/deliveries?per_page=100&cursor=v1_x>; rel="next"`,
      },
      body: JSON.stringify([
        { id: 1, guid: "g", delivered_at: new Date(clock.now()), event: "ping" },
      ]),
    };
    let isBroken = true;
    fake.fault = () =>
      isBroken && fake.asked.at(-1)?.includes("cursor=") === true
        ? fault === "loop"
          ? loop
          : fault
        : undefined;
    await rig.start();
    await pass(scene, MINUTE);
    expect(rig.taken).toEqual([]);
    expect(rig.states.at(-1)).toMatchObject({
      kind: "retrying",
      reason: expect.stringContaining(words),
    });
    isBroken = false;
    await pass(scene, 20 * MINUTE, MINUTE);
    expect(rig.taken).toHaveLength(250);
    expect(rig.leftBehind).toBe(0);
  },
);

test("what was sent before the channel was added is no news, whatever our clock says; what misses us while the webhook is made is", async () => {
  const scene = await openScene({ isHooked: false });
  const { fake, rig, deliver, clock, quiet } = scene;
  // Ours is an hour behind.
  fake.now = () => clock.now() + 60 * MINUTE;
  const at = (ms: number) => ({ deliveredAt: fake.now() + ms });
  deliver(false, at(-30 * MINUTE));
  await rig.start();
  await quiet();
  expect(rig.states.at(-1)).toMatchObject({
    kind: "retrying",
    reason: expect.stringContaining(
      "no webhook of octo-org/octo-app calls an address that ends in /in/watched",
    ),
  });
  const first = deliver(false, {
    ...at(MINUTE),
    event: "ping",
    action: null,
    payload: { zen: "z", hook_id: 12 },
  });
  fake.hooks.push({ id: 12, active: true, config: { url: "https://t.example/base/in/watched/" } });
  fake.hooks.push({ id: 13, active: true, config: { url: "https://t.example/in/another" } });
  await pass(scene, 12 * MINUTE, MINUTE);
  expect(rig.taken.map(({ deliveryId }) => deliveryId)).toEqual([first.guid]);
  expect(rig.states.at(-1)).toEqual({ kind: "connected" });
});

test("a webhook that was made anew is found again; several that call the channel are told", async () => {
  const scene = await openScene();
  const { fake, rig, deliver } = scene;
  await rig.start();
  await pass(scene, 6 * MINUTE, MINUTE);
  fake.hooks = [{ id: 77, active: true, config: { url: "https://other.example/in/watched" } }];
  fake.deliveries = [];
  const missed = deliver(false);
  await pass(scene, 12 * MINUTE, MINUTE);
  expect(rig.taken.map(({ deliveryId }) => deliveryId)).toEqual([missed.guid]);
  fake.hooks = [
    { id: 78, active: true, config: { url: "https://a.example/in/watched" } },
    { id: 79, active: true, config: { url: "https://b.example/in/watched" } },
  ];
  await pass(scene, 12 * MINUTE, MINUTE);
  expect(rig.states.at(-1)).toMatchObject({
    reason: expect.stringContaining("(78, 79); name one"),
  });
});

test("DELIVERIES-4: one that can never be fetched is left behind and counted; while GitHub is down none is", async () => {
  const scene = await openScene();
  const { fake, rig, deliver, clock } = scene;
  await rig.start();
  const poison = deliver(false);
  for (let n = 0; n < 5; n++) {
    clock.jump(clock.now() + 1_000);
    deliver(false);
  }
  let isDown = true;
  fake.fault = (path) =>
    (isDown && /deliveries\/\d+$/.test(path)) || path.endsWith(`/${poison.id}`)
      ? { status: 500 }
      : undefined;
  await pass(scene, 60 * MINUTE, MINUTE);
  expect([rig.taken.length, rig.leftBehind]).toEqual([0, 0]);
  expect(rig.states.at(-1)).toMatchObject({ kind: "retrying", alarm: true });
  isDown = false;
  await pass(scene, 30 * MINUTE, MINUTE);
  expect([rig.taken.length, rig.leftBehind]).toEqual([5, 1]);
  // It is alone now, and new ones do not wait for it.
  fake.fault = (path) => (path.endsWith(`/${lone.id}`) ? { status: 500 } : undefined);
  const lone = deliver(false);
  await pass(scene, 6 * MINUTE, MINUTE);
  deliver(false);
  await pass(scene, 20 * MINUTE, MINUTE);
  expect([rig.taken.length, rig.leftBehind]).toEqual([6, 2]);
});

// GHAPI-2
test("nine tenths of an hour's requests are used and no more: the rest waits for the next hour", async () => {
  const scene = await openScene();
  const { fake, rig, deliver, clock } = scene;
  fake.limit = 100;
  await rig.start();
  for (let n = 0; n < 150; n++) {
    clock.jump(clock.now() + 100);
    deliver(false);
  }
  await pass(scene, 50 * MINUTE, 5 * MINUTE);
  expect(fake.used).toBeGreaterThan(85);
  expect(fake.used).toBeLessThanOrEqual(92);
  expect(rig.states.at(-1)).toMatchObject({
    reason: expect.stringContaining("limit of requests is reached"),
  });
  expect(rig.states.some((state) => state.kind === "retrying" && state.alarm === true)).toBe(false);
  await pass(scene, 70 * MINUTE, 5 * MINUTE);
  expect(rig.taken).toHaveLength(150);
});

test("ids of any size, payloads with big numbers, and lists with what is none", async () => {
  const scene = await openScene({ settings: { hook: "12" } });
  const { fake, rig, deliver } = scene;
  await rig.start();
  const payload = { ...toPayload(1), installation: { id: "#9007199254740993" } };
  deliver(false, { id: "1152921504606846977", payload });
  deliver(false, { guid: "../../etc" });
  deliver(false, { guid: "", payload: null });
  deliver(false, { event: "no such\nevent" });
  fake.deliveries.push({ ...deliver(false), guid: "x".repeat(200) });
  await pass(scene, 6 * MINUTE, MINUTE);
  expect(rig.taken.length).toBe(2);
  expect(fake.asked).toContain(`repos/${REPO}/hooks/12/deliveries/1152921504606846977`);
});

test("a token that was revoked waits for its owner, and so says the state", async () => {
  const scene = await openScene();
  await scene.rig.start();
  await pass(scene, MINUTE);
  scene.fake.token = "another";
  await pass(scene, 6 * MINUTE, MINUTE);
  expect(scene.rig.states.at(-1)).toMatchObject({
    kind: "paused",
    reason: expect.stringContaining("the token was refused (401)"),
  });
});
