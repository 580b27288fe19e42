import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isSluiceError } from "../../../sdk/errors.ts";
import { openStage } from "../page-rig.fixture.ts";
import {
  HOST,
  openRemoteStage,
  ORIGIN,
  PASSPHRASE,
  type RemoteStage,
  signInThere,
} from "./remote.fixture.ts";
import { parseOrigin } from "./remote.ts";
import { isOpenToRemote } from "./remote-scope.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

async function openSet(): Promise<RemoteStage> {
  const stage = await openRemoteStage();
  await stage.web.setPassphrase(PASSPHRASE, "terminal");
  await stage.web.setRemote(ORIGIN, "terminal");
  return stage;
}

// REMOTE-1
test("the page is closed to other machines until the owner has set a passphrase and an origin", async () => {
  await using stage = await openRemoteStage();
  expect((await stage.ask("/")).status).toBe(403);
  await expect(stage.web.setRemote(ORIGIN, "terminal")).rejects.toThrow(/set a passphrase first/);
  await stage.web.setPassphrase(PASSPHRASE, "terminal");
  expect((await stage.ask("/")).status).toBe(403);
  expect(await stage.web.setRemote(ORIGIN, "terminal")).toMatchObject({
    origin: ORIGIN,
    hasPassphrase: true,
    target: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect((await stage.ask("/")).status).not.toBe(403);
  expect((await stage.ask("/v1/page")).status).toBe(401);
  await stage.restart();
  expect((await stage.ask("/v1/page")).status).toBe(401);
  await stage.web.setRemote(undefined, "terminal");
  expect((await stage.ask("/v1/page")).status).toBe(403);
});

test("origins that are none are refused, each with its reason", () => {
  const bad = [
    "",
    "sluice.example.org",
    "http://sluice.example.org",
    "https://sluice.example.org/page",
    "https://sluice.example.org/?",
    "https://sluice.example.org/#",
    "https://user:pw@sluice.example.org",
    "https://203.0.113.5",
    "https://[2001:db8::1]",
    "https://0x7f000001",
    "https://localhost",
    "https://a.localhost",
    "https://nas",
    "https://*.example.org",
    "javascript:alert(1)",
  ];
  for (const text of bad) expect(() => parseOrigin(text), text).toThrow(/no origin for the page/);
  expect(parseOrigin("https://Sluice.Example.ORG/")).toEqual({ origin: ORIGIN, host: HOST });
  expect(parseOrigin("https://pc.tail1234.ts.net:8443")).toEqual({
    origin: "https://pc.tail1234.ts.net:8443",
    host: "pc.tail1234.ts.net:8443",
  });
});

// SIGNINROUTE-2
test("the passphrase signs in through the tunnel, with a cookie that no other way is sent", async () => {
  await using stage = await openSet();
  const answer = await stage.signIn(PASSPHRASE, { "x-forwarded-for": "203.0.113.5" });
  expect(answer.status).toBe(200);
  expect(answer.headers["set-cookie"]).toEqual([
    expect.stringMatching(
      /^__Host-sluice=[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    ),
  ]);
  const there = await signInThere(stage);
  expect((await stage.ask("/v1/page", { headers: there })).status).toBe(200);
  expect(stage.told.at(-1)).toContain("A phone");
  expect(stage.audit().join("\n")).toMatch(
    /remote page sign-in browser [0-9a-f]{8} by passphrase: A phone/,
  );
});

// SIGNINROUTE-1, SIGNIN-4
test("each half alone, another's half, and the right halves in the wrong place are nothing", async () => {
  await using stage = await openSet();
  const there = await signInThere(stage);
  const other = await signInThere(stage);
  const { cookie = "", "x-sluice-key": key = "" } = there;
  const value = cookie.split("=")[1] ?? "";
  const bad: Record<string, string>[] = [
    {},
    { cookie },
    { "x-sluice-key": key },
    { cookie, "x-sluice-key": other["x-sluice-key"] ?? "" },
    { cookie: `sluice=${value}`, "x-sluice-key": key },
    { cookie: `sluice_${stage.web.view.port}=${value}`, "x-sluice-key": key },
  ];
  for (const headers of bad)
    expect([headers, (await stage.ask("/v1/page", { headers })).status]).toEqual([headers, 401]);
  // Home is not where it began.
  const local = { cookie: `sluice_${stage.web.view.port}=${value}`, "x-sluice-key": key };
  for (const headers of [there, local])
    expect((await stage.send(stage.local, "/v1/page", { headers })).status).toBe(401);
  // Nor may a launch link or its session go through the tunnel.
  const token = new URL((await stage.web.newLink()).url).hash.slice("#open=".length);
  const swap = (host: string) =>
    stage.send(host, "/v1/sign-in", { method: "POST", body: { token } });
  expect((await swap(HOST)).status).toBe(401);
  const home = await swap(stage.local);
  expect(home.status).toBe(200);
  const [homeCookie = ""] = [home.headers["set-cookie"] ?? []].flat();
  const homeValue = (homeCookie.split(";", 1)[0] ?? "").split("=")[1];
  const stolen = {
    cookie: `__Host-sluice=${homeValue}`,
    "x-sluice-key": (JSON.parse(home.text) as { key: string }).key,
  };
  expect((await stage.ask("/v1/page", { headers: stolen })).status).toBe(401);
  const typedAtHome = await stage.send(stage.local, "/v1/sign-in/passphrase", {
    method: "POST",
    body: { passphrase: PASSPHRASE },
  });
  expect(typedAtHome.status).toBe(401);
});

// GUARD-4, REMOTE-3
test("five wrong passphrases lock, for everybody and for the right one too; addresses that are claimed change nothing", async () => {
  await using stage = await openSet();
  for (let i = 0; i < 5; i++) {
    const headers = { "x-forwarded-for": `203.0.113.${i}`, "user-agent": `browser ${i}` };
    expect((await stage.signIn(`wrong ${i}`, headers)).status).toBe(401);
  }
  const right = await stage.signIn(PASSPHRASE, { "x-forwarded-for": "198.51.100.7" });
  expect(right.status).toBe(429);
  expect(JSON.parse(right.text)).toMatchObject({
    error: { code: "rate_limited", retryable: true, retryAfterMs: 15 * MINUTE_MS },
  });
  expect(stage.web.describeRemote().lockedUntil).toBe(stage.now() + 15 * MINUTE_MS);
  expect(stage.told.join("\n")).toContain("somebody typed a wrong passphrase 5 times");
  // A restart of the hub opens nothing.
  await stage.restart();
  expect((await stage.signIn(PASSPHRASE)).status).toBe(429);
  stage.move(15 * MINUTE_MS + 1);
  expect((await stage.signIn(PASSPHRASE)).status).toBe(200);
  expect(stage.web.describeRemote().lockedUntil).toBeUndefined();
});

test("a right passphrase makes the wrong ones before it count no more", async () => {
  await using stage = await openSet();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 4; i++) expect((await stage.signIn("wrong")).status).toBe(401);
    expect((await stage.signIn(PASSPHRASE)).status).toBe(200);
  }
  expect(stage.told.join()).not.toContain("wrong passphrase");
});

test("fifteen wrong ones in an hour lock for six", async () => {
  await using stage = await openSet();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 5; i++) expect((await stage.signIn("wrong")).status).toBe(401);
    expect((await stage.signIn("wrong")).status).toBe(429);
    stage.move(15 * MINUTE_MS + 1);
  }
  expect((await stage.signIn(PASSPHRASE)).status).toBe(429);
  stage.move(345 * MINUTE_MS);
  expect((await stage.signIn(PASSPHRASE)).status).toBe(200);
});

