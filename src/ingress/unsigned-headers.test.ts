/** What a captured request can become when it is sent again under other headers: real sockets, real signatures, a real inbox file. */
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "../sdk/secret.ts";
import { addEvent } from "../store/events/add-event.ts";
import { listEvents } from "../store/events/inbox.ts";
import { makeFolder, openDatabase } from "../store/sample.fixture.ts";
import type { Database } from "../store/file/database.ts";
import { sign } from "../verify/sign.ts";
import { openVerifier } from "../verify/verifier.ts";
import { webhook } from "../channels/webhook/index.ts";
import samples from "../channels/github/samples.json" with { type: "json" };
import { GITHUB_SECRET, openIngress, signGithub, TOKEN } from "./rig.fixture.ts";
import type { Ingress, IngressChanges } from "./rig.fixture.ts";

const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";
const opened: Ingress[] = [];

afterEach(closeAll);

async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map(({ listener }) => listener.close(0)));
}

async function open(changes?: IngressChanges): Promise<Ingress> {
  const ingress = await openIngress(changes);
  opened.push(ingress);
  return ingress;
}

/** An ingress whose events go into the inbox file at `path`, as a hub that was started on it would have it. */
async function openOn(path: string): Promise<Ingress & { db: Database }> {
  const db = openDatabase(path);
  const accept: NonNullable<IngressChanges["options"]>["accept"] = async (arrival, receivedAt) => ({
    kind: "stored",
    ...(await db.write(() => addEvent(db, arrival, "source", receivedAt, Date.now()))),
  });
  return { ...(await open({ options: { accept } })), db };
}

type Answer = { status: number; id?: string; duplicate?: boolean; error?: string; reason?: string };

