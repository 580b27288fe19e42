/** A channel that takes nothing of what it is sent: what its owner reads, from real requests to a real hub. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AddedChannel, ChannelView } from "../api/wire/wire.ts";
import { CliStage } from "./run-cli.fixture.ts";

const stage = new CliStage();
afterAll(() => stage[Symbol.asyncDispose]());

const SECRET = "a-secret-of-thirty-two-characters";
const PRETTY =
  '{\n  "zen": "Design for failure.",\n  "hook_id": 1,\n  "hook": {"events": ["push"]}\n}';
let url: string;

async function run(...args: string[]): Promise<string> {
  const { stdout } = await stage.run(args, { env: { HOOK_SECRET: SECRET } });
  return stdout;
}

async function post(body: string, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "x-github-event": "ping", ...headers },
  });
  return answer.status;
}

const sign = (body: string): Record<string, string> => ({
  "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
});

async function view(): Promise<ChannelView | undefined> {
  const list = JSON.parse(await run("channels", "--json")) as ChannelView[];
  return list.find(({ name }) => name === "ci");
}

beforeAll(async () => {
  const added = await run("add", "github", "--name", "ci", "--secret-env", "HOOK_SECRET", "--json");
  url = (JSON.parse(added) as AddedChannel).url ?? "";
});

test("GitHub without a secret: channels, status and doctor name the header and the fix, with how many and when", async () => {
  expect(await view()).toMatchObject({ state: "ok", refused: {} });
  for (const _ of [1, 2]) expect(await post("{}", {})).toBe(401);
  await expect.poll(async () => (await view())?.refused).toEqual({ missing_header: 2 });
  expect(await view()).toMatchObject({ state: "refusing", proofHeader: "X-Hub-Signature-256" });
  expect(Math.abs(((await view())?.refusedAt?.["missing_header"] ?? 0) - Date.now())).toBeLessThan(
    600_000,
  );

  const told = await run("channels");
  expect(told).toMatch(/ci +github +refusing/);
  expect(told).toMatch(/ci refused 2 without X-Hub-Signature-256 \(last .*(?:ago|now)\)/);
  expect(told).toContain("fix: set the secret in GitHub's webhook settings");
  expect(await run("status")).toContain(
    "channel ci refuses what it is sent: requests come without X-Hub-Signature-256",
  );
  const doctor = await run("doctor");
  expect(doctor).toMatch(
    /!! +channel ci +github, refusing: requests come without X-Hub-Signature-256; refused 2 without/,
  );
  expect(doctor).toMatch(/fix: set the secret in GitHub's webhook settings/);
});

test("the first request that is taken ends it; the count stays", async () => {
  expect(await post(PRETTY, sign(PRETTY))).toBe(202);
  await expect.poll(async () => (await view())?.state).toBe("ok");
  const doctor = await run("doctor");
  expect(doctor).toMatch(
    /ok +channel ci +github, connected; refused 2 without X-Hub-Signature-256/,
  );
});

test("a relay that re-serialises: after three in a row doctor says how the body has to pass", async () => {
  const anew = JSON.stringify(JSON.parse(PRETTY));
  for (const _ of [1, 2, 3]) expect(await post(anew, sign(PRETTY))).toBe(401);
  await expect.poll(async () => (await view())?.state).toBe("refusing");
  const doctor = await run("doctor");
  expect(doctor).toContain(
    "requests come with X-Hub-Signature-256, but the signature does not fit",
  );
  expect(doctor).toContain("let it pass the body on byte for byte");
});

test("a request for a channel that is not there shows in doctor, and fails nothing", async () => {
  url = url.replace(/ci$/, "cj");
  expect(await post("{}", {})).toBe(401);
  await expect
    .poll(() => run("doctor"))
    .toMatch(/ok +unknown channels +1 request for channels that are not there, the last /);
});

test("a channel that was removed and added again begins anew", async () => {
  await run("remove", "ci");
  await run("add", "github", "--name", "ci", "--secret-env", "HOOK_SECRET");
  expect(await view()).toMatchObject({ state: "ok", refused: {} });
});
