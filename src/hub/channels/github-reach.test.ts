/** GitHub without a tunnel, through a whole hub in this process and GitHub's wire: what missed us is fetched, and a repository is looked at. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  type FakeDelivery,
  FAKE_TOKEN,
  FakeGithub,
} from "../../../test/fakes/github/fake-github.ts";
import { openClient, read } from "../../api/client/client.ts";
import type { AddChannelRequest } from "../../api/wire/wire.ts";
import { readCallerFacts } from "../../cli/access-terminal.ts";
import { locateSocket } from "../../local/home.ts";
import { Secret } from "../../sdk/secret.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { sign } from "../../verify/sign.ts";
import { openHub } from "../hub.ts";
import { openHome } from "../process/home.ts";
import { readSecrets, writeSecrets } from "./secrets.ts";

const REPO = "octo-org/octo-app";
const SECRET = "a secret of the right length";

async function openScene() {
  const fake = await FakeGithub.open();
  onTestFinished(() => fake.close());
  const env = { SLUICE_HOME: join(makeFolder(), "home"), SLUICE_INGRESS_PORT: "0" };
  const ignore = (): void => {};
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  let hub = await openHub({ env, log, stop: ignore });
  onTestFinished(() => hub.close());
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  const { api } = client;
  const add = (request: Omit<AddChannelRequest, "twoWay" | "allowUnsigned">) =>
    read(
      api.channels.$post({
        json: { caller: readCallerFacts(), twoWay: false, allowUnsigned: false, ...request },
      }),
    );
  const list = async () => read(api.events.$get({ query: { limit: "50" } }));
  const restart = async (): Promise<void> => {
    await hub.close();
    hub = await openHub({ env, log, stop: ignore });
  };
  return { fake, env, api, add, list, restart, home: openHome(env) };
}

function toDelivery(number: number, statusCode: number): FakeDelivery {
  return {
    id: 1_000 + number,
    guid: randomUUID(),
    deliveredAt: Date.now() + 1_000,
    event: "issues",
    statusCode,
    payload: {
      action: "opened",
      issue: {
        number,
        title: `Issue ${number}`,
        html_url: `https://github.com/${REPO}/issues/${number}`,
      },
      repository: { id: 1, full_name: REPO },
      sender: { id: 2, login: "octocat" },
    },
  };
}

// DELIVERIES-1
test("one delivery is one event, by the webhook and by the list, whichever was first; a second life doubles nothing", async () => {
  const { fake, add, list, restart } = await openScene();
  fake.hooks = [{ id: 12, active: true, config: { url: "https://t.example/in/ci" } }];
  const added = await add({
    kind: "github",
    name: "ci",
    secret: SECRET,
    secrets: { token: FAKE_TOKEN },
    settings: { repo: REPO, api: fake.root },
  });
  expect(added).toMatchObject({ account: `${REPO} (its webhooks can be read; it has 1)` });
  expect(added.nextStep).toContain("is fetched when this machine is back");
  const post = async ({ guid, payload }: FakeDelivery) => {
    const body = Buffer.from(JSON.stringify(payload));
    const credential = { keyId: "k1", secret: new Secret(SECRET) };
    const signed = sign("github", credential, { id: guid, sentAt: Date.now(), body });
    const answer = await fetch(added.url ?? "", {
      method: "POST",
      body: new Uint8Array(body),
      headers: {
        "content-type": "application/json",
        "x-github-event": "issues",
        ...signed,
        "x-github-delivery": guid,
      },
    });
    return answer.status;
  };
  const [first, missed] = [toDelivery(1, 202), toDelivery(2, 502)];
  expect(await post(first)).toBe(202);
  fake.deliveries = [missed, first];
  await restart();
  await expect.poll(async () => (await list()).length).toBe(2);
  // GitHub's own Redeliver, afterwards.
  expect(await post(missed)).toBe(200);
  const lists = () => fake.asked.filter((path) => path.includes("deliveries?")).length;
  const before = lists();
  await restart();
  await expect.poll(lists).toBeGreaterThan(before);
  expect((await list()).map(({ text }) => text.split(" in ")[0])).toEqual([
    "Issue #1 opened",
    "Issue #2 opened",
  ]);
});

test("a repository that is looked at has no address, two of them share a token, and a token is replaced", async () => {
  const { fake, add, api, list, home } = await openScene();
  const settings = { poll: REPO, api: fake.root };
  const added = await add({ kind: "github", secrets: { token: FAKE_TOKEN }, settings });
  expect(added).toEqual({
    name: "github",
    kind: "github",
    scheme: "github-api",
    account: REPO,
    nextStep: expect.stringContaining("what has happened before is no news"),
  });
  await add({ kind: "github", name: "second", secret: FAKE_TOKEN, settings });
  fake.events.unshift({
    id: "1",
    type: "WatchEvent",
    actor: { id: 2, login: "octocat" },
    payload: { action: "started" },
    created_at: new Date().toISOString(),
  });
  const { channels } = await read(api.status.$get());
  expect(channels.map(({ name, state }) => `${name} ${state}`)).toEqual(["github ok", "second ok"]);
  fake.token = "github_pat_another_0123456789";
  const rotate = (secrets: Record<string, string>, secret?: string) =>
    read(
      api.channels[":name"].rotate.$post({
        param: { name: "github" },
        json: {
          caller: readCallerFacts(),
          overlapMs: 0,
          secrets,
          ...(secret === undefined ? {} : { secret }),
        },
      }),
    );
  await expect(rotate({ token: "github_pat_wrong" })).rejects.toThrow(
    "the token was refused (401)",
  );
  await expect(rotate({ tokens: fake.token })).rejects.toThrow(
    'github has no secret "tokens"; there are: token',
  );
  await expect(rotate({ token: fake.token }, "x".repeat(40))).rejects.toThrow(
    "one secret at a time",
  );
  // The key of what listens to voice notes lies beside the platform's secrets.
  const { keys = [], named } = readSecrets(home, "github") ?? {};
  writeSecrets(home, "github", { keys, named: { ...named, transcribe: "sk-a" } });
  await expect(rotate({ transcribe: "sk-b" })).rejects.toThrow('no secret "transcribe"');
  await rotate({ token: fake.token });
  expect(readSecrets(home, "github")?.named).toEqual({ token: fake.token, transcribe: "sk-a" });
  await expect.poll(async () => (await list()).map(({ channel }) => channel)).toEqual(["github"]);
});

test("what does not go together, or is not there, is refused in words and leaves nothing", async () => {
  const { fake, add, api } = await openScene();
  const { root } = fake;
  const token = { token: FAKE_TOKEN };
  const cases: [Partial<AddChannelRequest>, string][] = [
    [{ settings: { repo: REPO, api: root } }, "--secret-env token=VARIABLE"],
    [
      { settings: { repo: REPO, api: root }, secrets: { token: "wrong" } },
      "the token was refused (401)",
    ],
    [
      { settings: { repo: "octo-org/nothing", api: root }, secrets: token },
      "is not there, or the token may not see",
    ],
    [{ settings: { repo: REPO, hook: "99", api: root }, secrets: token }, "has no webhook 99"],
    [{ settings: { repo: REPO, poll: REPO, api: root }, secrets: token }, "choose one"],
    [{ settings: { hook: "99" } }, "goes with --repo"],
    [{ settings: { poll: "octo-org", api: root } }, "setting poll must match"],
    [{ settings: { poll: "octo-org/..", api: root } }, "setting poll must match"],
    [
      { settings: { poll: "octo-org/nothing", api: root } },
      "there is no repository octo-org/nothing",
    ],
    [{ settings: { poll: REPO, api: "http://127.0.0.1:1" } }, "github: 127.0.0.1:1: no connection"],
    [{ secrets: { app: "x" } }, 'github has no secret "app"'],
  ];
  for (const [request, words] of cases)
    await expect(add({ kind: "github", ...request }), words).rejects.toThrow(words);
  expect(await read(api.channels.$get())).toEqual([]);
});