// REMOTE-2
test("a crowd of tries at once is five tries: nothing is looked at before it is counted", async () => {
  await using stage = await openSet();
  const crowd = await Promise.all(
    Array.from({ length: 60 }, (_, i) => stage.signIn(i === 59 ? PASSPHRASE : `guess ${i}`)),
  );
  const counts = Map.groupBy(crowd, ({ status }) => status);
  expect(counts.get(429)?.length).toBe(55);
  expect(counts.get(401)?.length ?? 0).toBeGreaterThanOrEqual(4);
});

test("a session from elsewhere ends by idleness, by age, by hand, with a new passphrase, and with the way in", async () => {
  await using stage = await openSet();
  const isIn = async (headers: Record<string, string>) =>
    (await stage.ask("/v1/page", { headers })).status === 200;
  const idle = await signInThere(stage);
  stage.move(2 * DAY_MS);
  expect(await isIn(idle)).toBe(true);
  stage.move(2 * DAY_MS);
  expect(await isIn(idle)).toBe(true);
  stage.move(3 * DAY_MS + 1);
  expect(await isIn(idle)).toBe(false);

  const aged = await signInThere(stage);
  for (let day = 0; day < 13; day++) {
    stage.move(DAY_MS);
    expect([day, await isIn(aged)]).toEqual([day, true]);
  }
  stage.move(DAY_MS + 1);
  expect(await isIn(aged)).toBe(false);

  const revoked = await signInThere(stage);
  const [listed] = stage.web.listSessions();
  expect(listed).toMatchObject({ place: "remote", label: "A phone", mayAllow: true });
  expect(await stage.web.endSessions(listed?.id)).toBe(1);
  expect(await isIn(revoked)).toBe(false);

  const renewed = await signInThere(stage);
  await stage.web.setPassphrase("copper violin harvest ninety", "terminal");
  expect(await isIn(renewed)).toBe(false);
  expect((await stage.signIn(PASSPHRASE)).status).toBe(401);
  await stage.web.setPassphrase(PASSPHRASE, "terminal");

  const closed = await signInThere(stage);
  await stage.web.setRemote(undefined, "terminal");
  await stage.web.setRemote(ORIGIN, "terminal");
  expect(await isIn(closed)).toBe(false);
  expect(stage.audit().filter((line) => line.includes("web-remote")).length).toBe(3);
});