async function post(
  { port }: Ingress,
  name: string,
  body: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${port}/in/${name}`, {
    method: "POST",
    headers,
    body,
  });
  return { status: answer.status, ...((await answer.json()) as object) };
}

/** The same signed bytes as the one who captured them may send them: every header but the signature is his choice. */
function replay(
  ingress: Ingress,
  body: string,
  { event = "issues", id = "d-1", type = JSON_TYPE } = {},
): Promise<Answer> {
  const headers = { ...signGithub(body, id), "x-github-event": event, "content-type": type };
  return post(ingress, "gh", body, headers);
}

const ISSUE = JSON.stringify(samples["issue opened"].payload);

describe("the captured request with a new id", () => {
  test("is the event that it already made, and the owner can see that it came", async () => {
    const ingress = await openOn(join(makeFolder(), "inbox.db"));
    const first = await replay(ingress, ISSUE);
    expect(first).toMatchObject({ status: 202, duplicate: false });
    expect(await replay(ingress, ISSUE)).toEqual({ ...first, status: 200, duplicate: true });
    expect(ingress.counts).toEqual([]);
    for (const id of ["d-2", "d-3"])
      expect(await replay(ingress, ISSUE, { id })).toEqual({
        ...first,
        status: 200,
        duplicate: true,
      });
    expect(ingress.counts).toEqual(["gh same_body", "gh same_body"]);
    expect(ingress.warnings).toHaveLength(1);
    expect(listEvents(ingress.db, { limit: 9 })).toHaveLength(1);
  });

  test("without an id, too", async () => {
    const ingress = await openOn(join(makeFolder(), "inbox.db"));
    const { id } = await replay(ingress, ISSUE);
    const { "x-github-delivery": _, ...signed } = signGithub(ISSUE);
    const bare = { ...signed, "x-github-event": "issues", "content-type": JSON_TYPE };
    expect(await post(ingress, "gh", ISSUE, bare)).toMatchObject({ id, duplicate: true });
  });

  test("after a restart, and after its event was purged", async () => {
    const path = join(makeFolder(), "inbox.db");
    const before = await openOn(path);
    const { id } = await replay(before, ISSUE);
    await closeAll();
    before.db.close();
    const after = await openOn(path);
    expect(await replay(after, ISSUE, { id: "d-2" })).toMatchObject({ id, duplicate: true });
    await after.db.write(() => after.db.run("DELETE FROM events"));
    expect(await replay(after, ISSUE, { id: "d-3" })).toMatchObject({ id, duplicate: true });
    expect(listEvents(after.db, { limit: 9 })).toEqual([]);
  });

  // LIMIT-5
  test("takes no honest delivery's id away from it", async () => {
    const ingress = await openOn(join(makeFolder(), "inbox.db"));
    await replay(ingress, ISSUE);
    await replay(ingress, ISSUE, { id: "d-2" });
    const next = JSON.stringify({ ...samples["issue opened"].payload, action: "closed" });
    const honest = await replay(ingress, next, { id: "d-2" });
    expect(honest).toMatchObject({ status: 202, duplicate: false });
  });

  test("a hundred at once are one event", async () => {
    const ingress = await openOn(join(makeFolder(), "inbox.db"));
    const asked = Array.from({ length: 100 }, (_, index) =>
      replay(ingress, ISSUE, { id: `d-${index}` }),
    );
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  });
});

describe("the request posted again as another content type", () => {
  const FAILURE = JSON.stringify(samples["workflow run"].payload);

  test("an issue's title holding &payload= does not become a failed workflow", async () => {
    const { payload } = samples["issue opened"];
    const title = `x&payload=${encodeURIComponent(FAILURE)}&y=`;
    const body = JSON.stringify({ ...payload, issue: { ...payload.issue, title } });
    const ingress = await open();
    const answer = await replay(ingress, body, { event: "workflow_run", type: FORM });
    expect(answer).toEqual({
      status: 400,
      error: "bad_input",
      reason: 'the form must be one field "payload" and nothing else',
    });
    expect(ingress.arrivals).toEqual([]);
    expect(ingress.counts).toEqual(["gh header_mismatch"]);
    expect(ingress.warnings).toHaveLength(1);
    // The same bytes as what they are.
    expect(await replay(ingress, body)).toMatchObject({ status: 202 });
  });

  test("a form with two fields is refused, whichever comes first, and an honest one is taken", async () => {
    const ingress = await open();
    const form = new URLSearchParams({ payload: ISSUE }).toString();
    for (const two of [`${form}&payload=${encodeURIComponent(FAILURE)}`, `a=b&${form}`, `${form}&`])
      expect(await replay(ingress, two, { type: FORM })).toMatchObject({ status: 400 });
    expect(ingress.arrivals).toEqual([]);
    expect(await replay(ingress, form, { type: FORM })).toMatchObject({ status: 202 });
  });

  test("a form posted as JSON is refused", async () => {
    const ingress = await open();
    const form = new URLSearchParams({ payload: ISSUE }).toString();
    expect(await replay(ingress, form)).toMatchObject({ status: 400, error: "bad_input" });
    expect(ingress.arrivals).toEqual([]);
  });
});

const MISMATCHES: [signed: keyof typeof samples, as: string, reason: string][] = [
  ["issue opened", "workflow_run", "the payload has no workflow_run"],
  ["issue opened", "issue_comment", "the payload has no comment"],
  ["issue comment", "issues", "the payload has comment, which issues does not have"],
  ["pull request opened", "pull_request_review", "the payload has no review"],
  ["review", "pull_request", "the payload has no number"],
  ["review comment", "issue_comment", "the payload has no issue"],
  ["review comment", "pull_request_review", "the payload has no review"],
  ["workflow run", "ping", "the payload has no zen"],
  ["workflow run", "check_run", "the payload has no check_run"],
  ["check run", "check_suite", "the payload has no check_suite"],
  ["check suite", "workflow_job", "the payload has no workflow_job"],
  [
    "deployment status",
    "deployment",
    "the payload has deployment_status, which deployment does not have",
  ],
  ["push", "create", "the payload has no ref_type"],
  ["push", "delete", "the payload has no ref_type"],
  ["push", "status", "the payload has no context"],
  ["release", "star", "the payload has no starred_at"],
  ["star", "watch", "the payload has starred_at, which watch does not have"],
  ["star", "repository", "the payload has starred_at, which repository does not have"],
  ["ping", "meta", "the payload has zen, which meta does not have"],
  ["workflow run", "stop_and_obey_this", "the payload is that of workflow_run"],
  ["push", "stop_and_obey_this", "the payload is that of push"],
];

test.each(MISMATCHES)('the sample "%s" posted as %s is refused: %s', async (name, as, reason) => {
  const ingress = await open();
  const { event, payload } = samples[name];
  const body = JSON.stringify(payload);
  expect(await replay(ingress, body, { event: as })).toEqual({
    status: 400,
    error: "bad_input",
    reason: `X-GitHub-Event says ${as}, but ${reason}`,
  });
  expect(ingress.arrivals).toEqual([]);
  expect(ingress.counts).toEqual(["gh header_mismatch"]);
  expect(ingress.warnings).toHaveLength(1);
  expect(await replay(ingress, body, { event })).toMatchObject({ status: 202 });
});

test("what is refused for its headers is logged once a minute, and its words hold nothing of the payload", async () => {
  const fields: object[] = [];
  const log = { info() {}, warn: (more: object) => void fields.push(more) };
  const ingress = await open({ options: { log } });
  const body = JSON.stringify({ action: "private", issue: { title: "private" } });
  for (let index = 0; index < 5; index++) await replay(ingress, body, { event: "release" });
  expect(ingress.counts).toHaveLength(5);
  expect(fields).toEqual([
    {
      channel: "gh",
      code: "header_mismatch",
      reason: "X-GitHub-Event says release, but the payload has no release",
    },
  ]);
});

test("without the proof nothing of this is said", async () => {
  const ingress = await open();
  const headers = { "x-github-event": "ping", "content-type": JSON_TYPE };
  const forged = { ...headers, "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
  const answer = await post(ingress, "gh", ISSUE, forged);
  expect(answer).toEqual({ status: 401, error: "unauthorized" });
});

describe("a webhook that is signed, under headers that are not", () => {
  const STANDARD = new Secret(`whsec_${Buffer.alloc(24, 7).toString("base64")}`);
  const PLAIN = { "content-type": "text/plain" };

  /** The channel `alerts` under a scheme, and a captured request to it. */
  async function openSigned(
    scheme: "github" | "standard",
    options: object = {},
  ): Promise<{ ingress: Ingress; send: (body: string, more: object) => Promise<Answer> }> {
    const secret = scheme === "github" ? new Secret(GITHUB_SECRET) : STANDARD;
    const credential = { keyId: "one", secret };
    const verifier = openVerifier({ scheme, credentials: [credential] });
    const channel = { verifier, definition: webhook };
    const ingress = await open({
      channel: { ...channel, options: { name: "alerts", twoWay: false, ...options } },
    });
    const sentAt = Date.now();
    return {
      ingress,
      send: (body, more) => {
        const signed = sign(scheme, credential, { id: "m-1", sentAt, body: Buffer.from(body) });
        return post(ingress, "alerts", body, { ...signed, ...PLAIN, ...more });
      },
    };
  }

  test.each(["github", "standard"] as const)(
    "%s: nobody speaks as an approver by X-Sluice-Sender",
    async (scheme) => {
      const { ingress, send } = await openSigned(scheme, { twoWay: true });
      const answer = await send("yes abcde", { "x-sluice-sender": "owner" });
      expect(answer).toMatchObject({
        status: 400,
        reason: "header x-sluice-sender is not covered by the signature; it counts with a token",
      });
      expect(await send("yes abcde", {})).toMatchObject({ status: 400 });
      expect(ingress.arrivals).toEqual([]);
      expect(ingress.counts[0]).toBe("alerts unsigned_header");
    },
  );

  test.each(["github", "standard"] as const)(
    "%s: nobody sends it to another session",
    async (scheme) => {
      const { ingress, send } = await openSigned(scheme, { allowTarget: true });
      expect(await send("hello", { "x-sluice-session": "other" })).toMatchObject({ status: 400 });
      expect(ingress.arrivals).toEqual([]);
    },
  );

  test("github: it ends no alert and outranks nothing", async () => {
    const { ingress, send } = await openSigned("github");
    for (const header of [
      { "x-sluice-status": "resolved" },
      { "x-sluice-entity": "db-1" },
      { "x-sluice-state-of": "db-1" },
      { "x-sluice-priority": "urgent" },
    ])
      expect(await send("disk full", header)).toMatchObject({ status: 400 });
    expect(ingress.arrivals).toEqual([]);
    expect(await send("disk full", {})).toMatchObject({ status: 202 });
  });

  test("standard: counted once by its signed id, whatever Idempotency-Key says, its headers count", async () => {
    const { ingress, send } = await openSigned("standard");
    const first = await send("disk full", { "x-sluice-entity": "db-1", "idempotency-key": "a" });
    expect(first).toMatchObject({ status: 202 });
    const again = await send("disk full", {
      "x-sluice-entity": "db-2",
      "x-sluice-status": "resolved",
      "idempotency-key": "b",
    });
    expect(again).toMatchObject({ status: 200, id: first.id, duplicate: true });
    expect(ingress.arrivals).toMatchObject([{ entity: "db-1" }]);
  });

  test("github: a captured request under a key that is still to come suppresses nothing", async () => {
    const { ingress, send } = await openSigned("github");
    await send("build 1", { "idempotency-key": "build-1" });
    await send("build 1", { "idempotency-key": "build-2" });
    expect(await send("build 2", { "idempotency-key": "build-2" })).toMatchObject({ status: 202 });
    expect(await send("build 2", { "idempotency-key": "build-2" })).toMatchObject({ status: 200 });
    expect(ingress.arrivals.map(({ quotes }) => quotes[0]?.text)).toEqual([
      "build 1",
      "build 1",
      "build 2",
    ]);
  });

  test("a token's holder chose every header, and an honest sender may repeat a body", async () => {
    const ingress = await open();
    const headers = {
      ...PLAIN,
      authorization: `Bearer ${TOKEN}`,
      "x-sluice-entity": "db-1",
      "x-sluice-status": "firing",
      "x-sluice-priority": "urgent",
    };
    for (let index = 0; index < 2; index++)
      expect(await post(ingress, "alerts", "disk full", headers)).toMatchObject({ status: 202 });
    const local = { ...PLAIN, "x-sluice-entity": "db-1" };
    expect(await post(ingress, "local", "disk full", local)).toMatchObject({ status: 202 });
  });
});