test("signed in from elsewhere one looks, answers and chats; all else is refused", async () => {
  await using stage = await openSet();
  const headers = await signInThere(stage);
  const refused = [
    "/v1/access",
    "/v1/rules",
    "/v1/web/remote",
    "/v1/channels",
    "/v1/something-new",
  ];
  for (const path of refused) {
    const answer = await stage.ask(path, { method: "POST", body: {}, headers });
    expect([path, answer.status]).toEqual([path, 403]);
    expect(answer.text).toContain("cannot be changed from elsewhere");
  }
  expect((await stage.ask("/v1/chats", { method: "POST", body: {}, headers })).status).toBe(200);
  expect((await stage.ask("/v1/prompts", { headers })).status).toBe(200);
  for (const method of ["DELETE", "PUT", "PATCH"])
    expect(isOpenToRemote(method, "/v1/chats")).toBe(false);
  for (const path of [
    "/v1/chats/../access",
    "/v1/prompts/x/verdict/y",
    "/v1/push/off/x",
    "/V1/chats",
  ])
    expect(isOpenToRemote("POST", path)).toBe(false);
});

test("the passphrase is kept as a hash in a file of the owner, and a file that was opened or broken closes the way in", async () => {
  await using stage = await openSet();
  const path = join(stage.home.secretsDir, "web.remote");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const text = readFileSync(path, "utf8");
  expect(text).not.toContain("lantern");
  expect(JSON.stringify([stage.audit(), stage.told])).not.toContain("lantern");
  for (const broken of [
    "{",
    "{}",
    text.replace(ORIGIN, "http://127.0.0.1:1"),
    text.replace("32768", "2"),
  ]) {
    writeFileSync(path, broken);
    await stage.restart();
    expect((await stage.ask("/v1/page")).status).toBe(403);
  }
  writeFileSync(path, text);
  await stage.restart();
  expect((await stage.ask("/v1/page")).status).toBe(401);
});

test("a weak passphrase is refused and changes nothing", async () => {
  await using stage = await openSet();
  const fault = await stage.web
    .setPassphrase("password12345678", "terminal")
    .catch((thrown: unknown) => thrown);
  expect(isSluiceError(fault, "bad_secret")).toBe(true);
  expect(String(fault)).not.toContain("password12345678");
  expect((await stage.signIn(PASSPHRASE)).status).toBe(200);
});

test("every route that changes something was decided about: a new one is closed from elsewhere", async () => {
  await using stage = await openStage();
  const changing = stage.app.routes
    .filter(({ method, path }) => !["GET", "HEAD", "ALL"].includes(method) && path !== "/*")
    .map(({ method, path }) => [method, path.replaceAll(/:\w+/g, "some-id")] as const);
  const paths = (isOpen: boolean) => [
    ...new Set(changing.filter((one) => isOpenToRemote(...one) === isOpen).map(([, path]) => path)),
  ];
  // These come before a session is asked for, and have checks of their own.
  expect(paths(false).toSorted()).toEqual([
    "/v1/push/answer",
    "/v1/sign-in",
    "/v1/sign-in/passphrase",
  ]);
  expect(paths(true).toSorted()).toEqual([
    "/v1/away",
    "/v1/chats",
    "/v1/chats/some-id/messages",
    "/v1/chats/some-id/messages/some-id/reaction",
    "/v1/chats/some-id/messages/some-id/text",
    "/v1/chats/some-id/title",
    "/v1/files",
    "/v1/prompts/some-id/verdict",
    "/v1/push",
    "/v1/push/off",
    "/v1/sessions/some-id/deny-all",
    "/v1/sessions/some-id/resume",
    "/v1/sessions/some-id/stop",
    "/v1/sign-out",
  ]);
});
